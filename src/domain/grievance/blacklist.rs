//! The blacklist of complainants who are proved to file false, harassing grievances habitually [8].
//!
//! It is kept without names: a mobile or identity number stands in it as a keyed hash, so that it can be recognised and not
//! read.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Complainant;
use crate::domain::bangla::digit;
use crate::domain::contact::OfficeCode;
use crate::domain::words::words;

words! {
    /// By what somebody on the blacklist is recognised.
    BlacklistedBy {
        /// the mobile number
        Mobile,
        /// the number of the identity card, birth registration or passport
        IdentityNumber,
    }
}

/// Puts the complainant of a grievance on the blacklist.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BlacklistEntryInput {
    /// The grievance whose complainant the Grievance Redress Officer has recommended for it.
    #[schemars(extend("examples" = ["01a20adc-66ff-7b8d-8a7c-0e9d8c7b6a5f"]))]
    pub grievance_id: Uuid,
    /// By what the complainant is recognised.
    pub by: BlacklistedBy,
    /// Why: write nothing about a person.
    #[schemars(length(min = 1, max = 2000), regex(pattern = r"\S"), extend("examples" = ["Three grievances in a year, each proved false."]))]
    pub reason: String,
}

/// Somebody on the blacklist of an Appeal Officer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BlacklistEntry {
    /// Identifies the entry.
    #[schemars(extend("examples" = ["01a20ae0-0d5c-7f2e-9b1a-3c2d1e0f9a8b"]))]
    pub id: Uuid,
    /// The office whose Appeal Officer keeps it: it holds for grievances at all offices below.
    pub office: OfficeCode,
    /// By what the complainant is recognised.
    pub by: BlacklistedBy,
    /// The grievance over which the complainant was entered.
    #[schemars(extend("examples" = ["01a20adc-66ff-7b8d-8a7c-0e9d8c7b6a5f"]))]
    pub grievance_id: Uuid,
    /// Why.
    #[schemars(length(max = 2000), regex(pattern = r"\S"), extend("examples" = ["Three grievances in a year, each proved false."]))]
    pub reason: String,
    /// When it was entered.
    pub entered_at: DateTime<Utc>,
}

/// What a complainant is recognised by, in one form for all its spellings: what the keyed hash is made of.
pub fn recognised_by(complainant: &Complainant, by: BlacklistedBy) -> String {
    let value = match by {
        BlacklistedBy::Mobile => complainant.mobile.to_string(),
        BlacklistedBy::IdentityNumber => {
            let number = complainant.identity.number.chars();
            let number: String = number
                .filter(|c| !matches!(c, ' ' | '-'))
                .map(|c| digit(c).unwrap_or(c).to_ascii_uppercase())
                .collect();
            format!("{} {number}", complainant.identity.kind.as_str())
        }
    };
    format!("{} {value}", by.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::grievance::{Identity, IdentityKind, Relation};

    #[test]
    fn all_spellings_of_a_number_are_one() {
        let with = |number: &str| {
            let complainant = Complainant {
                name: "রহিমা".into(),
                identity: Identity {
                    kind: IdentityKind::Passport,
                    number: number.into(),
                },
                permanent_address: "দাকোপ".into(),
                present_address: "খুলনা".into(),
                mobile: "+8801711123456".into(),
                email: None,
                relation: Relation::Oneself,
                served_name: None,
            };
            BlacklistedBy::ALL
                .iter()
                .map(|by| recognised_by(&complainant, *by))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            with("bx ০১২৩-৪৫৬"),
            ["mobile +8801711123456", "identity_number passport BX0123456"]
        );
        assert_eq!(with("BX0123456"), with("bx 0123 456"));
    }
}
