//! Who sees what of a grievance.

use super::*;
use crate::domain::grievance::examples::{at, day, filed, levels};
use crate::domain::grievance::record::{Decision, Subject};
use crate::domain::grievance::{Identity, IdentityKind, Relation};
use crate::domain::text::Text;

fn rahima() -> Complainant {
    Complainant {
        name: "রহিমা".into(),
        identity: Identity {
            kind: IdentityKind::NationalId,
            number: "19904712345678901".into(),
        },
        permanent_address: "চালনা, দাকোপ, খুলনা".into(),
        present_address: "খালিশপুর, খুলনা".into(),
        mobile: "+8801711123456".into(),
        email: Some("rahima@example.org".into()),
        relation: Relation::Parent,
        served_name: Some("করিম".into()),
    }
}

fn who(hidden: bool, listed: bool) -> Who {
    Who {
        complainant: (!hidden).then(rahima),
        hidden,
        listed,
    }
}

/// A grievance of the first level on its way there, about a request of Rahima's.
fn in_progress() -> Record {
    Record {
        state: State::InProgress,
        about: Subject {
            service: Some((
                RequestedService {
                    id: Uuid::from_u128(4),
                    version: 1,
                    office: "doict-khulna".into(),
                    name: Text::new("সেবা", "Service"),
                },
                1,
            )),
            request: Some(Uuid::from_u128(5)),
            ..Subject::default()
        },
        blacklisting_recommended: true,
        ..filed(1)
    }
}

fn served(record: Record, party: Option<Party>, who: Who, now: &str) -> Grievance {
    record.served(party, who, at(now), (&levels(), &Calendar::default()))
}

/// Whether a complainant is masked.
fn masked(party: Option<Party>, listed: bool, now: &str) -> bool {
    let seen = served(in_progress(), party, who(false, listed), now);
    let complainant = seen.complainant.unwrap();
    assert_eq!(complainant.masked, complainant.identity.number.starts_with('•'));
    complainant.masked
}

#[test]
fn who_complains_is_shown_whole_to_whoever_handles_it_one_by_one() {
    let (in_time, too_late) = ("2026-11-25", "2027-01-06");
    assert!(!masked(Some(Party::Handler), false, in_time));
    assert!(masked(Some(Party::Handler), true, in_time), "in a list");
    assert!(
        masked(Some(Party::NextHandler), false, in_time),
        "nothing to take up yet"
    );
    assert!(
        !masked(Some(Party::NextHandler), false, too_late),
        "it could be taken up"
    );
    assert!(masked(Some(Party::Respondent), false, too_late));
    assert!(masked(None, false, too_late));
}

#[test]
fn those_whom_it_is_about_see_nothing_that_leads_to_the_complainant() {
    let open = served(in_progress(), Some(Party::Handler), who(false, false), "2026-11-25");
    assert_eq!(open.tracking_code.as_deref(), Some("0000-0000-0000-0000"));
    assert_eq!(open.service_request_id, Some(Uuid::from_u128(5)));
    assert!(open.blacklisting_recommended && !open.anonymous);
    let hidden = served(in_progress(), Some(Party::Respondent), who(true, false), "2026-11-25");
    assert_eq!((hidden.tracking_code, hidden.service_request_id), (None, None));
    assert!(hidden.complainant.is_none() && !hidden.blacklisting_recommended);
    let calm = Record {
        blacklisting_recommended: false,
        ..in_progress()
    };
    assert!(!served(calm, None, who(false, false), "2026-11-25").blacklisting_recommended);
}

#[test]
fn whoever_can_decide_is_told_what() {
    let outcomes = |party| served(in_progress(), party, who(false, false), "2026-11-25").available_outcomes;
    assert!(outcomes(Some(Party::Handler)).contains(&Outcome::ServiceDirected));
    assert!(outcomes(Some(Party::Respondent)).is_empty());
    let nobody = served(in_progress(), None, who(false, false), "2027-01-06");
    assert!(nobody.available_actions.is_empty() && nobody.available_outcomes.is_empty());
}

