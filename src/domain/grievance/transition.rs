//! What those send who handle a grievance, or answer to it.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Action, DismissalReason, Investigator, Outcome};
use crate::domain::calendar::{DAY_PATTERN, range_fault};
use crate::domain::contact::OfficeCode;
use crate::domain::fault::Fault;

/// An act of somebody who handles a grievance, or answers to it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GrievanceTransitionInput {
    /// What is done.
    pub action: Action,
    /// The version that was read, in the place of `If-Match`.
    #[schemars(range(min = 1, max = 9_007_199_254_740_991_i64), extend("examples" = [1]))]
    pub version: Option<i64>,
    /// Words to the complainant, shown to whoever has the tracking code: write nothing about a person. Required to call for
    /// documents, to decide and to file without action.
    #[schemars(length(min = 1, max = 4000), regex(pattern = r"\S"), extend("examples" = ["The service will be given by 10 December."]))]
    pub message: Option<String>,
    /// Words for those only who handle it. Required to give an opinion, to report an investigation, to recommend something, to
    /// send it up, to appeal and to add a note; and with `provide_information`, where it is what the complainant said.
    #[schemars(length(min = 1, max = 8000), regex(pattern = r"\S"), extend("examples" = ["Heard both sides."]))]
    pub note: Option<String>,
    /// The day by which an opinion is asked for, or a decision is to be complied with; required then.
    #[schemars(extend("pattern" = DAY_PATTERN, "examples" = ["2026-12-10"]))]
    pub due_on: Option<NaiveDate>,
    /// The office to which it is forwarded; required then.
    pub office: Option<OfficeCode>,
    /// The level to which it is sent up; the next one where nothing is said.
    #[schemars(range(min = 1, max = 9), extend("examples" = [3]))]
    pub level: Option<i32>,
    /// What is decided; required then.
    pub outcome: Option<Outcome>,
    /// Why it is filed without action; required then.
    pub reason: Option<DismissalReason>,
    /// To whom it is referred; required for the outcome `referred`.
    #[schemars(length(min = 1, max = 200), regex(pattern = r"\S"), extend("examples" = ["জেলা প্রশাসক, খুলনা"]))]
    pub referred_to: Option<String>,
    /// Why it came to this; with a decision, or required to note it.
    #[schemars(length(min = 1, max = 2000), regex(pattern = r"\S"), extend("examples" = ["জনবলের স্বল্পতা"]))]
    pub root_cause: Option<String>,
    /// What is to be done so that it does not come to this again; with a decision, or to note it.
    #[schemars(length(min = 1, max = 2000), regex(pattern = r"\S"), extend("examples" = ["আবেদন গ্রহণের দিনই দায়িত্ব বণ্টন"]))]
    pub advice: Option<String>,
    /// Who investigates: an officer at least one rank above, or a committee of up to three [7.1.2]; required to open one.
    #[schemars(length(min = 1, max = 3))]
    pub investigators: Option<Vec<Investigator>>,
}

