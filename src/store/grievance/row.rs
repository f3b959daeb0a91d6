//! A grievance as a row of its table.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use uuid::Uuid;

use crate::domain::bangla::search_text;
use crate::domain::case::clock::Clock;
use crate::domain::case::tracking::RequestedService;
use crate::domain::contact::OfficeCode;
use crate::domain::grievance::record::{Decision, Record, Subject};
use crate::domain::grievance::{Investigation, KeptComplainant};
use crate::domain::text::Text;
use crate::store::case_table::urgency;
use crate::store::connection::Backend;
use crate::store::error::Error;
use crate::store::schema::grievances;
use crate::store::texts::{id, json, named, stored_instant, stored_json};

#[derive(Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = grievances, check_for_backend(Backend), treat_none_as_null = true)]
pub(super) struct GrievanceRow {
    pub(super) id: String,
    tracking_code: String,
    office: String,
    appeal_office: String,
    level: i32,
    state: String,
    is_open: bool,
    service_id: Option<String>,
    service_office: Option<String>,
    service_version: Option<i64>,
    service_sequence: Option<i64>,
    service_name_bn: Option<String>,
    service_name_en: Option<String>,
    service_request_id: Option<String>,
    about_officer_id: Option<String>,
    about_handler: Option<String>,
    responsible_officer_id: Option<String>,
    alternate_officer_id: Option<String>,
    applied_on: Option<NaiveDate>,
    complainant_kind: String,
    pub(super) anonymous: bool,
    medium: String,
    language: String,
    subject: String,
    description: String,
    attachments: String,
    filed_at: NaiveDateTime,
    filed_on: NaiveDate,
    filed_by: Option<String>,
    filed_as: String,
    limit_from: NaiveDate,
    limit_days: i32,
    clock_from: Option<NaiveDate>,
    clock_days: Option<i32>,
    due_on: NaiveDate,
    pub(super) urgency: i32,
    opinion_due_on: Option<NaiveDate>,
    information_asked: bool,
    investigation_opened_on: Option<NaiveDate>,
    investigators: Option<String>,
    investigation_reported_on: Option<NaiveDate>,
    decided_level: Option<i32>,
    decided_at: Option<NaiveDateTime>,
    outcome: Option<String>,
    reason: Option<String>,
    decision: Option<String>,
    referred_to: Option<String>,
    root_cause: Option<String>,
    advice: Option<String>,
    departmental_action: bool,
    untold_since: Option<NaiveDate>,
    told_on: Option<NaiveDate>,
    blacklisting_recommended: bool,
    closed_at: Option<NaiveDateTime>,
    closed_on: Option<NaiveDate>,
    rating: Option<i32>,
    search: String,
    events: i32,
    last_hash: String,
    version: i64,
    updated_at: NaiveDateTime,
}

/// An id as a column holds it.
pub(super) fn text(id: Option<Uuid>) -> Option<String> {
    id.map(|id| id.to_string())
}

impl GrievanceRow {
    pub(super) fn of(record: &Record) -> Result<Self, Error> {
        let service = record.about.service.as_ref();
        let clock = record.state.is_undecided().then_some(record.limit);
        let investigation = record.investigation.as_ref();
        let investigators = investigation.map(|investigation| stored_json(&investigation.investigators));
        let decision = record.decision.as_ref();
        let name = record.complainant.as_ref().map_or("", |complainant| &complainant.name);
        Ok(Self {
            id: record.id.to_string(),
            tracking_code: record.tracking_code.clone(),
            office: record.office.to_string(),
            appeal_office: record.appeal_office.to_string(),
            level: record.level,
            state: record.state.as_str().to_owned(),
            is_open: record.state.is_open(),
            service_id: service.map(|(service, _)| service.id.to_string()),
            service_office: service.map(|(service, _)| service.office.to_string()),
            service_version: service.map(|(service, _)| service.version),
            service_sequence: service.map(|(_, sequence)| *sequence),
            service_name_bn: service.map(|(service, _)| service.name.bn.clone()),
            service_name_en: service.map(|(service, _)| service.name.en.clone()),
            service_request_id: text(record.about.request),
            about_officer_id: text(record.about.officer),
            about_handler: record.about.handler.map(|handler| handler.as_str().to_owned()),
            responsible_officer_id: text(record.about.responsible_officer),
            alternate_officer_id: text(record.alternate_officer),
            applied_on: record.about.applied_on,
            complainant_kind: record.complainant_kind.as_str().to_owned(),
            anonymous: record.is_anonymous(),
            medium: record.medium.as_str().to_owned(),
            language: record.language.as_str().to_owned(),
            subject: record.subject.clone(),
            description: record.description.clone(),
            attachments: stored_json(&record.attachments)?,
            filed_at: stored_instant(record.filed_at),
            filed_on: record.filed_on(),
            filed_by: text(record.filed_by),
            filed_as: record.filed_as.clone(),
            limit_from: record.limit.from,
            limit_days: record.limit.days,
            clock_from: clock.map(|clock| clock.from),
            clock_days: clock.map(|clock| clock.days),
            due_on: record.due_on,
            urgency: urgency(Some(record.due_on)),
            opinion_due_on: record.opinion_due_on,
            information_asked: record.information_asked,
            investigation_opened_on: investigation.map(|investigation| investigation.opened_on),
            investigators: investigators.transpose()?,
            investigation_reported_on: investigation.and_then(|investigation| investigation.reported_on),
            decided_level: decision.map(|decision| decision.level),
            decided_at: decision.map(|decision| stored_instant(decision.at)),
            outcome: decision
                .and_then(|decision| decision.outcome)
                .map(|outcome| outcome.as_str().to_owned()),
            reason: decision
                .and_then(|decision| decision.reason)
                .map(|reason| reason.as_str().to_owned()),
            decision: decision.and_then(|decision| decision.message.clone()),
            referred_to: decision.and_then(|decision| decision.referred_to.clone()),
            root_cause: record.root_cause.clone(),
            advice: record.advice.clone(),
            departmental_action: record.departmental_action,
            untold_since: record.untold_since(),
            told_on: record.told_on,
            blacklisting_recommended: record.blacklisting_recommended,
            closed_at: record.closed_at.map(stored_instant),
            closed_on: record.closed_on(),
            rating: record.rating,
            search: search_text([name, &*record.subject, &*record.description, &*record.tracking_code]),
            events: record.history.0,
            last_hash: record.history.1.clone(),
            version: record.version,
            updated_at: stored_instant(record.updated_at),
        })
    }

