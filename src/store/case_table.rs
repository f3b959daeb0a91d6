//! What both kinds of case have alike in their tables, whichever table it is.

use chrono::NaiveDate;
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{BigInt, Integer, Text as SqlText};
use diesel::{RunQueryDsl, sql_query};
use uuid::Uuid;

use super::connection::AnyConnection;
use super::error::Error;
use super::texts::{all, id};
use crate::domain::case::event::Head;

/// The urgency of what is due on no day: behind everything that is.
const NOT_DUE: i32 = 1_000_000;

/// The urgency of a due day: days since 1970.
pub(super) fn urgency(due_on: Option<NaiveDate>) -> i32 {
    due_on.map_or(NOT_DUE, |due_on| {
        i32::try_from((due_on - NaiveDate::default()).num_days()).unwrap_or(NOT_DUE)
    })
}

/// A table of cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseTable {
    /// Service requests.
    ServiceRequests,
    /// Grievances.
    Grievances,
}

impl CaseTable {
    /// Every table of cases.
    pub const ALL: [Self; 2] = [Self::ServiceRequests, Self::Grievances];

    /// What a case of it is called.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::ServiceRequests => "service_request",
            Self::Grievances => "grievance",
        }
    }

    /// Its name.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::ServiceRequests => "service_requests",
            Self::Grievances => "grievances",
        }
    }
}

/// The table that a case is in.
///
/// # Errors
/// Those of the database.
pub fn find(case: Uuid, connection: &mut AnyConnection) -> Result<Option<CaseTable>, Error> {
    for table in CaseTable::ALL {
        let found: Vec<HeadRow> = sql_query(format!("SELECT {HEAD} FROM {} WHERE id = $1", table.name()))
            .bind::<SqlText, _>(case.to_string())
            .load(connection)?;
        if !found.is_empty() {
            return Ok(Some(table));
        }
    }
    Ok(None)
}

/// A case as far as its history is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseHead {
    /// Its number in its table.
    pub seq: i64,
    /// Its id.
    pub id: Uuid,
    /// What it says of its history.
    pub head: Head,
}

#[derive(QueryableByName)]
pub(super) struct HeadRow {
    #[diesel(sql_type = BigInt)]
    seq: i64,
    #[diesel(sql_type = SqlText)]
    id: String,
    #[diesel(sql_type = SqlText)]
    state: String,
    #[diesel(sql_type = Integer)]
    events: i32,
    #[diesel(sql_type = SqlText)]
    last_hash: String,
}

/// The columns of a head.
pub(super) const HEAD: &str = "seq, id, state, events, last_hash";

impl HeadRow {
    pub(super) fn head(self) -> Result<CaseHead, Error> {
        Ok(CaseHead {
            seq: self.seq,
            id: id(&self.id)?,
            head: Head {
                events: self.events,
                hash: self.last_hash,
                state: self.state,
            },
        })
    }
}

/// The cases of a table behind a number, in order: what a check of all walks.
///
/// # Errors
/// Those of the database.
pub fn heads_behind(
    table: CaseTable,
    after: i64,
    limit: i64,
    connection: &mut AnyConnection,
) -> Result<Vec<CaseHead>, Error> {
    let rows: Vec<HeadRow> = sql_query(format!(
        "SELECT {HEAD} FROM {} WHERE seq > $1 ORDER BY seq LIMIT $2",
        table.name()
    ))
    .bind::<BigInt, _>(after)
    .bind::<BigInt, _>(limit)
    .load(connection)?;
    all(rows, HeadRow::head)
}

#[derive(QueryableByName)]
struct IdRow {
    #[diesel(sql_type = SqlText)]
    case_id: String,
}

/// The id of a case of which there is a history and no case.
///
/// # Errors
/// Those of the database.
pub fn find_history_without_case(connection: &mut AnyConnection) -> Result<Option<String>, Error> {
    let row: Vec<IdRow> = sql_query(
        "SELECT case_id FROM case_events WHERE \
         NOT EXISTS (SELECT 1 FROM service_requests WHERE service_requests.id = case_events.case_id) \
         AND NOT EXISTS (SELECT 1 FROM grievances WHERE grievances.id = case_events.case_id) LIMIT 1",
    )
    .load(connection)?;
    Ok(row.into_iter().next().map(|row| row.case_id))
}
