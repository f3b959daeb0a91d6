//! How often somebody may try to sign in, and to find a case by its tracking code.
//!
//! Only attempts that fail count, in the fifteen minutes behind them. An account has two shares: one for the addresses that
//! it has signed in from before, one for all others. Strangers who guess use up their own share, and lock nobody out; both
//! together are at most ten guesses. An address has a share over all accounts.

use std::net::{IpAddr, Ipv6Addr};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::Error;
use crate::domain::entity_tag::whole_tag;
use crate::store::failed_attempt::{self, Share};
use crate::store::tracked::Wanted;
use crate::store::{AnyConnection, lock};

/// How long a failed attempt counts.
const WINDOW: TimeDelta = TimeDelta::minutes(15);
/// The share of the addresses that an account is known to sign in from, and as much again for all others.
const OF_AN_ACCOUNT: usize = 5;
/// The share of an address over all accounts.
const OF_AN_ADDRESS: usize = 30;
/// How many tracking codes that nobody has an address may try.
const OF_TRACKING: usize = 100;
/// How long an address is known.
const KNOWN: TimeDelta = TimeDelta::days(90);

/// An attempt that was counted.
pub(super) struct Attempt {
    pub(super) at: DateTime<Utc>,
    pub(super) shares: Vec<Share>,
}

/// An address as it is counted: a whole /64 of IPv6 is one customer.
pub fn counted(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => IpAddr::V4(v4),
            None => {
                let [a, b, c, d, ..] = v6.segments();
                IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
        },
    }
}

/// What is kept of something that is about a person.
fn digest(what: &str) -> String {
    whole_tag(what.as_bytes())
}

fn address_of(account: Uuid, from: Option<IpAddr>) -> Option<String> {
    from.map(|from| digest(&format!("{account} {}", counted(from))))
}

/// The share of an address in one kind of attempt; none where the address is not known.
fn shares_of(kind: &str, attempts: usize, from: Option<IpAddr>) -> Vec<Share> {
    let share = |from| Share {
        scope: format!("{kind} {}", digest(&counted(from).to_string())),
        attempts,
    };
    from.map(share).into_iter().collect()
}

/// The share of an address in attempts to sign in.
fn sign_in_shares(from: Option<IpAddr>) -> Vec<Share> {
    shares_of("address", OF_AN_ADDRESS, from)
}

/// Counts an attempt to sign in with an e-mail address, whether an account has it or not.
///
/// # Errors
/// Those of the database; within, [`Error::TooManyAttempts`].
pub(super) fn of_an_account(
    email: &str,
    account: Option<Uuid>,
    from: Option<IpAddr>,
    now: DateTime<Utc>,
    connection: &mut AnyConnection,
) -> Result<Result<Attempt, Error>, Error> {
    // an unknown address is looked for like a known one: the work is the same
    let account = account.unwrap_or_default();
    let known = match address_of(account, from) {
        Some(address) => failed_attempt::is_known(account, &address, now - KNOWN, connection)?,
        None => false,
    };
    let whose = if known { "known" } else { "stranger" };
    let mut shares = sign_in_shares(from);
    shares.push(Share {
        scope: format!("account {} {whose}", digest(email)),
        attempts: OF_AN_ACCOUNT,
    });
    count(shares, now, connection)
}

/// Counts an attempt to sign in that names no account.
///
/// # Errors
/// Those of the database; within, [`Error::TooManyAttempts`].
pub(super) fn of_an_address(
    from: Option<IpAddr>,
    now: DateTime<Utc>,
    connection: &mut AnyConnection,
) -> Result<Result<Attempt, Error>, Error> {
    count(sign_in_shares(from), now, connection)
}

fn tracking_shares(from: Option<IpAddr>) -> Vec<Share> {
    shares_of("tracking", OF_TRACKING, from)
}

/// What to look for where an address tries a tracking code.
pub(super) fn wanted(code: String, from: Option<IpAddr>, now: DateTime<Utc>) -> Wanted {
    Wanted {
        code,
        share: tracking_shares(from).pop(),
        since: now - WINDOW,
    }
}

/// Whether an address may try another tracking code.
///
/// # Errors
/// [`Error::TooManyAttempts`], [`Error::Store`].
pub(super) fn of_tracking(
    from: Option<IpAddr>,
    now: DateTime<Utc>,
    connection: &mut AnyConnection,
) -> Result<(), Error> {
    match failed_attempt::free_at(&tracking_shares(from), WINDOW, now, connection)? {
        None => Ok(()),
        Some(free_at) => Err(Error::TooManyAttempts(seconds_until(free_at, now))),
    }
}

/// Counts a tracking code that nobody has.
///
/// # Errors
/// [`Error::Store`].
pub(super) fn missed_tracking(
    from: Option<IpAddr>,
    now: DateTime<Utc>,
    connection: &mut AnyConnection,
) -> Result<(), Error> {
    failed_attempt::count(&tracking_shares(from), WINDOW, now, connection)?;
    Ok(())
}

fn count(
    shares: Vec<Share>,
    now: DateTime<Utc>,
    connection: &mut AnyConnection,
) -> Result<Result<Attempt, Error>, Error> {
    // in their order, so that two attempts never wait for each other
    for share in &shares {
        lock::named(&share.scope, connection)?;
    }
    Ok(match failed_attempt::count(&shares, WINDOW, now, connection)? {
        None => Ok(Attempt { at: now, shares }),
        Some(free_at) => Err(Error::TooManyAttempts(seconds_until(free_at, now))),
    })
}

/// Whole seconds, rounded up, and at least one.
fn seconds_until(instant: DateTime<Utc>, now: DateTime<Utc>) -> u64 {
    let wait = (instant - now).num_milliseconds();
    u64::try_from(wait).unwrap_or(0).div_ceil(1000).max(1)
}

/// Notes that an account has signed in from an address.
///
/// # Errors
/// Those of the database.
pub(super) fn know(
    account: Uuid,
    from: Option<IpAddr>,
    now: DateTime<Utc>,
    connection: &mut AnyConnection,
) -> Result<(), Error> {
    if let Some(address) = address_of(account, from) {
        lock::named(&address, connection)?;
        failed_attempt::know(account, &address, now, now - KNOWN, connection)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ipv6_is_counted_by_network() {
        let counted = |text: &str| counted(text.parse().unwrap()).to_string();
        assert_eq!(counted("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(counted("::ffff:192.0.2.1"), "192.0.2.1");
        assert_eq!(counted("192.0.2.1"), "192.0.2.1");
    }

    #[test]
    fn the_wait_is_whole_seconds() {
        let now = DateTime::from_timestamp(1_795_494_600, 0).unwrap();
        assert_eq!(seconds_until(now + TimeDelta::milliseconds(1500), now), 2);
        assert_eq!(seconds_until(now, now), 1);
    }
}
