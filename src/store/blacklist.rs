//! The blacklist in its table: keyed hashes, and nobody's name.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::connection::{AnyConnection, Backend};
use super::error::Error;
use super::page::{Page, PageRequest};
use super::schema::{blacklist_entries, blacklist_keys};
use super::texts::{id, named, stored_instant};
use crate::domain::grievance::blacklist::BlacklistEntry;
use crate::domain::permission::Actor;

#[derive(Queryable, Selectable)]
#[diesel(table_name = blacklist_entries, check_for_backend(Backend))]
struct EntryRow {
    seq: i64,
    id: String,
    office: String,
    recognised_by: String,
    grievance_id: String,
    reason: String,
    entered_at: NaiveDateTime,
}

impl EntryRow {
    fn entry(self) -> Result<BlacklistEntry, Error> {
        Ok(BlacklistEntry {
            id: id(&self.id)?,
            office: self.office.into(),
            by: named(&self.recognised_by)?,
            grievance_id: id(&self.grievance_id)?,
            reason: self.reason,
            entered_at: self.entered_at.and_utc(),
        })
    }
}

/// The key of the hashes, where it was made.
///
/// # Errors
/// Those of the database.
pub fn key(connection: &mut AnyConnection) -> Result<Option<String>, Error> {
    Ok(blacklist_keys::table
        .select(blacklist_keys::secret)
        .first(connection)
        .optional()?)
}

/// Keeps the key of the hashes.
///
/// # Errors
/// Those of the database.
pub fn keep_key(secret: &str, connection: &mut AnyConnection) -> Result<(), Error> {
    diesel::insert_into(blacklist_keys::table)
        .values((blacklist_keys::id.eq(1), blacklist_keys::secret.eq(secret)))
        .execute(connection)?;
    Ok(())
}

/// Whether any of these hashes stands on the blacklist of an office.
///
/// # Errors
/// Those of the database.
pub fn has_any(office: &str, digests: &[String], connection: &mut AnyConnection) -> Result<bool, Error> {
    let found: i64 = blacklist_entries::table
        .filter(blacklist_entries::office.eq(office))
        .filter(blacklist_entries::digest.eq_any(digests))
        .count()
        .get_result(connection)?;
    Ok(found > 0)
}

/// Enters somebody who is not on it.
///
/// # Errors
/// Those of the database.
pub fn enter(
    entry: &BlacklistEntry,
    digest: &str,
    by: &Actor,
    now: DateTime<Utc>,
    connection: &mut AnyConnection,
) -> Result<(), Error> {
    diesel::insert_into(blacklist_entries::table)
        .values((
            blacklist_entries::id.eq(entry.id.to_string()),
            blacklist_entries::office.eq(entry.office.as_str()),
            blacklist_entries::recognised_by.eq(entry.by.as_str()),
            blacklist_entries::digest.eq(digest),
            blacklist_entries::grievance_id.eq(entry.grievance_id.to_string()),
            blacklist_entries::reason.eq(&entry.reason),
            blacklist_entries::entered_by.eq(by.id.to_string()),
            blacklist_entries::entered_as.eq(by.role.as_str()),
            blacklist_entries::entered_at.eq(stored_instant(now)),
        ))
        .execute(connection)?;
    Ok(())
}

/// One entry.
///
/// # Errors
/// Those of the database.
pub fn get(entry: Uuid, connection: &mut AnyConnection) -> Result<Option<BlacklistEntry>, Error> {
    let row: Option<EntryRow> = blacklist_entries::table
        .filter(blacklist_entries::id.eq(entry.to_string()))
        .select(EntryRow::as_select())
        .first(connection)
        .optional()?;
    row.map(EntryRow::entry).transpose()
}

/// Takes an entry off.
///
/// # Errors
/// Those of the database.
pub fn remove(entry: Uuid, connection: &mut AnyConnection) -> Result<(), Error> {
    diesel::delete(blacklist_entries::table.filter(blacklist_entries::id.eq(entry.to_string()))).execute(connection)?;
    Ok(())
}

/// A page of the blacklist of an office.
///
/// # Errors
/// Those of the database.
pub fn list(office: &str, page: PageRequest, connection: &mut AnyConnection) -> Result<Page<BlacklistEntry>, Error> {
    let rows: Vec<EntryRow> = blacklist_entries::table
        .filter(blacklist_entries::office.eq(office))
        .filter(blacklist_entries::seq.gt(page.after))
        .order(blacklist_entries::seq)
        .limit(page.limit + 1)
        .select(EntryRow::as_select())
        .load(connection)?;
    Page::cut(rows, page.limit, |row| row.seq).try_map(EntryRow::entry)
}
