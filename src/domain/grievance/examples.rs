//! A grievance for the tests of this folder to begin with.

use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::machine::State;
use super::record::{Record, Subject};
use super::{ComplainantKind, GrievanceMedium, IdentityKind, KeptComplainant, Relation};
use crate::domain::calendar::Calendar;
use crate::domain::case::Language;
use crate::domain::case::clock::Clock;
use crate::domain::charter::Charter;
use crate::domain::grievance_level::CharterGrievanceLevel;
use crate::domain::personal_data::Sealed;

/// Eleven in the morning of a day in Dhaka.
pub fn at(text: &str) -> DateTime<Utc> {
    format!("{text}T05:00:00Z").parse().unwrap()
}

/// A day.
pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The levels of the charter of Khulna.
pub fn levels() -> Vec<CharterGrievanceLevel> {
    static LEVELS: LazyLock<Vec<CharterGrievanceLevel>> = LazyLock::new(|| {
        let document = serde_json::from_str(include_str!("../../../charters/doict-khulna.json")).unwrap();
        Charter::read(document).unwrap().grievance_levels
    });
    LEVELS.clone()
}

/// A grievance filed on Tuesday 24 November 2026, at a level of the charter of Khulna.
pub fn filed(level: i32) -> Record {
    let mut record = Record {
        id: Uuid::nil(),
        tracking_code: "0000-0000-0000-0000".into(),
        office: "doict-khulna".into(),
        appeal_office: "doict".into(),
        level,
        state: State::Submitted,
        about: Subject::default(),
        alternate_officer: None,
        complainant_kind: ComplainantKind::Citizen,
        complainant: Some(KeptComplainant {
            name: "রহিমা".into(),
            identity_kind: IdentityKind::NationalId,
            relation: Relation::Oneself,
            served_name: None,
            personal: Sealed {
                key: String::new(),
                text: String::new(),
            },
        }),
        medium: GrievanceMedium::Website,
        language: Language::Bn,
        subject: "বিলম্ব".into(),
        description: "সেবা পাইনি".into(),
        attachments: Vec::new(),
        filed_at: at("2026-11-24"),
        filed_by: None,
        filed_as: "applicant".into(),
        limit: Clock {
            from: day("2026-11-24"),
            days: 0,
        },
        due_on: day("2026-11-24"),
        opinion_due_on: None,
        information_asked: false,
        investigation: None,
        decision: None,
        root_cause: None,
        advice: None,
        departmental_action: false,
        told_on: None,
        blacklisting_recommended: false,
        closed_at: None,
        rating: None,
        history: (0, String::new()),
        version: 1,
        updated_at: at("2026-11-24"),
    };
    let levels = levels();
    let at_level = levels.iter().find(|other| other.level == level).unwrap();
    record.start_clock(at_level, day("2026-11-24"), &Calendar::default());
    record
}
