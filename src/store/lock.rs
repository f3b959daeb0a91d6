//! Locks that let one writer at a time change what belongs together.

use diesel::{RunQueryDsl, sql_query};

use super::connection::AnyConnection;
use super::error::Error;

/// The key of the lock over charter data: "charters" in ASCII.
const CHARTER_DATA: i64 = 0x6368_6172_7465_7273;

/// Lets only this transaction write charter data or the calendar, until it ends. SQLite has one writer anyhow.
///
/// # Errors
/// Those of the statement.
pub fn charter_data(connection: &mut AnyConnection) -> Result<(), Error> {
    if let AnyConnection::Postgres(postgres) = connection {
        sql_query("SELECT pg_advisory_xact_lock($1)")
            .bind::<diesel::sql_types::BigInt, _>(CHARTER_DATA)
            .execute(postgres)?;
    }
    Ok(())
}
