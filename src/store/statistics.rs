//! What is counted of service requests.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Date, Integer, Nullable, Text as SqlText};
use diesel::{ExpressionMethods as _, QueryDsl as _, RunQueryDsl, sql_query};
use uuid::Uuid;

use super::connection::AnyConnection;
use super::error::Error;
use super::schema::grievances;
use super::texts::id;
use crate::domain::service_request::State;
use crate::domain::service_request::statistics::Tally;
use crate::domain::text::Text;

#[derive(QueryableByName)]
struct Received {
    #[diesel(sql_type = SqlText)]
    service_id: String,
    #[diesel(sql_type = SqlText)]
    name_bn: String,
    #[diesel(sql_type = SqlText)]
    name_en: String,
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(QueryableByName)]
struct Closed {
    #[diesel(sql_type = SqlText)]
    service_id: String,
    #[diesel(sql_type = SqlText)]
    name_bn: String,
    #[diesel(sql_type = SqlText)]
    name_en: String,
    #[diesel(sql_type = SqlText)]
    state: String,
    #[diesel(sql_type = Nullable<Integer>)]
    took_days: Option<i32>,
    #[diesel(sql_type = Nullable<Bool>)]
    on_time: Option<bool>,
    #[diesel(sql_type = BigInt)]
    count: i64,
    #[diesel(sql_type = BigInt)]
    ratings: i64,
    #[diesel(sql_type = BigInt)]
    rating_sum: i64,
}

#[derive(QueryableByName)]
struct Pending {
    #[diesel(sql_type = SqlText)]
    service_id: String,
    #[diesel(sql_type = SqlText)]
    name_bn: String,
    #[diesel(sql_type = SqlText)]
    name_en: String,
    #[diesel(sql_type = Nullable<Bool>)]
    overdue: Option<bool>,
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Tallies by the id of their service, with its name.
#[derive(Default)]
struct Tallies(BTreeMap<String, (Text, Tally)>);

impl Tallies {
    fn of(&mut self, service: String, bn: String, en: String) -> &mut Tally {
        let (_, tally) = self.0.entry(service).or_insert((Text::new(bn, en), Tally::default()));
        tally
    }
}

/// What was counted of the services of an office within a span of days, and what is open on a day.
///
/// # Errors
/// Those of the database.
pub fn tallies(
    office: &str,
    (from, to): (NaiveDate, NaiveDate),
    today: NaiveDate,
    connection: &mut AnyConnection,
) -> Result<Vec<(Uuid, Text, Tally)>, Error> {
    const NAMES: &str = "service_id, max(service_name_bn) AS name_bn, max(service_name_en) AS name_en";
    let mut tallies = Tallies::default();
    let received: Vec<Received> = sql_query(format!(
        "SELECT {NAMES}, count(*) AS count FROM service_requests \
         WHERE office = $1 AND filed_on BETWEEN $2 AND $3 GROUP BY service_id"
    ))
    .bind::<SqlText, _>(office)
    .bind::<Date, _>(from)
    .bind::<Date, _>(to)
    .load(connection)?;
    for row in received {
        tallies.of(row.service_id, row.name_bn, row.name_en).received = row.count;
    }
    let closed: Vec<Closed> = sql_query(format!(
        "SELECT {NAMES}, state, took_days, (due_on >= closed_on) AS on_time, count(*) AS count, \
         count(rating) AS ratings, coalesce(sum(rating), 0) AS rating_sum FROM service_requests \
         WHERE office = $1 AND closed_on BETWEEN $2 AND $3 GROUP BY service_id, state, took_days, (due_on >= closed_on)"
    ))
    .bind::<SqlText, _>(office)
    .bind::<Date, _>(from)
    .bind::<Date, _>(to)
    .load(connection)?;
    for row in closed {
        let tally = tallies.of(row.service_id, row.name_bn, row.name_en);
        let completed = row.state == State::Completed.as_str();
        if completed {
            tally.completed += row.count;
            tally.working_days.extend(row.took_days.map(|days| (days, row.count)));
        } else if row.state == State::Rejected.as_str() {
            tally.rejected += row.count;
        } else {
            tally.withdrawn += row.count;
        }
        // what the applicant took back was not for the office to decide
        if let (true, Some(on_time)) = (row.state != State::Withdrawn.as_str(), row.on_time) {
            tally.promised += row.count;
            tally.on_time += if on_time { row.count } else { 0 };
        }
        tally.ratings += row.ratings;
        tally.rating_sum += row.rating_sum;
    }
    let pending: Vec<Pending> = sql_query(format!(
        "SELECT {NAMES}, (due_on < $1) AS overdue, count(*) AS count FROM service_requests \
         WHERE office = $2 AND is_open = TRUE GROUP BY service_id, overdue"
    ))
    .bind::<Date, _>(today)
    .bind::<SqlText, _>(office)
    .load(connection)?;
    for row in pending {
        let tally = tallies.of(row.service_id, row.name_bn, row.name_en);
        if row.overdue == Some(true) {
            tally.pending_past_limit += row.count;
        } else {
            tally.pending_within_limit += row.count;
        }
    }
    let tallies = tallies.0.into_iter();
    tallies
        .map(|(service, (name, tally))| Ok((id(&service)?, name, tally)))
        .collect()
}

/// How many grievances at an office were decided on a day or earlier, and the complainant was not told yet.
///
/// # Errors
/// Those of the database.
pub fn untold(office: &str, until: NaiveDate, connection: &mut AnyConnection) -> Result<i64, Error> {
    Ok(grievances::table
        .filter(grievances::office.eq(office))
        .filter(grievances::untold_since.le(until))
        .count()
        .get_result(connection)?)
}
