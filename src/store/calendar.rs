//! The working calendar in its tables.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::connection::{AnyConnection, Backend};
use super::error::Error;
use super::schema::{calendar_days, calendar_years};
use super::texts::named;
use crate::domain::calendar::{Calendar, CalendarFile, CalendarYear, DeclaredDay};
use crate::domain::text::Text;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = calendar_days, check_for_backend(Backend))]
struct DayRow {
    date: NaiveDate,
    kind: String,
    name_bn: String,
    name_en: String,
    source_bn: String,
    source_en: String,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = calendar_years, check_for_backend(Backend))]
struct YearRow {
    year: i32,
    complete: bool,
    note_bn: String,
    note_en: String,
}

/// The calendar from a day on, whole: there are some thirty declared days a year.
///
/// # Errors
/// Those of the database.
pub fn load(from: NaiveDate, connection: &mut AnyConnection) -> Result<Calendar, Error> {
    let days: Vec<DayRow> = calendar_days::table
        .filter(calendar_days::date.ge(from))
        .order(calendar_days::date)
        .select(DayRow::as_select())
        .load(connection)?;
    let years: Vec<YearRow> = calendar_years::table.select(YearRow::as_select()).load(connection)?;
    let days = days
        .into_iter()
        .map(|row| {
            Ok(DeclaredDay {
                date: row.date,
                kind: named(&row.kind)?,
                name: Text::new(row.name_bn, row.name_en),
                source: Text::new(row.source_bn, row.source_en),
            })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    let years = years.into_iter().map(|row| CalendarYear {
        year: row.year,
        complete: row.complete,
        note: Text::new(row.note_bn, row.note_en),
    });
    Ok(Calendar::new(days, years))
}

/// Whether the calendar knows any year.
///
/// # Errors
/// Those of the database.
pub fn any(connection: &mut AnyConnection) -> Result<bool, Error> {
    let first: Option<i32> = calendar_years::table
        .select(calendar_years::year)
        .first(connection)
        .optional()?;
    Ok(first.is_some())
}

/// Puts the days and years of a file in the calendar: a declared day or year that the file names is replaced, every other
/// one stays.
///
/// # Errors
/// Those of the database.
pub fn enter(file: &CalendarFile, connection: &mut AnyConnection) -> Result<(), Error> {
    for day in &file.days {
        diesel::delete(calendar_days::table.filter(calendar_days::date.eq(day.date))).execute(connection)?;
        diesel::insert_into(calendar_days::table)
            .values(&DayRow {
                date: day.date,
                kind: day.kind.as_str().to_owned(),
                name_bn: day.name.bn.clone(),
                name_en: day.name.en.clone(),
                source_bn: day.source.bn.clone(),
                source_en: day.source.en.clone(),
            })
            .execute(connection)?;
    }
    for year in &file.years {
        diesel::delete(calendar_years::table.filter(calendar_years::year.eq(year.year))).execute(connection)?;
        diesel::insert_into(calendar_years::table)
            .values(&YearRow {
                year: year.year,
                complete: year.complete,
                note_bn: year.note.bn.clone(),
                note_en: year.note.en.clone(),
            })
            .execute(connection)?;
    }
    Ok(())
}
