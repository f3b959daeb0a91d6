//! The working calendar.

use chrono::{Days, NaiveDate};

use super::{App, Error};
use crate::domain::calendar::{CalendarDay, CalendarFile, dhaka_day, range_fault};
use crate::domain::fault::Fault;
use crate::store::{calendar, lock};

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
    /// [`Error::Invalid`] for a span that is reversed, longer than 366 days or outside the years 2000 to 2100;
    /// [`Error::Store`].
    pub async fn get_calendar(&self, from: Option<NaiveDate>, to: Option<NaiveDate>) -> Result<CalendarSpan, Error> {
        let from = from.unwrap_or_else(|| dhaka_day(self.now()));
        let to = to
            .or_else(|| from.checked_add_days(Days::new(DEFAULT_DAYS)))
            .unwrap_or(from);
        let faults = span_faults(from, to);
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
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
