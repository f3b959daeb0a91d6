//! Lives of grievances, rule by rule.

use proptest::prelude::*;

use super::*;
use crate::domain::grievance::examples::{at, day, filed, levels};

fn jashore() -> Desk {
    Desk {
        office: "doict-jashore".into(),
        appeal_office: "doict".into(),
        alternate_officer: None,
    }
}

fn act(
    record: &mut Record,
    action: Action,
    by: Party,
    particulars: Particulars,
    on: &str,
) -> Result<(Deed, Option<Passage>), NotAvailable> {
    record.act(action, by, particulars, at(on), (&levels(), &Calendar::default()))
}

/// Does what has to succeed.
fn done(record: &mut Record, action: Action, by: Party, on: &str) -> Option<Passage> {
    act(record, action, by, Particulars::default(), on).unwrap().1
}

fn decided(outcome: Outcome, due_on: Option<&str>) -> Particulars {
    Particulars {
        outcome: Some(outcome),
        message: Some("সিদ্ধান্ত".into()),
        due_on: due_on.map(day),
        ..Particulars::default()
    }
}

#[test]
fn the_limits_are_those_of_the_charter() {
    assert_eq!(filed(1).due_on, day("2027-01-05"), "30 working days");
    assert_eq!(filed(2).due_on, day("2026-12-22"), "20 working days");
    assert_eq!(filed(3).due_on, day("2027-02-16"), "60 working days");
}

#[test]
fn an_investigation_adds_ten_working_days_once() {
    let mut record = filed(1);
    done(&mut record, Action::Accept, Party::Handler, "2026-11-25");
    let opened = act(
        &mut record,
        Action::OpenInvestigation,
        Party::Handler,
        Particulars {
            investigators: vec!["অতিরিক্ত জেলা প্রশাসক".into()],
            ..Particulars::default()
        },
        "2026-11-26",
    );
    assert_eq!(opened.unwrap().0.public.due_on, Some(day("2027-01-19")));
    let again = act(
        &mut record,
        Action::OpenInvestigation,
        Party::Handler,
        Particulars::default(),
        "2026-11-27",
    );
    assert_eq!(again, Err(NotAvailable));
    let early = act(
        &mut record,
        Action::Decide,
        Party::Handler,
        decided(Outcome::ReplySatisfactory, None),
        "2026-11-27",
    );
    assert_eq!(early, Err(NotAvailable), "the report comes first");
    done(&mut record, Action::ReportInvestigation, Party::Handler, "2026-12-10");
    let found = act(
        &mut record,
        Action::Decide,
        Party::Handler,
        decided(Outcome::DepartmentalActionRecommended, None),
        "2026-12-13",
    );
    assert_eq!(found.unwrap().1, Some(Passage::Closed));
    assert!(record.departmental_action);
}

#[test]
fn what_is_directed_is_closed_when_it_is_done() {
    let mut record = filed(1);
    done(&mut record, Action::Accept, Party::Handler, "2026-11-25");
    let directed = decided(Outcome::ServiceDirected, Some("2026-12-10"));
    let (deed, passage) = act(&mut record, Action::Decide, Party::Handler, directed, "2026-11-26").unwrap();
    assert_eq!((deed.public.due_on, passage), (Some(day("2026-12-10")), None));
    assert_eq!((record.state, record.closed_at), (State::AwaitingCompliance, None));
    assert!(!record.is_overdue(day("2026-12-10")) && record.is_overdue(day("2026-12-11")));
    let mut complied = record.clone();
    assert_eq!(
        done(&mut complied, Action::ConfirmCompliance, Party::Handler, "2026-12-09"),
        Some(Passage::Closed)
    );
    assert_eq!(complied.state, State::Decided);
    assert!(!complied.is_overdue(day("2027-06-01")));
    // what is not done is investigated, under the limit of the level with its extension
    done(&mut record, Action::OpenInvestigation, Party::Handler, "2026-12-11");
    assert_eq!(
        (record.state, record.due_on, &record.decision),
        (State::InProgress, day("2027-01-19"), &None)
    );
}

