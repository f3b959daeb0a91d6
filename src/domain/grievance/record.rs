//! A grievance as it is kept.

use chrono::{DateTime, Months, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use super::machine::{self, Action, Facts, Inquiry, Party, State};
use super::report::Disposal;
use super::{
    AboutHandler, Attachment, ComplainantKind, DismissalReason, GrievanceMedium, Investigation, KeptComplainant,
    Outcome,
};
use crate::domain::calendar::{Calendar, dhaka_day};
use crate::domain::case::clock::Clock;
use crate::domain::case::tracking::RequestedService;
use crate::domain::case::{Case, Language};
use crate::domain::contact::OfficeCode;
use crate::domain::grievance_level::CharterGrievanceLevel;
use crate::domain::personal_data::Sealed;

/// Within how many working days of the decision the complainant is told the result [7.4(ছ)].
pub const TOLD_WITHIN: u32 = 7;
/// Within how many working days an investigation reports at most [7.1.2].
pub const REPORTED_WITHIN: u32 = 20;
/// Within which time a decision can be appealed, to the end of that day [6.2].
pub const APPEALED_WITHIN: Months = Months::new(1);
/// How long after it was closed it can be rated.
pub const FEEDBACK_FOR: TimeDelta = TimeDelta::days(30);

/// What a grievance is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// The service, with the number of the change that left it as it was when the grievance was filed.
    pub service: Option<(RequestedService, i64)>,
    /// The service request.
    pub request: Option<Uuid>,
    /// The officer who is named.
    pub officer: Option<Uuid>,
    /// Which of those who redress grievances it is about.
    pub handler: Option<AboutHandler>,
    /// The officer who answers for the service.
    pub responsible_officer: Option<Uuid>,
    /// The day on which the service was applied for.
    pub applied_on: Option<NaiveDate>,
}

impl Subject {
    /// Whether an officer has to answer to it: the one who is named, or the one who answers for the service.
    pub fn is_about(&self, officer: Uuid) -> bool {
        [self.officer, self.responsible_officer].contains(&Some(officer))
    }
}

/// What was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// At which level.
    pub level: i32,
    /// When.
    pub at: DateTime<Utc>,
    /// The outcome; absent where it was filed without action.
    pub outcome: Option<Outcome>,
    /// Why it was filed without action; absent where something was decided.
    pub reason: Option<DismissalReason>,
    /// The words of the decision.
    pub message: Option<String>,
    /// To whom it was referred.
    pub referred_to: Option<String>,
}

/// A grievance as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Identifies the grievance.
    pub id: Uuid,
    /// What the complainant follows it by.
    pub tracking_code: String,
    /// The office that it is at.
    pub office: OfficeCode,
    /// The office whose Appeal Officer hears its appeals: the one above, or itself where there is none.
    pub appeal_office: OfficeCode,
    /// The level that it is at.
    pub level: i32,
    /// In which state it is there.
    pub state: State,
    /// What it is about.
    pub about: Subject,
    /// The officer who stands in for the Grievance Redress Officer.
    pub alternate_officer: Option<Uuid>,
    /// Who complains.
    pub complainant_kind: ComplainantKind,
    /// The complainant; absent where it is anonymous.
    pub complainant: Option<KeptComplainant>,
    /// How it came in.
    pub medium: GrievanceMedium,
    /// In which language the complainant wants to be written to.
    pub language: Language,
    /// What it is about, in a line.
    pub subject: String,
    /// What happened.
    pub description: String,
    /// The papers that belong to it.
    pub attachments: Vec<Attachment>,
    /// When it was filed.
    pub filed_at: DateTime<Utc>,
    /// The account or client that filed it; absent for a complainant, and where it is anonymous.
    pub filed_by: Option<Uuid>,
    /// In which role: one of the roles, or `applicant`.
    pub filed_as: String,
    /// The clock of the level that it is at.
    pub limit: Clock,
    /// The day by whose end in Dhaka it is due: to be decided, or what was directed to be done.
    pub due_on: NaiveDate,
    /// The day by which an opinion was asked for, until it is given.
    pub opinion_due_on: Option<NaiveDate>,
    /// Whether something was called for that was not given yet.
    pub information_asked: bool,
    /// The investigation at this level.
    pub investigation: Option<Investigation>,
    /// What was decided last, here or at a level below.
    pub decision: Option<Decision>,
    /// Why it came to this.
    pub root_cause: Option<String>,
    /// What is to be done so that it does not come to this again.
    pub advice: Option<String>,
    /// Whether departmental action was recommended.
    pub departmental_action: bool,
    /// The day on which the complainant was told what was decided at this level.
    pub told_on: Option<NaiveDate>,
    /// Whether the complainant was recommended for the blacklist.
    pub blacklisting_recommended: bool,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// How the complainant rated how it was redressed.
    pub rating: Option<i32>,
    /// How many rows its history has, and the hash of the last one.
    pub history: (i32, String),
    /// Counts what happened.
    pub version: i64,
    /// When something last happened.
    pub updated_at: DateTime<Utc>,
}