impl GrievanceTransitionInput {
    /// The fields that the act needs, and those that it may have.
    const fn fields(&self) -> (&'static [&'static str], &'static [&'static str]) {
        use Action as A;
        const WORDS: &[&str] = &["message", "note"];
        match self.action {
            A::Accept | A::ConfirmCompliance | A::TellComplainant | A::TakeUp => (&[], WORDS),
            A::FileWithoutAction => (&["reason", "message"], &["note"]),
            A::Forward => (&["office"], WORDS),
            A::SendUp => (&["note"], &["message", "level"]),
            A::AskOpinion => (&["due_on"], &["note"]),
            A::RequestInformation => (&["message"], &["note"]),
            A::OpenInvestigation => (&["investigators"], WORDS),
            A::Decide => (
                &["outcome", "message"],
                &["note", "due_on", "referred_to", "root_cause", "advice"],
            ),
            A::NoteRootCause => (&["root_cause"], &["advice", "note"]),
            A::GiveOpinion
            | A::ProvideInformation
            | A::ReportInvestigation
            | A::RecommendDepartmentalAction
            | A::RecommendBlacklisting
            | A::Appeal
            | A::AddNote => (&["note"], &[]),
            // these are the complainant's own
            A::Withdraw | A::Feedback => (&[], &[]),
        }
    }

    /// What the schema cannot say: each act has the fields that it needs and no others.
    pub fn faults(&self, today: NaiveDate) -> Vec<Fault> {
        let (required, optional) = self.fields();
        let mut faults = Vec::new();
        for (field, there) in [
            ("message", self.message.is_some()),
            ("note", self.note.is_some()),
            ("due_on", self.due_on.is_some()),
            ("office", self.office.is_some()),
            ("level", self.level.is_some()),
            ("outcome", self.outcome.is_some()),
            ("reason", self.reason.is_some()),
            ("referred_to", self.referred_to.is_some()),
            ("root_cause", self.root_cause.is_some()),
            ("advice", self.advice.is_some()),
            ("investigators", self.investigators.is_some()),
        ] {
            let needed = required.contains(&field) || self.outcome_needs(field);
            let allowed = needed || (optional.contains(&field) && !self.outcome_forbids(field));
            if needed && !there {
                faults.push(Fault::new(format!("/{field}"), "required", "is required for this act"));
            } else if there && !allowed {
                faults.push(Fault::new(
                    format!("/{field}"),
                    "not_allowed",
                    "has no meaning for this act",
                ));
            }
        }
        if let Some(due_on) = self.due_on {
            faults.extend(range_fault(due_on, "/due_on"));
            if due_on < today {
                faults.push(Fault::new("/due_on", "out_of_range", "must not have passed"));
            }
        }
        faults
    }

    fn outcome_needs(&self, field: &str) -> bool {
        match (self.action, self.outcome, field) {
            (Action::Decide, Some(outcome), "due_on") => outcome.awaits_compliance(),
            (Action::Decide, Some(outcome), "referred_to") => outcome == Outcome::Referred,
            _ => false,
        }
    }

    fn outcome_forbids(&self, field: &str) -> bool {
        self.action == Action::Decide && matches!(field, "due_on" | "referred_to")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fault::in_short;
    use crate::domain::json_schema;
    use serde_json::{Value, json};

    #[test]
    fn each_act_has_the_fields_that_it_needs() {
        let faults = |input: Value| -> Vec<String> {
            let input: GrievanceTransitionInput = json_schema::read(input).unwrap();
            in_short(input.faults("2026-11-24".parse().unwrap()))
        };
        assert_eq!(faults(json!({"action": "accept"})), [""; 0]);
        assert_eq!(
            faults(json!({"action": "accept", "outcome": "upheld"})),
            ["/outcome not_allowed"]
        );
        assert_eq!(
            faults(json!({"action": "file_without_action"})),
            ["/message required", "/reason required"]
        );
        let decide = |fields: Value| {
            let mut input = json!({"action": "decide", "message": "x"});
            input
                .as_object_mut()
                .unwrap()
                .extend(fields.as_object().unwrap().clone());
            faults(input)
        };
        assert_eq!(decide(json!({"outcome": "reply_satisfactory", "advice": "x"})), [""; 0]);
        assert_eq!(decide(json!({})), ["/outcome required"]);
        assert_eq!(decide(json!({"outcome": "service_directed"})), ["/due_on required"]);
        assert_eq!(
            decide(json!({"outcome": "time_granted", "due_on": "2026-11-24"})),
            [""; 0],
            "to the end of today"
        );
        assert_eq!(
            decide(json!({"outcome": "time_granted", "due_on": "2026-11-23"})),
            ["/due_on out_of_range"]
        );
        assert_eq!(
            decide(json!({"outcome": "upheld", "due_on": "2026-12-01", "referred_to": "x"})),
            ["/due_on not_allowed", "/referred_to not_allowed"]
        );
        assert_eq!(decide(json!({"outcome": "referred"})), ["/referred_to required"]);
        assert_eq!(
            faults(json!({"action": "ask_opinion", "message": "x"})),
            ["/message not_allowed", "/due_on required"]
        );
    }
}
