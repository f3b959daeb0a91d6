//! Service requests in their table.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::case_table::urgency;
use super::connection::{AnyConnection, Backend, directly};
use super::error::Error;
use super::page::{Order, Page, PageRequest, Selection, page_of_rows};
use super::schema::{service_requests, services};
use super::search::Within;
use super::texts::{all, id, named, stored_instant};
use crate::domain::bangla::search_text;
use crate::domain::calendar::dhaka_day;
use crate::domain::case::clock::Clock;
use crate::domain::case::tracking::{Appointment, RequestedService};
use crate::domain::contact::OfficeCode;
use crate::domain::personal_data::Sealed;
use crate::domain::service::Category;
use crate::domain::service_request::State;
use crate::domain::service_request::record::{Record, Stopped};
use crate::domain::text::Text;

/// Which service requests are asked for. What is absent does not restrict; what is there has to hold together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceRequestFilter {
    /// Only those of this office.
    pub office: String,
    /// Only those behind which this officer stands.
    pub alternate_officer: Option<Uuid>,
    /// Only those in this state.
    pub state: Option<State>,
    /// Only those for this service.
    pub service: Option<Uuid>,
    /// Only those that are this officer's.
    pub assignee: Option<Uuid>,
    /// Only open ones that are due on this day or later.
    pub due_from: Option<NaiveDate>,
    /// Only open ones that are due on this day or earlier.
    pub due_to: Option<NaiveDate>,
    /// Only those whose words match all of these patterns.
    pub patterns: Vec<String>,
    /// The order they come in.
    pub order: Order,
}

/// Which requests anybody asks for. What is absent or empty does not restrict; what is there has to hold together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublicFilter {
    /// Only those to this office.
    pub office: String,
    /// Only these.
    pub ids: Vec<Uuid>,
    /// Only those for these services.
    pub services: Vec<Uuid>,
    /// Only those for services that are not of this category.
    pub except: Option<Category>,
    /// Only those that are open, or only those that are not.
    pub open: Option<bool>,
    /// Only those filed at this instant or later.
    pub from: Option<DateTime<Utc>>,
    /// Only those filed before this instant.
    pub to: Option<DateTime<Utc>>,
    /// How many are passed over, and how many are given at most.
    pub part: (i64, i64),
}

/// What a request is made of.
#[derive(Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = service_requests, check_for_backend(Backend), treat_none_as_null = true, treat_none_as_default_value = false)]
pub(super) struct RequestRow {
    pub(super) id: String,
    tracking_code: String,
    office: String,
    service_id: String,
    service_version: i64,
    service_sequence: i64,
    service_name_bn: String,
    service_name_en: String,
    state: String,
    medium: String,
    language: String,
    name: String,
    // what is sealed is sealed anew by nobody but `reseal`
    #[diesel(skip_update)]
    personal: String,
    #[diesel(skip_update)]
    personal_key: String,
    request: String,
    filed_at: NaiveDateTime,
    filed_by: Option<String>,
    filed_as: String,
    responsible_officer_id: String,
    alternate_officer_id: String,
    handed_over: bool,
    awaits_promise: bool,
    clock_from: Option<NaiveDate>,
    clock_days: Option<i32>,
    clock_left: Option<i32>,
    clock_stopped_on: Option<NaiveDate>,
    days_stood: i32,
    due_on: Option<NaiveDate>,
    appointment_at: Option<NaiveDateTime>,
    appointment_place: Option<String>,
    closed_at: Option<NaiveDateTime>,
    reason: Option<String>,
    took_days: Option<i32>,
    rating: Option<i32>,
    events: i32,
    last_hash: String,
    version: i64,
    updated_at: NaiveDateTime,
}

/// The same, with what follows from it and is there to be found by.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = service_requests, treat_none_as_null = true, treat_none_as_default_value = false)]
struct IndexedRow {
    #[diesel(embed)]
    request: RequestRow,
    is_open: bool,
    filed_on: NaiveDate,
    assignee: String,
    urgency: i32,
    closed_on: Option<NaiveDate>,
    search: String,
}