#[test]
fn a_decision_is_appealed_within_a_month_of_the_calendar() {
    let mut record = filed(1);
    done(&mut record, Action::Accept, Party::Handler, "2026-12-20");
    let reply = decided(Outcome::ReplySatisfactory, None);
    act(&mut record, Action::Decide, Party::Handler, reply, "2026-12-31").unwrap();
    assert_eq!(record.appeal_until(&levels()), Some(day("2027-01-31")));
    let late = act(
        &mut record.clone(),
        Action::Appeal,
        Party::Complainant,
        Particulars::default(),
        "2027-02-01",
    );
    assert_eq!(late, Err(NotAvailable));
    for by in [Party::Complainant, Party::Respondent] {
        let mut appealed = record.clone();
        let (deed, passage) = act(&mut appealed, Action::Appeal, by, Particulars::default(), "2027-01-31").unwrap();
        let medium = match by {
            Party::Complainant => GrievanceMedium::Website,
            _ => GrievanceMedium::Conventional,
        };
        assert_eq!(passage, Some(Passage::Appealed(medium)));
        assert_eq!(deed.public.level, Some(2));
        assert_eq!(
            (appealed.level, appealed.state, appealed.closed_at),
            (2, State::Submitted, None)
        );
        assert_eq!(
            appealed.due_on,
            day("2027-02-28"),
            "20 working days from the day of the appeal"
        );
        // the decision below is what the appeal is about
        let outcomes = machine::outcomes(&appealed.facts(at("2027-02-01"), &levels()));
        assert!(outcomes.contains(&Outcome::Upheld) && !outcomes.contains(&Outcome::ReplySatisfactory));
    }
}

#[test]
fn a_missed_limit_opens_the_next_level_up_to_the_last_one() {
    let mut record = filed(1);
    let early = act(
        &mut record,
        Action::Appeal,
        Party::Complainant,
        Particulars::default(),
        "2027-01-05",
    );
    assert_eq!(early, Err(NotAvailable), "the last day has not passed");
    let mut appealed = record.clone();
    done(&mut appealed, Action::Appeal, Party::Complainant, "2027-01-06");
    assert_eq!((appealed.level, appealed.state), (2, State::Submitted));
    let first = machine::outcomes(&appealed.facts(at("2027-01-06"), &levels()));
    assert!(first.contains(&Outcome::ServiceDirected), "nobody has decided it yet");
    let taken_up = done(&mut record, Action::TakeUp, Party::NextHandler, "2027-01-06");
    assert_eq!(taken_up, Some(Passage::Appealed(GrievanceMedium::OwnMotion)));
    assert_eq!((record.level, record.state), (2, State::InProgress));
    done(&mut record, Action::Appeal, Party::Respondent, "2027-03-01");
    assert_eq!(record.level, 3);
    done(&mut record, Action::Accept, Party::Handler, "2027-03-02");
    let last = decided(Outcome::ServiceGiven, None);
    act(&mut record, Action::Decide, Party::Handler, last, "2027-03-03").unwrap();
    assert_eq!(record.appeal_until(&levels()), None, "the Cell's word is the last");
    assert!(
        !record
            .available(Party::Complainant, at("2027-03-04"), &levels())
            .contains(&Action::Appeal)
    );
}

#[test]
fn the_complainant_is_told_within_seven_working_days() {
    let calendar = Calendar::default();
    let mut record = filed(1);
    done(&mut record, Action::FileWithoutAction, Party::Handler, "2026-11-25");
    assert_eq!(record.tell_by(&calendar), Some(day("2026-12-06")));
    done(&mut record, Action::TellComplainant, Party::Handler, "2026-12-01");
    assert_eq!(
        (record.tell_by(&calendar), record.told_on),
        (None, Some(day("2026-12-01")))
    );
    let mut anonymous = filed(1);
    anonymous.complainant = None;
    done(&mut anonymous, Action::FileWithoutAction, Party::Handler, "2026-11-25");
    assert_eq!(anonymous.tell_by(&calendar), None, "nobody knows whom to tell");
}

