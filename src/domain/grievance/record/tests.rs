//! What a record says of itself, at the edges of its days.

use super::*;
use crate::domain::grievance::examples::{at, day, filed, levels};

/// The first moment of a day in Dhaka.
fn midnight(text: &str) -> DateTime<Utc> {
    at(text) - TimeDelta::hours(11)
}

/// A grievance of the first level that was decided there on a day.
fn decided(on: &str) -> Record {
    Record {
        state: State::Decided,
        decision: Some(Decision {
            level: 1,
            at: at(on),
            outcome: Some(Outcome::ReplySatisfactory),
            reason: None,
            message: None,
            referred_to: None,
        }),
        closed_at: Some(at(on)),
        ..filed(1)
    }
}

#[test]
fn the_one_who_is_named_and_the_one_who_answers_for_the_service_have_to_answer() {
    let (named, responsible, other) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3));
    let subject = Subject {
        officer: Some(named),
        responsible_officer: Some(responsible),
        ..Subject::default()
    };
    assert!(subject.is_about(named) && subject.is_about(responsible));
    assert!(!subject.is_about(other));
    assert!(!Subject::default().is_about(other));
}

#[test]
fn it_is_a_case() {
    let account = Uuid::from_u128(7);
    let mut record = Record {
        id: Uuid::from_u128(5),
        filed_by: Some(account),
        ..filed(1)
    };
    assert_eq!(Case::id(&record), Uuid::from_u128(5));
    assert_eq!(record.state_name(), "submitted");
    assert_eq!(Case::filed_by(&record), Some(account));
    assert_eq!(Case::filed_by(&filed(1)), None);
    assert!(record.personal().is_some() && !record.is_anonymous());
    *record.history() = (3, "digest".into());
    assert_eq!(record.history, (3, "digest".into()));
    assert_eq!(record.history(), &(3, "digest".into()));
    record.complainant = None;
    assert!(record.personal().is_none() && record.is_anonymous());
}

#[test]
fn days_are_those_of_dhaka() {
    let record = Record {
        filed_at: midnight("2026-11-25"),
        closed_at: Some(midnight("2026-12-01")),
        ..filed(1)
    };
    assert_eq!(record.filed_on(), day("2026-11-25"));
    assert_eq!(record.closed_on(), Some(day("2026-12-01")));
    assert_eq!(filed(1).closed_on(), None);
}

#[test]
fn it_is_due_to_the_end_of_the_day_and_stays_late_once_it_was() {
    let mut record = filed(2);
    assert_eq!(record.due_on, day("2026-12-22"));
    assert!(!record.is_overdue(day("2026-12-21")) && !record.is_overdue(day("2026-12-22")));
    assert!(record.is_overdue(day("2026-12-23")));
    record.closed_at = Some(midnight("2026-12-23") - TimeDelta::seconds(1));
    assert!(!record.is_overdue(day("2027-06-01")), "it was closed in time");
    record.closed_at = Some(midnight("2026-12-23"));
    assert!(record.is_overdue(day("2026-12-23")), "a second too late");
}

#[test]
fn the_complainant_is_to_be_told_what_was_decided_here() {
    let calendar = Calendar::default();
    let record = decided("2026-12-10");
    assert_eq!(record.untold_since(), Some(day("2026-12-10")));
    assert_eq!(record.tell_by(&calendar), Some(day("2026-12-21")), "seven working days");
    let with = |change: fn(&mut Record)| {
        let mut record = decided("2026-12-10");
        change(&mut record);
        (record.untold_since(), record.tell_by(&calendar))
    };
    assert_eq!(with(|record| record.told_on = Some(day("2026-12-11"))), (None, None));
    assert_eq!(with(|record| record.complainant = None), (None, None));
    assert_eq!(with(|record| record.state = State::Withdrawn), (None, None));
    assert_eq!(with(|record| record.level = 2), (None, None), "it was decided below");
    assert_eq!(with(|record| record.decision = None), (None, None));
}

#[test]
fn how_it_was_closed() {
    for state in State::ALL {
        let disposal = Record {
            state: *state,
            ..filed(1)
        }
        .disposal();
        assert_eq!(disposal.is_some(), !state.is_open(), "{state:?}");
        if let Some(disposal) = disposal {
            assert_eq!(disposal.as_str(), state.as_str());
        }
    }
}

