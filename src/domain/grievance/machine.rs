//! The life of a grievance: one table of states and acts, the same at every level.
//!
//! `docs/grievances.md` shows the same table; a test holds the two against each other.

use super::Outcome;
use crate::domain::words::words;

words! {
    /// In which state a grievance is, at the level that it is at.
    #[schemars(rename = "GrievanceState")]
    State {
        /// filed or appealed, and nobody has begun
        Submitted,
        /// accepted: it is being looked into
        InProgress,
        /// decided, and closed once what was directed is done
        AwaitingCompliance,
        /// decided, and closed
        Decided,
        /// নথিজাত: filed without action, with a coded reason
        FiledWithoutAction,
        /// taken back by the complainant
        Withdrawn,
    }
}

impl State {
    /// Whether it is not closed.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Submitted | Self::InProgress | Self::AwaitingCompliance)
    }

    /// Whether nothing was decided at its level yet: the clock of the level runs.
    pub const fn is_undecided(self) -> bool {
        matches!(self, Self::Submitted | Self::InProgress)
    }
}

words! {
    /// What can be done to a grievance.
    #[schemars(rename = "GrievanceAction")]
    Action {
        /// accept it: begin to look into it
        Accept,
        /// file it without action, with a coded reason
        FileWithoutAction,
        /// forward it to the office that it concerns; it keeps its code and its due day
        Forward,
        /// send it to a level above, because it is about whoever handles it here
        SendUp,
        /// ask the officer for an opinion by a day
        AskOpinion,
        /// give the opinion that was asked for
        GiveOpinion,
        /// call for documents or a statement of the complainant
        RequestInformation,
        /// give what was called for
        ProvideInformation,
        /// open an investigation, once at a level; the limit grows by the days that the charter says
        OpenInvestigation,
        /// report what the investigation found
        ReportInvestigation,
        /// decide, with one of the outcomes
        Decide,
        /// confirm that what was directed is done
        ConfirmCompliance,
        /// recommend departmental action
        RecommendDepartmentalAction,
        /// note the root cause, and advice against recurrence
        NoteRootCause,
        /// tell the complainant the result
        TellComplainant,
        /// recommend that the complainant be put on the blacklist
        RecommendBlacklisting,
        /// note something for those who handle it only
        AddNote,
        /// take it to the next level: within one month of the decision, or once the limit has passed without one
        Appeal,
        /// take it up at the next level on its own motion, once the limit has passed
        TakeUp,
        /// take it back
        Withdraw,
        /// rate how it was redressed
        Feedback,
    }
}

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    /// Whoever has the tracking code.
    Complainant,
    /// Whoever handles grievances at the level that it is at.
    Handler,
    /// The officer who answers for the service, or whom the grievance is about.
    Respondent,
    /// Whoever handles grievances at the level above.
    NextHandler,
}

impl Party {
    /// Every party.
    pub const ALL: [Self; 4] = [Self::Handler, Self::Complainant, Self::Respondent, Self::NextHandler];

    /// The name in the papers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Complainant => "complainant",
            Self::Handler => "handler",
            Self::Respondent => "respondent",
            Self::NextHandler => "next handler",
        }
    }
}

/// How far an investigation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inquiry {
    /// There is none at this level.
    None,
    /// It is open.
    Open,
    /// It has reported.
    Reported,
}

/// What an act depends on besides the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Whether it is at the first level of the charter.
    pub at_first_level: bool,
    /// Whether it is at the last level of the charter, whose word is final.
    pub at_last_level: bool,
    /// Whether a level below has decided it.
    pub reviews: bool,
    /// Whether its due day has passed.
    pub is_overdue: bool,
    /// Whether the month in which the decision can be appealed has not passed [6.2].
    pub within_appeal: bool,
    /// Whether an opinion was asked for.
    pub opinion_asked: bool,
    /// Whether something was called for.
    pub information_asked: bool,
    /// How far the investigation is.
    pub inquiry: Inquiry,
    /// Whether departmental action was recommended.
    pub departmental_action: bool,
    /// Whether the complainant is to be told the decision, and was not.
    pub untold: bool,
    /// Whether nobody knows who complained.
    pub anonymous: bool,
    /// Whether the complainant was recommended for the blacklist.
    pub blacklisting_recommended: bool,
    /// Whether it can still be rated.
    pub within_feedback: bool,
}

/// The state that an act leads to, and whether at the level above.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Next {
    /// The state.
    pub state: State,
    /// Whether it is at a level above from then on.
    pub up: bool,
}

const fn here(state: State) -> Option<Next> {
    Some(Next { state, up: false })
}

const fn above(state: State) -> Option<Next> {
    Some(Next { state, up: true })
}

