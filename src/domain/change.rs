//! The change feed: every creation, change and deletion of charter data, in order, with the state that it left.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::charter::CharterTexts;
use super::charter::difference::{Kind, Op};
use super::contact::OfficeCode;
use super::officer::Officer;
use super::service::Service;
use super::upazila_office::UpazilaOffice;

/// One change of charter data. The field that `kind` names holds the full new state; it is absent for a deletion.
///
/// States are kept as they were served at the time, so that history does not change when later versions of this service
/// serve more.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Change {
    /// Numbers the changes of the whole deployment, without gaps, in the order in which they came into force.
    #[schemars(range(min = 1, max = 9_007_199_254_740_991_i64), extend("examples" = [1]))]
    pub sequence: i64,
    /// What kind of entry changed.
    pub kind: Kind,
    /// What became of it.
    pub op: Op,
    /// The id of the entry; the code of the office where the kind is `charter`.
    #[schemars(length(min = 2, max = 64), regex(pattern = "^[a-z0-9-]+$"), extend("examples" = ["01a20ada-2c02-7403-8776-ea055f760188"]))]
    pub id: String,
    /// The code of the office whose charter it is.
    pub office: OfficeCode,
    /// When it came into force.
    pub changed_at: DateTime<Utc>,
    /// The service as it is from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Service>")]
    pub service: Option<Value>,
    /// The officer as it is from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Officer>")]
    pub officer: Option<Value>,
    /// The upazila office as it is from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<UpazilaOffice>")]
    pub upazila_office: Option<Value>,
    /// The office and its charter's own texts as they are from now on; services, officers and upazila offices change by
    /// themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<CharterTexts>")]
    pub charter: Option<Value>,
}
