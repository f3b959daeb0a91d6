//! A grievance as those see it who handle it, and the receipt that the complainant gets.

use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::machine::{self, Action, Party, State};
use super::record::{Levels, REPORTED_WITHIN, Record};
use super::{
    AboutHandler, Attachment, Complainant, ComplainantKind, DismissalReason, GrievanceMedium, Investigator, Outcome,
    ShownComplainant,
};
use crate::domain::calendar::{Calendar, dhaka_day};
use crate::domain::case::Language;
use crate::domain::case::history::TrackedEvent;
use crate::domain::case::tracking::{CaseAction, RequestedService, Tracking};
use crate::domain::contact::OfficeCode;
use crate::domain::grievance_level::HandledBy;

/// An investigation [7.1.2].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Investigation {
    /// The day in Dhaka on which it was opened.
    #[schemars(extend("examples" = ["2026-12-01"]))]
    pub opened_on: NaiveDate,
    /// Who investigates.
    #[schemars(length(max = 3))]
    pub investigators: Vec<Investigator>,
    /// The day on which it reported; absent while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["2026-12-20"]))]
    pub reported_on: Option<NaiveDate>,
}

/// The answer to a grievance [6.1(ছ), (ঝ)]: what to follow it by, who handles it, and by when it is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct GrievanceReceipt {
    /// Identifies the grievance.
    #[schemars(extend("examples" = ["01a20adc-66ff-7b8d-8a7c-0e9d8c7b6a5f"]))]
    pub id: Uuid,
    /// What to follow the grievance by. Whoever has it can act for the complainant: keep it, and give it to nobody.
    #[schemars(length(max = 32), regex(pattern = "^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$"), extend("examples" = ["7ZK3-9QWM-04TD-XB2R"]))]
    pub tracking_code: String,
    /// In which state it is.
    pub state: State,
    /// The code of the office that it is at.
    pub office: OfficeCode,
    /// The service that it is about; absent where it is about none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<RequestedService>,
    /// The level at which it begins: the second where it is about the Grievance Redress Officer, the third where it is about the
    /// Appeal Officer.
    #[schemars(range(min = 1, max = 9), extend("examples" = [2]))]
    pub level: i32,
    /// Who handles it.
    pub handled_by: HandledBy,
    /// The day in Dhaka on which it was filed.
    #[schemars(extend("examples" = ["2026-11-24"]))]
    pub filed_on: NaiveDate,
    /// The day by whose end in Dhaka it is due.
    #[schemars(extend("examples" = ["2026-12-23"]))]
    pub due_on: NaiveDate,
}

