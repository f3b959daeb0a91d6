//! Locks that let one writer at a time change what belongs together.

use diesel::RunQueryDsl as _;
use diesel::deserialize::QueryableByName;
use diesel::sql_types::Bool;
use sha2::{Digest, Sha256};

use super::connection::AnyConnection;
use super::error::Error;
use super::statement::sql;

/// The key of the lock over charter data: "charters" in ASCII.
const CHARTER_DATA: i64 = 0x6368_6172_7465_7273;

/// Lets only this transaction write charter data or the calendar, until it ends. SQLite has one writer anyhow.
///
/// # Errors
/// Those of the statement.
pub fn charter_data(connection: &mut AnyConnection) -> Result<(), Error> {
    wait_for("pg_advisory_xact_lock", CHARTER_DATA, connection)
}

/// Lets nobody write charter data or the calendar until this transaction ends, but others that only rely on them.
///
/// # Errors
/// Those of the statement.
pub fn charter_data_shared(connection: &mut AnyConnection) -> Result<(), Error> {
    wait_for("pg_advisory_xact_lock_shared", CHARTER_DATA, connection)
}

/// Lets only this transaction do something about what a name stands for, until it ends. SQLite has one writer anyhow.
///
/// # Errors
/// Those of the statement.
pub fn named(name: &str, connection: &mut AnyConnection) -> Result<(), Error> {
    wait_for("pg_advisory_xact_lock", key_of(name), connection)
}

/// The same as [`named`] without waiting: whether nobody else was about it.
///
/// # Errors
/// Those of the statement.
pub fn try_named(name: &str, connection: &mut AnyConnection) -> Result<bool, Error> {
    #[derive(QueryableByName)]
    struct Taken {
        #[diesel(sql_type = Bool)]
        taken: bool,
    }
    match connection {
        AnyConnection::Sqlite(_) => Ok(true),
        AnyConnection::Postgres(postgres) => {
            let statement = sql("SELECT pg_try_advisory_xact_lock(?) AS taken").bind(key_of(name));
            let answer: Taken = statement.get_result(postgres)?;
            Ok(answer.taken)
        }
    }
}

fn wait_for(lock: &str, key: i64, connection: &mut AnyConnection) -> Result<(), Error> {
    if let AnyConnection::Postgres(postgres) = connection {
        sql(format!("SELECT {lock}(?)")).bind(key).execute(postgres)?;
    }
    Ok(())
}

/// The key of a name. Two names that share one only wait for each other without need.
fn key_of(name: &str) -> i64 {
    let digest: [u8; 32] = Sha256::digest(name).into();
    let [a, b, c, d, e, f, g, h, ..] = digest;
    i64::from_be_bytes([a, b, c, d, e, f, g, h])
}
