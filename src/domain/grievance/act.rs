//! What each act makes of a grievance, and what it leaves for the history and the registers.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::machine::{self, Action, Party, State};
use super::record::{Decision, Levels, Record, level_above};
use super::{DismissalReason, GrievanceMedium, Investigation, Investigator, Outcome};
use crate::domain::calendar::{Calendar, dhaka_day};
use crate::domain::case::history::{Deed, NotAvailable, PublicPart};
use crate::domain::contact::OfficeCode;
use crate::domain::grievance_level::CharterGrievanceLevel;

/// An office that redresses grievances.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Desk {
    /// The office.
    pub office: OfficeCode,
    /// The office whose Appeal Officer hears appeals from there.
    pub appeal_office: OfficeCode,
    /// Who stands in there for the Grievance Redress Officer.
    pub alternate_officer: Option<Uuid>,
}

/// What is done, with all that belongs to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Particulars {
    /// Words to the complainant, or the complainant's own.
    pub message: Option<String>,
    /// Words for those only who handle it.
    pub note: Option<String>,
    /// The day by which an opinion is asked for, or a decision is to be complied with.
    pub due_on: Option<NaiveDate>,
    /// Where it is forwarded to.
    pub office: Option<Desk>,
    /// The level to which it is sent up.
    pub level: Option<i32>,
    /// What is decided.
    pub outcome: Option<Outcome>,
    /// Why it is filed without action.
    pub reason: Option<DismissalReason>,
    /// To whom it is referred.
    pub referred_to: Option<String>,
    /// Why it came to this.
    pub root_cause: Option<String>,
    /// What is to be done against it.
    pub advice: Option<String>,
    /// Who investigates.
    pub investigators: Vec<Investigator>,
    /// A rating.
    pub rating: Option<i32>,
}

/// What an act means for the registers, in which each stay of a grievance at a desk is a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passage {
    /// It was closed: every stay that waited for that is disposed of.
    Closed,
    /// It went to another desk as what it was: that stay is disposed of there, and another begins.
    Passed,
    /// It went up as an appeal that came in so, or on the next level's own motion: another stay begins.
    Appealed(GrievanceMedium),
}

