//! What a row of a history says, and to whom: everybody with the tracking code, or only those who handle the case.

use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::text::Text;

/// The act of an office that nobody outside is shown.
pub const NOTE: &str = "add_note";

/// What everybody may know of a row of the history who has the tracking code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct PublicPart {
    /// The office's words to the applicant or complainant.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 4000), regex(pattern = r"\S"), extend("examples" = ["Please send the certificate as a scan."]))]
    pub message: Option<String>,
    /// Why a request was refused, or a grievance filed without action, as a word for programs. Later versions may add words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64), regex(pattern = "^[a-z_]+$"), extend("examples" = ["incomplete"]))]
    pub reason: Option<String>,
    /// The level of a grievance from then on, where the act moved it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 9), extend("examples" = [2]))]
    pub level: Option<i32>,
    /// What was decided about a grievance, as a word for programs. Later versions may add words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64), regex(pattern = "^[a-z_]+$"), extend("examples" = ["service_directed"]))]
    pub outcome: Option<String>,
    /// The due day from then on, where it moved.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["2026-12-01"]))]
    pub due_on: Option<NaiveDate>,
    /// Why the due day moved by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<Text>,
}

/// What only those may know of a row of the history who handle the case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PrivatePart {
    /// A note of the office, or the applicant's or complainant's own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// A random number, so that the digest does not tell what was said.
    pub nonce: Uuid,
}

/// What an act left behind, to be written into the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// What was done.
    pub action: &'static str,
    /// What everybody may know.
    pub public: PublicPart,
    /// What only those may know who handle the case.
    pub note: Option<String>,
}

/// The act cannot be done in the state that the case is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAvailable;

/// What happened, as everybody may know who has the tracking code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TrackedEvent {
    /// Its place in the history, from 1. Numbers can be missing: notes of the office are not shown.
    #[schemars(range(min = 1, max = 1_000_000), extend("examples" = [1]))]
    pub number: i32,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// What was done: `file`, one of the acts, or `due_day_moved` where the calendar changed.
    #[schemars(length(max = 64), regex(pattern = "^[a-z_]+$"), extend("examples" = ["request_information"]))]
    pub action: String,
    /// The state from then on, one of those of its kind of case. Later versions may add states.
    #[schemars(length(max = 64), regex(pattern = "^[a-z_]+$"), extend("examples" = ["awaiting_applicant"]))]
    pub state: String,
    /// What else there is to know.
    #[serde(flatten)]
    pub public: PublicPart,
}

/// A row of the history, as those see it who handle the case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CaseEvent {
    /// What happened, as everybody sees it who has the tracking code.
    #[serde(flatten)]
    pub event: TrackedEvent,
    /// In which role it was done: one of the roles, `applicant` for whoever has the tracking code, or `system` where it
    /// followed by itself.
    #[schemars(length(max = 64), regex(pattern = "^[a-z_]+$"), extend("examples" = ["officer"]))]
    pub role: String,
    /// The account or client that did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["01a20adc-11aa-7c3e-8b2d-5f4e3d2c1b0a"]))]
    pub actor: Option<Uuid>,
    /// The officer for whom an alternate officer did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["01a20ada-2c00-728e-bfe3-ce9bc0aefe0b"]))]
    pub for_officer: Option<Uuid>,
    /// A note of the office, or the applicant's or complainant's own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 8000), regex(pattern = r"\S"), extend("examples" = ["Called the applicant."]))]
    pub note: Option<String>,
    /// The hash of this row, which carries that of the row before.
    #[schemars(length(max = 64), regex(pattern = "^[0-9a-f]{64}$"), extend("examples" = ["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"]))]
    pub hash: String,
}