/// A grievance as those see it who handle it, and those whom it is about.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Grievance {
    /// Identifies the grievance.
    #[schemars(extend("examples" = ["01a20adc-66ff-7b8d-8a7c-0e9d8c7b6a5f"]))]
    pub id: Uuid,
    /// What the complainant follows it by. Absent for those whom it is about: whoever has it can act for the complainant.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 32), regex(pattern = "^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$"), extend("examples" = ["7ZK3-9QWM-04TD-XB2R"]))]
    pub tracking_code: Option<String>,
    /// In which state it is, at its level.
    pub state: State,
    /// The code of the office that it is at.
    pub office: OfficeCode,
    /// The level that it is at.
    #[schemars(range(min = 1, max = 9), extend("examples" = [2]))]
    pub level: i32,
    /// Who handles it there; absent where the charter no longer has that level.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handled_by: Option<HandledBy>,
    /// The service that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<RequestedService>,
    /// The id of the service request that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["01a20adc-66ff-7b8d-8a7c-0e9d8c7b6a5f"]))]
    pub service_request_id: Option<Uuid>,
    /// The officer whom it is about, by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["01a20ada-2c01-79c0-8273-a277d6ca015b"]))]
    pub officer_id: Option<Uuid>,
    /// The officer who answers for the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["01a20ada-2c00-728e-bfe3-ce9bc0aefe0b"]))]
    pub responsible_officer: Option<Uuid>,
    /// Which of those who redress grievances it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about_handler: Option<AboutHandler>,
    /// The day on which the service was applied for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["2026-11-02"]))]
    pub applied_on: Option<NaiveDate>,
    /// Who complains.
    pub complainant_kind: ComplainantKind,
    /// Whether nobody knows who complained.
    #[schemars(extend("examples" = [false]))]
    pub anonymous: bool,
    /// Who complained. Absent where it is anonymous, and for those whom it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub complainant: Option<ShownComplainant>,
    /// How it came in.
    pub medium: GrievanceMedium,
    /// In which language the complainant wants to be written to.
    pub language: Language,
    /// What it is about, in a line.
    #[schemars(length(max = 200), regex(pattern = r"\S"), extend("examples" = ["সময়মতো সেবা পাইনি"]))]
    pub subject: String,
    /// What happened.
    #[schemars(length(max = 8000), regex(pattern = r"\S"), extend("examples" = ["নির্ধারিত সময়সীমা পার হলেও সেবা দেওয়া হয়নি।"]))]
    pub description: String,
    /// The papers that belong to it.
    #[schemars(length(max = 10))]
    pub attachments: Vec<Attachment>,
    /// When it was filed.
    pub filed_at: DateTime<Utc>,
    /// The day in Dhaka on which it was filed.
    #[schemars(extend("examples" = ["2026-11-24"]))]
    pub filed_on: NaiveDate,
    /// The day by whose end in Dhaka it is due: to be decided at its level, or what was directed to be done.
    #[schemars(extend("examples" = ["2026-12-23"]))]
    pub due_on: NaiveDate,
    /// Whether that day has passed; of a closed one, whether it was closed later.
    #[schemars(extend("examples" = [false]))]
    pub overdue: bool,
    /// The day by which an opinion was asked for, until it is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["2026-12-01"]))]
    pub opinion_due_on: Option<NaiveDate>,
    /// Whether the complainant was called upon for documents or a statement, and has not answered.
    #[schemars(extend("examples" = [false]))]
    pub information_asked: bool,
    /// The investigation at its level.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub investigation: Option<Investigation>,
    /// The day by which an open investigation reports [7.1.2].
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["2026-12-29"]))]
    pub report_by: Option<NaiveDate>,
    /// What was decided last, at its level or one below.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Why it was filed without action.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<DismissalReason>,
    /// The level at which that was decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 9), extend("examples" = [1]))]
    pub decided_level: Option<i32>,
    /// The day in Dhaka on which that was decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["2026-12-10"]))]
    pub decided_on: Option<NaiveDate>,
    /// The words of the decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 4000), regex(pattern = r"\S"), extend("examples" = ["The service will be given by 10 December."]))]
    pub decision: Option<String>,
    /// To whom it was referred.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 200), regex(pattern = r"\S"), extend("examples" = ["জেলা প্রশাসক, খুলনা"]))]
    pub referred_to: Option<String>,
    /// Why it came to this.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2000), regex(pattern = r"\S"), extend("examples" = ["জনবলের স্বল্পতা"]))]
    pub root_cause: Option<String>,
    /// What is to be done so that it does not come to this again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2000), regex(pattern = r"\S"), extend("examples" = ["আবেদন গ্রহণের দিনই দায়িত্ব বণ্টন"]))]
    pub advice: Option<String>,
    /// Whether departmental action was recommended [7.4(ঘ)].
    #[schemars(extend("examples" = [false]))]
    pub departmental_action: bool,
    /// The day by which the complainant is to be told the result [7.4(ছ)]; absent once that is done.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["2026-12-21"]))]
    pub tell_by: Option<NaiveDate>,
    /// Whether the complainant should have been told by now.
    #[schemars(extend("examples" = [false]))]
    pub telling_overdue: bool,
    /// The day on which the complainant was told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["2026-12-13"]))]
    pub told_on: Option<NaiveDate>,
    /// The last day on which the decision can be appealed [6.2].
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["2027-01-10"]))]
    pub appeal_until: Option<NaiveDate>,
    /// Whether the complainant was recommended for the blacklist [8].
    #[schemars(extend("examples" = [false]))]
    pub blacklisting_recommended: bool,
    /// When it was closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<DateTime<Utc>>,
    /// How the complainant rated how it was redressed, from 1 to 5.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 5), extend("examples" = [5]))]
    pub rating: Option<i32>,
    /// What whoever asks can do now.
    #[schemars(length(max = 30))]
    pub available_actions: Vec<Action>,
    /// What can be decided, for whoever can decide now.
    #[schemars(length(max = 20))]
    pub available_outcomes: Vec<Outcome>,
    /// Counts what happened, from 1.
    #[schemars(range(min = 1, max = 9_007_199_254_740_991_i64), extend("examples" = [1]))]
    pub version: i64,
    /// When something last happened.
    pub updated_at: DateTime<Utc>,
}

