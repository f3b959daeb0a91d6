//! The clocks that run in open cases: what has to move when the calendar changes.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{BigInt, Date, Integer, Text as SqlText, Timestamp};
use diesel::{RunQueryDsl, sql_query};

use super::case_table::{CaseHead, CaseTable, HEAD, HeadRow, urgency};
use super::connection::{AnyConnection, Backend};
use super::error::Error;
use super::texts::{all, stored_instant};
use crate::domain::case::clock::Clock;

/// A clock that runs in open cases, and the day on which they are due by it.
pub type RunningClock = (Clock, NaiveDate);

#[derive(QueryableByName)]
struct ClockRow {
    #[diesel(sql_type = Date)]
    clock_from: NaiveDate,
    #[diesel(sql_type = Integer)]
    clock_days: i32,
    #[diesel(sql_type = Date)]
    due_on: NaiveDate,
}

/// The clocks that run in a table, each once, however many cases it runs in.
///
/// # Errors
/// Those of the database.
pub fn running_clocks(table: CaseTable, connection: &mut AnyConnection) -> Result<Vec<RunningClock>, Error> {
    let rows: Vec<ClockRow> = sql_query(format!(
        "SELECT DISTINCT clock_from, clock_days, due_on FROM {} WHERE is_open = TRUE AND clock_from IS NOT NULL",
        table.name()
    ))
    .load(connection)?;
    let clock = |row: ClockRow| {
        let clock = Clock {
            from: row.clock_from,
            days: row.clock_days,
        };
        (clock, row.due_on)
    };
    Ok(rows.into_iter().map(clock).collect())
}

/// The open cases of a table in which a clock runs, locked until the transaction ends.
///
/// # Errors
/// Those of the database.
pub fn by_clock(
    table: CaseTable,
    (clock, due_on): RunningClock,
    connection: &mut AnyConnection,
) -> Result<Vec<CaseHead>, Error> {
    let lock = match connection {
        AnyConnection::Sqlite(_) => "",
        AnyConnection::Postgres(_) => " FOR UPDATE",
    };
    let rows: Vec<HeadRow> = sql_query(format!(
        "SELECT {HEAD} FROM {} WHERE is_open = TRUE AND clock_from = $1 AND clock_days = $2 AND due_on = $3 \
         ORDER BY seq{lock}",
        table.name()
    ))
    .bind::<Date, _>(clock.from)
    .bind::<Integer, _>(clock.days)
    .bind::<Date, _>(due_on)
    .load(connection)?;
    all(rows, HeadRow::head)
}

/// Moves the due day of cases of a table, each of which has a new head of its history by now.
///
/// # Errors
/// Those of the database.
pub fn move_due_day(
    table: CaseTable,
    moved: &[CaseHead],
    due_on: NaiveDate,
    now: DateTime<Utc>,
    connection: &mut AnyConnection,
) -> Result<(), Error> {
    /// As many cases as stay well under the parameters that one statement may have.
    const TOGETHER: usize = 1000;
    let table = table.name();
    for together in moved.chunks(TOGETHER) {
        let values: Vec<String> = (0..together.len())
            .map(|i| format!("(CAST(${} AS BIGINT), ${})", 4 + 2 * i, 5 + 2 * i))
            .collect();
        let sql = format!(
            "UPDATE {table} SET due_on = $1, urgency = $2, updated_at = $3, version = version + 1, \
             events = events + 1, last_hash = head.column2 FROM (VALUES {}) AS head \
             WHERE {table}.seq = head.column1",
            values.join(", ")
        );
        let mut query = sql_query(sql)
            .into_boxed::<Backend>()
            .bind::<Date, _>(due_on)
            .bind::<Integer, _>(urgency(Some(due_on)))
            .bind::<Timestamp, _>(stored_instant(now));
        for case in together {
            query = query
                .bind::<BigInt, _>(case.seq)
                .bind::<SqlText, _>(case.head.hash.clone());
        }
        query.execute(connection)?;
    }
    Ok(())
}
