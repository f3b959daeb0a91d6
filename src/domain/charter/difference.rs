//! What an import changes.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::words::words;

words! {
    /// What becomes of an entry.
    #[derive(PartialOrd, Ord)]
    #[schemars(rename = "ChangeOp")]
    Op {
        /// It was not there before.
        Created,
        /// It was there with another content.
        Changed,
        /// It is there no more.
        Deleted,
    }
}

words! {
    /// What kind of entry changes.
    #[derive(PartialOrd, Ord)]
    #[schemars(rename = "ChangeKind")]
    Kind {
        /// The office with its charter's own texts, expectations and grievance levels.
        Charter,
        /// A service.
        Service,
        /// An officer.
        Officer,
        /// An upazila office.
        UpazilaOffice,
    }
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

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.op.as_str(), self.kind.as_str(), self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_a_line() {
        let difference = Difference {
            op: Op::Changed,
            kind: Kind::UpazilaOffice,
            id: "01a20ada-2c02-7403-8776-ea055f760188".into(),
        };
        assert_eq!(
            difference.to_string(),
            "changed upazila_office 01a20ada-2c02-7403-8776-ea055f760188"
        );
    }
}