impl Record {
    /// Does something to it.
    ///
    /// # Errors
    /// [`NotAvailable`]; then nothing has changed.
    pub fn act(
        &mut self,
        action: Action,
        by: Party,
        particulars: Particulars,
        now: DateTime<Utc>,
        (levels, calendar): (&Levels, &Calendar),
    ) -> Result<(Deed, Option<Passage>), NotAvailable> {
        let facts = self.facts(now, levels);
        let next = machine::next(self.state, action, particulars.outcome, by, &facts).ok_or(NotAvailable)?;
        let today = dhaka_day(now);
        let above = match (action, particulars.level) {
            (Action::SendUp, Some(to)) => levels
                .iter()
                .find(|level| level.level == to && to > self.level)
                .map(Some)
                .ok_or(NotAvailable)?,
            _ => level_above(levels, self.level),
        };
        let (due_before, level_before) = (self.due_on, self.level);
        let mut public = PublicPart {
            outcome: particulars.outcome.map(|outcome| outcome.as_str().to_owned()),
            reason: particulars.reason.map(|reason| reason.as_str().to_owned()),
            ..PublicPart::default()
        };
        // a complainant's words are for those only who handle it
        let (message, note) = match by {
            Party::Complainant => (None, particulars.message.clone()),
            _ => (particulars.message.clone(), particulars.note.clone()),
        };
        self.state = next.state;
        match action {
            Action::FileWithoutAction | Action::Decide => self.decide(particulars, now),
            Action::Forward => {
                if let Some(desk) = particulars.office {
                    self.office = desk.office;
                    self.appeal_office = desk.appeal_office;
                    self.alternate_officer = desk.alternate_officer;
                }
            }
            Action::AskOpinion => self.opinion_due_on = particulars.due_on,
            Action::GiveOpinion => self.opinion_due_on = None,
            Action::RequestInformation => self.information_asked = true,
            Action::ProvideInformation => self.information_asked = false,
            Action::OpenInvestigation => self.investigate(particulars.investigators, today, levels, calendar),
            Action::ReportInvestigation => {
                if let Some(investigation) = &mut self.investigation {
                    investigation.reported_on = Some(today);
                }
            }
            Action::RecommendDepartmentalAction => self.departmental_action = true,
            Action::NoteRootCause => {
                self.root_cause = particulars.root_cause;
                self.advice = particulars.advice.or(self.advice.take());
            }
            Action::TellComplainant => self.told_on = Some(today),
            Action::RecommendBlacklisting => self.blacklisting_recommended = true,
            Action::Feedback => self.rating = particulars.rating,
            Action::Accept
            | Action::ConfirmCompliance
            | Action::AddNote
            | Action::SendUp
            | Action::Appeal
            | Action::TakeUp
            | Action::Withdraw => {}
        }
        let passage = match (next.up.then_some(above).flatten(), action) {
            (Some(above), _) => {
                self.begin_at(above, today, calendar);
                Some(match (action, by) {
                    (Action::SendUp, _) => Passage::Passed,
                    (Action::TakeUp, _) => Passage::Appealed(GrievanceMedium::OwnMotion),
                    (_, Party::Complainant) => Passage::Appealed(GrievanceMedium::Website),
                    _ => Passage::Appealed(GrievanceMedium::Conventional),
                })
            }
            (None, Action::Forward) => Some(Passage::Passed),
            (None, _) if !self.state.is_open() && self.closed_at.is_none() => {
                self.closed_at = Some(now);
                Some(Passage::Closed)
            }
            (None, _) => None,
        };
        self.version += 1;
        self.updated_at = now;
        public.message = message;
        public.level = (self.level != level_before).then_some(self.level);
        public.due_on = (self.due_on != due_before).then_some(self.due_on);
        let deed = Deed {
            action: action.as_str(),
            public,
            note,
        };
        Ok((deed, passage))
    }

    /// Decides, or files without action.
    fn decide(&mut self, particulars: Particulars, now: DateTime<Utc>) {
        if self.state == State::AwaitingCompliance {
            self.due_on = particulars.due_on.unwrap_or(self.due_on);
        }
        self.departmental_action |= particulars.outcome == Some(Outcome::DepartmentalActionRecommended);
        self.root_cause = particulars.root_cause.or(self.root_cause.take());
        self.advice = particulars.advice.or(self.advice.take());
        self.opinion_due_on = None;
        self.information_asked = false;
        self.told_on = None;
        self.decision = Some(Decision {
            level: self.level,
            at: now,
            outcome: particulars.outcome,
            reason: particulars.reason,
            message: particulars.message,
            referred_to: particulars.referred_to,
        });
    }

    /// Opens an investigation: the limit of the level grows by the days that the charter says [7.4.1(ক)]. Where what was
    /// directed was not done, that limit is the due day again.
    fn investigate(
        &mut self,
        investigators: Vec<Investigator>,
        today: NaiveDate,
        levels: &Levels,
        calendar: &Calendar,
    ) {
        let level = levels.iter().find(|level| level.level == self.level);
        self.limit.days += level.map_or(0, |level| level.extension_working_days);
        self.count_limit(calendar);
        self.investigation = Some(Investigation {
            opened_on: today,
            investigators,
            reported_on: None,
        });
        // what was decided was not complied with: it is decided anew
        self.decision = self.decision.take().filter(|decision| decision.level < self.level);
        self.told_on = None;
    }

    /// Begins at a level above, with what the levels below have found.
    fn begin_at(&mut self, level: &CharterGrievanceLevel, today: NaiveDate, calendar: &Calendar) {
        self.start_clock(level, today, calendar);
        self.opinion_due_on = None;
        self.information_asked = false;
        self.investigation = None;
        self.told_on = None;
        self.closed_at = None;
        self.rating = None;
    }
}

#[cfg(test)]
mod tests;
