//! The promise: the day by which a service applied for on a day is due, and how that was counted.

use chrono::{Datelike, NaiveDate};
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

use super::bangla::to_bangla_digits;
use super::calendar::{Calendar, DayKind, Filing};
use super::case::clock::Clock;
use super::text::Text;
use super::time_limit::TimeLimit;
use super::wording;

/// One day between the application and the due day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CountedDay {
    /// The day in Dhaka.
    #[schemars(extend("examples" = ["2026-11-25"]))]
    pub date: NaiveDate,
    /// What the day is.
    pub kind: DayKind,
    /// Which working day of the count it is; absent for a day that does not count.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 366), extend("examples" = [1]))]
    pub working_day: Option<i32>,
    /// The occasion, where the day was declared a holiday or a working day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
}

/// The day by which a service is promised to somebody who applies on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Promise {
    /// The service.
    #[schemars(extend("examples" = ["01a20ada-2c09-7f10-81ae-f9ca55411c0f"]))]
    pub service_id: Uuid,
    /// The day of the application in Dhaka.
    #[schemars(extend("examples" = ["2026-11-24"]))]
    pub applied_on: NaiveDate,
    /// The time limit that was counted.
    pub time_limit: TimeLimit,
    /// The last day of the promise; its end in Dhaka is the due moment. Absent where the officer has yet to name a day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["2026-12-01"]))]
    pub due_on: Option<NaiveDate>,
    /// Whether a later gazette or order can still move the day, because not every public holiday is recorded yet.
    #[schemars(extend("examples" = [true]))]
    pub provisional: bool,
    /// Every day that was looked at, in order.
    #[schemars(length(max = 2000))]
    pub days: Vec<CountedDay>,
    /// The same in a sentence.
    pub explanation: Text,
}

/// Counts the promise of a time limit for a filing. `None` where the count leaves the calendar that computers know.
///
/// `immediate` is due by the end of the first working day: the day of filing itself if offices are open and it was filed
/// before 17:00, else the next working day. `working_days` starts on the day after the filing. `as_directed` has no due
/// day until the officer names one.
pub fn count(service_id: Uuid, time_limit: &TimeLimit, filing: Filing, calendar: &Calendar) -> Option<Promise> {
    let (due_on, first) = match Clock::start(time_limit, filing, calendar) {
        None => (None, filing.on),
        // the day of filing is shown where it is the due day itself, and does not count otherwise
        Some(clock) if clock.days == 0 => (Some(clock.due_on(calendar)?), filing.on),
        Some(clock) => (Some(clock.due_on(calendar)?), filing.on.succ_opt()?),
    };
    let days = due_on.map_or_else(Vec::new, |due_on| counted_days(first, due_on, calendar));
    Some(Promise {
        service_id,
        applied_on: filing.on,
        time_limit: time_limit.clone(),
        due_on,
        provisional: due_on.is_some_and(|due_on| !calendar.is_complete(filing.on, due_on)),
        explanation: explain(filing.on, due_on, &days),
        days,
    })
}

fn counted_days(first: NaiveDate, last: NaiveDate, calendar: &Calendar) -> Vec<CountedDay> {
    let mut counted = 0;
    first
        .iter_days()
        .take_while(|date| *date <= last)
        .map(|date| {
            let day = calendar.day(date);
            let working_day = (day.kind == DayKind::Working).then(|| {
                counted += 1;
                counted
            });
            CountedDay {
                date,
                kind: day.kind,
                working_day,
                name: day.name,
            }
        })
        .collect()
}

/// The weekdays in both languages, from Monday.
const WEEKDAYS: [(&str, &str); 7] = [
    ("সোমবার", "Monday"),
    ("মঙ্গলবার", "Tuesday"),
    ("বুধবার", "Wednesday"),
    ("বৃহস্পতিবার", "Thursday"),
    ("শুক্রবার", "Friday"),
    ("শনিবার", "Saturday"),
    ("রবিবার", "Sunday"),
];

/// A day in words: "২৪ নভেম্বর ২০২৬, মঙ্গলবার" and "Tuesday, 24 November 2026".
fn in_words(date: NaiveDate) -> Text {
    let (weekday_bn, weekday_en) = WEEKDAYS[date.weekday().num_days_from_monday() as usize];
    let day = wording::day(date);
    Text::new(format!("{}, {weekday_bn}", day.bn), format!("{weekday_en}, {}", day.en))
}