impl RequestRow {
    fn of(record: &Record) -> Self {
        Self {
            id: record.id.to_string(),
            tracking_code: record.tracking_code.clone(),
            office: record.office().to_string(),
            service_id: record.service.id.to_string(),
            service_version: record.service.version,
            service_sequence: record.service_sequence,
            service_name_bn: record.service.name.bn.clone(),
            service_name_en: record.service.name.en.clone(),
            state: record.state.as_str().to_owned(),
            medium: record.medium.as_str().to_owned(),
            language: record.language.as_str().to_owned(),
            name: record.name.clone(),
            personal: record.personal.text.clone(),
            personal_key: record.personal.key.clone(),
            request: record.request.clone(),
            filed_at: stored_instant(record.filed_at),
            filed_by: record.filed_by.map(|id| id.to_string()),
            filed_as: record.filed_as.clone(),
            responsible_officer_id: record.responsible_officer.to_string(),
            alternate_officer_id: record.alternate_officer.to_string(),
            handed_over: record.handed_over,
            awaits_promise: record.awaits_promise,
            clock_from: record.clock.map(|clock| clock.from),
            clock_days: record.clock.map(|clock| clock.days),
            clock_left: record.stopped.map(|stopped| stopped.left),
            clock_stopped_on: record.stopped.map(|stopped| stopped.on),
            days_stood: record.days_stood,
            due_on: record.due_on,
            appointment_at: record
                .appointment
                .as_ref()
                .map(|appointment| stored_instant(appointment.at)),
            appointment_place: record
                .appointment
                .as_ref()
                .and_then(|appointment| appointment.place.clone()),
            closed_at: record.closed_at.map(stored_instant),
            reason: record.reason.map(|reason| reason.as_str().to_owned()),
            took_days: record.took_days,
            rating: record.rating,
            events: record.history.0,
            last_hash: record.history.1.clone(),
            version: record.version,
            updated_at: stored_instant(record.updated_at),
        }
    }

    pub(super) fn record(self) -> Result<Record, Error> {
        let clock = self.clock_from.zip(self.clock_days);
        let stopped = self.clock_left.zip(self.clock_stopped_on);
        Ok(Record {
            id: id(&self.id)?,
            tracking_code: self.tracking_code,
            service: RequestedService {
                id: id(&self.service_id)?,
                version: self.service_version,
                office: OfficeCode::from(self.office),
                name: Text::new(self.service_name_bn, self.service_name_en),
            },
            service_sequence: self.service_sequence,
            state: named(&self.state)?,
            medium: named(&self.medium)?,
            language: named(&self.language)?,
            name: self.name,
            personal: Sealed {
                key: self.personal_key,
                text: self.personal,
            },
            request: self.request,
            filed_at: self.filed_at.and_utc(),
            filed_by: self.filed_by.as_deref().map(id).transpose()?,
            filed_as: self.filed_as,
            responsible_officer: id(&self.responsible_officer_id)?,
            alternate_officer: id(&self.alternate_officer_id)?,
            handed_over: self.handed_over,
            awaits_promise: self.awaits_promise,
            clock: clock.map(|(from, days)| Clock { from, days }),
            stopped: stopped.map(|(left, on)| Stopped { left, on }),
            days_stood: self.days_stood,
            due_on: self.due_on,
            appointment: self.appointment_at.map(|at| Appointment {
                at: at.and_utc(),
                place: self.appointment_place,
            }),
            closed_at: self.closed_at.map(|at| at.and_utc()),
            reason: self.reason.as_deref().map(named).transpose()?,
            took_days: self.took_days,
            rating: self.rating,
            history: (self.events, self.last_hash),
            version: self.version,
            updated_at: self.updated_at.and_utc(),
        })
    }
}

impl IndexedRow {
    fn of(record: &Record) -> Self {
        Self {
            request: RequestRow::of(record),
            is_open: record.state.is_open(),
            filed_on: record.filed_on(),
            assignee: record.assignee().to_string(),
            urgency: urgency(record.due_on),
            closed_on: record.closed_on(),
            search: search_text([&*record.name, &*record.request, &*record.tracking_code]),
        }
    }
}

/// A request, ready to be kept.
pub struct NewRequest(IndexedRow);

impl NewRequest {
    /// Makes it ready.
    pub fn of(record: &Record) -> Self {
        Self(IndexedRow::of(record))
    }

    /// Keeps it.
    ///
    /// # Errors
    /// Those of the database.
    pub fn insert(&self, connection: &mut AnyConnection) -> Result<(), Error> {
        directly!(
            execute: diesel::insert_into(service_requests::table).values(&self.0),
            connection
        )?;
        Ok(())
    }
}

/// Keeps what an act made of a request that was in a version; whether it was still in it.
///
/// # Errors
/// Those of the database.
pub fn update(record: &Record, version: i64, connection: &mut AnyConnection) -> Result<bool, Error> {
    let updated = diesel::update(
        service_requests::table
            .filter(service_requests::id.eq(record.id.to_string()))
            .filter(service_requests::version.eq(version)),
    )
    .set(IndexedRow::of(record))
    .execute(connection)?;
    Ok(updated == 1)
}

/// One request within a transaction.
///
/// # Errors
/// Those of the database.
pub fn get(request: Uuid, connection: &mut AnyConnection) -> Result<Option<Record>, Error> {
    let row: Option<RequestRow> = directly!(
        first: service_requests::table
        .filter(service_requests::id.eq(request.to_string()))
        .select(RequestRow::as_select()),
        connection
    )
    .optional()?;
    row.map(RequestRow::record).transpose()
}

