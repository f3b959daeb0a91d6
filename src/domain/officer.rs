//! Officers: who answers for a service (the charter's columns 7 and 8).

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::contact::{Email, OfficeCode, Phone, PhoneE164, Website};
use super::fault::Fault;
use super::phone;
use super::text::Text;

/// An officer as a charter names one: who, and how to reach them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OfficerContact {
    /// Identifies the officer for ever.
    #[schemars(extend("examples" = ["01a20ada-2c00-728e-bfe3-ce9bc0aefe0b"]))]
    pub id: Uuid,
    /// The officer's name.
    pub name: Text,
    /// The officer's designation (পদবি).
    pub designation: Text,
    /// The telephone number as published.
    pub phone: Phone,
    /// The same number as a telephone dials it.
    pub phone_e164: PhoneE164,
    /// The officer's e-mail address.
    pub email: Email,
    /// The portal where the officer is found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub website: Option<Website>,
}

/// An officer of an office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Officer {
    /// Who, and how to reach them.
    #[serde(flatten)]
    pub contact: OfficerContact,
    /// The code of the office.
    pub office: OfficeCode,
    /// Counts the changes of this officer's entry, from 1.
    #[schemars(range(min = 1, max = 9_007_199_254_740_991_i64), extend("examples" = [1]))]
    pub version: i64,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// An officer as somebody writes one. What was read may be sent back whole: what cannot be changed may stay as it was.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OfficerInput {
    /// The id of the officer, as it was read; absent for a new one.
    #[schemars(extend("examples" = ["01a20ada-2c00-728e-bfe3-ce9bc0aefe0b"]))]
    pub id: Option<Uuid>,
    /// The code of the office; required for a new officer, and as it was read for another.
    pub office: Option<OfficeCode>,
    /// The officer's name.
    pub name: Text,
    /// The officer's designation (পদবি).
    pub designation: Text,
    /// The telephone number as it is to be published, in Bangla or ASCII digits.
    pub phone: Phone,
    /// The same number as a telephone dials it; made of `phone` where it is absent.
    pub phone_e164: Option<PhoneE164>,
    /// The officer's e-mail address.
    pub email: Email,
    /// The portal where the officer is found.
    pub website: Option<Website>,
    /// The version that was read; it is counted by the service.
    #[schemars(range(min = 1, max = 9_007_199_254_740_991_i64), extend("examples" = [1]))]
    pub version: Option<i64>,
    /// When it had last changed; it is noted by the service.
    pub updated_at: Option<DateTime<Utc>>,
}

impl OfficerInput {
    /// The officer of this id as it was written.
    pub(super) fn contact(self, id: Uuid) -> Result<OfficerContact, Vec<Fault>> {
        let phone_e164 = match self.phone_e164 {
            Some(sent) => sent,
            // what cannot be dialled is a fault below
            None => phone::to_e164(self.phone.as_str()).unwrap_or_default().into(),
        };
        let faults: Vec<Fault> = phone_fault(&self.phone, &phone_e164, "").into_iter().collect();
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(OfficerContact {
            id,
            name: self.name,
            designation: self.designation,
            phone: self.phone,
            phone_e164,
            email: self.email,
            website: self.website,
        })
    }
}

/// An officer whom a service names: by the id, or written out as the service is read.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OfficerReference {
    /// The id of an officer of the same office.
    #[schemars(extend("examples" = ["01a20ada-2c00-728e-bfe3-ce9bc0aefe0b"]))]
    pub id: Uuid,
    /// As it was read, where it is sent.
    pub name: Option<Text>,
    /// As it was read, where it is sent.
    pub designation: Option<Text>,
    /// As it was read, where it is sent.
    pub phone: Option<Phone>,
    /// As it was read, where it is sent.
    pub phone_e164: Option<PhoneE164>,
    /// As it was read, where it is sent.
    pub email: Option<Email>,
    /// As it was read, where it is sent.
    pub website: Option<Website>,
}

impl OfficerReference {
    /// The officer that is meant. What is sent besides the id has to be what is recorded: an officer is changed in one
    /// place only.
    pub(super) fn resolve(&self, officers: &[OfficerContact], at: &str) -> Result<OfficerContact, Fault> {
        let Some(officer) = officers.iter().find(|officer| officer.id == self.id) else {
            return Err(Fault::new(
                format!("{at}/id"),
                "unknown_officer",
                "is not an officer of this office",
            ));
        };
        let differs = |sent: Option<bool>| sent == Some(false);
        let contradicts = differs(self.name.as_ref().map(|name| *name == officer.name))
            || differs(self.designation.as_ref().map(|d| *d == officer.designation))
            || differs(self.phone.as_ref().map(|phone| *phone == officer.phone))
            || differs(self.phone_e164.as_ref().map(|phone| *phone == officer.phone_e164))
            || differs(self.email.as_ref().map(|email| *email == officer.email))
            || differs(self.website.as_ref().map(|site| officer.website.as_ref() == Some(site)));
        if contradicts {
            return Err(Fault::new(
                at,
                "contradicts_officer",
                "differs from what is recorded of this officer; change the officer itself",
            ));
        }
        Ok(officer.clone())
    }
}

