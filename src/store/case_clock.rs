//! The clocks that run in open cases: what has to move when the calendar changes.

use chrono::NaiveDate;
use diesel::prelude::*;
use uuid::Uuid;

use super::connection::{AnyConnection, Backend};
use super::error::Error;
use super::schema::service_requests;
use super::service_request::urgency;
use super::texts::{all, id, stored_instant};
use crate::domain::case::clock::Clock;

/// A clock that runs in open requests, and the day on which they are due by it.
pub type RunningClock = (Clock, NaiveDate);

/// The clocks that run, each once, however many requests it runs in.
///
/// # Errors
/// Those of the database.
pub fn running_clocks(connection: &mut AnyConnection) -> Result<Vec<RunningClock>, Error> {
    type Found = (Option<NaiveDate>, Option<i32>, Option<NaiveDate>);
    let found: Vec<Found> = service_requests::table
        .filter(service_requests::is_open.eq(true))
        .filter(service_requests::clock_from.is_not_null())
        .select((
            service_requests::clock_from,
            service_requests::clock_days,
            service_requests::due_on,
        ))
        .distinct()
        .load(connection)?;
    let clock = |(from, days, due_on): Found| {
        let (from, days) = from.zip(days)?;
        Some((Clock { from, days }, due_on?))
    };
    Ok(found.into_iter().filter_map(clock).collect())
}

/// A request whose due day moves by itself, as far as its history is concerned.
pub struct Moved {
    seq: i64,
    /// The request.
    pub id: Uuid,
    /// In which state it is.
    pub state: String,
    /// How many rows its history has, and the hash of the last one.
    pub history: (i32, String),
}

/// The open requests in which a clock runs, locked until the transaction ends.
///
/// # Errors
/// Those of the database.
pub fn by_clock((clock, due_on): RunningClock, connection: &mut AnyConnection) -> Result<Vec<Moved>, Error> {
    let columns = (
        service_requests::seq,
        service_requests::id,
        service_requests::state,
        service_requests::events,
        service_requests::last_hash,
    );
    let query = service_requests::table
        .filter(service_requests::is_open.eq(true))
        .filter(service_requests::clock_from.eq(clock.from))
        .filter(service_requests::clock_days.eq(clock.days))
        .filter(service_requests::due_on.eq(due_on))
        .order(service_requests::seq)
        .select(columns);
    let rows: Vec<(i64, String, String, i32, String)> = match connection {
        AnyConnection::Sqlite(sqlite) => query.load(sqlite)?,
        AnyConnection::Postgres(postgres) => query.for_update().load(postgres)?,
    };
    all(rows, |(seq, request, state, events, hash)| {
        Ok(Moved {
            seq,
            id: id(&request)?,
            state,
            history: (events, hash),
        })
    })
}

/// Moves the due day of requests, each of which has a new head of its history by now.
///
/// # Errors
/// Those of the database.
pub fn move_due_day(
    moved: &[Moved],
    due_on: NaiveDate,
    now: chrono::DateTime<chrono::Utc>,
    connection: &mut AnyConnection,
) -> Result<(), Error> {
    use diesel::sql_query;
    use diesel::sql_types::{BigInt, Date, Integer, Text as SqlText, Timestamp};
    /// As many requests as stay well under the parameters that one statement may have.
    const TOGETHER: usize = 1000;
    for together in moved.chunks(TOGETHER) {
        let values: Vec<String> = (0..together.len())
            .map(|i| format!("(CAST(${} AS BIGINT), ${})", 4 + 2 * i, 5 + 2 * i))
            .collect();
        let sql = format!(
            "UPDATE service_requests SET due_on = $1, urgency = $2, updated_at = $3, version = version + 1, \
             events = events + 1, last_hash = head.column2 FROM (VALUES {}) AS head \
             WHERE service_requests.seq = head.column1",
            values.join(", ")
        );
        let mut query = sql_query(sql)
            .into_boxed::<Backend>()
            .bind::<Date, _>(due_on)
            .bind::<Integer, _>(urgency(Some(due_on)))
            .bind::<Timestamp, _>(stored_instant(now));
        for request in together {
            query = query
                .bind::<BigInt, _>(request.seq)
                .bind::<SqlText, _>(request.history.1.clone());
        }
        query.execute(connection)?;
    }
    Ok(())
}
