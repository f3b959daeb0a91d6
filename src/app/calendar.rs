//! The working calendar.

use chrono::{Days, NaiveDate};

use super::case::recount;
use super::upkeep::check;
use super::{App, Error};
use crate::domain::bangla::to_bangla_digits;
use crate::domain::calendar::{
    CalendarDay, CalendarFile, DayKind, DeclaredDay, DeclaredDayInput, DeclaredYear, dhaka_day, range_fault,
    span_faults,
};
use crate::domain::entity_tag::Precondition;
use crate::domain::fault::Fault;
use crate::domain::permission::Permit;
use crate::domain::text::Text;
use crate::store::{AnyConnection, calendar, lock};

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
        let now = self.now();
        self.store
            .publish(move |connection| {
                lock::charter_data(connection)?;
                calendar::enter(&file, connection)?;
                let because = Text::new("পঞ্জিকায় নতুন দিন যুক্ত করা হয়েছে।", "Days were entered in the calendar.");
                recount(&because, None, now, connection)
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
        let now = self.now();
        self.store
            .publish(move |connection| {
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
                let because = Text::new(
                    format!(
                        "{} সালের পঞ্জিকা নতুন করে লিপিবদ্ধ করা হয়েছে।",
                        to_bangla_digits(&year.to_string())
                    ),
                    format!("The calendar of {year} was entered anew."),
                );
                recount(&because, Some(permit.actor()), now, connection)?;
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
        let now = self.now();
        self.store
            .publish(move |connection| {
                lock::charter_data(connection)?;
                check(&condition, Some(&day(date, connection)?))?;
                match declared {
                    None => calendar::undeclare(date, connection)?,
                    Some(input) => calendar::declare(&declaration(date, input)?, connection)?,
                }
                let day = day(date, connection)?;
                recount(&in_words(&day), Some(permit.actor()), now, connection)?;
                Ok(day)
            })
            .await
    }
}

/// What a day was made, in a sentence.
fn in_words(day: &CalendarDay) -> Text {
    let (bn, en) = match day.kind {
        DayKind::Working => ("কার্যদিবস", "a working day"),
        DayKind::Weekend => ("সাপ্তাহিক ছুটি", "a weekend day"),
        DayKind::Holiday => ("ছুটি", "a holiday"),
    };
    let name = |text: fn(&Text) -> &String| {
        day.name
            .as_ref()
            .map_or_else(String::new, |name| format!(" ({})", text(name)))
    };
    Text::new(
        format!(
            "{} এখন {bn}{}।",
            to_bangla_digits(&day.date.to_string()),
            name(|text| &text.bn)
        ),
        format!("{} is {en} now{}.", day.date, name(|text| &text.en)),
    )
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
