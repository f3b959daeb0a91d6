//! The answers to creating requests, kept in the transaction that created what they tell of.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::error::Error;
use super::lock;
use super::schema::idempotency_keys;
use super::texts::stored_instant;

/// An answer that was given before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// What the request was that it answered.
    pub fingerprint: String,
    /// The answer, in JSON.
    pub answer: String,
}

/// The answer that was given under a key since an instant. Older ones are forgotten. The caller holds the lock of the key.
///
/// # Errors
/// Those of the database.
pub fn find(
    scope: &str,
    key: &str,
    since: DateTime<Utc>,
    connection: &mut AnyConnection,
) -> Result<Option<Kept>, Error> {
    let since = stored_instant(since);
    // one at a time: two that delete the same rows could wait for each other
    if lock::try_named("old idempotency keys", connection)? {
        diesel::delete(idempotency_keys::table.filter(idempotency_keys::created_at.le(since))).execute(connection)?;
    }
    let this = idempotency_keys::table
        .filter(idempotency_keys::scope.eq(scope))
        .filter(idempotency_keys::key.eq(key));
    let kept: Option<(String, String, chrono::NaiveDateTime)> = this
        .select((
            idempotency_keys::fingerprint,
            idempotency_keys::answer,
            idempotency_keys::created_at,
        ))
        .first(connection)
        .optional()?;
    match kept {
        Some((fingerprint, answer, created_at)) if created_at > since => Ok(Some(Kept { fingerprint, answer })),
        Some(_) => {
            diesel::delete(this).execute(connection)?;
            Ok(None)
        }
        None => Ok(None),
    }
}

/// Keeps the answer to a request.
///
/// # Errors
/// Those of the database.
pub fn keep(
    scope: &str,
    key: &str,
    kept: &Kept,
    now: DateTime<Utc>,
    connection: &mut AnyConnection,
) -> Result<(), Error> {
    diesel::insert_into(idempotency_keys::table)
        .values((
            idempotency_keys::scope.eq(scope),
            idempotency_keys::key.eq(key),
            idempotency_keys::fingerprint.eq(&kept.fingerprint),
            idempotency_keys::answer.eq(&kept.answer),
            idempotency_keys::created_at.eq(stored_instant(now)),
        ))
        .execute(connection)?;
    Ok(())
}
