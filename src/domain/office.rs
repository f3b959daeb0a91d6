//! Offices: whose charter it is.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::contact::{OfficeCode, Website};
use super::text::Text;

/// The office above another one: the department of a district office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ParentOffice {
    /// The code of the office above.
    pub code: OfficeCode,
    /// Its name.
    pub name: Text,
}

/// An office as its charter names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CharterOffice {
    /// The code by which the office is addressed; it never changes.
    pub code: OfficeCode,
    /// The name of the office.
    pub name: Text,
    /// The portal of the office.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub website: Option<Website>,
    /// The office above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<ParentOffice>,
}

/// An office that publishes a charter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Office {
    /// The office as its charter names it.
    #[serde(flatten)]
    pub office: CharterOffice,
    /// Counts the changes of the office and of its charter's own texts, from 1.
    #[schemars(range(min = 1, max = 9_007_199_254_740_991_i64), extend("examples" = [1]))]
    pub version: i64,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}