    fn about(&self) -> Result<Subject, Error> {
        let optional_id = |stored: &Option<String>| stored.as_deref().map(id).transpose();
        let name = self.service_name_bn.clone().zip(self.service_name_en.clone());
        let versions = self.service_version.zip(self.service_sequence);
        let whose = optional_id(&self.service_id)?.zip(self.service_office.as_deref());
        let service = match (whose, name, versions) {
            (Some((id, office)), Some((bn, en)), Some((version, sequence))) => {
                let service = RequestedService {
                    id,
                    version,
                    office: OfficeCode::from(office),
                    name: Text::new(bn, en),
                };
                Some((service, sequence))
            }
            _ => None,
        };
        Ok(Subject {
            service,
            request: optional_id(&self.service_request_id)?,
            officer: optional_id(&self.about_officer_id)?,
            handler: self.about_handler.as_deref().map(named).transpose()?,
            responsible_officer: optional_id(&self.responsible_officer_id)?,
            applied_on: self.applied_on,
        })
    }

    /// The grievance with who complained.
    pub(super) fn record(self, complainant: Option<KeptComplainant>) -> Result<Record, Error> {
        let about = self.about()?;
        let decision = match self.decided_level.zip(self.decided_at) {
            Some((level, at)) => Some(Decision {
                level,
                at: at.and_utc(),
                outcome: self.outcome.as_deref().map(named).transpose()?,
                reason: self.reason.as_deref().map(named).transpose()?,
                message: self.decision,
                referred_to: self.referred_to,
            }),
            None => None,
        };
        let investigation = match self.investigation_opened_on {
            Some(opened_on) => Some(Investigation {
                opened_on,
                investigators: self.investigators.as_deref().map(json).transpose()?.unwrap_or_default(),
                reported_on: self.investigation_reported_on,
            }),
            None => None,
        };
        Ok(Record {
            id: id(&self.id)?,
            tracking_code: self.tracking_code,
            office: self.office.into(),
            appeal_office: self.appeal_office.into(),
            level: self.level,
            state: named(&self.state)?,
            about,
            alternate_officer: self.alternate_officer_id.as_deref().map(id).transpose()?,
            complainant_kind: named(&self.complainant_kind)?,
            complainant,
            medium: named(&self.medium)?,
            language: named(&self.language)?,
            subject: self.subject,
            description: self.description,
            attachments: json(&self.attachments)?,
            filed_at: self.filed_at.and_utc(),
            filed_by: self.filed_by.as_deref().map(id).transpose()?,
            filed_as: self.filed_as,
            limit: Clock {
                from: self.limit_from,
                days: self.limit_days,
            },
            due_on: self.due_on,
            opinion_due_on: self.opinion_due_on,
            information_asked: self.information_asked,
            investigation,
            decision,
            root_cause: self.root_cause,
            advice: self.advice,
            departmental_action: self.departmental_action,
            told_on: self.told_on,
            blacklisting_recommended: self.blacklisting_recommended,
            closed_at: self.closed_at.map(|at| at.and_utc()),
            rating: self.rating,
            history: (self.events, self.last_hash),
            version: self.version,
            updated_at: self.updated_at.and_utc(),
        })
    }
}
