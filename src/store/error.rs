//! What can go wrong between this program and its database.

use super::connection::Manager;

/// A failure of the database or of the way to it. None of its words are for clients.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Every connection is at work and none came free in time.
    #[error("no database connection came free in time: {0}")]
    Busy(String),
    /// The database cannot be reached, or refused to serve.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// The connection was cut while it was used.
    #[error("the connection to the database was cut: {0}")]
    Cut(String),
    /// A statement failed.
    #[error("a statement failed: {0}")]
    Statement(#[source] diesel::result::Error),
    /// What is stored is not what this program stores.
    #[error("the database holds what this program did not write: {0}")]
    Corrupt(String),
    /// The work panicked; nothing of it was kept.
    #[error("the work on the database panicked")]
    Panicked,
}

impl Error {
    /// The same for somebody else who waited for the same.
    pub(super) fn again(&self) -> Self {
        match self {
            Self::Busy(words) => Self::Busy(words.clone()),
            Self::Unavailable(words) => Self::Unavailable(words.clone()),
            Self::Cut(words) => Self::Cut(words.clone()),
            Self::Corrupt(words) => Self::Corrupt(words.clone()),
            Self::Statement(error) => Self::Unavailable(error.to_string()),
            Self::Panicked => Self::Panicked,
        }
    }

    /// Whether the connection is of no more use.
    pub(super) const fn is_cut(&self) -> bool {
        matches!(self, Self::Cut(_))
    }
}

/// What the engines say where the connection is of no more use. Neither these nor those below have a kind of their own.
const CUT: &[&str] = &[
    "terminating connection",
    "no connection to the server",
    "server closed the connection",
    "connection not open",
    "could not receive data from server",
    "could not send data to server",
    "the database system is",
    // the server that was written to is a standby now: another one takes writes
    "in a read-only transaction",
    "during recovery",
];
/// What they say where somebody else has what is needed.
const BUSY: &[&str] = &["database is locked", "statement timeout", "deadlock detected"];
/// What they say where nothing can be written for now.
const FULL: &[&str] = &[
    "database or disk is full",
    "disk I/O error",
    "No space left on device",
    "could not extend file",
    "could not write",
];

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        use diesel::result::{DatabaseErrorKind, Error as Diesel};
        let (kind, words) = match &error {
            Diesel::DatabaseError(kind, info) => (kind, info.message()),
            Diesel::BrokenTransactionManager => return Self::Unavailable(error.to_string()),
            _ => return Self::Statement(error),
        };
        let says = |all: &[&str]| all.iter().any(|some| words.contains(some));
        if matches!(kind, DatabaseErrorKind::ClosedConnection) || says(CUT) {
            Self::Cut(words.to_owned())
        } else if says(BUSY) {
            Self::Busy(words.to_owned())
        } else if says(FULL) {
            Self::Unavailable(words.to_owned())
        } else {
            Self::Statement(error)
        }
    }
}

/// A connection taken from the pool, or why there is none.
pub(super) fn checked_out(
    taken: Result<r2d2::PooledConnection<Manager>, r2d2::Error>,
) -> Result<r2d2::PooledConnection<Manager>, Error> {
    taken.map_err(|error| Error::Busy(error.to_string()))
}

/// Says on the log why the pool could not open a connection, in one line.
#[derive(Debug)]
pub(super) struct LogConnectionErrors;

impl<E: std::error::Error> r2d2::HandleError<E> for LogConnectionErrors {
    fn handle_error(&self, error: E) {
        let message = error.to_string();
        log::warn!(
            "database connection: {}",
            message.split_whitespace().collect::<Vec<_>>().join(" ")
        );
    }
}
