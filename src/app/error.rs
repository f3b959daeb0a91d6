//! Why a use case did not do what was asked.

use crate::domain::charter::upkeep::Refusal;
use crate::domain::fault::Fault;
use crate::domain::permission::Denial;
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
    /// A parameter of the URL is faulty.
    #[error("{} faulty parameters", .0.len())]
    InvalidParameter(Vec<Fault>),
    /// The token is none of this service's, or no longer.
    #[error("the token is not valid")]
    InvalidToken,
    /// The e-mail address, the password, the secret or the refresh token is not right.
    #[error("the credentials are not right")]
    InvalidCredentials,
    /// The refresh token had been used before, and its session has ended.
    #[error("the refresh token was used before")]
    RefreshTokenReused,
    /// Too many attempts to sign in.
    #[error("too many attempts; the next one in {0} s")]
    TooManyAttempts(u64),
    /// Whoever asks may not.
    #[error("not permitted")]
    Denied(Denial),
    /// A grievance cannot be filed before a day [guideline 6.1(ঙ)].
    #[error("it is too early")]
    TooEarly {
        /// The day in Dhaka from which it can.
        from: chrono::NaiveDate,
    },
    /// A grievance says of itself that it is not admissible [guideline 6.1].
    #[error("the grievance is not admissible")]
    NotAdmissible,
    /// Whoever complains is on the blacklist [guideline 8].
    #[error("the complainant is on the blacklist")]
    Blacklisted,
    /// Nobody is signed in.
    #[error("nobody is signed in")]
    AuthenticationRequired,
    /// The act cannot be done in the state that the case is in.
    #[error("the act is not available")]
    NotAvailable,
    /// The entry is in another state than whoever asks has seen.
    #[error("the entry has changed")]
    Stale {
        /// The tag of the state it is in; absent where there is none.
        current: Option<String>,
    },
    /// What is asked for contradicts what is there.
    #[error("{0}")]
    Conflict(&'static str),
    /// The idempotency key belongs to another request.
    #[error("the idempotency key was used for another request")]
    IdempotencyKeyReused,
    /// A request with this idempotency key is being worked on.
    #[error("a request with this idempotency key is being worked on")]
    InProgress,
    /// Cryptography failed, which is a fault of this service.
    #[error("cryptography failed: {0}")]
    Cryptography(String),
    /// The keys that personal data is sealed by are not as they have to be.
    #[error("{0}")]
    Keys(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Error {
    /// One faulty parameter of the URL.
    pub(super) fn parameter(pointer: &str, code: &str, detail: impl Into<String>) -> Self {
        Self::InvalidParameter(vec![Fault::new(pointer, code, detail)])
    }
}

impl From<Denial> for Error {
    fn from(denial: Denial) -> Self {
        Self::Denied(denial)
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Faults(faults) => Self::Invalid(faults),
            Refusal::InUse(words) => Self::Conflict(words),
        }
    }
}
