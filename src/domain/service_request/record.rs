//! A service request as it is kept, and what each act makes of it.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::machine::{self, Action, Facts, Party, State};
use super::{RejectionReason, ServiceRequest};
use crate::domain::calendar::{Calendar, Filing, dhaka_day};
use crate::domain::case::clock::Clock;
use crate::domain::case::history::TrackedEvent;
use crate::domain::case::tracking::{Appointment, CaseAction, RequestedService, Tracking};
use crate::domain::case::{Case, Language, Medium};
use crate::domain::contact::OfficeCode;
use crate::domain::personal_data::{Sealed, ShownApplicant};
use crate::domain::time_limit::TimeLimit;

/// A clock that stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped {
    /// The working days that are left.
    pub left: i32,
    /// The day it was stopped on.
    pub on: NaiveDate,
}

/// A service request as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Identifies the request.
    pub id: Uuid,
    /// What the applicant follows it by.
    pub tracking_code: String,
    /// What was applied for.
    pub service: RequestedService,
    /// The number of the change that left the service as it was applied for.
    pub service_sequence: i64,
    /// In which state it is.
    pub state: State,
    /// How it came in.
    pub medium: Medium,
    /// In which language the applicant wants to be written to.
    pub language: Language,
    /// The applicant's name.
    pub name: String,
    /// The [`Applicant`](crate::domain::personal_data::Applicant).
    pub personal: Sealed,
    /// What is asked for.
    pub request: String,
    /// When it was filed.
    pub filed_at: DateTime<Utc>,
    /// The account or client that filed it; absent for an applicant.
    pub filed_by: Option<Uuid>,
    /// In which role: one of the roles, or `applicant`.
    pub filed_as: String,
    /// The officer who answers for it.
    pub responsible_officer: Uuid,
    /// The officer who stands in.
    pub alternate_officer: Uuid,
    /// Whether it was handed over to the alternate officer.
    pub handed_over: bool,
    /// Whether no day is promised until the officer names one.
    pub awaits_promise: bool,
    /// The clock that runs, where one does.
    pub clock: Option<Clock>,
    /// The clock that stands, where one does.
    pub stopped: Option<Stopped>,
    /// The working days for which it stood before.
    pub days_stood: i32,
    /// The day by whose end in Dhaka it is due.
    pub due_on: Option<NaiveDate>,
    /// The appointment at the office.
    pub appointment: Option<Appointment>,
    /// When it was decided or withdrawn.
    pub closed_at: Option<DateTime<Utc>>,
    /// Why it was refused.
    pub reason: Option<RejectionReason>,
    /// The working days it took.
    pub took_days: Option<i32>,
    /// How the applicant rated the service.
    pub rating: Option<i32>,
    /// How many rows its history has, and the hash of the last one.
    pub history: (i32, String),
    /// Counts what happened.
    pub version: i64,
    /// When something last happened.
    pub updated_at: DateTime<Utc>,
}

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
        Some(&self.personal)
    }
}

impl Record {
    /// Starts the clock of a request that is filed.
    pub fn start_clock(&mut self, limit: &TimeLimit, filing: Filing, calendar: &Calendar) {
        self.clock = Clock::start(limit, filing, calendar);
        self.awaits_promise = self.clock.is_none();
        self.due_on = self.clock.and_then(|clock| clock.due_on(calendar));
    }

    /// The day in Dhaka on which it was filed.
    pub fn filed_on(&self) -> NaiveDate {
        dhaka_day(self.filed_at)
    }

    /// The day in Dhaka on which it was decided or withdrawn.
    pub fn closed_on(&self) -> Option<NaiveDate> {
        self.closed_at.map(dhaka_day)
    }

    /// The officer whose it is.
    pub const fn assignee(&self) -> Uuid {
        if self.handed_over {
            self.alternate_officer
        } else {
            self.responsible_officer
        }
    }

    /// Whether it should have been decided by a day, or was decided later than it should have been.
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        self.due_on
            .is_some_and(|due_on| due_on < self.closed_on().unwrap_or(today))
    }

    /// What the acts depend on besides the state.
    pub const fn facts(&self, now: DateTime<Utc>) -> Facts {
        Facts {
            awaits_promise: self.awaits_promise,
            handed_over: self.handed_over,
            completed_at: match self.state {
                State::Completed => self.closed_at,
                _ => None,
            },
            rated: self.rating.is_some(),
            now,
        }
    }

    /// What somebody can do now.
    pub fn available(&self, by: Party, now: DateTime<Utc>) -> Vec<Action> {
        machine::available(self.state, by, &self.facts(now))
    }

    /// As those see it who may, with what they are shown of the applicant.
    pub fn served(self, applicant: ShownApplicant, available_actions: Vec<Action>, today: NaiveDate) -> ServiceRequest {
        ServiceRequest {
            overdue: self.is_overdue(today),
            filed_on: self.filed_on(),
            working_days_left: self.stopped.map(|stopped| stopped.left),
            available_actions,
            id: self.id,
            tracking_code: self.tracking_code,
            state: self.state,
            service: self.service,
            medium: self.medium,
            language: self.language,
            name: self.name,
            address: applicant.address,
            mobile: applicant.mobile,
            email: applicant.email,
            masked: applicant.masked,
            request: self.request,
            filed_at: self.filed_at,
            due_on: self.due_on,
            responsible_officer: self.responsible_officer,
            alternate_officer: self.alternate_officer,
            handed_over: self.handed_over,
            appointment: self.appointment,
            closed_at: self.closed_at,
            reason: self.reason,
            rating: self.rating,
            version: self.version,
            updated_at: self.updated_at,
        }
    }

    /// As everybody may see it who has the tracking code.
    pub fn tracked(self, events: Vec<TrackedEvent>, now: DateTime<Utc>) -> Tracking {
        let available = self.available(Party::Applicant, now).into_iter();
        Tracking {
            overdue: self.is_overdue(dhaka_day(now)),
            filed_on: self.filed_on(),
            available_actions: available.map(|action| CaseAction(action.as_str())).collect(),
            working_days_left: self.stopped.map(|stopped| stopped.left),
            tracking_code: self.tracking_code,
            kind: "service_request",
            state: self.state.as_str().to_owned(),
            office: self.service.office.clone(),
            service: Some(self.service),
            handled_by: None,
            due_on: self.due_on,
            appointment: self.appointment,
            outcome: None,
            appeal_until: None,
            events,
            version: self.version,
        }
    }

    /// The office whose it is.
    pub const fn office(&self) -> &OfficeCode {
        &self.service.office
    }
}

#[cfg(test)]
mod tests;