fn explain(applied_on: NaiveDate, due_on: Option<NaiveDate>, days: &[CountedDay]) -> Text {
    let applied = in_words(applied_on);
    let Some(due_on) = due_on else {
        return Text::new(
            format!(
                "{} তারিখের আবেদন: সেবাটি নির্দেশনা অনুযায়ী দেওয়া হয়; দায়িত্বপ্রাপ্ত কর্মকর্তা তারিখ জানাবেন।",
                applied.bn
            ),
            format!(
                "Applied for on {}: the service is given as directed; the responsible officer will name the day.",
                applied.en
            ),
        );
    };
    let due = in_words(due_on);
    let count = |kind| days.iter().filter(|day| day.kind == kind).count();
    let (working, weekend, holiday) = (
        count(DayKind::Working),
        count(DayKind::Weekend),
        count(DayKind::Holiday),
    );
    let of = |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
    let mut skipped_bn = Vec::new();
    let mut skipped_en = Vec::new();
    if weekend > 0 {
        skipped_bn.push(format!("সাপ্তাহিক ছুটি {weekend} দিন"));
        skipped_en.push(of(weekend, "weekend day", "weekend days"));
    }
    if holiday > 0 {
        skipped_bn.push(format!("সরকারি ছুটি {holiday} দিন"));
        skipped_en.push(of(holiday, "public holiday", "public holidays"));
    }
    let not_counted = |skipped: Vec<String>, and: &str, before: &str, after: &str| {
        if skipped.is_empty() {
            String::new()
        } else {
            format!("{before}{}{after}", skipped.join(and))
        }
    };
    Text::new(
        to_bangla_digits(&format!(
            "{} তারিখের আবেদনের সেবা {} তারিখের মধ্যে প্রতিশ্রুত: {working} কার্যদিবস{}।",
            applied.bn,
            due.bn,
            not_counted(skipped_bn, " ও ", "; গণনায় ধরা হয়নি ", ""),
        )),
        format!(
            "Applied for on {}, promised by the end of {}: {}{}.",
            applied.en,
            due.en,
            of(working, "working day", "working days"),
            not_counted(skipped_en, " and ", "; not counted: ", ""),
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::{CalendarYear, DeclaredDay, DeclaredKind};
    use crate::domain::time_limit::TimeLimitKind;

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

    fn victory_day() -> Calendar {
        Calendar::new(
            [DeclaredDay {
                date: day("2026-12-16"),
                kind: DeclaredKind::Holiday,
                name: Text::new("বিজয় দিবস", "Victory Day"),
                source: Text::new("প্রজ্ঞাপন", "Gazette"),
            }],
            [CalendarYear {
                year: 2026,
                complete: true,
                note: Text::new("সম্পূর্ণ", "Complete"),
            }],
        )
    }

    fn counted(kind: TimeLimitKind, working_days: Option<i32>, filing: Filing) -> Promise {
        count(Uuid::nil(), &limit(kind, working_days), filing, &victory_day()).unwrap()
    }

    #[test]
    fn immediate_is_the_same_day_while_the_office_is_open() {
        let tuesday = day("2026-12-15");
        let open = counted(TimeLimitKind::Immediate, None, Filing::during(tuesday));
        assert_eq!(open.due_on, Some(tuesday));
        let late = Filing {
            on: tuesday,
            after_hours: true,
        };
        let late = counted(TimeLimitKind::Immediate, None, late);
        assert_eq!(late.due_on, Some(day("2026-12-17")), "Victory Day lies between");
        assert_eq!((open.days.len(), late.days.len()), (1, 2));
        assert_eq!(
            late.explanation.en,
            "Applied for on Tuesday, 15 December 2026, promised by the end of Thursday, 17 December 2026: \
             1 working day; not counted: 1 public holiday."
        );
        let friday = counted(TimeLimitKind::Immediate, None, Filing::during(day("2026-12-18")));
        assert_eq!(friday.due_on, Some(day("2026-12-20")));
        assert!(
            friday
                .explanation
                .en
                .ends_with(": 1 working day; not counted: 1 weekend day.")
        );
        assert!(
            open.explanation.en.ends_with(": 1 working day."),
            "{}",
            open.explanation.en
        );
    }

    #[test]
    fn working_days_start_on_the_day_after() {
        let promise = counted(TimeLimitKind::WorkingDays, Some(5), Filing::during(day("2026-12-15")));
        assert_eq!(promise.due_on, Some(day("2026-12-23")));
        assert!(!promise.provisional);
        let marks: Vec<Option<i32>> = promise.days.iter().map(|d| d.working_day).collect();
        assert_eq!(marks, [None, Some(1), None, None, Some(2), Some(3), Some(4), Some(5)]);
        assert_eq!(
            promise.explanation.en,
            "Applied for on Tuesday, 15 December 2026, promised by the end of Wednesday, 23 December 2026: \
             5 working days; not counted: 2 weekend days and 1 public holiday."
        );
        assert_eq!(
            promise.explanation.bn,
            "১৫ ডিসেম্বর ২০২৬, মঙ্গলবার তারিখের আবেদনের সেবা ২৩ ডিসেম্বর ২০২৬, বুধবার তারিখের মধ্যে প্রতিশ্রুত: \
             ৫ কার্যদিবস; গণনায় ধরা হয়নি সাপ্তাহিক ছুটি ২ দিন ও সরকারি ছুটি ১ দিন।"
        );
    }

    #[test]
    fn a_year_that_is_not_fully_known_makes_the_day_provisional() {
        assert!(counted(TimeLimitKind::WorkingDays, Some(5), Filing::during(day("2026-12-29"))).provisional);
    }

    #[test]
    fn as_directed_has_no_day() {
        let promise = counted(TimeLimitKind::AsDirected, None, Filing::during(day("2026-12-15")));
        assert_eq!(
            (promise.due_on, promise.days.len(), promise.provisional),
            (None, 0, false)
        );
        assert!(
            promise
                .explanation
                .en
                .ends_with("the responsible officer will name the day.")
        );
    }
}
