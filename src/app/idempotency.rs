//! Creating something once, however often the request for it comes (`Idempotency-Key`).

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use serde_json::Value;

use super::Error;
use crate::store::idempotency::{self, Kept};
use crate::store::{self, AnyConnection, lock};

/// How long an answer is kept.
const KEPT_FOR: TimeDelta = TimeDelta::hours(24);

/// What a client names a creating request by, so that it may send it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// The client's own name for the request.
    pub key: String,
    /// What stands for what was asked for: another request under the same name is refused.
    pub fingerprint: String,
}

/// Something that was created, as it was served then.
#[derive(Clone, Debug, PartialEq)]
pub struct Created {
    /// The entry.
    pub entry: Value,
    /// Whether it had been created before, by the same request.
    pub replayed: bool,
}

/// What is answered to whoever creates something.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    entry: Value,
    json: String,
}

impl Answer {
    /// The answer that is an entry.
    ///
    /// # Errors
    /// [`Error::Store`] where it cannot be written.
    pub(super) fn of(entry: &impl Serialize) -> Result<Self, Error> {
        let entry = serde_json::to_value(entry).map_err(corrupt)?;
        let json = entry.to_string();
        Ok(Self { entry, json })
    }
}

/// Creates something, unless the same request created it before: then it is what was answered to that one. `scope` says who
/// asks for what; keys of different scopes have nothing to do with each other.
///
/// # Errors
/// Those of `create`; [`Error::IdempotencyKeyReused`], [`Error::InProgress`], [`Error::Store`].
pub(super) fn once<T: Serialize>(
    key: Option<&IdempotencyKey>,
    scope: &str,
    now: DateTime<Utc>,
    connection: &mut AnyConnection,
    create: impl FnOnce(&mut AnyConnection) -> Result<T, Error>,
) -> Result<Created, Error> {
    let create = |connection: &mut AnyConnection| Answer::of(&create(connection)?);
    once_answered(key, scope, now, connection, create)
}

/// The same for what says itself what is answered.
///
/// # Errors
/// As for [`once`].
pub(super) fn once_answered(
    key: Option<&IdempotencyKey>,
    scope: &str,
    now: DateTime<Utc>,
    connection: &mut AnyConnection,
    create: impl FnOnce(&mut AnyConnection) -> Result<Answer, Error>,
) -> Result<Created, Error> {
    if let Some(key) = key {
        if !lock::try_named(&format!("{scope} {}", key.key), connection)? {
            return Err(Error::InProgress);
        }
        if let Some(kept) = idempotency::find(scope, &key.key, now - KEPT_FOR, connection)? {
            if kept.fingerprint != key.fingerprint {
                return Err(Error::IdempotencyKeyReused);
            }
            let entry = serde_json::from_str(&kept.answer).map_err(corrupt)?;
            return Ok(Created { entry, replayed: true });
        }
    }
    let Answer { entry, json } = create(connection)?;
    if let Some(key) = key {
        let kept = Kept {
            fingerprint: key.fingerprint.clone(),
            answer: json,
        };
        idempotency::keep(scope, &key.key, &kept, now, connection)?;
    }
    Ok(Created { entry, replayed: false })
}

fn corrupt(error: serde_json::Error) -> Error {
    Error::Store(store::Error::Corrupt(format!("a kept answer: {error}")))
}
