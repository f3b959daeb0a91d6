//! The answers to creating requests, kept in the transaction that created what they tell of.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::error::Error;
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

/// The answer that was given under a key since an instant. Older ones are forgotten.
///
/// # Errors
/// Those of the database.
pub fn find(
    scope: &str,
    key: &str,
    since: DateTime<Utc>,
    connection: &mut AnyConnection,
) -> Result<Option<Kept>, Error> {
    diesel::delete(idempotency_keys::table.filter(idempotency_keys::created_at.le(stored_instant(since))))
        .execute(connection)?;
    let kept: Option<(String, String)> = idempotency_keys::table
        .filter(idempotency_keys::scope.eq(scope))
        .filter(idempotency_keys::key.eq(key))
        .select((idempotency_keys::fingerprint, idempotency_keys::answer))
        .first(connection)
        .optional()?;
    Ok(kept.map(|(fingerprint, answer)| Kept { fingerprint, answer }))
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
