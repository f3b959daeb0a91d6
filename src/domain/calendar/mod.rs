//! Working days: Friday and Saturday are the weekend; holidays are closed; a weekend day can be declared working.

mod declared;

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc, Weekday};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use declared::{CalendarFile, CalendarYear, DeclaredDay, DeclaredDayInput, DeclaredKind, DeclaredYear};

use super::fault::Fault;
use super::text::Text;

/// The hour in Dhaka at which an office's day of filing ends.
const CLOSING_HOUR: u32 = 17;

/// The years that this service counts in.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2100;

/// The form of a day of these years.
pub const DAY_PATTERN: &str = "^(20[0-9]{2}|2100)-[0-9]{2}-[0-9]{2}$";

/// What is wrong with a day that is none of these years.
pub const DAY_OUT_OF_RANGE: &str = "must be a day of the years 2000 to 2100";

/// The fault of a day that is none of the years this service counts in.
pub fn range_fault(day: NaiveDate, at: &str) -> Option<Fault> {
    (!YEARS.contains(&day.year())).then(|| Fault::new(at, "out_of_range", DAY_OUT_OF_RANGE))
}

/// How many days a span has at most: a leap year.
const MAX_DAYS: u64 = 366;

/// The faults of a span of days that is reversed, longer than a leap year, or outside the years this service counts in.
pub fn span_faults(from: NaiveDate, to: NaiveDate) -> Vec<Fault> {
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

/// Where a day falls in Dhaka: UTC+6, without daylight saving.
fn dhaka() -> FixedOffset {
    FixedOffset::east_opt(6 * 3600).unwrap_or_else(|| unreachable!("six hours are within a day"))
}

/// The day it is in Dhaka at an instant.
pub fn dhaka_day(instant: DateTime<Utc>) -> NaiveDate {
    instant.with_timezone(&dhaka()).date_naive()
}

/// What the clocks of Dhaka show at an instant.
pub fn dhaka_time(instant: DateTime<Utc>) -> NaiveDateTime {
    instant.with_timezone(&dhaka()).naive_local()
}

/// The instant at which a day ends in Dhaka. `None` at the end of time.
pub fn end_of_day(day: NaiveDate) -> Option<DateTime<Utc>> {
    let midnight = day.succ_opt()?.and_time(NaiveTime::MIN).and_local_timezone(dhaka());
    midnight.earliest().map(|instant| instant.to_utc())
}

/// The moment in Dhaka at which something was filed, as far as the clock of a promise cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filing {
    /// The day in Dhaka.
    pub on: NaiveDate,
    /// Whether it was 17:00 or later.
    pub after_hours: bool,
}

impl Filing {
    /// A filing at an instant.
    pub fn at(instant: DateTime<Utc>) -> Self {
        let local = instant.with_timezone(&dhaka());
        Self {
            on: local.date_naive(),
            after_hours: local.time() >= closing_time(),
        }
    }

    /// A filing within the office hours of a day.
    pub const fn during(on: NaiveDate) -> Self {
        Self { on, after_hours: false }
    }
}

fn closing_time() -> NaiveTime {
    NaiveTime::MIN
        .with_hour(CLOSING_HOUR)
        .unwrap_or_else(|| unreachable!("17 is an hour of the day"))
}

/// What a day is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// an office is open
    Working,
    /// Friday or Saturday
    Weekend,
    /// closed by gazette or executive order
    Holiday,
}

/// One day of the calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CalendarDay {
    /// The day in Dhaka.
    #[schemars(extend("examples" = ["2026-12-16"]))]
    pub date: NaiveDate,
    /// What it is.
    pub kind: DayKind,
    /// The occasion, where the day was declared a holiday or a working day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    /// Who declared it, and where that is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Text>,
}

fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Fri | Weekday::Sat)
}

/// The calendar: the weekend, and the days that were declared otherwise.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    declared: BTreeMap<NaiveDate, DeclaredDay>,
    years: BTreeMap<i32, CalendarYear>,
}

impl Calendar {
    /// A calendar of declared days and of what is known of each year.
    pub fn new(days: impl IntoIterator<Item = DeclaredDay>, years: impl IntoIterator<Item = CalendarYear>) -> Self {
        Self {
            declared: days.into_iter().map(|day| (day.date, day)).collect(),
            years: years.into_iter().map(|year| (year.year, year)).collect(),
        }
    }

