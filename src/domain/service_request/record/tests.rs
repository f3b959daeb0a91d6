//! What a record says of itself, and to whom.

use chrono::TimeDelta;

use super::*;
use crate::domain::personal_data::Applicant;
use crate::domain::service_request::examples::{at, day, filed};
use crate::domain::time_limit::TimeLimitKind;

fn in_five_days() -> Record {
    filed(TimeLimitKind::WorkingDays, Some(5))
}

/// The first moment of a day in Dhaka.
fn midnight(text: &str) -> DateTime<Utc> {
    at(&format!("{text}T00:00:00Z")) - TimeDelta::hours(6)
}

#[test]
fn it_is_a_case() {
    let account = Uuid::from_u128(7);
    let mut record = Record {
        id: Uuid::from_u128(5),
        filed_by: Some(account),
        personal: Sealed {
            key: "key".into(),
            text: "sealed".into(),
        },
        ..in_five_days()
    };
    assert_eq!(Case::id(&record), Uuid::from_u128(5));
    assert_eq!(record.state_name(), "submitted");
    assert_eq!(Case::filed_by(&record), Some(account));
    assert_eq!(Case::filed_by(&in_five_days()), None);
    assert_eq!(Case::personal(&record), Some(&record.personal));
    *record.history() = (3, "digest".into());
    assert_eq!(record.history, (3, "digest".into()));
    assert_eq!(record.history(), &(3, "digest".into()));
    assert_eq!(record.office().as_str(), "doict-khulna");
}

#[test]
fn days_are_those_of_dhaka() {
    let record = Record {
        filed_at: midnight("2026-11-25"),
        closed_at: Some(midnight("2026-12-01")),
        ..in_five_days()
    };
    assert_eq!(record.filed_on(), day("2026-11-25"));
    assert_eq!(record.closed_on(), Some(day("2026-12-01")));
    assert_eq!(in_five_days().closed_on(), None);
}

#[test]
fn it_is_due_to_the_end_of_the_day_and_stays_late_once_it_was() {
    let mut record = in_five_days();
    assert_eq!(record.due_on, Some(day("2026-12-01")));
    assert!(!record.is_overdue(day("2026-11-30")) && !record.is_overdue(day("2026-12-01")));
    assert!(record.is_overdue(day("2026-12-02")));
    record.closed_at = Some(midnight("2026-12-02") - TimeDelta::seconds(1));
    assert!(!record.is_overdue(day("2027-06-01")), "it was decided in time");
    record.closed_at = Some(midnight("2026-12-02"));
    assert!(record.is_overdue(day("2026-12-02")), "a second too late");
    record.due_on = None;
    assert!(!record.is_overdue(day("2027-06-01")), "nothing is promised");
}

#[test]
fn it_is_the_alternates_once_it_was_handed_over() {
    let mut record = in_five_days();
    assert_eq!(record.assignee(), record.responsible_officer);
    record.handed_over = true;
    assert_eq!(record.assignee(), record.alternate_officer);
}

#[test]
fn it_is_rated_once_and_only_when_it_was_completed() {
    let closed_at = at("2026-12-01T05:00:00Z");
    let with = |state, rating| Record {
        state,
        closed_at: Some(closed_at),
        rating,
        ..in_five_days()
    };
    let completed = with(State::Completed, None);
    assert_eq!(completed.facts(closed_at).completed_at, Some(closed_at));
    assert_eq!(completed.available(Party::Applicant, closed_at), [Action::Feedback]);
    assert_eq!(with(State::Rejected, None).facts(closed_at).completed_at, None);
    assert!(
        with(State::Rejected, None)
            .available(Party::Applicant, closed_at)
            .is_empty()
    );
    assert!(
        with(State::Completed, Some(4))
            .available(Party::Applicant, closed_at)
            .is_empty()
    );
}

#[test]
fn those_who_handle_it_see_all_of_it() {
    let record = Record {
        due_on: None,
        stopped: Some(Stopped {
            left: 3,
            on: day("2026-11-26"),
        }),
        ..in_five_days()
    };
    let served = record.served(
        Applicant::example().shown(false),
        vec![Action::Complete],
        day("2026-12-31"),
    );
    assert_eq!(served.working_days_left, Some(3));
    assert_eq!(served.available_actions, [Action::Complete]);
    assert_eq!((served.address.as_str(), served.masked), ("খালিশপুর, খুলনা", false));
    assert_eq!(served.filed_on, day("2026-11-24"));
    assert!(!served.overdue);
    assert!(
        in_five_days()
            .served(Applicant::example().shown(true), Vec::new(), day("2026-12-02"))
            .overdue
    );
}

#[test]
fn whoever_has_the_code_sees_where_it_is_and_nobody() {
    let tracked = in_five_days().tracked(Vec::new(), at("2026-12-02T05:00:00Z"));
    assert_eq!((tracked.kind, tracked.state.as_str()), ("service_request", "submitted"));
    assert_eq!(tracked.office.as_str(), "doict-khulna");
    assert_eq!(tracked.due_on, Some(day("2026-12-01")));
    assert_eq!(tracked.available_actions, [CaseAction("withdraw")]);
    assert!(tracked.overdue);
    let json = serde_json::to_string(&tracked).unwrap();
    assert!(!json.contains("রহিমা"), "{json}");
    let in_time = in_five_days().tracked(Vec::new(), at("2026-12-01T17:59:59Z"));
    assert!(!in_time.overdue, "to the end of the day in Dhaka");
}
