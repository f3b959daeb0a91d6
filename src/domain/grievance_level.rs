//! Grievance levels: whom to turn to when a promise is not kept (the charter's section 5).
//!
//! The levels follow the Cabinet Division's Grievance Redress System Guidelines, 2015 (revised 2018). Their day counts
//! are the charter's data, never constants of this program.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::contact::{Email, OfficeCode, Phone, PhoneE164, Website};
use super::fault::Fault;
use super::officer::phone_fault;
use super::text::Text;

/// Who handles grievances at a level: a person, a post or a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GrievanceHandler {
    /// The officer of this charter who handles them, where it is one of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["01a20ada-2c00-728e-bfe3-ce9bc0aefe0b"]))]
    pub officer_id: Option<Uuid>,
    /// The person's name, where the charter names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    /// The post.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub designation: Option<Text>,
    /// The organisation or the desk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<Text>,
    /// The postal address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Text>,
    /// The telephone number as published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// The same number as a telephone dials it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_e164: Option<PhoneE164>,
    /// The e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    /// The portal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub website: Option<Website>,
}

/// A level of grievance redress as a charter describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CharterGrievanceLevel {
    /// The level: 1 is turned to first.
    #[schemars(range(min = 1, max = 9), extend("examples" = [1]))]
    pub level: i32,
    /// Whom to turn to: the role.
    pub title: Text,
    /// When to turn to this level.
    pub when: Text,
    /// Who holds the role.
    pub handler: GrievanceHandler,
    /// The limit for disposal, in working days [guideline 7.4.1].
    #[schemars(range(min = 1, max = 366), extend("examples" = [30]))]
    pub working_days: i32,
    /// The working days added once an investigation is opened, 0 where none are [guideline 7.4.1(ক)].
    #[schemars(range(min = 0, max = 366), extend("examples" = [10]))]
    pub extension_working_days: i32,
}

/// A level of grievance redress of an office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct GrievanceLevel {
    /// The code of the office whose charter describes it.
    pub office: OfficeCode,
    /// The level as the charter describes it.
    #[serde(flatten)]
    pub grievance_level: CharterGrievanceLevel,
}

/// Who handles a grievance at the level that it is at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HandledBy {
    /// The level.
    #[schemars(range(min = 1, max = 9), extend("examples" = [1]))]
    pub level: i32,
    /// The role.
    pub title: Text,
    /// Who holds the role.
    pub handler: GrievanceHandler,
}

impl From<&CharterGrievanceLevel> for HandledBy {
    fn from(level: &CharterGrievanceLevel) -> Self {
        Self {
            level: level.level,
            title: level.title.clone(),
            handler: level.handler.clone(),
        }
    }
}

impl GrievanceHandler {
    /// What the schema cannot say: somebody or something is named, and a telephone number comes in both forms.
    pub(super) fn faults(&self, at: &str) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.name.is_none() && self.designation.is_none() && self.organisation.is_none() {
            faults.push(Fault::new(
                at,
                "required",
                "names nobody: give a name, a designation or an organisation",
            ));
        }
        match (&self.phone, &self.phone_e164) {
            (Some(phone), Some(e164)) => faults.extend(phone_fault(phone, e164, at)),
            (Some(_), None) => faults.push(Fault::new(
                format!("{at}/phone_e164"),
                "required",
                "a telephone number is given in both forms",
            )),
            (None, Some(_)) => faults.push(Fault::new(
                format!("{at}/phone"),
                "required",
                "a telephone number is given in both forms",
            )),
            (None, None) => {}
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fault::in_short;

    fn nobody() -> GrievanceHandler {
        GrievanceHandler {
            officer_id: None,
            name: None,
            designation: None,
            organisation: None,
            address: None,
            phone: None,
            phone_e164: None,
            email: None,
            website: None,
        }
    }

    fn faults(handler: &GrievanceHandler) -> Vec<String> {
        in_short(handler.faults("/handler"))
    }

    #[test]
    fn somebody_or_something_is_named() {
        let none: [&str; 0] = [];
        let text = || Some(Text::new("অনিক", "GRO"));
        assert_eq!(faults(&nobody()), ["/handler required"]);
        assert_eq!(
            faults(&GrievanceHandler {
                name: text(),
                ..nobody()
            }),
            none
        );
        assert_eq!(
            faults(&GrievanceHandler {
                designation: text(),
                ..nobody()
            }),
            none
        );
        assert_eq!(
            faults(&GrievanceHandler {
                organisation: text(),
                ..nobody()
            }),
            none
        );
    }

    #[test]
    fn a_telephone_number_comes_in_both_forms() {
        let with = |phone: Option<&str>, e164: Option<&str>| {
            faults(&GrievanceHandler {
                name: Some(Text::new("অনিক", "GRO")),
                phone: phone.map(Phone::from),
                phone_e164: e164.map(PhoneE164::from),
                ..nobody()
            })
        };
        let none: [&str; 0] = [];
        assert_eq!(with(None, None), none);
        assert_eq!(with(Some("০১৭৩৭৯৯৬৮৬৮"), Some("+8801737996868")), none);
        assert_eq!(with(Some("০১৭৩৭৯৯৬৮৬৮"), None), ["/handler/phone_e164 required"]);
        assert_eq!(with(None, Some("+8801737996868")), ["/handler/phone required"]);
        assert_eq!(
            with(Some("০১৭৩৭৯৯৬৮৬৮"), Some("+8801737996869")),
            ["/handler/phone_e164 contradicts_phone"]
        );
        assert_eq!(
            with(Some("০১"), Some("+8801737996868")),
            ["/handler/phone invalid_format"]
        );
    }
}
