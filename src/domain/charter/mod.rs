//! The charter: everything an office promises the public, in one document.

mod authoring;
pub mod difference;
mod rules;
pub mod upkeep;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::fault::Fault;
use super::grievance_level::CharterGrievanceLevel;
use super::json_schema;
use super::office::CharterOffice;
use super::officer::OfficerContact;
use super::service::CharterService;
use super::text::Text;
use super::upazila_office::CharterUpazilaOffice;

/// What the office asks of the citizen (the charter's section 4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// Its place in the charter's list.
    #[schemars(range(min = 1, max = 1000), extend("examples" = [1]))]
    pub serial: i32,
    /// What is expected.
    pub text: Text,
}

/// Who signed the charter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Signatory {
    /// The signatory's name.
    pub name: Text,
    /// The signatory's designation.
    pub designation: Text,
    /// The organisation the signatory belongs to.
    pub organisation: Text,
    /// The office that signs.
    pub office: Text,
}

/// A Citizen's Charter (সেবা প্রদান প্রতিশ্রুতি), whole. What import takes, export gives back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Charter {
    /// Whose charter it is.
    pub office: CharterOffice,
    /// The title of the charter.
    pub title: Text,
    /// The vision of the office.
    pub vision: Text,
    /// The mission of the office.
    pub mission: Text,
    /// The services, in the order in which they are published.
    #[schemars(length(max = 1000))]
    pub services: Vec<CharterService>,
    /// The officers who answer for them.
    #[schemars(length(max = 200))]
    pub officers: Vec<OfficerContact>,
    /// The offices under this one.
    #[schemars(length(max = 1000))]
    pub upazila_offices: Vec<CharterUpazilaOffice>,
    /// What the office asks of the citizen.
    #[schemars(length(max = 100))]
    pub expectations: Vec<Expectation>,
    /// Whom to turn to when a promise is not kept, from level 1 upwards.
    #[schemars(length(max = 9))]
    pub grievance_levels: Vec<CharterGrievanceLevel>,
    /// Who signed the charter.
    pub signatory: Signatory,
}

/// A charter's own texts: all of it but the services, officers and upazila offices, which change by themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CharterTexts {
    /// Whose charter it is.
    pub office: CharterOffice,
    /// The title of the charter.
    pub title: Text,
    /// The vision of the office.
    pub vision: Text,
    /// The mission of the office.
    pub mission: Text,
    /// What the office asks of the citizen.
    #[schemars(length(max = 100))]
    pub expectations: Vec<Expectation>,
    /// Whom to turn to when a promise is not kept, from level 1 upwards.
    #[schemars(length(max = 9))]
    pub grievance_levels: Vec<CharterGrievanceLevel>,
    /// Who signed the charter.
    pub signatory: Signatory,
}

impl From<&Charter> for CharterTexts {
    fn from(charter: &Charter) -> Self {
        Self {
            office: charter.office.clone(),
            title: charter.title.clone(),
            vision: charter.vision.clone(),
            mission: charter.mission.clone(),
            expectations: charter.expectations.clone(),
            grievance_levels: charter.grievance_levels.clone(),
            signatory: charter.signatory.clone(),
        }
    }
}

impl CharterTexts {
    /// The whole charter of these texts and these entries.
    pub fn with(
        self,
        services: Vec<CharterService>,
        officers: Vec<OfficerContact>,
        upazila_offices: Vec<CharterUpazilaOffice>,
    ) -> Charter {
        Charter {
            office: self.office,
            title: self.title,
            vision: self.vision,
            mission: self.mission,
            services,
            officers,
            upazila_offices,
            expectations: self.expectations,
            grievance_levels: self.grievance_levels,
            signatory: self.signatory,
        }
    }
}

impl Charter {
    /// Reads a charter from JSON. All faults at once: those of form, or else those of meaning.
    pub fn read(document: Value) -> Result<Self, Vec<Fault>> {
        let charter: Self = json_schema::read(document)?;
        charter.check()?;
        Ok(charter)
    }

    /// Checks what has to hold between the parts of a charter of the right form. All faults of meaning at once.
    ///
    /// # Errors
    /// The faults.
    pub fn check(&self) -> Result<(), Vec<Fault>> {
        let faults = self.faults();
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// The charter in its canonical formatting: the fields in the order of the schema, two spaces of indentation, one
    /// line break at the end.
    pub fn to_canonical_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self).map(|json| json + "\n")
    }

    /// Completes what an author may leave out of a charter file: ids, the E.164 form of telephone numbers, what the
    /// published words already say of channels, fee and time limit, and officers named by their id alone.
    pub fn complete(document: &mut Value, new_id: impl FnMut() -> uuid::Uuid) {
        authoring::complete(document, new_id);
    }
}
