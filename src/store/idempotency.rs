//! The answers to creating requests, kept in the transaction that created what they tell of.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::connection::{AnyConnection, directly};
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

/// The minute in which this process last forgot old answers.
static FORGOT_IN: AtomicI64 = AtomicI64::new(0);

/// Forgets answers that were given before an instant, once a minute.
fn forget(before: DateTime<Utc>, connection: &mut AnyConnection) -> Result<(), Error> {
    let minute = before.timestamp() / 60;
    // one at a time: two that delete the same rows could wait for each other
    if FORGOT_IN.swap(minute, Ordering::Relaxed) == minute || !lock::try_named("old idempotency keys", connection)? {
        return Ok(());
    }
    let old = idempotency_keys::table.filter(idempotency_keys::created_at.le(stored_instant(before)));
    diesel::delete(old).execute(connection)?;
    Ok(())
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
    forget(since, connection)?;
    let since = stored_instant(since);
    let this = idempotency_keys::table
        .filter(idempotency_keys::scope.eq(scope))
        .filter(idempotency_keys::key.eq(key));
    let columns = (
        idempotency_keys::fingerprint,
        idempotency_keys::answer,
        idempotency_keys::created_at,
    );
    let kept: Option<(String, String, chrono::NaiveDateTime)> =
        directly!(first: this.select(columns), connection).optional()?;
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
    let row = (
        idempotency_keys::scope.eq(scope),
        idempotency_keys::key.eq(key),
        idempotency_keys::fingerprint.eq(&kept.fingerprint),
        idempotency_keys::answer.eq(&kept.answer),
        idempotency_keys::created_at.eq(stored_instant(now)),
    );
    directly!(execute: diesel::insert_into(idempotency_keys::table).values(row), connection)?;
    Ok(())
}
