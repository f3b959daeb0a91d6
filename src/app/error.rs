//! Why a use case did not do what was asked.

use crate::domain::fault::Fault;
use crate::store;

/// Why a use case did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// What was sent is faulty.
    #[error("{} faults", .0.len())]
    Invalid(Vec<Fault>),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Error {
    /// One fault.
    pub(super) fn fault(pointer: &str, code: &str, detail: impl Into<String>) -> Self {
        Self::Invalid(vec![Fault::new(pointer, code, detail)])
    }
}
