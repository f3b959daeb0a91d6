//! How an office redressed grievances: counts, without pointing to a person.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;

use super::report::Stay;

/// Below this many a figure could point to a person.
const FEW: i64 = 5;

/// What can be said of the grievances about an office without pointing to a person.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct GrievanceStatistics {
    /// Grievances received within the span.
    #[schemars(range(min = 0, max = 9_007_199_254_740_991_i64), extend("examples" = [14]))]
    pub received: i64,
    /// Appeals received within the span.
    #[schemars(range(min = 0, max = 9_007_199_254_740_991_i64), extend("examples" = [3]))]
    pub appealed: i64,
    /// Grievances and appeals disposed of within the span.
    #[schemars(range(min = 0, max = 9_007_199_254_740_991_i64), extend("examples" = [9]))]
    pub disposed: i64,
    /// Pending at the moment of asking, and not past the limit.
    #[schemars(range(min = 0, max = 9_007_199_254_740_991_i64), extend("examples" = [6]))]
    pub pending_within_limit: i64,
    /// Pending at the moment of asking, and past the limit.
    #[schemars(range(min = 0, max = 9_007_199_254_740_991_i64), extend("examples" = [2]))]
    pub pending_past_limit: i64,
    /// Decided, and the complainant should have been told by now [7.4(ছ)].
    #[schemars(range(min = 0, max = 9_007_199_254_740_991_i64), extend("examples" = [1]))]
    pub telling_overdue: i64,
    /// The part of those disposed of within the span that was disposed of by the due day, from 0 to 1. Absent below 5 of
    /// them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 1), extend("examples" = [0.889]))]
    pub on_time_rate: Option<f64>,
}

/// Counts the stays of grievances over a span of days, and those that are pending on a day; nothing where they are so few
/// that it could point to a person.
pub fn told(
    stays: &[(Stay, i64)],
    (from, to): (NaiveDate, NaiveDate),
    today: NaiveDate,
    telling_overdue: i64,
) -> Option<GrievanceStatistics> {
    let mut told = GrievanceStatistics {
        telling_overdue,
        ..GrievanceStatistics::default()
    };
    let within = |day: NaiveDate| from <= day && day <= to;
    let mut on_time = 0;
    for (stay, count) in stays {
        if within(stay.received_on) {
            *if stay.is_appeal {
                &mut told.appealed
            } else {
                &mut told.received
            } += count;
        }
        match stay.disposed_on {
            Some(on) if within(on) => {
                told.disposed += count;
                on_time += if on <= stay.due_on { *count } else { 0 };
            }
            Some(_) => {}
            None if stay.due_on < today => told.pending_past_limit += count,
            None => told.pending_within_limit += count,
        }
    }
    let rate = on_time as f64 / told.disposed as f64;
    told.on_time_rate = (told.disposed >= FEW).then(|| (rate * 1000.0).round() / 1000.0);
    let pending = told.pending_within_limit + told.pending_past_limit;
    let about = (told.received + told.appealed).max(told.disposed + pending);
    (about >= FEW).then_some(told)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::grievance::GrievanceMedium;

    #[test]
    fn a_breach_shows_by_the_day() {
        let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
        let stay = |is_appeal, disposed: Option<&str>| Stay {
            is_appeal,
            medium: GrievanceMedium::Website,
            received_on: day("2026-11-10"),
            due_on: day("2026-11-20"),
            disposed_on: disposed.map(day),
        };
        let span = (day("2026-11-01"), day("2026-11-30"));
        let stays = [
            (stay(false, Some("2026-11-20")), 4),
            (stay(true, Some("2026-11-21")), 1),
            (stay(false, None), 2),
        ];
        let on_the_day = told(&stays, span, day("2026-11-20"), 0).unwrap();
        assert_eq!((on_the_day.pending_within_limit, on_the_day.pending_past_limit), (2, 0));
        let after = told(&stays, span, day("2026-11-21"), 3).unwrap();
        assert_eq!(
            after,
            GrievanceStatistics {
                received: 6,
                appealed: 1,
                disposed: 5,
                pending_past_limit: 2,
                telling_overdue: 3,
                on_time_rate: Some(0.8),
                ..GrievanceStatistics::default()
            }
        );
        assert_eq!(told(&stays[2..], span, day("2026-11-21"), 0), None, "two are too few");
        let of = |count| told(&[(stay(false, None), count)], span, day("2026-11-21"), 0);
        assert_eq!((of(4), of(5).unwrap().pending_past_limit), (None, 5));
        let disposed = |count| {
            told(
                &[(stay(false, Some("2026-11-20")), count), (stay(false, None), 5)],
                span,
                span.1,
                0,
            )
        };
        assert_eq!(disposed(4).unwrap().on_time_rate, None, "four are too few");
        assert_eq!(disposed(5).unwrap().on_time_rate, Some(1.0));
    }

    #[test]
    fn a_span_is_counted_with_both_its_ends() {
        let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
        let stay = |received: &str, disposed: &str| Stay {
            is_appeal: false,
            medium: GrievanceMedium::Website,
            received_on: day(received),
            due_on: day("2027-01-01"),
            disposed_on: Some(day(disposed)),
        };
        let span = (day("2026-11-01"), day("2026-11-30"));
        let stays = [
            (stay("2026-11-01", "2026-11-30"), 10),
            (stay("2026-11-30", "2026-12-01"), 20),
            (stay("2026-10-31", "2026-11-01"), 40),
            (stay("2026-10-30", "2026-10-31"), 80),
        ];
        let told = told(&stays, span, span.1, 0).unwrap();
        assert_eq!((told.received, told.disposed), (30, 50));
        assert_eq!((told.pending_within_limit, told.pending_past_limit), (0, 0));
    }
}
