//! Absences in their table.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use uuid::Uuid;

use super::connection::{AnyConnection, Backend};
use super::error::Error;
use super::page::{Page, PageRequest, Selection, page_of_rows};
use super::schema::{absences, services};
use super::texts::{all, id, named, stored_instant};
use crate::domain::absence::{Absence, AbsenceInput};
use crate::domain::permission::Actor;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = absences, check_for_backend(Backend))]
struct AbsenceRow {
    id: String,
    officer_id: String,
    kind: String,
    first_day: NaiveDate,
    last_day: Option<NaiveDate>,
    recorded_by: String,
    recorded_as: String,
    recorded_at: NaiveDateTime,
}

impl AbsenceRow {
    fn absence(self) -> Result<Absence, Error> {
        Ok(Absence {
            id: id(&self.id)?,
            officer: id(&self.officer_id)?,
            absence: AbsenceInput {
                kind: named(&self.kind)?,
                from: self.first_day,
                to: self.last_day,
            },
            recorded_at: self.recorded_at.and_utc(),
        })
    }
}

/// Records an absence, with who recorded it.
///
/// # Errors
/// Those of the database.
pub fn insert(absence: &Absence, by: &Actor, connection: &mut AnyConnection) -> Result<(), Error> {
    diesel::insert_into(absences::table)
        .values(&AbsenceRow {
            id: absence.id.to_string(),
            officer_id: absence.officer.to_string(),
            kind: absence.absence.kind.as_str().to_owned(),
            first_day: absence.absence.from,
            last_day: absence.absence.to,
            recorded_by: by.id.to_string(),
            recorded_as: by.role.as_str().to_owned(),
            recorded_at: stored_instant(absence.recorded_at),
        })
        .execute(connection)?;
    Ok(())
}

/// Takes an absence of an officer back; whether there was one.
///
/// # Errors
/// Those of the database.
pub fn delete(officer: Uuid, absence: Uuid, connection: &mut AnyConnection) -> Result<bool, Error> {
    let deleted = diesel::delete(
        absences::table
            .filter(absences::id.eq(absence.to_string()))
            .filter(absences::officer_id.eq(officer.to_string())),
    )
    .execute(connection)?;
    Ok(deleted > 0)
}

/// A page of the absences of an officer.
///
/// # Errors
/// Those of the database.
pub fn list(officer: Uuid, page: PageRequest, connection: &mut AnyConnection) -> Result<Page<Absence>, Error> {
    let selection = Selection::of("absences", connection).equal("officer_id", Some(&officer.to_string()));
    page_of_rows!(absences => AbsenceRow, selection, page, connection)?.try_map(AbsenceRow::absence)
}

/// The officers behind whom an officer stands.
///
/// # Errors
/// Those of the database.
pub fn officers_before(alternate: Uuid, connection: &mut AnyConnection) -> Result<Vec<Uuid>, Error> {
    let officers: Vec<String> = services::table
        .filter(services::alternate_officer_id.eq(alternate.to_string()))
        .select(services::responsible_officer_id)
        .distinct()
        .order(services::responsible_officer_id)
        .load(connection)?;
    all(officers, |officer| id(&officer))
}

/// The absences of officers that hold on a day, each with whose it is.
///
/// # Errors
/// Those of the database.
pub fn covering(
    officers: &[Uuid],
    day: NaiveDate,
    connection: &mut AnyConnection,
) -> Result<Vec<(Uuid, AbsenceInput)>, Error> {
    let officers: Vec<String> = officers.iter().map(Uuid::to_string).collect();
    let rows: Vec<AbsenceRow> = absences::table
        .filter(absences::officer_id.eq_any(officers))
        .filter(absences::first_day.le(day))
        .filter(absences::last_day.is_null().or(absences::last_day.ge(day)))
        .select(AbsenceRow::as_select())
        .load(connection)?;
    all(rows, |row| {
        let absence = row.absence()?;
        Ok((absence.officer, absence.absence))
    })
}
