//! The stays of grievances at desks: what the monthly report counts, and the lines of the registers.

use chrono::NaiveDate;
use diesel::deserialize::QueryableByName;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool, Date, Integer, Nullable, Text as SqlText};
use uuid::Uuid;

use super::connection::AnyConnection;
use super::error::Error;
use super::grievance::complainants;
use super::page::{Page, PageRequest};
use super::schema::grievance_stays;
use super::texts::{id, named, optional_text};
use crate::domain::contact::OfficeCode;
use crate::domain::grievance::record::Record;
use crate::domain::grievance::report::{Disposal, DisposedGrievance, Month, RegisterEntry, Stay};
use crate::domain::grievance::{Complainant, KeptComplainant};
use crate::domain::grievance::{DismissalReason, GrievanceMedium, Outcome};

/// A stay that begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewStay {
    /// The grievance.
    pub grievance: Uuid,
    /// The office that it is at.
    pub office: OfficeCode,
    /// The level that it is at.
    pub level: i32,
    /// Whether it comes there as an appeal.
    pub is_appeal: bool,
    /// How it came in.
    pub medium: GrievanceMedium,
    /// The day it is received on.
    pub received_on: NaiveDate,
}

/// Begins a stay.
///
/// # Errors
/// Those of the database.
pub fn begin(stay: &NewStay, connection: &mut AnyConnection) -> Result<(), Error> {
    diesel::insert_into(grievance_stays::table)
        .values((
            grievance_stays::grievance_id.eq(stay.grievance.to_string()),
            grievance_stays::office.eq(stay.office.as_str()),
            grievance_stays::level.eq(stay.level),
            grievance_stays::is_appeal.eq(stay.is_appeal),
            grievance_stays::medium.eq(stay.medium.as_str()),
            grievance_stays::received_on.eq(stay.received_on),
        ))
        .execute(connection)?;
    Ok(())
}

/// Disposes of every stay of a grievance that is pending, because it was closed.
///
/// # Errors
/// Those of the database.
pub fn dispose(record: &Record, on: NaiveDate, connection: &mut AnyConnection) -> Result<(), Error> {
    let decision = record.decided_here();
    diesel::update(
        grievance_stays::table
            .filter(grievance_stays::grievance_id.eq(record.id.to_string()))
            .filter(grievance_stays::disposed_on.is_null()),
    )
    .set((
        grievance_stays::disposed_on.eq(on),
        grievance_stays::disposal.eq(record.disposal().map(Disposal::as_str)),
        grievance_stays::outcome.eq(decision.and_then(|decision| decision.outcome).map(Outcome::as_str)),
        grievance_stays::reason.eq(decision
            .and_then(|decision| decision.reason)
            .map(DismissalReason::as_str)),
        grievance_stays::decision.eq(decision.and_then(|decision| decision.message.as_deref())),
    ))
    .execute(connection)?;
    Ok(())
}

/// Ends the last stay of a grievance, which goes to another desk: with the day on which it was due there, and the day on which
/// it is disposed of there, where it is passed on. Gives whether it had come there as an appeal, and how it came in.
///
/// # Errors
/// Those of the database.
pub fn leave(
    grievance: Uuid,
    due_on: NaiveDate,
    disposed_on: Option<NaiveDate>,
    connection: &mut AnyConnection,
) -> Result<(bool, GrievanceMedium), Error> {
    let last: Option<(i64, bool, String)> = grievance_stays::table
        .filter(grievance_stays::grievance_id.eq(grievance.to_string()))
        .order(grievance_stays::seq.desc())
        .select((
            grievance_stays::seq,
            grievance_stays::is_appeal,
            grievance_stays::medium,
        ))
        .first(connection)
        .optional()?;
    let (seq, is_appeal, medium) = last.ok_or_else(|| Error::Corrupt("a grievance that is at no desk".into()))?;
    let stay = || grievance_stays::table.filter(grievance_stays::seq.eq(seq));
    diesel::update(stay())
        .set(grievance_stays::left_due_on.eq(due_on))
        .execute(connection)?;
    if let Some(on) = disposed_on {
        diesel::update(stay())
            .set((
                grievance_stays::disposed_on.eq(on),
                grievance_stays::disposal.eq(Disposal::PassedOn.as_str()),
            ))
            .execute(connection)?;
    }
    Ok((is_appeal, named(&medium)?))
}

