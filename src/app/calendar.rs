//! The working calendar.

use chrono::{Days, NaiveDate};

use super::upkeep::check;
use super::{App, Error};
use crate::domain::calendar::{
    CalendarDay, CalendarFile, DeclaredDay, DeclaredDayInput, DeclaredYear, dhaka_day, range_fault,
};
use crate::domain::entity_tag::Precondition;
use crate::domain::fault::Fault;
use crate::domain::permission::Permit;
use crate::store::{AnyConnection, calendar, lock};

/// How many days one answer holds at most: a leap year.
const MAX_DAYS: u64 = 366;
/// How many days follow the first one where no last day is asked for.
const DEFAULT_DAYS: u64 = 30;

/// A stretch of the calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarSpan {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// Whether every public holiday of the years touched is recorded.
    pub complete: bool,
    /// Every day from the first to the last.
    pub days: Vec<CalendarDay>,
}

impl App {
    /// Every day of a span: from today where no first day is given, 31 days where no last day is.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a span that is reversed, longer than 366 days or outside the years 2000 to 2100;
    /// [`Error::Store`].
    pub async fn get_calendar(&self, from: Option<NaiveDate>, to: Option<NaiveDate>) -> Result<CalendarSpan, Error> {
        let from = from.unwrap_or_else(|| dhaka_day(self.now()));
        let to = to
            .or_else(|| from.checked_add_days(Days::new(DEFAULT_DAYS)))
            .unwrap_or(from);
        let faults = span_faults(from, to);
        if !faults.is_empty() {
            return Err(Error::InvalidParameter(faults));
        }
        self.store
            .read(move |connection| {
                let calendar = calendar::load(from, connection)?;
                Ok(CalendarSpan {
                    from,
                    to,
                    complete: calendar.is_complete(from, to),
                    days: from
                        .iter_days()
                        .take_while(|day| *day <= to)
                        .map(|day| calendar.day(day))
                        .collect(),
                })
            })
            .await
    }

    /// Enters the days and years of a calendar file.
    ///
    /// # Errors
    /// [`Error::Invalid`], [`Error::Store`].
    pub async fn enter_calendar(&self, file: CalendarFile) -> Result<(), Error> {
        let faults = file.faults();
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        self.store
            .write(move |connection| {
                lock::charter_data(connection)?;
                Ok(calendar::enter(&file, connection)?)
            })
            .await
    }

    /// A year of the calendar, with its declared days.
    ///
    /// # Errors
    /// [`Error::NotFound`] where nothing is recorded of it; [`Error::Store`].
    pub async fn get_calendar_year(&self, year: i32) -> Result<DeclaredYear, Error> {
        self.store
            .read(move |connection| calendar::year(year, connection)?.ok_or(Error::NotFound("year of the calendar")))
            .await
    }

    /// Puts a year in the place of what is recorded of it. Says whether anything was.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::Stale`], [`Error::Invalid`], [`Error::Store`].
    pub async fn replace_calendar_year(
        &self,
        permit: Permit,
        year: i32,
        condition: Precondition,
        new: DeclaredYear,
    ) -> Result<(DeclaredYear, bool), Error> {
        permit.everywhere()?;
        self.store
            .write(move |connection| {
                lock::charter_data(connection)?;
                let current = calendar::year(year, connection)?;
                check(&condition, current.as_ref())?;
                let mut faults = new.faults();
                if new.year != year {
                    faults.push(Fault::new("/year", "contradicts_path", "must be the year of the URL"));
                }
                if !faults.is_empty() {
                    return Err(Error::Invalid(faults));
                }
                calendar::replace_year(&new, connection)?;
                let kept = calendar::year(year, connection)?.ok_or(Error::NotFound("year of the calendar"))?;
                Ok((kept, current.is_none()))
            })
            .await
    }

    /// What one day is.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a day outside the years 2000 to 2100; [`Error::Store`].
    pub async fn get_calendar_day(&self, date: NaiveDate) -> Result<CalendarDay, Error> {
        in_range(date)?;
        self.store.read(move |connection| day(date, connection)).await
    }

    /// Declares a day a holiday or, on a weekend, a working day; or takes the declaration back, where there is none.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::Stale`], [`Error::Invalid`], [`Error::InvalidParameter`], [`Error::Store`].
    pub async fn declare_calendar_day(
        &self,
        permit: Permit,
        date: NaiveDate,
        condition: Precondition,
        declared: Option<DeclaredDayInput>,
    ) -> Result<CalendarDay, Error> {
        permit.everywhere()?;
        in_range(date)?;
        self.store
            .write(move |connection| {
                lock::charter_data(connection)?;
                check(&condition, Some(&day(date, connection)?))?;
                match declared {
                    None => calendar::undeclare(date, connection)?,
                    Some(input) => calendar::declare(&declaration(date, input)?, connection)?,
                }
                day(date, connection)
            })
            .await
    }
}

fn in_range(date: NaiveDate) -> Result<(), Error> {
    range_fault(date, "/path/date").map_or(Ok(()), |fault| Err(Error::InvalidParameter(vec![fault])))
}

fn day(date: NaiveDate, connection: &mut AnyConnection) -> Result<CalendarDay, Error> {
    Ok(calendar::load(date, connection)?.day(date))
}

fn declaration(date: NaiveDate, input: DeclaredDayInput) -> Result<DeclaredDay, Error> {
    let day = DeclaredDay {
        date,
        kind: input.kind,
        name: input.name,
        source: input.source,
    };
    let mut faults = day.faults("");
    if input.date.is_some_and(|sent| sent != date) {
        faults.push(Fault::new("/date", "contradicts_path", "must be the day of the URL"));
    }
    if faults.is_empty() {
        Ok(day)
    } else {
        Err(Error::Invalid(faults))
    }
}

fn span_faults(from: NaiveDate, to: NaiveDate) -> Vec<Fault> {
    let mut faults: Vec<Fault> = [("/query/from", from), ("/query/to", to)]
        .into_iter()
        .filter_map(|(at, day)| range_fault(day, at))
        .collect();
    if faults.is_empty() {
        if to < from {
            faults.push(Fault::new("/query/to", "out_of_range", "must not lie before `from`"));
        } else if (to - from).num_days().unsigned_abs() >= MAX_DAYS {
            faults.push(Fault::new(
                "/query/to",
                "out_of_range",
                format!("must be at most {MAX_DAYS} days after `from`, both counted"),
            ));
        }
    }
    faults
}
