//! A case as everybody sees it who has the tracking code: nothing about a person.

use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::history::TrackedEvent;
use crate::domain::contact::OfficeCode;
use crate::domain::grievance_level::HandledBy;
use crate::domain::text::Text;

/// The service that a case is about, as it was called when the case was filed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RequestedService {
    /// The id of the service.
    #[schemars(extend("examples" = ["01a20ada-2c02-7403-8776-ea055f760188"]))]
    pub id: Uuid,
    /// The version of the service under which the case was filed.
    #[schemars(range(min = 1, max = 9_007_199_254_740_991_i64), extend("examples" = [1]))]
    pub version: i64,
    /// The code of the office that promises it.
    pub office: OfficeCode,
    /// The name of the service.
    pub name: Text,
}

/// An appointment at the office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Appointment {
    /// When.
    pub at: DateTime<Utc>,
    /// Where, and what to bring.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2000), regex(pattern = r"\S"), extend("examples" = ["কক্ষ ২০৩"]))]
    pub place: Option<String>,
}

/// Something that can be done to a case, as a word for programs. Later versions may add words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct CaseAction(
    #[schemars(length(max = 64), regex(pattern = "^[a-z_]+$"), extend("examples" = ["withdraw"]))] pub &'static str,
);

/// A case as everybody may see it who has the tracking code: nothing about a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Tracking {
    /// The tracking code, as it is written.
    #[schemars(length(max = 32), regex(pattern = "^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$"), extend("examples" = ["7ZK3-9QWM-04TD-XB2R"]))]
    pub tracking_code: String,
    /// What kind of case it is: `service_request` or `grievance`.
    #[schemars(length(max = 64), regex(pattern = "^[a-z_]+$"), extend("examples" = ["service_request"]))]
    pub kind: &'static str,
    /// In which state it is, one of those of its kind of case. Later versions may add states.
    #[schemars(length(max = 64), regex(pattern = "^[a-z_]+$"), extend("examples" = ["submitted"]))]
    pub state: String,
    /// The code of the office that it is at.
    pub office: OfficeCode,
    /// The service that it is about; absent for a grievance that is about none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<RequestedService>,
    /// Who handles a grievance at the level that it is at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handled_by: Option<HandledBy>,
    /// The day in Dhaka on which it was filed.
    #[schemars(extend("examples" = ["2026-11-24"]))]
    pub filed_on: NaiveDate,
    /// The day by whose end in Dhaka it is due. Absent while the clock of a request stands, and until the officer names a day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["2026-12-01"]))]
    pub due_on: Option<NaiveDate>,
    /// Whether it should have been decided by now; of a decided one, whether that came too late.
    #[schemars(extend("examples" = [false]))]
    pub overdue: bool,
    /// The working days that are left while the clock stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 366), extend("examples" = [3]))]
    pub working_days_left: Option<i32>,
    /// The appointment at the office.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub appointment: Option<Appointment>,
    /// What was decided about a grievance, as a word for programs. Later versions may add words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64), regex(pattern = "^[a-z_]+$"), extend("examples" = ["service_directed"]))]
    pub outcome: Option<String>,
    /// The last day in Dhaka on which the decision about a grievance can be appealed [guideline 6.2].
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["2026-12-24"]))]
    pub appeal_until: Option<NaiveDate>,
    /// The history.
    #[schemars(length(max = 10_000))]
    pub events: Vec<TrackedEvent>,
    /// What the applicant or complainant can do now: `provide_information`, `withdraw`, `feedback`, `appeal`.
    #[schemars(length(max = 20))]
    pub available_actions: Vec<CaseAction>,
    /// Counts what happened, from 1.
    #[schemars(range(min = 1, max = 9_007_199_254_740_991_i64), extend("examples" = [1]))]
    pub version: i64,
}
