//! The life of a service request: one table of states and acts.
//!
//! `docs/service-requests.md` shows the same table; a test holds the two against each other.

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::words::words;

/// How long after its completion a service can be rated.
pub const FEEDBACK_FOR: TimeDelta = TimeDelta::days(30);

words! {
    /// In which state a service request is.
    #[schemars(rename = "ServiceRequestState")]
    State {
        /// filed, and nobody has begun
        Submitted,
        /// an officer is at it
        InProgress,
        /// the applicant was asked for information: the clock stands
        AwaitingApplicant,
        /// the service was given
        Completed,
        /// refused, with a coded reason
        Rejected,
        /// taken back by the applicant
        Withdrawn,
    }
}

impl State {
    /// Whether it has not been decided.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Submitted | Self::InProgress | Self::AwaitingApplicant)
    }
}

words! {
    /// What can be done to a service request.
    #[schemars(rename = "ServiceRequestAction")]
    Action {
        /// begin with it
        Acknowledge,
        /// ask the applicant for information; the clock stops
        RequestInformation,
        /// give the information that was asked for; the clock goes on with the days that were left
        ProvideInformation,
        /// give the applicant an appointment
        SetAppointment,
        /// name the day by which a service without a time limit is given
        SetPromise,
        /// hand the case over to the alternate officer
        HandOver,
        /// note something for the office only
        AddNote,
        /// say that the service was given
        Complete,
        /// refuse it, with a coded reason
        Reject,
        /// take the request back
        Withdraw,
        /// rate the service
        Feedback,
    }
}

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    /// Whoever has the tracking code.
    Applicant,
    /// The responsible officer, or the alternate officer while standing in.
    Officer,
}

/// What an act depends on besides the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Whether the service has no time limit, and no day was named yet.
    pub awaits_promise: bool,
    /// Whether the case was handed over to the alternate officer.
    pub handed_over: bool,
    /// When it was completed, where it was.
    pub completed_at: Option<DateTime<Utc>>,
    /// Whether the applicant has rated it.
    pub rated: bool,
    /// The time it is.
    pub now: DateTime<Utc>,
}

/// The table: the state that an act leads to; `None` where it cannot be done.
pub fn next(state: State, action: Action, by: Party, facts: &Facts) -> Option<State> {
    use Action as A;
    use Party::{Applicant, Officer};
    use State as S;
    match (state, action, by) {
        (S::Submitted, A::Acknowledge, Officer) => Some(S::InProgress),
        (S::Submitted | S::InProgress, A::RequestInformation, Officer) => Some(S::AwaitingApplicant),
        (S::AwaitingApplicant, A::ProvideInformation, Applicant | Officer) => Some(S::InProgress),
        (S::Submitted | S::InProgress, A::SetAppointment, Officer) => Some(S::InProgress),
        (S::Submitted | S::InProgress, A::SetPromise, Officer) if facts.awaits_promise => Some(S::InProgress),
        (S::Submitted | S::InProgress | S::AwaitingApplicant, A::HandOver, Officer) if !facts.handed_over => {
            Some(state)
        }
        (_, A::AddNote, Officer) => Some(state),
        (S::Submitted | S::InProgress, A::Complete, Officer) => Some(S::Completed),
        (S::Submitted | S::InProgress | S::AwaitingApplicant, A::Reject, Officer) => Some(S::Rejected),
        (S::Submitted | S::InProgress | S::AwaitingApplicant, A::Withdraw, Applicant) => Some(S::Withdrawn),
        (S::Completed, A::Feedback, Applicant) if !facts.rated => {
            let completed_at = facts.completed_at?;
            (facts.now <= completed_at + FEEDBACK_FOR).then_some(S::Completed)
        }
        _ => None,
    }
}

/// What somebody can do now, in the order of [`Action::ALL`].
pub fn available(state: State, by: Party, facts: &Facts) -> Vec<Action> {
    let can = |action: &Action| next(state, *action, by, facts).is_some();
    Action::ALL.iter().copied().filter(can).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts {
        let now = DateTime::from_timestamp(1_795_494_600, 0).unwrap();
        Facts {
            awaits_promise: true,
            handed_over: false,
            completed_at: Some(now),
            rated: false,
            now,
        }
    }

    /// The table as the papers show it: the acts down, the states across.
    fn as_written() -> String {
        let mut table = String::from("| act | by |");
        for state in State::ALL.iter().copied() {
            table.push_str(&format!(" `{}` |", state.as_str()));
        }
        table.push_str("\n| --- | --- | --- | --- | --- | --- | --- | --- |\n");
        for action in Action::ALL.iter().copied() {
            for (party, name) in [(Party::Officer, "officer"), (Party::Applicant, "applicant")] {
                let cells: Vec<_> = State::ALL
                    .iter()
                    .map(|state| next(*state, action, party, &facts()))
                    .collect();
                if cells.iter().all(Option::is_none) {
                    continue;
                }
                table.push_str(&format!("| `{}` | {name} |", action.as_str()));
                for cell in cells {
                    table.push_str(&cell.map_or(" |".to_owned(), |state| format!(" {} |", state.as_str())));
                }
                table.push('\n');
            }
        }
        table
    }

    #[test]
    fn the_papers_show_this_table() {
        let papers = include_str!("../../../docs/service-requests.md");
        assert!(
            papers.contains(&as_written()),
            "docs/service-requests.md lacks:\n{}",
            as_written()
        );
    }

    #[test]
    fn what_is_decided_stays_decided() {
        for state in State::ALL.iter().copied().filter(|state| !state.is_open()) {
            for action in Action::ALL.iter().copied() {
                for party in [Party::Applicant, Party::Officer] {
                    let next = next(state, action, party, &facts());
                    assert!(next.is_none_or(|next| next == state), "{state:?} {action:?}");
                }
            }
        }
    }

    #[test]
    fn every_open_state_has_a_way_out_for_both() {
        for state in State::ALL.iter().copied().filter(|state| state.is_open()) {
            assert!(available(state, Party::Officer, &facts()).contains(&Action::Reject));
            assert!(available(state, Party::Applicant, &facts()).contains(&Action::Withdraw));
        }
    }

    #[test]
    fn a_service_is_rated_once_and_within_thirty_days() {
        let rate = |facts: Facts| available(State::Completed, Party::Applicant, &facts);
        assert_eq!(rate(facts()), [Action::Feedback]);
        let in_time = facts().now + FEEDBACK_FOR;
        assert_eq!(
            rate(Facts {
                now: in_time,
                ..facts()
            }),
            [Action::Feedback]
        );
        let late = in_time + TimeDelta::microseconds(1);
        assert_eq!(rate(Facts { now: late, ..facts() }), []);
        assert_eq!(rate(Facts { rated: true, ..facts() }), []);
    }

    #[test]
    fn a_promise_is_named_once_and_a_case_handed_over_once() {
        let after = Facts {
            awaits_promise: false,
            handed_over: true,
            ..facts()
        };
        let can = available(State::InProgress, Party::Officer, &after);
        assert!(
            !can.contains(&Action::SetPromise) && !can.contains(&Action::HandOver),
            "{can:?}"
        );
    }
}
