//! A service request for the tests of this folder to begin with.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::machine::State;
use super::record::Record;
use crate::domain::calendar::{Calendar, Filing};
use crate::domain::case::tracking::RequestedService;
use crate::domain::case::{Language, Medium};
use crate::domain::personal_data::Sealed;
use crate::domain::text::Text;
use crate::domain::time_limit::{TimeLimit, TimeLimitKind};

/// An instant.
pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A day.
pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A request filed on Tuesday 24 November 2026 at half past ten in Dhaka.
pub fn filed(kind: TimeLimitKind, days: Option<i32>) -> Record {
    let filed_at = at("2026-11-24T04:30:00Z");
    let mut record = Record {
        id: Uuid::nil(),
        tracking_code: "0000-0000-0000-0000".into(),
        service: RequestedService {
            id: Uuid::nil(),
            version: 1,
            office: "doict-khulna".into(),
            name: Text::new("সেবা", "Service"),
        },
        service_sequence: 1,
        state: State::Submitted,
        medium: Medium::Website,
        language: Language::Bn,
        name: "রহিমা".into(),
        personal: Sealed {
            key: String::new(),
            text: String::new(),
        },
        request: "সংশোধন".into(),
        filed_at,
        filed_by: None,
        filed_as: "applicant".into(),
        responsible_officer: Uuid::from_u128(1),
        alternate_officer: Uuid::from_u128(2),
        handed_over: false,
        awaits_promise: false,
        clock: None,
        stopped: None,
        days_stood: 0,
        due_on: None,
        appointment: None,
        closed_at: None,
        reason: None,
        took_days: None,
        rating: None,
        history: (0, String::new()),
        version: 1,
        updated_at: filed_at,
    };
    let limit = TimeLimit {
        kind,
        working_days: days,
        where_applicable: false,
        text: Text::new("সময়সীমা", "Time limit"),
    };
    record.start_clock(&limit, Filing::at(filed_at), &Calendar::default());
    record
}
