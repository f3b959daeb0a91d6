//! Attempts that failed, and the addresses that accounts are known to sign in from.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::connection::AnyConnection;
use super::error::Error;
use super::lock;
use super::schema::{failed_attempts, known_addresses};
use super::texts::stored_instant;

/// How many attempts may be made in a scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// What is counted together.
    pub scope: String,
    /// How many attempts at most.
    pub attempts: usize,
}

/// The instant at which there is something left in all shares; none where there is now.
///
/// # Errors
/// Those of the database.
pub fn free_at(
    shares: &[Share],
    window: TimeDelta,
    now: DateTime<Utc>,
    connection: &mut AnyConnection,
) -> Result<Option<DateTime<Utc>>, Error> {
    let begins = stored_instant(now - window);
    let mut free_at = None;
    for share in shares {
        let attempts: Vec<chrono::NaiveDateTime> = failed_attempts::table
            .filter(failed_attempts::scope.eq(&share.scope))
            .filter(failed_attempts::attempted_at.gt(begins))
            .order(failed_attempts::attempted_at.desc())
            .limit(i64::try_from(share.attempts).unwrap_or(i64::MAX))
            .select(failed_attempts::attempted_at)
            .load(connection)?;
        if attempts.len() >= share.attempts {
            let oldest_that_counts = attempts.last().map(|attempt| attempt.and_utc() + window);
            free_at = free_at.max(oldest_that_counts);
        }
    }
    Ok(free_at)
}

/// Counts an attempt in every scope, unless the share of one of them is used up: then the instant is told at which there is
/// something left in all of them.
///
/// # Errors
/// Those of the database.
pub fn count(
    shares: &[Share],
    window: TimeDelta,
    now: DateTime<Utc>,
    connection: &mut AnyConnection,
) -> Result<Option<DateTime<Utc>>, Error> {
    let begins = stored_instant(now - window);
    // one at a time: two that delete the same rows could wait for each other
    if lock::try_named("old attempts to sign in", connection)? {
        diesel::delete(failed_attempts::table.filter(failed_attempts::attempted_at.le(begins))).execute(connection)?;
    }
    let free_at = free_at(shares, window, now, connection)?;
    if free_at.is_none() {
        for share in shares {
            diesel::insert_into(failed_attempts::table)
                .values((
                    failed_attempts::scope.eq(&share.scope),
                    failed_attempts::attempted_at.eq(stored_instant(now)),
                ))
                .execute(connection)?;
        }
    }
    Ok(free_at)
}

/// Takes an attempt back that turned out to be no guess: the one of this instant in every scope.
///
/// # Errors
/// Those of the database.
pub fn forgive(shares: &[Share], attempted_at: DateTime<Utc>, connection: &mut AnyConnection) -> Result<(), Error> {
    for share in shares {
        let attempt: Option<i64> = failed_attempts::table
            .filter(failed_attempts::scope.eq(&share.scope))
            .filter(failed_attempts::attempted_at.eq(stored_instant(attempted_at)))
            .select(failed_attempts::seq)
            .first(connection)
            .optional()?;
        if let Some(attempt) = attempt {
            diesel::delete(failed_attempts::table.filter(failed_attempts::seq.eq(attempt))).execute(connection)?;
        }
    }
    Ok(())
}

/// Whether an account has signed in from an address since an instant.
///
/// # Errors
/// Those of the database.
pub fn is_known(
    account: Uuid,
    address: &str,
    since: DateTime<Utc>,
    connection: &mut AnyConnection,
) -> Result<bool, Error> {
    let known: Option<String> = known_addresses::table
        .filter(known_addresses::account.eq(account.to_string()))
        .filter(known_addresses::address.eq(address))
        .filter(known_addresses::last_seen_at.gt(stored_instant(since)))
        .select(known_addresses::address)
        .first(connection)
        .optional()?;
    Ok(known.is_some())
}

/// Notes that an account has signed in from an address, and forgets those not seen since an instant.
///
/// # Errors
/// Those of the database.
pub fn know(
    account: Uuid,
    address: &str,
    now: DateTime<Utc>,
    forget_before: DateTime<Utc>,
    connection: &mut AnyConnection,
) -> Result<(), Error> {
    let account = account.to_string();
    diesel::delete(
        known_addresses::table
            .filter(known_addresses::account.eq(&account))
            .filter(
                known_addresses::address
                    .eq(address)
                    .or(known_addresses::last_seen_at.le(stored_instant(forget_before))),
            ),
    )
    .execute(connection)?;
    diesel::insert_into(known_addresses::table)
        .values((
            known_addresses::account.eq(&account),
            known_addresses::address.eq(address),
            known_addresses::last_seen_at.eq(stored_instant(now)),
        ))
        .execute(connection)?;
    Ok(())
}