#[test]
fn a_decision_can_be_appealed_for_a_month_but_at_the_last_level() {
    let levels = levels();
    let mut record = decided("2026-12-31");
    assert_eq!(record.appeal_until(&levels), Some(day("2027-01-31")));
    record.state = State::Withdrawn;
    assert_eq!(record.appeal_until(&levels), None);
    record.state = State::Decided;
    record.level = 3;
    assert_eq!(record.appeal_until(&levels), None, "it was decided below");
    record.decision.as_mut().unwrap().level = 3;
    assert_eq!(record.appeal_until(&levels), None, "the last word");
    assert_eq!(record.decided_here(), record.decision.as_ref());
}

#[test]
fn the_levels_follow_each_other_in_whatever_order_they_are_written() {
    let mut levels = levels();
    levels.reverse();
    let above = |level| level_above(&levels, level).map(|level| level.level);
    assert_eq!([0, 1, 2, 3].map(above), [Some(1), Some(2), Some(3), None]);
    assert_eq!(level_above(&[], 1), None);
}

#[test]
fn facts_of_the_levels() {
    let levels = levels();
    let facts = |level| filed(level).facts(at("2026-11-25"), &levels);
    let places = [1, 2, 3].map(|level| (facts(level).at_first_level, facts(level).at_last_level));
    assert_eq!(places, [(true, false), (false, false), (false, true)]);
    let mut record = decided("2026-12-10");
    let reviews = |record: &Record| record.facts(at("2026-12-11"), &levels).reviews;
    assert!(!reviews(&record) && !reviews(&filed(2)));
    record.level = 2;
    assert!(reviews(&record));
}

#[test]
fn facts_of_the_days() {
    let levels = levels();
    let record = decided("2026-12-10");
    let facts = |now| record.facts(now, &levels);
    assert!(!facts(at("2026-12-10")).is_overdue);
    assert!(filed(1).facts(at("2027-01-06"), &levels).is_overdue);
    assert!(facts(at("2027-01-10")).within_appeal && !facts(at("2027-01-11")).within_appeal);
    assert!(!filed(1).facts(at("2026-11-25"), &levels).within_appeal);
    let last = at("2026-12-10") + FEEDBACK_FOR;
    assert!(facts(last).within_feedback && !facts(last + TimeDelta::seconds(1)).within_feedback);
    assert!(!filed(1).facts(at("2026-11-25"), &levels).within_feedback, "it is open");
    let rated = Record {
        rating: Some(4),
        ..decided("2026-12-10")
    };
    assert!(!rated.facts(at("2026-12-11"), &levels).within_feedback, "it was rated");
}

#[test]
fn facts_of_what_is_on_its_way() {
    let levels = levels();
    let facts = |change: fn(&mut Record)| {
        let mut record = filed(1);
        change(&mut record);
        record.facts(at("2026-11-25"), &levels)
    };
    let none = facts(|_| {});
    assert_eq!(none.inquiry, Inquiry::None);
    assert!(!none.opinion_asked && !none.information_asked && !none.departmental_action);
    assert!(!none.untold && !none.anonymous && !none.blacklisting_recommended);
    let open = |record: &mut Record| {
        record.investigation = Some(Investigation {
            opened_on: day("2026-11-25"),
            investigators: Vec::new(),
            reported_on: None,
        });
    };
    assert_eq!(facts(open).inquiry, Inquiry::Open);
    let reported = facts(|record| {
        record.investigation = Some(Investigation {
            opened_on: day("2026-11-25"),
            investigators: Vec::new(),
            reported_on: Some(day("2026-11-25")),
        });
    });
    assert_eq!(reported.inquiry, Inquiry::Reported);
    assert!(facts(|record| record.opinion_due_on = Some(day("2026-12-01"))).opinion_asked);
    assert!(facts(|record| record.information_asked = true).information_asked);
    assert!(facts(|record| record.departmental_action = true).departmental_action);
    assert!(facts(|record| record.complainant = None).anonymous);
    assert!(facts(|record| record.blacklisting_recommended = true).blacklisting_recommended);
    assert!(decided("2026-12-10").facts(at("2026-12-10"), &levels).untold);
}

#[test]
fn the_clock_of_a_level_starts_on_its_day() {
    let (levels, calendar) = (levels(), Calendar::default());
    let mut record = filed(1);
    record.start_clock(&levels[1], day("2026-12-10"), &calendar);
    assert_eq!((record.level, record.limit.from), (2, day("2026-12-10")));
    assert_eq!(record.limit.days, levels[1].working_days);
    assert_eq!(record.due_on, day("2027-01-07"));
}