/// The fault of a number whose two forms are not the same number.
pub(super) fn phone_fault(phone: &Phone, e164: &PhoneE164, at: &str) -> Option<Fault> {
    match phone::to_e164(phone.as_str()) {
        None => Some(Fault::new(
            format!("{at}/phone"),
            "invalid_format",
            "cannot be read as a telephone number",
        )),
        Some(dialled) if dialled != e164.as_str() => Some(Fault::new(
            format!("{at}/phone_e164"),
            "contradicts_phone",
            "is not the number that `phone` gives",
        )),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fault::in_short;

    fn officer() -> OfficerContact {
        OfficerContact {
            id: Uuid::from_u128(1),
            name: Text::new("রহিমা", "Rahima"),
            designation: Text::new("প্রোগ্রামার", "Programmer"),
            phone: "০১৭৩৭৯৯৬৮৬৮".into(),
            phone_e164: "+8801737996868".into(),
            email: "rahima@example.org".into(),
            website: Some("https://example.org".into()),
        }
    }

    fn named() -> OfficerReference {
        OfficerReference {
            id: Uuid::from_u128(1),
            name: None,
            designation: None,
            phone: None,
            phone_e164: None,
            email: None,
            website: None,
        }
    }

    /// The fault of naming an officer so; nothing where it is the one who is meant.
    fn fault(change: impl FnOnce(&mut OfficerReference)) -> Option<String> {
        let mut reference = named();
        change(&mut reference);
        let other = OfficerContact {
            id: Uuid::from_u128(2),
            ..officer()
        };
        match reference.resolve(&[other, officer()], "/responsible_officer") {
            Ok(found) => {
                assert_eq!(found, officer());
                None
            }
            Err(fault) => in_short([fault]).pop(),
        }
    }

    #[test]
    fn an_officer_is_named_by_the_id_or_as_recorded() {
        assert_eq!(fault(|_| ()), None);
        let whole = |reference: &mut OfficerReference| {
            let officer = officer();
            *reference = OfficerReference {
                id: officer.id,
                name: Some(officer.name),
                designation: Some(officer.designation),
                phone: Some(officer.phone),
                phone_e164: Some(officer.phone_e164),
                email: Some(officer.email),
                website: officer.website,
            };
        };
        assert_eq!(fault(whole), None);
        assert_eq!(
            fault(|named| named.id = Uuid::from_u128(3)).as_deref(),
            Some("/responsible_officer/id unknown_officer")
        );
    }

    #[test]
    fn an_officer_is_not_changed_by_naming() {
        let contradicts = Some("/responsible_officer contradicts_officer");
        let text = || Some(Text::new("অন্য", "Other"));
        assert_eq!(fault(|named| named.name = text()).as_deref(), contradicts);
        assert_eq!(fault(|named| named.designation = text()).as_deref(), contradicts);
        assert_eq!(
            fault(|named| named.phone = Some("০১৭৩৭৯৯৬৮৬৯".into())).as_deref(),
            contradicts
        );
        assert_eq!(
            fault(|named| named.phone_e164 = Some("+8801737996869".into())).as_deref(),
            contradicts
        );
        assert_eq!(
            fault(|named| named.email = Some("other@example.org".into())).as_deref(),
            contradicts
        );
        assert_eq!(
            fault(|named| named.website = Some("https://example.net".into())).as_deref(),
            contradicts
        );
    }

    #[test]
    fn a_number_is_read_where_its_other_form_is_left_out() {
        let written = |phone: &str, e164: Option<&str>| {
            let officer = officer();
            let input = OfficerInput {
                id: None,
                office: None,
                name: officer.name,
                designation: officer.designation,
                phone: phone.into(),
                phone_e164: e164.map(PhoneE164::from),
                email: officer.email,
                website: officer.website,
                version: None,
                updated_at: None,
            };
            input.contact(Uuid::from_u128(1)).map_err(in_short)
        };
        let refused = |fault: &str| -> Result<OfficerContact, Vec<String>> { Err(vec![fault.to_owned()]) };
        assert_eq!(written("০১৭৩৭৯৯৬৮৬৮", None), Ok(officer()));
        assert_eq!(written("০১৭৩৭৯৯৬৮৬৮", Some("+8801737996868")), Ok(officer()));
        assert_eq!(
            written("০১৭৩৭৯৯৬৮৬৮", Some("+8801737996869")),
            refused("/phone_e164 contradicts_phone")
        );
        assert_eq!(written("০১", None), refused("/phone invalid_format"));
    }
}
