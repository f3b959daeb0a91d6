//! The histories of cases in their table: only ever added to.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use uuid::Uuid;

use super::connection::{AnyConnection, Backend, directly};
use super::error::Error;
use super::page::{Page, PageRequest};
use super::schema::case_events;
use super::texts::{all, id, stored_instant};
use crate::domain::case::event::Event;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = case_events, check_for_backend(Backend), treat_none_as_default_value = false)]
pub(super) struct EventRow {
    case_id: String,
    number: i32,
    happened_at: NaiveDateTime,
    action: String,
    state: String,
    actor: Option<String>,
    role: String,
    for_officer: Option<String>,
    public: String,
    private: Option<String>,
    private_digest: String,
    previous: String,
    hash: String,
}

impl EventRow {
    fn of(event: &Event) -> Self {
        Self {
            case_id: event.case.to_string(),
            number: event.number,
            happened_at: stored_instant(event.at),
            action: event.action.clone(),
            state: event.state.clone(),
            actor: event.actor.map(|actor| actor.to_string()),
            role: event.role.clone(),
            for_officer: event.for_officer.map(|officer| officer.to_string()),
            public: event.public.clone(),
            private: event.private.clone(),
            private_digest: event.private_digest.clone(),
            previous: event.previous.clone(),
            hash: event.hash.clone(),
        }
    }

    pub(super) fn event(self) -> Result<Event, Error> {
        Ok(Event {
            case: id(&self.case_id)?,
            number: self.number,
            at: self.happened_at.and_utc(),
            action: self.action,
            state: self.state,
            actor: self.actor.as_deref().map(id).transpose()?,
            role: self.role,
            for_officer: self.for_officer.as_deref().map(id).transpose()?,
            public: self.public,
            private: self.private,
            private_digest: self.private_digest,
            previous: self.previous,
            hash: self.hash,
        })
    }
}

/// Adds a row to the history of its case.
///
/// # Errors
/// Those of the database.
pub fn append(event: &Event, connection: &mut AnyConnection) -> Result<(), Error> {
    let row = EventRow::of(event);
    directly!(execute: diesel::insert_into(case_events::table).values(&row), connection)?;
    Ok(())
}

/// Adds many rows: those of many cases that one cause touches.
///
/// # Errors
/// Those of the database.
pub fn append_all(events: &[Event], connection: &mut AnyConnection) -> Result<(), Error> {
    /// As many rows as stay well under the parameters that one statement may have.
    const TOGETHER: usize = 500;
    for together in events.chunks(TOGETHER) {
        match connection {
            // a statement costs no way to a server here, and diesel would open a transaction for many rows
            AnyConnection::Sqlite(_) => together.iter().try_for_each(|event| append(event, connection))?,
            AnyConnection::Postgres(postgres) => {
                let rows: Vec<EventRow> = together.iter().map(EventRow::of).collect();
                diesel::insert_into(case_events::table).values(rows).execute(postgres)?;
            }
        }
    }
    Ok(())
}

/// One row of the history of a case.
///
/// # Errors
/// Those of the database.
pub fn get(case: Uuid, number: i32, connection: &mut AnyConnection) -> Result<Option<Event>, Error> {
    let row: Option<EventRow> = case_events::table
        .filter(case_events::case_id.eq(case.to_string()))
        .filter(case_events::number.eq(number))
        .select(EventRow::as_select())
        .first(connection)
        .optional()?;
    row.map(EventRow::event).transpose()
}

/// The whole history of a case, in its order.
///
/// # Errors
/// Those of the database.
pub fn history(case: Uuid, connection: &mut AnyConnection) -> Result<Vec<Event>, Error> {
    let rows = case_events::table
        .filter(case_events::case_id.eq(case.to_string()))
        .order(case_events::number)
        .select(EventRow::as_select())
        .load(connection)?;
    all(rows, EventRow::event)
}

/// A page of the history of a case.
///
/// # Errors
/// Those of the database.
pub fn list(case: Uuid, page: PageRequest, connection: &mut AnyConnection) -> Result<Page<Event>, Error> {
    let rows: Vec<EventRow> = case_events::table
        .filter(case_events::case_id.eq(case.to_string()))
        .filter(case_events::number.gt(i32::try_from(page.after).unwrap_or(i32::MAX)))
        .order(case_events::number)
        .limit(page.limit + 1)
        .select(EventRow::as_select())
        .load(connection)?;
    Page::cut(rows, page.limit, |row| i64::from(row.number)).try_map(EventRow::event)
}