/// The levels of the charter of the office that a grievance is at, in their order.
pub type Levels = [CharterGrievanceLevel];

impl Case for Record {
    fn id(&self) -> Uuid {
        self.id
    }

    fn state_name(&self) -> &'static str {
        self.state.as_str()
    }

    fn history(&mut self) -> &mut (i32, String) {
        &mut self.history
    }

    fn filed_by(&self) -> Option<Uuid> {
        self.filed_by
    }

    fn personal(&self) -> Option<&Sealed> {
        self.complainant.as_ref().map(|complainant| &complainant.personal)
    }
}

impl Record {
    /// The day in Dhaka on which it was filed.
    pub fn filed_on(&self) -> NaiveDate {
        dhaka_day(self.filed_at)
    }

    /// The day in Dhaka on which it was closed.
    pub fn closed_on(&self) -> Option<NaiveDate> {
        self.closed_at.map(dhaka_day)
    }

    /// Whether nobody knows who complained.
    pub const fn is_anonymous(&self) -> bool {
        self.complainant.is_none()
    }

    /// Whether its due day has passed, or it was closed later than it should have been.
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        self.due_on < self.closed_on().unwrap_or(today)
    }

    /// What was decided at the level that it is at.
    pub fn decided_here(&self) -> Option<&Decision> {
        self.decision.as_ref().filter(|decision| decision.level == self.level)
    }

    /// The day of the decision that the complainant was not told yet. Nobody can be told about an anonymous grievance.
    pub fn untold_since(&self) -> Option<NaiveDate> {
        let decision = self.decided_here()?;
        let untold = !self.is_anonymous() && self.told_on.is_none() && self.state != State::Withdrawn;
        untold.then(|| dhaka_day(decision.at))
    }

    /// The day by which the complainant is told the result [7.4(ছ)]; absent where that was done, or nothing is decided.
    pub fn tell_by(&self, calendar: &Calendar) -> Option<NaiveDate> {
        calendar.due_on(self.untold_since()?, TOLD_WITHIN)
    }

    /// How it was closed; `None` while it is open.
    pub const fn disposal(&self) -> Option<Disposal> {
        match self.state {
            State::Decided => Some(Disposal::Decided),
            State::FiledWithoutAction => Some(Disposal::FiledWithoutAction),
            State::Withdrawn => Some(Disposal::Withdrawn),
            State::Submitted | State::InProgress | State::AwaitingCompliance => None,
        }
    }

    /// The last day on which the decision can be appealed [6.2]; absent where there is none, and at the last level.
    pub fn appeal_until(&self, levels: &Levels) -> Option<NaiveDate> {
        let decision = self.decided_here()?;
        let open = self.state != State::Withdrawn && level_above(levels, self.level).is_some();
        dhaka_day(decision.at)
            .checked_add_months(APPEALED_WITHIN)
            .filter(|_| open)
    }

    /// What the acts depend on besides the state.
    pub fn facts(&self, now: DateTime<Utc>, levels: &Levels) -> Facts {
        let today = dhaka_day(now);
        Facts {
            at_first_level: levels.iter().all(|level| level.level >= self.level),
            at_last_level: level_above(levels, self.level).is_none(),
            reviews: self
                .decision
                .as_ref()
                .is_some_and(|decision| decision.level < self.level),
            is_overdue: self.is_overdue(today),
            within_appeal: self.appeal_until(levels).is_some_and(|until| today <= until),
            opinion_asked: self.opinion_due_on.is_some(),
            information_asked: self.information_asked,
            inquiry: match &self.investigation {
                None => Inquiry::None,
                Some(investigation) if investigation.reported_on.is_none() => Inquiry::Open,
                Some(_) => Inquiry::Reported,
            },
            departmental_action: self.departmental_action,
            untold: self.untold_since().is_some(),
            anonymous: self.is_anonymous(),
            blacklisting_recommended: self.blacklisting_recommended,
            within_feedback: self.rating.is_none() && self.closed_at.is_some_and(|at| now <= at + FEEDBACK_FOR),
        }
    }

    /// What somebody can do now.
    pub fn available(&self, by: Party, now: DateTime<Utc>, levels: &Levels) -> Vec<Action> {
        machine::available(self.state, by, &self.facts(now, levels))
    }

    /// Starts the clock of a level on a day.
    pub fn start_clock(&mut self, level: &CharterGrievanceLevel, from: NaiveDate, calendar: &Calendar) {
        self.level = level.level;
        self.limit = Clock {
            from,
            days: level.working_days,
        };
        self.count_limit(calendar);
    }

    /// Makes the limit of the level the due day.
    pub(super) fn count_limit(&mut self, calendar: &Calendar) {
        self.due_on = self.limit.due_on(calendar).unwrap_or(NaiveDate::MAX);
    }
}

/// The level behind one.
pub fn level_above(levels: &Levels, level: i32) -> Option<&CharterGrievanceLevel> {
    let above = levels.iter().filter(|other| other.level > level);
    above.min_by_key(|other| other.level)
}

#[cfg(test)]
mod tests;
