//! Declared days: what the gazette and executive orders make of single days and of whole years.

use chrono::{Datelike as _, NaiveDate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{is_weekend, range_fault};
use crate::domain::fault::Fault;
use crate::domain::text::Text;
use crate::domain::words::words;

words! {
    /// What a declared day was declared to be.
    DeclaredKind {
        /// closed by gazette or executive order
        Holiday,
        /// a weekend day on which offices are open
        Working,
    }
}

/// A day that was declared to be something else than its weekday says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclaredDay {
    /// The day in Dhaka.
    #[schemars(extend("examples" = ["2026-12-16"]))]
    pub date: NaiveDate,
    /// What it was declared to be.
    pub kind: DeclaredKind,
    /// The occasion.
    pub name: Text,
    /// Who declared it, and where that is written.
    pub source: Text,
}

/// How much of a year the calendar knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarYear {
    /// The year.
    #[schemars(range(min = 2000, max = 2100), extend("examples" = [2026]))]
    pub year: i32,
    /// Whether every public holiday of its gazette is recorded.
    #[schemars(extend("examples" = [false]))]
    pub complete: bool,
    /// What is recorded and what is not.
    pub note: Text,
}

/// The calendar as a file: the declared days, and how much of each year they cover.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarFile {
    /// How much of each year is known.
    #[schemars(length(max = 101))]
    pub years: Vec<CalendarYear>,
    /// The declared days.
    #[schemars(length(max = 10_000))]
    pub days: Vec<DeclaredDay>,
}

impl DeclaredDay {
    /// What the schema cannot say: only a weekend day is declared working.
    pub fn faults(&self, at: &str) -> Vec<Fault> {
        let mut faults: Vec<Fault> = range_fault(self.date, &format!("{at}/date")).into_iter().collect();
        if self.kind == DeclaredKind::Working && !is_weekend(self.date) {
            faults.push(Fault::new(
                format!("{at}/kind"),
                "not_a_weekend_day",
                "only a Friday or Saturday can be declared a working day",
            ));
        }
        faults
    }
}

/// What the schema cannot say of declared days: each stands once, and only a weekend day is declared working.
fn faults_of_days(days: &[DeclaredDay]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (i, day) in days.iter().enumerate() {
        if days[..i].iter().any(|earlier| earlier.date == day.date) {
            faults.push(Fault::new(
                format!("/days/{i}/date"),
                "duplicate",
                "this day stands above already",
            ));
        }
        faults.extend(day.faults(&format!("/days/{i}")));
    }
    faults
}

impl CalendarFile {
    /// What the schema cannot say: a day or year stands once, and only a weekend day is declared working.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = faults_of_days(&self.days);
        for (i, year) in self.years.iter().enumerate() {
            if self.years[..i].iter().any(|earlier| earlier.year == year.year) {
                faults.push(Fault::new(
                    format!("/years/{i}/year"),
                    "duplicate",
                    "this year stands above already",
                ));
            }
        }
        faults
    }
}

/// A year of the calendar: its declared days, and how much of it they cover.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclaredYear {
    /// The year.
    #[schemars(range(min = 2000, max = 2100), extend("examples" = [2027]))]
    pub year: i32,
    /// Whether every public holiday of its gazette is recorded.
    #[schemars(extend("examples" = [true]))]
    pub complete: bool,
    /// What is recorded and what is not.
    pub note: Text,
    /// The declared days of the year.
    #[schemars(length(max = 366))]
    pub days: Vec<DeclaredDay>,
}

impl DeclaredYear {
    /// What the schema cannot say: its days are of the year, each stands once, and only a weekend day is declared working.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = faults_of_days(&self.days);
        for (i, day) in self.days.iter().enumerate() {
            if day.date.year() != self.year {
                faults.push(Fault::new(
                    format!("/days/{i}/date"),
                    "out_of_range",
                    "must be a day of the year",
                ));
            }
        }
        faults
    }
}

/// What a day is declared to be.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclaredDayInput {
    /// The day in Dhaka, as it stands in the URL.
    #[schemars(extend("examples" = ["2026-12-17"]))]
    pub date: Option<NaiveDate>,
    /// What it is declared to be.
    pub kind: DeclaredKind,
    /// The occasion.
    pub name: Text,
    /// Who declared it, and where that is written.
    pub source: Text,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fault::in_short;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn declared(date: NaiveDate, kind: DeclaredKind) -> DeclaredDay {
        DeclaredDay {
            date,
            kind,
            name: Text::new("দিন", "Day"),
            source: Text::new("প্রজ্ঞাপন", "Gazette"),
        }
    }

    #[test]
    fn the_days_of_a_year_are_of_the_year() {
        let year = DeclaredYear {
            year: 2026,
            complete: true,
            note: Text::new("টীকা", "Note"),
            days: vec![
                declared(day("2026-12-31"), DeclaredKind::Holiday),
                declared(day("2027-01-01"), DeclaredKind::Working),
            ],
        };
        assert_eq!(in_short(year.faults()), ["/days/1/date out_of_range"]);
    }

    #[test]
    fn a_working_day_cannot_be_declared_working() {
        let file = CalendarFile {
            years: vec![],
            days: vec![
                declared(day("2026-11-24"), DeclaredKind::Working),
                declared(day("2026-11-24"), DeclaredKind::Holiday),
            ],
        };
        assert_eq!(
            in_short(file.faults()),
            ["/days/0/kind not_a_weekend_day", "/days/1/date duplicate"]
        );
    }

    #[test]
    fn a_weekend_day_is_declared_working_and_each_year_stands_once() {
        let year = |year| CalendarYear {
            year,
            complete: true,
            note: Text::new("টীকা", "Note"),
        };
        let file = CalendarFile {
            years: vec![year(2026), year(2027), year(2026)],
            days: vec![
                declared(day("2026-11-27"), DeclaredKind::Working),
                declared(day("2026-11-24"), DeclaredKind::Holiday),
                declared(day("1999-12-31"), DeclaredKind::Holiday),
            ],
        };
        assert_eq!(
            in_short(file.faults()),
            ["/days/2/date out_of_range", "/years/2/year duplicate"]
        );
    }
}