    /// What a day is, and why.
    pub fn day(&self, date: NaiveDate) -> CalendarDay {
        let declared = self.declared.get(&date);
        let kind = match declared.map(|day| day.kind) {
            Some(DeclaredKind::Holiday) => DayKind::Holiday,
            Some(DeclaredKind::Working) => DayKind::Working,
            None if is_weekend(date) => DayKind::Weekend,
            None => DayKind::Working,
        };
        CalendarDay {
            date,
            kind,
            name: declared.map(|day| day.name.clone()),
            source: declared.map(|day| day.source.clone()),
        }
    }

    /// Whether offices are open on a day.
    pub fn is_working(&self, date: NaiveDate) -> bool {
        match self.declared.get(&date) {
            Some(day) => day.kind == DeclaredKind::Working,
            None => !is_weekend(date),
        }
    }

    /// The day on which `working_days` working days have passed since `filed_on`. The day of filing does not count; the
    /// next working day is day 1. `None` past the end of time.
    pub fn due_on(&self, filed_on: NaiveDate, working_days: u32) -> Option<NaiveDate> {
        let mut day = filed_on;
        let mut left = working_days;
        while left > 0 {
            day = day.succ_opt()?;
            if self.is_working(day) {
                left -= 1;
            }
        }
        Some(day)
    }