/// What somebody may see of who complained.
pub struct Who {
    /// Who complained; nobody where it is anonymous, or hidden.
    pub complainant: Option<Complainant>,
    /// Whether that is hidden.
    pub hidden: bool,
    /// Whether it is shown in a list.
    pub listed: bool,
}

impl Record {
    /// As somebody sees it who is a party to it. Those whom it is about do not see who complained; what tells of that one is masked
    /// in lists, and but for whoever handles it or could take it up.
    pub fn served(
        self,
        party: Option<Party>,
        who: Who,
        now: DateTime<Utc>,
        (levels, calendar): (&Levels, &Calendar),
    ) -> Grievance {
        let today = dhaka_day(now);
        let available_actions = party.map_or_else(Vec::new, |party| self.available(party, now, levels));
        let available_outcomes = if available_actions.contains(&Action::Decide) {
            machine::outcomes(&self.facts(now, levels))
        } else {
            Vec::new()
        };
        let handles = match party {
            Some(Party::Handler) => true,
            Some(Party::NextHandler) => !available_actions.is_empty(),
            _ => false,
        };
        let tell_by = self.tell_by(calendar);
        let investigation = self.investigation.as_ref();
        let open = investigation.filter(|investigation| investigation.reported_on.is_none());
        let handled_by = levels.iter().find(|level| level.level == self.level);
        Grievance {
            overdue: self.is_overdue(today),
            filed_on: self.filed_on(),
            handled_by: handled_by.map(HandledBy::from),
            anonymous: self.is_anonymous(),
            report_by: open.and_then(|open| calendar.due_on(open.opened_on, REPORTED_WITHIN)),
            telling_overdue: tell_by.is_some_and(|by| by < today),
            tell_by,
            appeal_until: self.appeal_until(levels),
            available_actions,
            available_outcomes,
            outcome: self.decision.as_ref().and_then(|decision| decision.outcome),
            reason: self.decision.as_ref().and_then(|decision| decision.reason),
            decided_level: self.decision.as_ref().map(|decision| decision.level),
            decided_on: self.decision.as_ref().map(|decision| dhaka_day(decision.at)),
            referred_to: self.decision.as_ref().and_then(|decision| decision.referred_to.clone()),
            decision: self.decision.and_then(|decision| decision.message),
            id: self.id,
            tracking_code: (!who.hidden).then_some(self.tracking_code),
            state: self.state,
            office: self.office,
            level: self.level,
            service: self.about.service.map(|(service, _)| service),
            service_request_id: self.about.request.filter(|_| !who.hidden),
            officer_id: self.about.officer,
            responsible_officer: self.about.responsible_officer,
            about_handler: self.about.handler,
            applied_on: self.about.applied_on,
            complainant_kind: self.complainant_kind,
            complainant: who
                .complainant
                .map(|complainant| complainant.shown(!handles || who.listed)),
            medium: self.medium,
            language: self.language,
            subject: self.subject,
            description: self.description,
            attachments: self.attachments,
            filed_at: self.filed_at,
            due_on: self.due_on,
            opinion_due_on: self.opinion_due_on,
            information_asked: self.information_asked,
            investigation: self.investigation,
            root_cause: self.root_cause,
            advice: self.advice,
            departmental_action: self.departmental_action,
            told_on: self.told_on,
            blacklisting_recommended: self.blacklisting_recommended && !who.hidden,
            closed_at: self.closed_at,
            rating: self.rating,
            version: self.version,
            updated_at: self.updated_at,
        }
    }

    /// As everybody may see it who has the tracking code.
    pub fn tracked(self, events: Vec<TrackedEvent>, now: DateTime<Utc>, levels: &Levels) -> Tracking {
        let available = self.available(Party::Complainant, now, levels).into_iter();
        let handled_by = levels.iter().find(|level| level.level == self.level);
        Tracking {
            overdue: self.is_overdue(dhaka_day(now)),
            filed_on: self.filed_on(),
            available_actions: available.map(|action| CaseAction(action.as_str())).collect(),
            appeal_until: self.appeal_until(levels),
            outcome: self
                .decision
                .as_ref()
                .and_then(|decision| decision.outcome)
                .map(|outcome| outcome.as_str().to_owned()),
            tracking_code: self.tracking_code,
            kind: "grievance",
            state: self.state.as_str().to_owned(),
            office: self.office,
            service: self.about.service.map(|(service, _)| service),
            handled_by: handled_by.map(HandledBy::from),
            due_on: Some(self.due_on),
            working_days_left: None,
            appointment: None,
            events,
            version: self.version,
        }
    }
}

#[cfg(test)]
mod tests;