#[test]
fn an_investigation_reports_within_twenty_working_days() {
    let report_by = |reported_on| {
        let record = Record {
            investigation: Some(Investigation {
                opened_on: day("2026-11-24"),
                investigators: vec!["অতিরিক্ত জেলা প্রশাসক".into()],
                reported_on,
            }),
            ..in_progress()
        };
        served(record, None, who(true, false), "2026-11-25").report_by
    };
    assert_eq!(report_by(None), Some(day("2026-12-22")));
    assert_eq!(report_by(Some(day("2026-12-01"))), None);
}

fn decided(level: i32) -> Record {
    Record {
        state: State::Decided,
        decision: Some(Decision {
            level,
            at: at("2026-12-10"),
            outcome: Some(Outcome::Referred),
            reason: Some(DismissalReason::Other),
            message: Some("প্রেরণ করা হলো".into()),
            referred_to: Some("জেলা প্রশাসক, খুলনা".into()),
        }),
        closed_at: Some(at("2026-12-10")),
        ..in_progress()
    }
}

#[test]
fn what_was_decided_and_by_when_the_complainant_is_told() {
    let seen = |now| served(decided(1), Some(Party::Handler), who(false, false), now);
    let grievance = seen("2026-12-21");
    assert_eq!(grievance.handled_by.as_ref().unwrap().level, 1);
    assert_eq!(grievance.outcome, Some(Outcome::Referred));
    assert_eq!(grievance.reason, Some(DismissalReason::Other));
    assert_eq!(grievance.decided_level, Some(1));
    assert_eq!(grievance.decided_on, Some(day("2026-12-10")));
    assert_eq!(grievance.decision.as_deref(), Some("প্রেরণ করা হলো"));
    assert_eq!(grievance.referred_to.as_deref(), Some("জেলা প্রশাসক, খুলনা"));
    assert_eq!(grievance.appeal_until, Some(day("2027-01-10")));
    assert_eq!(grievance.tell_by, Some(day("2026-12-21")));
    assert!(!grievance.telling_overdue && seen("2026-12-22").telling_overdue);
}

#[test]
fn whoever_has_the_code_sees_where_it_is_and_nobody() {
    let tracked = decided(1).tracked(Vec::new(), at("2026-12-11"), &levels());
    assert_eq!((tracked.kind, tracked.state.as_str()), ("grievance", "decided"));
    assert_eq!(tracked.handled_by.as_ref().unwrap().level, 1);
    assert_eq!(tracked.outcome.as_deref(), Some("referred"));
    assert_eq!(
        tracked.available_actions,
        [CaseAction("appeal"), CaseAction("feedback")]
    );
    assert!(!tracked.overdue);
    let json = serde_json::to_string(&tracked).unwrap();
    assert!(!json.contains("রহিমা") && !json.contains("complainant"), "{json}");
    assert!(in_progress().tracked(Vec::new(), at("2027-01-06"), &levels()).overdue);
}

#[test]
fn a_complainant_is_kept_and_shown_without_a_loss() {
    let particulars = rahima().particulars();
    let sealed = crate::domain::personal_data::Sealed {
        key: "key".into(),
        text: "sealed".into(),
    };
    let kept = rahima().kept(sealed);
    assert_eq!(kept.with(particulars), rahima());
    let shown = rahima().shown(false);
    assert_eq!(shown.mobile.as_str(), "+8801711123456");
    assert_eq!((shown.masked, shown.relation), (false, Relation::Parent));
    let masked = rahima().shown(true);
    assert_eq!(masked.permanent_address, "•••");
    assert_eq!(masked.present_address, "•••");
    assert_eq!(masked.mobile.as_str(), "+88017••••••56");
    assert_eq!(masked.identity.number, "•••••••••••••••01");
    assert!(masked.masked);
}
