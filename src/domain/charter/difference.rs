//! What an import changes.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What becomes of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "ChangeOp")]
pub enum Op {
    /// It was not there before.
    Created,
    /// It was there with another content.
    Changed,
    /// It is there no more.
    Deleted,
}

/// What kind of entry changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "ChangeKind")]
pub enum Kind {
    /// The office with its charter's own texts, expectations and grievance levels.
    Charter,
    /// A service.
    Service,
    /// An officer.
    Officer,
    /// An upazila office.
    UpazilaOffice,
}

/// One entry that an import creates, changes or deletes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Difference {
    /// What becomes of the entry.
    pub op: Op,
    /// What kind of entry it is.
    pub kind: Kind,
    /// Its id; the code of the office where the kind is `charter`.
    #[schemars(length(min = 2, max = 64), regex(pattern = "^[a-z0-9-]+$"), extend("examples" = ["01a20ada-2c02-7403-8776-ea055f760188"]))]
    pub id: String,
}

impl Op {
    /// The name in JSON and tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Changed => "changed",
            Self::Deleted => "deleted",
        }
    }
}

impl Kind {
    /// The name in JSON and tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Charter => "charter",
            Self::Service => "service",
            Self::Officer => "officer",
            Self::UpazilaOffice => "upazila_office",
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.op.as_str(), self.kind.as_str(), self.id)
    }
}