/// The request of a tracking code.
///
/// # Errors
/// Those of the database.
pub fn by_tracking_code(code: &str, connection: &mut AnyConnection) -> Result<Option<Record>, Error> {
    let row: Option<RequestRow> = directly!(
        first: service_requests::table
        .filter(service_requests::tracking_code.eq(code))
        .select(RequestRow::as_select()),
        connection
    )
    .optional()?;
    row.map(RequestRow::record).transpose()
}

/// A page of requests.
///
/// # Errors
/// Those of the database.
pub fn list(
    filter: &ServiceRequestFilter,
    page: PageRequest,
    connection: &mut AnyConnection,
) -> Result<Page<Record>, Error> {
    let text = |id: Option<Uuid>| id.map(|id| id.to_string());
    let by_day = filter.due_from.is_some() || filter.due_to.is_some();
    let mut selection = Selection::of("service_requests", connection)
        .equal("office", Some(&filter.office))
        .equal("state", filter.state.map(State::as_str))
        .equal("service_id", text(filter.service).as_deref())
        .equal("assignee", text(filter.assignee).as_deref())
        .equal("alternate_officer_id", text(filter.alternate_officer).as_deref());
    if by_day || filter.order == Order::Urgent {
        // what is decided is no longer urgent
        selection = selection.only("service_requests.is_open = TRUE");
    }
    let selection = selection
        .at_least("urgency", filter.due_from.map(|day| i64::from(urgency(Some(day)))))
        .at_most("urgency", filter.due_to.map(|day| i64::from(urgency(Some(day)))))
        .beginning(
            &filter.patterns,
            Within {
                offices: "ARRAY[office]",
                column: "office",
                office: filter.office.clone(),
            },
        )
        .in_order(filter.order);
    let urgency = |row: &RequestRow| urgency(row.due_on);
    page_of_rows!(service_requests => RequestRow, selection, page, urgency, connection)?.try_map(RequestRow::record)
}

/// The requests that anybody asks for, the last one filed first. A span of days bounds the work by what was filed in it.
///
/// # Errors
/// Those of the database.
pub fn public(filter: &PublicFilter, connection: &mut AnyConnection) -> Result<Vec<Record>, Error> {
    let texts = |ids: &[Uuid]| ids.iter().map(Uuid::to_string).collect::<Vec<_>>();
    let mut query = service_requests::table
        .filter(service_requests::office.eq(&filter.office))
        .select(RequestRow::as_select())
        .into_boxed();
    if let Some(category) = filter.except {
        let those = services::table
            .filter(services::office.eq(&filter.office))
            .filter(services::category.eq(category.as_str()))
            .select(services::id);
        query = query.filter(service_requests::service_id.ne_all(those));
    }
    if !filter.ids.is_empty() {
        query = query.filter(service_requests::id.eq_any(texts(&filter.ids)));
    }
    if !filter.services.is_empty() {
        query = query.filter(service_requests::service_id.eq_any(texts(&filter.services)));
    }
    if let Some(open) = filter.open {
        query = query.filter(service_requests::is_open.eq(open));
    }
    // the day is what the index knows
    if let Some(from) = filter.from {
        query = query
            .filter(service_requests::filed_on.ge(dhaka_day(from)))
            .filter(service_requests::filed_at.ge(stored_instant(from)));
    }
    if let Some(to) = filter.to {
        query = query
            .filter(service_requests::filed_on.le(dhaka_day(to)))
            .filter(service_requests::filed_at.lt(stored_instant(to)));
    }
    let (passed, most) = filter.part;
    let rows = query
        .order((service_requests::filed_on.desc(), service_requests::seq.desc()))
        .offset(passed)
        .limit(most)
        .load(connection)?;
    all(rows, RequestRow::record)
}

/// Lets open requests follow their service to its officers of now.
///
/// # Errors
/// Those of the database.
pub fn follow_officers(
    office: &str,
    service: &str,
    responsible: &str,
    alternate: &str,
    connection: &mut AnyConnection,
) -> Result<(), Error> {
    let open = || {
        service_requests::table
            .filter(service_requests::office.eq(office.to_owned()))
            .filter(service_requests::service_id.eq(service.to_owned()))
            .filter(service_requests::is_open.eq(true))
    };
    for (handed_over, assignee) in [(false, responsible), (true, alternate)] {
        diesel::update(open().filter(service_requests::handed_over.eq(handed_over)))
            .set((
                service_requests::responsible_officer_id.eq(responsible),
                service_requests::alternate_officer_id.eq(alternate),
                service_requests::assignee.eq(assignee),
            ))
            .execute(connection)?;
    }
    Ok(())
}