#[derive(QueryableByName)]
struct StayRow {
    #[diesel(sql_type = Bool)]
    is_appeal: bool,
    #[diesel(sql_type = SqlText)]
    medium: String,
    #[diesel(sql_type = Date)]
    received_on: NaiveDate,
    #[diesel(sql_type = Date)]
    due_on: NaiveDate,
    #[diesel(sql_type = Nullable<Date>)]
    disposed_on: Option<NaiveDate>,
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// The stays at an office that a span of days is about: received by its end, and not disposed of before its beginning. Those
/// that are alike come once, with how many they are.
///
/// # Errors
/// Those of the database.
pub fn about(
    office: &str,
    (first, last): (NaiveDate, NaiveDate),
    connection: &mut AnyConnection,
) -> Result<Vec<(Stay, i64)>, Error> {
    // SQLite numbers parameters as they come; what is pending and what was disposed of since have an index each; a range of days of receipt would lead astray
    let rows: Vec<StayRow> = sql_query(
        "SELECT s.is_appeal, s.medium, s.received_on, coalesce(s.left_due_on, g.due_on) AS due_on, s.disposed_on, \
         count(*) AS count FROM ( \
         SELECT * FROM grievance_stays WHERE office = $1 AND disposed_on IS NULL AND received_on <= $2 UNION ALL \
         SELECT * FROM grievance_stays WHERE office = $1 AND disposed_on >= $3 AND NOT (received_on > $2) \
         ) AS s JOIN grievances g ON g.id = s.grievance_id GROUP BY s.is_appeal, s.medium, s.received_on, coalesce(s.left_due_on, g.due_on), s.disposed_on",
    )
    .bind::<SqlText, _>(office)
    .bind::<Date, _>(last)
    .bind::<Date, _>(first)
    .load(connection)?;
    let rows = rows.into_iter().map(|row| {
        let stay = Stay {
            is_appeal: row.is_appeal,
            medium: named(&row.medium)?,
            received_on: row.received_on,
            due_on: row.due_on,
            disposed_on: row.disposed_on,
        };
        Ok((stay, row.count))
    });
    rows.collect()
}

#[derive(QueryableByName)]
struct DisposedRow {
    #[diesel(sql_type = SqlText)]
    id: String,
    #[diesel(sql_type = Bool)]
    is_appeal: bool,
    #[diesel(sql_type = SqlText)]
    subject: String,
    #[diesel(sql_type = Date)]
    received_on: NaiveDate,
    #[diesel(sql_type = Date)]
    disposed_on: NaiveDate,
    #[diesel(sql_type = Nullable<SqlText>)]
    disposal: Option<String>,
    #[diesel(sql_type = Nullable<SqlText>)]
    outcome: Option<String>,
    #[diesel(sql_type = Nullable<SqlText>)]
    reason: Option<String>,
    #[diesel(sql_type = Nullable<SqlText>)]
    decision: Option<String>,
}

/// The stays at an office that were disposed of in a month, in the order of the day, up to a number.
///
/// # Errors
/// Those of the database.
pub fn disposed(
    office: &str,
    month: Month,
    limit: i64,
    connection: &mut AnyConnection,
) -> Result<Vec<DisposedGrievance>, Error> {
    let rows: Vec<DisposedRow> = sql_query(
        "SELECT g.id, s.is_appeal, g.subject, s.received_on, s.disposed_on, s.disposal, s.outcome, s.reason, s.decision \
         FROM grievance_stays s JOIN grievances g ON g.id = s.grievance_id \
         WHERE s.office = $1 AND s.disposed_on BETWEEN $2 AND $3 ORDER BY s.disposed_on, s.seq LIMIT $4",
    )
    .bind::<SqlText, _>(office)
    .bind::<Date, _>(month.first)
    .bind::<Date, _>(month.last)
    .bind::<BigInt, _>(limit)
    .load(connection)?;
    let rows = rows.into_iter().map(|row| {
        Ok(DisposedGrievance {
            id: id(&row.id)?,
            appeal: row.is_appeal,
            subject: row.subject,
            received_on: row.received_on,
            disposed_on: row.disposed_on,
            disposal: named(row.disposal.as_deref().unwrap_or_default())?,
            outcome: row.outcome.as_deref().map(named).transpose()?,
            reason: row.reason.as_deref().map(named).transpose()?,
            summary: row.decision,
        })
    });
    rows.collect()
}

#[derive(QueryableByName)]
struct RegisterRow {
    #[diesel(sql_type = BigInt)]
    seq: i64,
    #[diesel(sql_type = SqlText)]
    id: String,
    #[diesel(sql_type = SqlText)]
    tracking_code: String,
    #[diesel(sql_type = Date)]
    received_on: NaiveDate,
    #[diesel(sql_type = SqlText)]
    medium: String,
    #[diesel(sql_type = SqlText)]
    complainant_kind: String,
    #[diesel(sql_type = Nullable<SqlText>)]
    service_name_bn: Option<String>,
    #[diesel(sql_type = Nullable<SqlText>)]
    service_name_en: Option<String>,
    #[diesel(sql_type = SqlText)]
    subject: String,
    #[diesel(sql_type = Nullable<SqlText>)]
    root_cause: Option<String>,
    #[diesel(sql_type = Nullable<Date>)]
    disposed_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<SqlText>)]
    disposal: Option<String>,
    #[diesel(sql_type = Nullable<SqlText>)]
    outcome: Option<String>,
    #[diesel(sql_type = Nullable<SqlText>)]
    decision: Option<String>,
    #[diesel(sql_type = Nullable<SqlText>)]
    advice: Option<String>,
    #[diesel(sql_type = Nullable<SqlText>)]
    about_officer_id: Option<String>,
    #[diesel(sql_type = Nullable<SqlText>)]
    responsible_officer_id: Option<String>,
}

