//! Upazila offices: the offices under a district office (the charter's section 3).

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::contact::{OfficeCode, Website};
use super::text::Text;

/// An upazila office as a charter names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CharterUpazilaOffice {
    /// Identifies the upazila office for ever.
    #[schemars(extend("examples" = ["01a20ada-2c1c-77fa-a721-6a1c04892b1f"]))]
    pub id: Uuid,
    /// Its place in the charter's list; it may change.
    #[schemars(range(min = 1, max = 1000), extend("examples" = [1]))]
    pub serial: i32,
    /// The name of the upazila office.
    pub name: Text,
    /// Its portal (তথ্য বাতায়ন).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub website: Option<Website>,
}

/// An upazila office under a district office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UpazilaOffice {
    /// The upazila office as the charter names it.
    #[serde(flatten)]
    pub upazila_office: CharterUpazilaOffice,
    /// The code of the office above it.
    pub office: OfficeCode,
    /// Counts the changes of this entry, from 1.
    #[schemars(range(min = 1, max = 9_007_199_254_740_991_i64), extend("examples" = [1]))]
    pub version: i64,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// An upazila office as somebody writes one. What was read may be sent back whole: what cannot be changed may stay as it
/// was.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UpazilaOfficeInput {
    /// The id of the upazila office, as it was read; absent for a new one.
    #[schemars(extend("examples" = ["01a20ada-2c1c-77fa-a721-6a1c04892b1f"]))]
    pub id: Option<Uuid>,
    /// The code of the office above it; required for a new upazila office, and as it was read for another.
    pub office: Option<OfficeCode>,
    /// Its place in the charter's list.
    #[schemars(range(min = 1, max = 1000), extend("examples" = [10]))]
    pub serial: i32,
    /// The name of the upazila office.
    pub name: Text,
    /// Its portal (তথ্য বাতায়ন).
    pub website: Option<Website>,
    /// The version that was read; it is counted by the service.
    #[schemars(range(min = 1, max = 9_007_199_254_740_991_i64), extend("examples" = [1]))]
    pub version: Option<i64>,
    /// When it had last changed; it is noted by the service.
    pub updated_at: Option<DateTime<Utc>>,
}

impl UpazilaOfficeInput {
    /// The upazila office of this id as it was written.
    pub(super) fn entry(self, id: Uuid) -> CharterUpazilaOffice {
        CharterUpazilaOffice {
            id,
            serial: self.serial,
            name: self.name,
            website: self.website,
        }
    }
}
