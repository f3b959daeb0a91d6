//! The working calendar in its tables.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;
use diesel::prelude::*;

use super::connection::{AnyConnection, Backend};
use super::edition;
use super::error::Error;
use super::schema::{calendar_days, calendar_years};
use super::texts::{all, named};
use crate::domain::calendar::{Calendar, CalendarFile, CalendarYear, DeclaredDay, DeclaredYear};
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

impl DayRow {
    fn declared(self) -> Result<DeclaredDay, Error> {
        Ok(DeclaredDay {
            date: self.date,
            kind: named(&self.kind)?,
            name: Text::new(self.name_bn, self.name_en),
            source: Text::new(self.source_bn, self.source_en),
        })
    }
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
    let days = all(days, DayRow::declared)?;
    let years = years.into_iter().map(|row| CalendarYear {
        year: row.year,
        complete: row.complete,
        note: Text::new(row.note_bn, row.note_en),
    });
    Ok(Calendar::new(days, years))
}

/// The whole calendar as it was last read. It changes a few times a year, and is looked at with every case that is filed.
#[derive(Debug, Default)]
pub struct LastCalendar(Mutex<Option<(i64, Arc<Calendar>)>>);

impl LastCalendar {
    /// The calendar as it was last read, and its edition: whoever relies on it has to see that this still stands.
    pub fn last(&self) -> Option<(i64, Arc<Calendar>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The calendar as it is in this transaction: one look tells whether it is still the one that was last read.
    ///
    /// # Errors
    /// Those of the database.
    pub fn now(&self, connection: &mut AnyConnection) -> Result<Arc<Calendar>, Error> {
        let edition = edition::calendar_edition(connection)?;
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, calendar)) = &*last
            && *known == edition
        {
            return Ok(calendar.clone());
        }
        let calendar = Arc::new(load(NaiveDate::default(), connection)?);
        *last = Some((edition, calendar.clone()));
        Ok(calendar)
    }
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

/// Declares a day, in the place of what it was declared before.
///
/// # Errors
/// Those of the database.
pub fn declare(day: &DeclaredDay, connection: &mut AnyConnection) -> Result<(), Error> {
    undeclare(day.date, connection)?;
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
    Ok(())
}

/// Takes a declaration back: the day is again what its weekday says.
///
/// # Errors
/// Those of the database.
pub fn undeclare(date: NaiveDate, connection: &mut AnyConnection) -> Result<(), Error> {
    diesel::delete(calendar_days::table.filter(calendar_days::date.eq(date))).execute(connection)?;
    edition::note_untold(connection)
}

fn enter_year(year: i32, complete: bool, note: &Text, connection: &mut AnyConnection) -> Result<(), Error> {
    edition::note_untold(connection)?;
    diesel::delete(calendar_years::table.filter(calendar_years::year.eq(year))).execute(connection)?;
    diesel::insert_into(calendar_years::table)
        .values(&YearRow {
            year,
            complete,
            note_bn: note.bn.clone(),
            note_en: note.en.clone(),
        })
        .execute(connection)?;
    Ok(())
}

/// Puts the days and years of a file in the calendar: a declared day or year that the file names is replaced, every other
/// one stays.
///
/// # Errors
/// Those of the database.
pub fn enter(file: &CalendarFile, connection: &mut AnyConnection) -> Result<(), Error> {
    for day in &file.days {
        declare(day, connection)?;
    }
    for year in &file.years {
        enter_year(year.year, year.complete, &year.note, connection)?;
    }
    Ok(())
}

/// The declared days that are of a year.
fn of_year(year: i32) -> Option<std::ops::RangeInclusive<NaiveDate>> {
    Some(NaiveDate::from_ymd_opt(year, 1, 1)?..=NaiveDate::from_ymd_opt(year, 12, 31)?)
}

/// A year of the calendar; none where nothing is recorded of it.
///
/// # Errors
/// Those of the database.
pub fn year(year: i32, connection: &mut AnyConnection) -> Result<Option<DeclaredYear>, Error> {
    let row: Option<YearRow> = calendar_years::table
        .filter(calendar_years::year.eq(year))
        .select(YearRow::as_select())
        .first(connection)
        .optional()?;
    let (Some(row), Some(span)) = (row, of_year(year)) else {
        return Ok(None);
    };
    let days: Vec<DayRow> = calendar_days::table
        .filter(calendar_days::date.between(*span.start(), *span.end()))
        .order(calendar_days::date)
        .select(DayRow::as_select())
        .load(connection)?;
    Ok(Some(DeclaredYear {
        year: row.year,
        complete: row.complete,
        note: Text::new(row.note_bn, row.note_en),
        days: all(days, DayRow::declared)?,
    }))
}

/// Puts a year in the place of what is recorded of it: its days are the declared ones from now on, and no others.
///
/// # Errors
/// Those of the database.
pub fn replace_year(year: &DeclaredYear, connection: &mut AnyConnection) -> Result<(), Error> {
    if let Some(span) = of_year(year.year) {
        diesel::delete(calendar_days::table.filter(calendar_days::date.between(*span.start(), *span.end())))
            .execute(connection)?;
    }
    for day in &year.days {
        declare(day, connection)?;
    }
    enter_year(year.year, year.complete, &year.note, connection)
}