/// The table: what an act, and the outcome where it decides, leads to; `None` where it cannot be done. Without an outcome it
/// is asked whether there is one that can be decided.
pub fn next(state: State, action: Action, outcome: Option<Outcome>, by: Party, facts: &Facts) -> Option<Next> {
    use Action as A;
    use Party::{Complainant, Handler, NextHandler, Respondent};
    use State as S;
    match (state, action, by) {
        (S::Submitted, A::Accept, Handler) => here(S::InProgress),
        (S::Submitted | S::InProgress, A::FileWithoutAction, Handler) => here(S::FiledWithoutAction),
        (S::Submitted, A::Forward, Handler) if facts.at_first_level => here(S::Submitted),
        (S::Submitted, A::SendUp, Handler) if !facts.at_last_level => above(S::Submitted),
        (S::InProgress, A::AskOpinion | A::RequestInformation, Handler) => here(state),
        (S::InProgress, A::GiveOpinion, Handler | Respondent) if facts.opinion_asked => here(state),
        (S::InProgress, A::ProvideInformation, Handler | Complainant) if facts.information_asked => here(state),
        // also where what was directed is not done [7.1(ঙ), 7.1.2]
        (S::InProgress | S::AwaitingCompliance, A::OpenInvestigation, Handler) if facts.inquiry == Inquiry::None => {
            here(S::InProgress)
        }
        (S::InProgress, A::ReportInvestigation, Handler) if facts.inquiry == Inquiry::Open => here(state),
        (S::InProgress, A::Decide, Handler) if facts.inquiry != Inquiry::Open => match outcome {
            Some(outcome) if !outcomes(facts).contains(&outcome) => None,
            Some(outcome) if outcome.awaits_compliance() => here(S::AwaitingCompliance),
            _ => here(S::Decided),
        },
        (S::AwaitingCompliance, A::ConfirmCompliance, Handler) => here(S::Decided),
        (S::InProgress | S::AwaitingCompliance | S::Decided, A::RecommendDepartmentalAction, Handler) => {
            let found = facts.reviews || facts.inquiry == Inquiry::Reported;
            if found && !facts.departmental_action {
                here(state)
            } else {
                None
            }
        }
        (S::InProgress | S::AwaitingCompliance | S::Decided | S::FiledWithoutAction, A::NoteRootCause, Handler) => {
            here(state)
        }
        (S::AwaitingCompliance | S::Decided | S::FiledWithoutAction, A::TellComplainant, Handler) if facts.untold => {
            here(state)
        }
        (S::Decided | S::FiledWithoutAction, A::RecommendBlacklisting, Handler) => {
            let can = facts.at_first_level && !facts.anonymous && !facts.blacklisting_recommended;
            if can { here(state) } else { None }
        }
        (_, A::AddNote, Handler) => here(state),
        (S::Submitted | S::InProgress, A::Appeal, Complainant | Respondent) => {
            if facts.is_overdue && !facts.at_last_level {
                above(S::Submitted)
            } else {
                None
            }
        }
        (S::AwaitingCompliance, A::Appeal, Complainant | Respondent) => {
            let can = facts.within_appeal || facts.is_overdue;
            if can && !facts.at_last_level {
                above(S::Submitted)
            } else {
                None
            }
        }
        (S::Decided | S::FiledWithoutAction, A::Appeal, Complainant | Respondent) => {
            if facts.within_appeal && !facts.at_last_level {
                above(S::Submitted)
            } else {
                None
            }
        }
        (S::Submitted | S::InProgress | S::AwaitingCompliance, A::TakeUp, NextHandler) => {
            if facts.is_overdue && !facts.at_last_level {
                above(S::InProgress)
            } else {
                None
            }
        }
        (S::Submitted | S::InProgress | S::AwaitingCompliance, A::Withdraw, Complainant) => here(S::Withdrawn),
        (S::Decided, A::Feedback, Complainant) if facts.within_feedback => here(state),
        _ => None,
    }
}

/// What somebody can do now, in the order of [`Action::ALL`].
pub fn available(state: State, by: Party, facts: &Facts) -> Vec<Action> {
    let can = |action: &Action| next(state, *action, None, by, facts).is_some();
    Action::ALL.iter().copied().filter(can).collect()
}

/// Whether an act is one of a party's at all, in whatever state.
pub fn is_act_of(action: Action, by: Party) -> bool {
    let most = || [Inquiry::None, Inquiry::Open, Inquiry::Reported].map(|inquiry| Facts { inquiry, ..MOST });
    let mut states = State::ALL.iter();
    states.any(|state| {
        most()
            .iter()
            .any(|facts| next(*state, action, None, by, facts).is_some())
    })
}

/// The facts under which most can be done.
const MOST: Facts = Facts {
    at_first_level: true,
    at_last_level: false,
    reviews: false,
    is_overdue: true,
    within_appeal: true,
    opinion_asked: true,
    information_asked: true,
    inquiry: Inquiry::None,
    departmental_action: false,
    untold: true,
    anonymous: false,
    blacklisting_recommended: false,
    within_feedback: true,
};

/// What can be decided [7.1(ঙ), 7.2(ঙ)]: where a level below has decided, about its decision; else about the grievance.
/// Departmental action is recommended where an investigation has reported [7.4(ঘ)], or about a decision.
pub fn outcomes(facts: &Facts) -> Vec<Outcome> {
    use Outcome as O;
    if facts.reviews {
        return vec![
            O::Upheld,
            O::ComplianceDirected,
            O::Replaced,
            O::DepartmentalActionRecommended,
            O::Referred,
        ];
    }
    let mut outcomes = vec![
        O::ServiceGiven,
        O::TimeGranted,
        O::ReplySatisfactory,
        O::ServiceDirected,
    ];
    if facts.inquiry == Inquiry::Reported {
        outcomes.push(O::DepartmentalActionRecommended);
    }
    outcomes.push(O::Referred);
    outcomes
}

#[cfg(test)]
mod tests;
