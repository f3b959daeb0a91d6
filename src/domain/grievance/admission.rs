//! Whether a grievance may be filed yet [6.1(ঙ)].

use chrono::NaiveDate;

use crate::domain::calendar::{Calendar, Filing};
use crate::domain::case::clock::Clock;
use crate::domain::service_request::record::Record as ServiceRequest;
use crate::domain::time_limit::TimeLimit;

/// The first day on which a grievance may be filed about a service that was applied for on a day: the one behind the day on
/// which the time limit runs out [6.1(ঙ)]. `None` where there is no limit to wait for.
pub fn after_time_limit(limit: &TimeLimit, applied_on: NaiveDate, calendar: &Calendar) -> Option<NaiveDate> {
    let clock = Clock::start(limit, Filing::during(applied_on), calendar)?;
    clock.due_on(calendar)?.succ_opt()
}

/// The same for a service request. `None` where it was decided, or where no day is promised. While its clock stands, the day
/// is the earliest one there can be: as if the applicant answered today.
pub fn after_request(request: &ServiceRequest, today: NaiveDate, calendar: &Calendar) -> Option<NaiveDate> {
    if !request.state.is_open() {
        return None;
    }
    let resumed = request.stopped.and_then(|stopped| {
        let clock = Clock {
            from: today,
            days: stopped.left,
        };
        clock.due_on(calendar)
    });
    request.due_on.or(resumed)?.succ_opt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::service_request::State;
    use crate::domain::service_request::examples::{day, filed};
    use crate::domain::service_request::record::Stopped;
    use crate::domain::text::Text;
    use crate::domain::time_limit::TimeLimitKind;

    #[test]
    fn a_grievance_waits_for_the_time_limit() {
        let limit = |kind, working_days| TimeLimit {
            kind,
            working_days,
            where_applicable: false,
            text: Text::new("সময়সীমা", "Time limit"),
        };
        let calendar = Calendar::default();
        let from = |limit: TimeLimit, applied_on: &str| after_time_limit(&limit, day(applied_on), &calendar);
        // five working days from Tuesday 24 November end on Tuesday 1 December
        assert_eq!(
            from(limit(TimeLimitKind::WorkingDays, Some(5)), "2026-11-24"),
            Some(day("2026-12-02"))
        );
        assert_eq!(
            from(limit(TimeLimitKind::Immediate, None), "2026-11-24"),
            Some(day("2026-11-25"))
        );
        assert_eq!(
            from(limit(TimeLimitKind::Immediate, None), "2026-11-27"),
            Some(day("2026-11-30")),
            "applied for on a Friday"
        );
        assert_eq!(from(limit(TimeLimitKind::AsDirected, None), "2026-11-24"), None);
    }

    #[test]
    fn a_grievance_about_a_request_waits_for_its_due_day() {
        let calendar = Calendar::default();
        let from = |request: &ServiceRequest| after_request(request, day("2026-12-10"), &calendar);
        let mut request = filed(TimeLimitKind::WorkingDays, Some(5));
        assert_eq!(request.due_on, Some(day("2026-12-01")));
        assert_eq!(from(&request), Some(day("2026-12-02")));
        request.due_on = None;
        assert_eq!(from(&request), None, "no day is promised");
        request.stopped = Some(Stopped {
            left: 3,
            on: day("2026-11-26"),
        });
        assert_eq!(
            from(&request),
            Some(day("2026-12-16")),
            "as if it were answered on the 10th"
        );
        request.state = State::Completed;
        assert_eq!(from(&request), None, "it was decided");
    }
}
