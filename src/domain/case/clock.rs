//! The clock of a case: working days from a day on, which can be stopped and resumed with what is left.

use chrono::NaiveDate;

use crate::domain::calendar::{Calendar, Filing};
use crate::domain::time_limit::{TimeLimit, TimeLimitKind};

/// A clock that runs: from a day on, which itself does not count, so many working days. None means the day itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// The day it was started on, in Dhaka.
    pub from: NaiveDate,
    /// The working days it runs.
    pub days: i32,
}

impl Clock {
    /// The clock of a time limit for a filing. `None` where no day is promised until the officer names one.
    ///
    /// An immediate service is due on the day of filing itself if offices are open and it was filed before 17:00, else on
    /// the next working day.
    pub fn start(limit: &TimeLimit, filing: Filing, calendar: &Calendar) -> Option<Self> {
        let days = match limit.kind {
            TimeLimitKind::AsDirected => return None,
            TimeLimitKind::Immediate => i32::from(filing.after_hours || !calendar.is_working(filing.on)),
            TimeLimitKind::WorkingDays => limit.working_days.unwrap_or(1),
        };
        Some(Self { from: filing.on, days })
    }

    /// The day on whose end in Dhaka it runs out. `None` past the end of time.
    pub fn due_on(self, calendar: &Calendar) -> Option<NaiveDate> {
        // a day that was declared closed after the fact is made good by the next working day
        let days = if self.days == 0 && !calendar.is_working(self.from) {
            1
        } else {
            u32::try_from(self.days).ok()?
        };
        calendar.due_on(self.from, days)
    }

    /// What is left of a clock that is stopped on a day and would have run out on another: the working days behind the day
    /// it is stopped on. `None` where it has run out before: a broken promise is not mended by a question.
    pub fn left(stopped_on: NaiveDate, due_on: NaiveDate, calendar: &Calendar) -> Option<i32> {
        (stopped_on <= due_on).then(|| working_days(stopped_on, due_on, calendar))
    }
}

/// The working days behind a day, up to and with another.
pub fn working_days(after: NaiveDate, to: NaiveDate, calendar: &Calendar) -> i32 {
    let days = after.iter_days().skip(1).take_while(|day| *day <= to);
    i32::try_from(days.filter(|day| calendar.is_working(*day)).count()).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::Text;
    use chrono::Days;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn limit(kind: TimeLimitKind, working_days: Option<i32>) -> TimeLimit {
        TimeLimit {
            kind,
            working_days,
            where_applicable: false,
            text: Text::new("সময়সীমা", "Time limit"),
        }
    }

    #[test]
    fn an_immediate_service_is_due_today_or_on_the_next_working_day() {
        let calendar = Calendar::default();
        let due = |on: &str, after_hours| {
            let filing = Filing {
                on: day(on),
                after_hours,
            };
            let clock = Clock::start(&limit(TimeLimitKind::Immediate, None), filing, &calendar).unwrap();
            clock.due_on(&calendar).unwrap()
        };
        assert_eq!(due("2026-11-24", false), day("2026-11-24"));
        assert_eq!(due("2026-11-24", true), day("2026-11-25"));
        assert_eq!(due("2026-11-26", true), day("2026-11-29"), "over the weekend");
        assert_eq!(due("2026-11-27", false), day("2026-11-29"), "on a Friday");
    }

    #[test]
    fn a_clock_goes_on_with_the_days_that_were_left() {
        let calendar = Calendar::default();
        // five working days from Tuesday 24 November: Sunday to Thursday are working days
        let clock = Clock {
            from: day("2026-11-24"),
            days: 5,
        };
        let due_on = clock.due_on(&calendar).unwrap();
        assert_eq!(due_on, day("2026-12-01"));
        // stopped on the second of them, three are left
        assert_eq!(Clock::left(day("2026-11-26"), due_on, &calendar), Some(3));
        assert_eq!(
            Clock::left(due_on, due_on, &calendar),
            Some(0),
            "the rest of the last day"
        );
        assert_eq!(
            Clock::left(day("2026-12-02"), due_on, &calendar),
            None,
            "it had run out"
        );
        let resumed = Clock {
            from: day("2026-12-10"),
            days: 3,
        };
        assert_eq!(resumed.due_on(&calendar), Some(day("2026-12-15")));
    }

    proptest! {
        #[test]
        fn to_stop_and_resume_at_once_changes_nothing(offset in 0..300_u64, n in 1..=30_i32, stop in 0..30_u64) {
            let calendar = Calendar::default();
            let clock = Clock { from: day("2026-01-01") + Days::new(offset), days: n };
            let due_on = clock.due_on(&calendar).unwrap();
            let stopped_on = clock.from + Days::new(stop);
            match Clock::left(stopped_on, due_on, &calendar) {
                None => prop_assert!(stopped_on > due_on),
                Some(days) => {
                    let again = Clock { from: stopped_on, days }.due_on(&calendar).unwrap();
                    prop_assert_eq!(again, due_on);
                }
            }
        }
    }
}