    /// Whether every public holiday of the years that a span touches is recorded.
    pub fn is_complete(&self, from: NaiveDate, to: NaiveDate) -> bool {
        (from.year()..=to.year()).all(|year| self.years.get(&year).is_some_and(|known| known.complete))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{Days, TimeZone};
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_span_has_a_leap_year_at_most() {
        let faults = |from: &str, to: &str| -> Vec<String> {
            let faults = span_faults(day(from), day(to)).into_iter();
            faults
                .map(|fault| format!("{} {}", fault.pointer, fault.detail))
                .collect()
        };
        for (from, to) in [
            ("2026-11-24", "2026-11-24"),
            ("2027-01-01", "2028-01-01"),
            ("2028-01-01", "2028-12-31"),
            ("2000-01-01", "2000-12-31"),
            ("2100-01-01", "2100-12-31"),
        ] {
            assert!(faults(from, to).is_empty(), "{from} to {to}");
        }
        assert_eq!(
            faults("2026-11-24", "2026-11-23"),
            ["/query/to must not lie before `from`"]
        );
        let long = ["/query/to must be at most 366 days after `from`, both counted"];
        assert_eq!(faults("2028-01-01", "2029-01-01"), long);
        assert_eq!(faults("2027-01-01", "2029-01-01"), long);
        let outside = |at: &str| format!("/query/{at} {DAY_OUT_OF_RANGE}");
        assert_eq!(faults("1999-12-31", "2101-01-01"), [outside("from"), outside("to")]);
    }

    fn declared(date: NaiveDate, kind: DeclaredKind) -> DeclaredDay {
        DeclaredDay {
            date,
            kind,
            name: Text::new("দিন", "Day"),
            source: Text::new("প্রজ্ঞাপন", "Gazette"),
        }
    }

    /// The year 2025 around Eid-ul-Azha, as it was in force.
    fn eid_2025() -> Calendar {
        let june = (5..=14).map(|d| declared(NaiveDate::from_ymd_opt(2025, 6, d).unwrap(), DeclaredKind::Holiday));
        Calendar::new(
            june.chain([
                declared(day("2025-05-11"), DeclaredKind::Holiday),
                declared(day("2025-05-17"), DeclaredKind::Working),
                declared(day("2025-05-24"), DeclaredKind::Working),
            ]),
            [],
        )
    }

    #[test]
    fn thirty_working_days_over_eid_2025() {
        assert_eq!(eid_2025().due_on(day("2025-05-07"), 30), Some(day("2025-06-25")));
        assert_eq!(
            Calendar::default().due_on(day("2025-05-07"), 30),
            Some(day("2025-06-18"))
        );
    }

    #[test]
    fn the_bundled_calendar_knows_eid_2025() {
        let file: CalendarFile =
            serde_json::from_str(include_str!("../../../charters/calendar/bangladesh.json")).unwrap();
        assert_eq!(file.faults(), []);
        let calendar = Calendar::new(file.days, file.years);
        assert_eq!(calendar.due_on(day("2025-05-07"), 30), Some(day("2025-06-25")));
        assert!(!calendar.is_working(day("2026-12-16")), "Victory Day");
    }

    #[test]
    fn kinds_of_days() {
        let calendar = eid_2025();
        assert_eq!(calendar.day(day("2025-05-16")).kind, DayKind::Weekend);
        assert_eq!(calendar.day(day("2025-05-17")).kind, DayKind::Working);
        assert_eq!(calendar.day(day("2025-05-17")).name, Some(Text::new("দিন", "Day")));
        assert_eq!(
            calendar.day(day("2025-06-06")).kind,
            DayKind::Holiday,
            "a holiday on a Friday"
        );
        assert_eq!(calendar.day(day("2025-06-15")).kind, DayKind::Working);
    }

    proptest! {
        #[test]
        fn the_form_of_a_day_says_what_the_range_says(year in 1900..2200_i32, ordinal in 1..=365_u32) {
            let date = NaiveDate::from_yo_opt(year, ordinal).unwrap();
            let schema = serde_json::json!({"pattern": DAY_PATTERN});
            let fits = jsonschema::is_valid(&schema, &serde_json::json!(date));
            prop_assert_eq!(fits, range_fault(date, "").is_none());
        }
    }

    #[test]
    fn the_day_in_dhaka_turns_six_hours_before_utc() {
        let at = |h, m| Utc.with_ymd_and_hms(2026, 11, 24, h, m, 0).unwrap();
        assert_eq!(dhaka_day(at(17, 59)), day("2026-11-24"));
        assert_eq!(dhaka_day(at(18, 0)), day("2026-11-25"));
        assert_eq!(end_of_day(day("2026-11-24")), Some(at(18, 0)));
        assert!(!Filing::at(at(10, 59)).after_hours, "16:59 in Dhaka");
        assert!(Filing::at(at(11, 0)).after_hours, "17:00 in Dhaka");
    }

    prop_compose! {
        fn any_calendar()(
            days in proptest::collection::btree_map(0..400_u64, any::<bool>(), 0..60)
        ) -> Calendar {
            let start = day("2026-01-01");
            Calendar::new(
                days.into_iter().map(|(offset, working)| {
                    let date = start + Days::new(offset);
                    let kind = if working && is_weekend(date) { DeclaredKind::Working } else { DeclaredKind::Holiday };
                    declared(date, kind)
                }),
                [],
            )
        }
    }

    proptest! {
        #[test]
        fn the_due_day_works_and_the_days_between_add_up(
            calendar in any_calendar(), offset in 0..300_u64, n in 1..=90_u32
        ) {
            let filed = day("2026-01-01") + Days::new(offset);
            let due = calendar.due_on(filed, n).unwrap();
            prop_assert!(calendar.is_working(due));
            let counted = filed.iter_days().skip(1).take_while(|d| *d <= due).filter(|d| calendar.is_working(*d)).count();
            prop_assert_eq!(counted, n as usize);
        }

        #[test]
        fn counting_can_be_cut_in_two(calendar in any_calendar(), offset in 0..300_u64, a in 1..=30_u32, b in 1..=30_u32) {
            let filed = day("2026-01-01") + Days::new(offset);
            let halfway = calendar.due_on(filed, a).unwrap();
            prop_assert_eq!(calendar.due_on(halfway, b), calendar.due_on(filed, a + b));
        }

        #[test]
        fn a_new_holiday_never_brings_the_due_day_forward(
            calendar in any_calendar(), offset in 0..300_u64, n in 1..=60_u32, holiday in 0..400_u64
        ) {
            let filed = day("2026-01-01") + Days::new(offset);
            let before = calendar.due_on(filed, n).unwrap();
            let mut more = calendar;
            let date = day("2026-01-01") + Days::new(holiday);
            more.declared.insert(date, declared(date, DeclaredKind::Holiday));
            prop_assert!(more.due_on(filed, n).unwrap() >= before);
        }
    }
}
