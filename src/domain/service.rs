//! Services: what an office promises, to whom, by when (the charter's section 2).

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::contact::OfficeCode;
use super::delivery::Delivery;
use super::fault::Fault;
use super::fee::Fee;
use super::officer::{OfficerContact, OfficerReference};
use super::text::Text;
use super::time_limit::TimeLimit;
use super::words::words;

words! {
    /// Whom a service is for. The three categories are those of every Citizen's Charter in Bangladesh.
    #[derive(PartialOrd, Ord)]
    Category {
        /// নাগরিক সেবা
        Citizen,
        /// প্রাতিষ্ঠানিক সেবা
        Institutional,
        /// অভ্যন্তরীণ সেবা
        Internal,
    }
}

impl Category {
    /// Whether anybody may apply for its services; for the others only those who are signed in.
    pub const fn is_public(self) -> bool {
        !matches!(self, Self::Internal)
    }

    /// What charters call it.
    pub fn title(self) -> Text {
        match self {
            Self::Citizen => Text::new("নাগরিক সেবা", "Services for citizens"),
            Self::Institutional => Text::new("প্রাতিষ্ঠানিক সেবা", "Institutional services"),
            Self::Internal => Text::new("অভ্যন্তরীণ সেবা", "Internal services"),
        }
    }
}

/// The documents a service needs (the charter's column 4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Documents {
    /// The published words of the whole column.
    pub text: Text,
    /// Where the documents are had or handed in, where the words name a place.
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub place: Option<Text>,
}

/// A service as a charter promises it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CharterService {
    /// Identifies the service for ever, whatever its serial becomes.
    #[schemars(extend("examples" = ["01a20ada-2c02-7403-8776-ea055f760188"]))]
    pub id: Uuid,
    /// Whom the service is for.
    pub category: Category,
    /// Its number (ক্রমিক নং) within office and category; it may change.
    #[schemars(range(min = 1, max = 1000), extend("examples" = [1]))]
    pub serial: i32,
    /// The name of the service.
    pub name: Text,
    /// How it is delivered.
    pub delivery: Delivery,
    /// What documents it needs.
    pub documents: Documents,
    /// What it costs.
    pub fee: Fee,
    /// By when it is promised.
    pub time_limit: TimeLimit,
    /// Who answers for it.
    pub responsible_officer: OfficerContact,
    /// Who stands in while the responsible officer is away.
    pub alternate_officer: OfficerContact,
}

/// A service of an office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Service {
    /// The service as the charter promises it.
    #[serde(flatten)]
    pub service: CharterService,
    /// The code of the office that promises it.
    pub office: OfficeCode,
    /// Counts the changes of this service, from 1.
    #[schemars(range(min = 1, max = 9_007_199_254_740_991_i64), extend("examples" = [1]))]
    pub version: i64,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl CharterService {
    /// What the schema cannot say about one service, seen beside the officers of its charter.
    pub(super) fn faults(&self, officers: &[OfficerContact], at: &str) -> Vec<Fault> {
        let mut faults = self.fee.faults(&format!("{at}/fee"));
        faults.extend(self.time_limit.faults(&format!("{at}/time_limit")));
        for (role, officer) in [
            ("responsible_officer", &self.responsible_officer),
            ("alternate_officer", &self.alternate_officer),
        ] {
            match officers.iter().find(|known| known.id == officer.id) {
                None => faults.push(Fault::new(
                    format!("{at}/{role}/id"),
                    "unknown_officer",
                    "is not an officer of `/officers`",
                )),
                Some(known) if known != officer => faults.push(Fault::new(
                    format!("{at}/{role}"),
                    "contradicts_officer",
                    "differs from the entry of the same id in `/officers`",
                )),
                Some(_) => {}
            }
        }
        if self.responsible_officer.id == self.alternate_officer.id {
            faults.push(Fault::new(
                format!("{at}/alternate_officer/id"),
                "same_officer",
                "nobody can stand in for themselves",
            ));
        }
        faults
    }
}

/// A service as somebody writes one. What was read may be sent back whole: what cannot be changed may stay as it was.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceInput {
    /// The id of the service, as it was read; absent for a new one.
    #[schemars(extend("examples" = ["01a20ada-2c02-7403-8776-ea055f760188"]))]
    pub id: Option<Uuid>,
    /// The code of the office that promises it; required for a new service, and as it was read for another.
    pub office: Option<OfficeCode>,
    /// Whom the service is for.
    pub category: Category,
    /// Its number (ক্রমিক নং) within office and category.
    #[schemars(range(min = 1, max = 1000), extend("examples" = [8]))]
    pub serial: i32,
    /// The name of the service.
    pub name: Text,
    /// How it is delivered.
    pub delivery: Delivery,
    /// What documents it needs.
    pub documents: Documents,
    /// What it costs.
    pub fee: Fee,
    /// By when it is promised.
    pub time_limit: TimeLimit,
    /// Who answers for it.
    pub responsible_officer: OfficerReference,
    /// Who stands in while the responsible officer is away.
    pub alternate_officer: OfficerReference,
    /// The version that was read; it is counted by the service.
    #[schemars(range(min = 1, max = 9_007_199_254_740_991_i64), extend("examples" = [1]))]
    pub version: Option<i64>,
    /// When it had last changed; it is noted by the service.
    pub updated_at: Option<DateTime<Utc>>,
}

impl ServiceInput {
    /// The service of this id as it was written, beside the officers of its office.
    pub(super) fn entry(self, id: Uuid, officers: &[OfficerContact]) -> Result<CharterService, Vec<Fault>> {
        let responsible = self.responsible_officer.resolve(officers, "/responsible_officer");
        let alternate = self.alternate_officer.resolve(officers, "/alternate_officer");
        let (responsible_officer, alternate_officer) = match (responsible, alternate) {
            (Ok(responsible), Ok(alternate)) => (responsible, alternate),
            (responsible, alternate) => {
                return Err([responsible, alternate].into_iter().filter_map(Result::err).collect());
            }
        };
        let service = CharterService {
            id,
            category: self.category,
            serial: self.serial,
            name: self.name,
            delivery: self.delivery,
            documents: self.documents,
            fee: self.fee,
            time_limit: self.time_limit,
            responsible_officer,
            alternate_officer,
        };
        let faults = service.faults(officers, "");
        if faults.is_empty() { Ok(service) } else { Err(faults) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn internal_services_are_for_those_of_the_office() {
        let public: Vec<bool> = Category::ALL.iter().map(|category| category.is_public()).collect();
        assert_eq!(public, [true, true, false]);
        let titles: Vec<String> = Category::ALL.iter().map(|category| category.title().bn).collect();
        assert_eq!(titles, ["নাগরিক সেবা", "প্রাতিষ্ঠানিক সেবা", "অভ্যন্তরীণ সেবা"]);
    }
}