#[test]
fn it_goes_to_whom_it_concerns() {
    let mut record = filed(1);
    let due_on = record.due_on;
    let elsewhere = Particulars {
        office: Some(jashore()),
        ..Particulars::default()
    };
    let (_, passage) = act(&mut record, Action::Forward, Party::Handler, elsewhere, "2026-11-30").unwrap();
    assert_eq!(passage, Some(Passage::Passed));
    assert_eq!((record.office.as_str(), record.due_on), ("doict-jashore", due_on));
    let to_the_cell = Particulars {
        level: Some(3),
        ..Particulars::default()
    };
    let (deed, passage) = act(&mut record, Action::SendUp, Party::Handler, to_the_cell, "2026-12-01").unwrap();
    assert_eq!((passage, deed.public.level), (Some(Passage::Passed), Some(3)));
    let nowhere = Particulars {
        level: Some(1),
        ..Particulars::default()
    };
    assert_eq!(
        act(&mut filed(2), Action::SendUp, Party::Handler, nowhere, "2026-12-01"),
        Err(NotAvailable)
    );
}

#[test]
fn what_a_complainant_says_is_for_those_only_who_handle_it() {
    let mut record = filed(1);
    done(&mut record, Action::Accept, Party::Handler, "2026-11-25");
    done(&mut record, Action::RequestInformation, Party::Handler, "2026-11-25");
    let said = Particulars {
        message: Some("জন্ম সনদ".into()),
        ..Particulars::default()
    };
    let (deed, _) = act(
        &mut record,
        Action::ProvideInformation,
        Party::Complainant,
        said,
        "2026-11-26",
    )
    .unwrap();
    assert_eq!((deed.public.message, deed.note.as_deref()), (None, Some("জন্ম সনদ")));
}

proptest! {
    /// Whatever is tried in whatever order: versions count what was done, a refusal changes nothing, levels only rise, what is
    /// closed has a day, and each stay that began is disposed of once the grievance is closed.
    #[test]
    fn any_life_keeps_its_order(
        level in 1..=3_i32,
        tries in proptest::collection::vec((0..21_usize, 0..4_usize, 0..9_usize, 0..30_i64), 0..60),
    ) {
        let levels = levels();
        let calendar = Calendar::default();
        let mut record = filed(level);
        let mut now = record.filed_at;
        let (mut done, mut pending) = (1, 1);
        for (action, party, outcome, days) in tries {
            now += chrono::TimeDelta::days(days);
            let action = Action::ALL[action];
            let before = record.clone();
            let particulars = Particulars {
                outcome: (action == Action::Decide).then_some(Outcome::ALL[outcome]),
                due_on: Some(dhaka_day(now)),
                rating: Some(3),
                office: Some(jashore()),
                ..Particulars::default()
            };
            match record.act(action, Party::ALL[party], particulars, now, (&levels, &calendar)) {
                Err(NotAvailable) => prop_assert_eq!(&record, &before),
                Ok((_, passage)) => {
                    done += 1;
                    match passage {
                        Some(Passage::Closed) => pending = 0,
                        // one is disposed of, one begins
                        Some(Passage::Passed) | None => {}
                        Some(Passage::Appealed(_)) => pending += 1,
                    }
                }
            }
            prop_assert_eq!(record.version, done);
            prop_assert!(record.level >= before.level);
            prop_assert_eq!(record.closed_at.is_some(), !record.state.is_open());
            prop_assert_eq!(pending == 0, !record.state.is_open());
            prop_assert!(record.decision.as_ref().is_none_or(|decision| decision.level <= record.level));
            prop_assert!(record.state != State::AwaitingCompliance || record.decided_here().is_some());
        }
    }
}
