//! What an import changes.

use std::fmt;

/// What becomes of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Op {
    /// It was not there before.
    Created,
    /// It was there with another content.
    Changed,
    /// It is there no more.
    Removed,
}

/// What kind of entry changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What becomes of the entry.
    pub op: Op,
    /// What kind of entry it is.
    pub kind: Kind,
    /// Its id, or the code of the office.
    pub id: String,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let op = match self.op {
            Op::Created => "created",
            Op::Changed => "changed",
            Op::Removed => "removed",
        };
        let kind = match self.kind {
            Kind::Charter => "charter",
            Kind::Service => "service",
            Kind::Officer => "officer",
            Kind::UpazilaOffice => "upazila_office",
        };
        write!(f, "{op} {kind} {}", self.id)
    }
}