/// Whether those who look at a register see who complained in a grievance about these officers.
pub type Shows<'a> = &'a dyn Fn(&[Uuid]) -> bool;

/// Opens who complained in a grievance.
pub type Opens<'a, E> = &'a dyn Fn(Uuid, &KeptComplainant) -> Result<Complainant, E>;

/// Which lines of a register are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterFilter {
    /// The office.
    pub office: String,
    /// The month in which they were received.
    pub month: Month,
    /// Whether the register is that of the appeals.
    pub appeals: bool,
    /// Only those from this level on.
    pub from_level: i32,
}

/// A page of a register: what was received in a month.
///
/// # Errors
/// Those of the database, and of opening.
pub fn register<E: From<Error>>(
    filter: &RegisterFilter,
    (shows, opens): (Shows<'_>, Opens<'_, E>),
    page: PageRequest,
    connection: &mut AnyConnection,
) -> Result<Page<RegisterEntry>, E> {
    let rows: Vec<RegisterRow> = sql_query(
        "SELECT s.seq, g.id, g.tracking_code, s.received_on, s.medium, g.complainant_kind, g.service_name_bn, \
         g.service_name_en, g.subject, g.root_cause, s.disposed_on, s.disposal, s.outcome, s.decision, g.advice, g.about_officer_id, \
         g.responsible_officer_id FROM grievance_stays s JOIN grievances g ON g.id = s.grievance_id \
         WHERE s.office = $1 AND s.is_appeal = $2 AND s.received_on BETWEEN $3 AND $4 AND s.seq > $5 AND s.level >= $6 \
         ORDER BY s.seq LIMIT $7",
    )
    .bind::<SqlText, _>(&filter.office)
    .bind::<Bool, _>(filter.appeals)
    .bind::<Date, _>(filter.month.first)
    .bind::<Date, _>(filter.month.last)
    .bind::<BigInt, _>(page.after)
    .bind::<Integer, _>(filter.from_level)
    .bind::<BigInt, _>(page.limit + 1)
    .load(connection)
    .map_err(Error::from)?;
    let page = Page::cut(rows, page.limit, |row| row.seq);
    let ids = page.items.iter().map(|row| row.id.clone()).collect();
    let complainants = complainants(ids, connection)?;
    page.try_map(|row| {
        let about = [&row.about_officer_id, &row.responsible_officer_id];
        let about: Vec<Uuid> = about
            .into_iter()
            .flatten()
            .map(|officer| id(officer))
            .collect::<Result<_, _>>()?;
        let shown = shows(&about);
        let of = id(&row.id)?;
        let kept = complainants.get(&row.id).filter(|_| shown);
        let complainant = kept.map(|kept| opens(of, kept)).transpose()?;
        let complainant = complainant.as_ref();
        Ok(RegisterEntry {
            id: of,
            tracking_code: shown.then_some(row.tracking_code),
            received_on: row.received_on,
            complainant: complainant.map(|complainant| complainant.name.clone()),
            mobile: complainant.map(|complainant| complainant.mobile.clone()),
            email: complainant.and_then(|complainant| complainant.email.clone()),
            medium: named(&row.medium)?,
            complainant_kind: named(&row.complainant_kind)?,
            service: optional_text(row.service_name_bn, row.service_name_en),
            subject: row.subject,
            root_cause: row.root_cause,
            disposed_on: row.disposed_on,
            disposal: row.disposal.as_deref().map(named).transpose()?,
            outcome: row.outcome.as_deref().map(named).transpose()?,
            decision: row.decision,
            advice: row.advice,
        })
    })
}
