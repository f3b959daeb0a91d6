//! Grievances in their table, and those who complained in theirs.

mod complainant;
mod row;

use chrono::NaiveDate;
use diesel::prelude::*;
use uuid::Uuid;

use super::case_table::urgency;
use super::connection::{AnyConnection, Backend, directly};
use super::error::Error;
use super::page::{Order, Page, PageRequest, Selection};
use super::schema::{grievance_complainants, grievances};
use super::search::Within;
use crate::domain::grievance::State;
use crate::domain::grievance::record::Record;
use complainant::ComplainantRow;
pub(super) use complainant::complainants;
use row::{GrievanceRow, text};

/// Which grievances are asked for. What is absent does not restrict; what is there has to hold together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GrievanceFilter {
    /// Only those at this office.
    pub office: Option<String>,
    /// Only those whose appeals are heard at this office.
    pub appeal_office: Option<String>,
    /// Only those behind which this officer stands, or which are about this officer.
    pub alternate_officer: Option<Uuid>,
    /// Only those at this level.
    pub level: Option<i32>,
    /// Only those in this state.
    pub state: Option<State>,
    /// Only those about this service.
    pub service: Option<Uuid>,
    /// Only open ones that are due on this day or later.
    pub due_from: Option<NaiveDate>,
    /// Only open ones that are due on this day or earlier.
    pub due_to: Option<NaiveDate>,
    /// Only those whose complainant was not told a decision of this day or an earlier one.
    pub untold_to: Option<NaiveDate>,
    /// Only those whose complainant was recommended for the blacklist.
    pub blacklisting_recommended: bool,
    /// Only those whose words match all of these patterns.
    pub patterns: Vec<String>,
    /// The order they come in.
    pub order: Order,
}

/// A grievance with who complained: nobody where it is anonymous.
#[derive(Queryable, Selectable)]
#[diesel(check_for_backend(Backend))]
struct WithComplainant {
    #[diesel(embed)]
    grievance: GrievanceRow,
    #[diesel(embed)]
    complainant: Option<ComplainantRow>,
}

impl WithComplainant {
    fn record(self) -> Result<Record, Error> {
        let complainant = self.complainant.map(ComplainantRow::complainant).transpose()?;
        self.grievance.record(complainant)
    }
}

/// Grievances beside those who complained.
#[diesel::dsl::auto_type]
fn with_complainants() -> _ {
    grievances::table
        .left_join(grievance_complainants::table.on(grievance_complainants::grievance_id.eq(grievances::id)))
}

/// Keeps a new grievance.
///
/// # Errors
/// Those of the database.
pub fn insert(record: &Record, connection: &mut AnyConnection) -> Result<(), Error> {
    diesel::insert_into(grievances::table)
        .values(GrievanceRow::of(record)?)
        .execute(connection)?;
    if let Some(complainant) = &record.complainant {
        diesel::insert_into(grievance_complainants::table)
            .values(ComplainantRow::of(record.id, complainant))
            .execute(connection)?;
    }
    Ok(())
}

/// Keeps what an act made of a grievance that was in a version; whether it was still in it. Who complained never changes.
///
/// # Errors
/// Those of the database.
pub fn update(record: &Record, version: i64, connection: &mut AnyConnection) -> Result<bool, Error> {
    let updated = diesel::update(
        grievances::table
            .filter(grievances::id.eq(record.id.to_string()))
            .filter(grievances::version.eq(version)),
    )
    .set(GrievanceRow::of(record)?)
    .execute(connection)?;
    Ok(updated == 1)
}

/// One grievance.
///
/// # Errors
/// Those of the database.
pub fn get(grievance: Uuid, connection: &mut AnyConnection) -> Result<Option<Record>, Error> {
    let row: Option<WithComplainant> = directly!(
        first: with_complainants()
        .filter(grievances::id.eq(grievance.to_string()))
        .select(WithComplainant::as_select()),
        connection
    )
    .optional()?;
    row.map(WithComplainant::record).transpose()
}

/// The grievance of a tracking code.
///
/// # Errors
/// Those of the database.
pub fn by_tracking_code(code: &str, connection: &mut AnyConnection) -> Result<Option<Record>, Error> {
    let row: Option<WithComplainant> = directly!(
        first: with_complainants()
        .filter(grievances::tracking_code.eq(code))
        .select(WithComplainant::as_select()),
        connection
    )
    .optional()?;
    row.map(WithComplainant::record).transpose()
}

/// A page of grievances.
///
/// # Errors
/// Those of the database.
pub fn list(
    filter: &GrievanceFilter,
    page: PageRequest,
    connection: &mut AnyConnection,
) -> Result<Page<Record>, Error> {
    let by_day = filter.due_from.is_some() || filter.due_to.is_some();
    let level = filter.level.map(i64::from);
    let mut selection = Selection::of("grievances", connection)
        .equal("office", filter.office.as_deref())
        .equal("appeal_office", filter.appeal_office.as_deref())
        .equal_number("level", level)
        .equal("state", filter.state.map(State::as_str))
        .equal("service_id", text(filter.service).as_deref())
        .any_equal(
            ["alternate_officer_id", "about_officer_id", "responsible_officer_id"],
            text(filter.alternate_officer).as_deref(),
        );
    if by_day || filter.order == Order::Urgent {
        // what is closed is no longer urgent
        selection = selection.only("grievances.is_open = TRUE");
    }
    if filter.blacklisting_recommended {
        selection = selection.only("grievances.blacklisting_recommended = TRUE");
    }
    let (column, office) = match (&filter.office, &filter.appeal_office) {
        (Some(office), _) => ("office", office.clone()),
        (None, office) => ("appeal_office", office.clone().unwrap_or_default()),
    };
    let within = Within {
        offices: "ARRAY[office, appeal_office, '']",
        column,
        office,
    };
    let selection = selection
        .at_least("urgency", filter.due_from.map(|day| i64::from(urgency(Some(day)))))
        .at_most("urgency", filter.due_to.map(|day| i64::from(urgency(Some(day)))))
        .until("untold_since", filter.untold_to)
        .beginning(&filter.patterns, within)
        .in_order(filter.order);
    selection.read(page, connection, |selection, connection| {
        let rows: Vec<(i64, WithComplainant)> = directly!(
            load: with_complainants()
                .filter(selection.filter(page))
                .select((grievances::seq, WithComplainant::as_select())),
            connection
        )?;
        let order = filter.order;
        let page = order.page(rows, page.limit, |(seq, row)| (row.grievance.urgency, *seq));
        page.try_map(|(_, row)| row.record())
    })
}

/// Lets open grievances about a service follow it to the officer who stands in now. Who answered for it when they were filed
/// stays: it is that one whom they are about.
///
/// # Errors
/// Those of the database.
pub fn follow_alternate(
    office: &str,
    service: &str,
    alternate: &str,
    connection: &mut AnyConnection,
) -> Result<(), Error> {
    diesel::update(
        grievances::table
            .filter(grievances::office.eq(office))
            .filter(grievances::service_id.eq(service))
            .filter(grievances::is_open.eq(true)),
    )
    .set(grievances::alternate_officer_id.eq(alternate))
    .execute(connection)?;
    Ok(())
}
