//! Service requests: somebody applies for a service, and an office keeps its promise or does not.

pub mod act;
#[cfg(test)]
pub(in crate::domain) mod examples;
mod input;
pub mod machine;
pub mod record;
pub mod statistics;

use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use input::{FeedbackInput, InformationInput, ServiceRequestInput, TransitionInput, WithdrawalInput};
pub use machine::{Action, Facts, Party, State};

use super::case::tracking::{Appointment, RequestedService};
use super::case::{Language, Medium};
use super::contact::{ShownEmail, ShownMobile};
use super::officer::OfficerContact;
use super::words::words;

words! {
    /// Why a request was refused.
    RejectionReason {
        /// the application lacks what the service needs
        Incomplete,
        /// the applicant is not entitled to the service
        NotEligible,
        /// another office gives this service
        OtherOffice,
        /// the same was applied for before
        Duplicate,
        /// the applicant did not answer
        NoAnswer,
        /// anything else, as the message says
        Other,
    }
}

/// The answer to an application: what to follow it by, by when it is due, and whom to turn to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Receipt {
    /// Identifies the request.
    #[schemars(extend("examples" = ["01a20adc-66ff-7b8d-8a7c-0e9d8c7b6a5f"]))]
    pub id: Uuid,
    /// What to follow the request by. Whoever has it can act for the applicant: keep it, and give it to nobody.
    #[schemars(length(max = 32), regex(pattern = "^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$"), extend("examples" = ["7ZK3-9QWM-04TD-XB2R"]))]
    pub tracking_code: String,
    /// In which state it is.
    pub state: State,
    /// What was applied for.
    pub service: RequestedService,
    /// The day in Dhaka on which it was filed.
    #[schemars(extend("examples" = ["2026-11-24"]))]
    pub filed_on: NaiveDate,
    /// The day by whose end in Dhaka it is due; absent until the officer names one, where the service has no time limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["2026-12-01"]))]
    pub due_on: Option<NaiveDate>,
    /// Whom to turn to.
    pub responsible_officer: OfficerContact,
    /// Whom to turn to while the responsible officer is away.
    pub alternate_officer: OfficerContact,
}

/// A service request as those see it who handle it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ServiceRequest {
    /// Identifies the request.
    #[schemars(extend("examples" = ["01a20adc-66ff-7b8d-8a7c-0e9d8c7b6a5f"]))]
    pub id: Uuid,
    /// What the applicant follows it by.
    #[schemars(length(max = 32), regex(pattern = "^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$"), extend("examples" = ["7ZK3-9QWM-04TD-XB2R"]))]
    pub tracking_code: String,
    /// In which state it is.
    pub state: State,
    /// What was applied for.
    pub service: RequestedService,
    /// How it came in.
    pub medium: Medium,
    /// In which language the applicant wants to be written to.
    pub language: Language,
    /// The applicant's name.
    #[schemars(length(max = 200), regex(pattern = r"\S"), extend("examples" = ["মোছাঃ রহিমা খাতুন"]))]
    pub name: String,
    /// The applicant's address.
    #[schemars(length(max = 1000), regex(pattern = r"\S"), extend("examples" = ["খালিশপুর, খুলনা"]))]
    pub address: String,
    /// The applicant's mobile, as a telephone dials it.
    pub mobile: ShownMobile,
    /// The applicant's e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<ShownEmail>,
    /// Whether address, mobile and e-mail address are masked: in lists, and for those who do not handle the request.
    #[schemars(extend("examples" = [false]))]
    pub masked: bool,
    /// What is asked for, in the applicant's words.
    #[schemars(length(max = 4000), regex(pattern = r"\S"), extend("examples" = ["সুরক্ষা অ্যাপে জন্ম তারিখ সংশোধন করতে চাই।"]))]
    pub request: String,
    /// When it was filed.
    pub filed_at: DateTime<Utc>,
    /// The day in Dhaka on which it was filed.
    #[schemars(extend("examples" = ["2026-11-24"]))]
    pub filed_on: NaiveDate,
    /// The day by whose end in Dhaka it is due. Absent while the clock stands, and until the officer names a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["2026-12-01"]))]
    pub due_on: Option<NaiveDate>,
    /// Whether it should have been decided by now; of a decided one, whether that came too late.
    #[schemars(extend("examples" = [false]))]
    pub overdue: bool,
    /// The working days that are left while the clock stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 366), extend("examples" = [3]))]
    pub working_days_left: Option<i32>,
    /// The officer who answers for it.
    #[schemars(extend("examples" = ["01a20ada-2c00-728e-bfe3-ce9bc0aefe0b"]))]
    pub responsible_officer: Uuid,
    /// The officer who stands in.
    #[schemars(extend("examples" = ["01a20ada-2c01-7a5b-9e3c-4d5e6f7a8b9c"]))]
    pub alternate_officer: Uuid,
    /// Whether it was handed over to the alternate officer.
    #[schemars(extend("examples" = [false]))]
    pub handed_over: bool,
    /// The appointment at the office.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appointment: Option<Appointment>,
    /// When it was decided or withdrawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<DateTime<Utc>>,
    /// Why it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<RejectionReason>,
    /// How the applicant rated the service, from 1 to 5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 5), extend("examples" = [5]))]
    pub rating: Option<i32>,
    /// What whoever asks can do now.
    #[schemars(length(max = 20))]
    pub available_actions: Vec<Action>,
    /// Counts what happened, from 1.
    #[schemars(range(min = 1, max = 9_007_199_254_740_991_i64), extend("examples" = [1]))]
    pub version: i64,
    /// When something last happened.
    pub updated_at: DateTime<Utc>,
}
