//! Filing a grievance [6.1]: whether it may be filed, and where it begins.

use std::net::IpAddr;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::super::account::scope;
use super::super::case::{APPLICANT, Doer, follow, keep_event, new_tracking_code};
use super::super::idempotency::{Created, IdempotencyKey, once};
use super::super::notice::Telling;
use super::super::service::current;
use super::super::service_request::requested;
use super::super::{App, Error, throttle};
use super::blacklist::is_listed;
use super::seat::redress_officer;
use super::{appeal_office, levels_of, stands_in_for};
use crate::domain::calendar::{Calendar, dhaka_day};
use crate::domain::case::clock::Clock;
use crate::domain::case::event::GENESIS;
use crate::domain::case::history::{Deed, PublicPart};
use crate::domain::case::tracking_code::TrackingCode;
use crate::domain::contact::OfficeCode;
use crate::domain::fault::Fault;
use crate::domain::grievance::record::{Record, Subject};
use crate::domain::grievance::routing::{About, first_level};
use crate::domain::grievance::{Complainant, ComplainantKind, GrievanceInput, GrievanceReceipt, State, admission};
use crate::domain::grievance_level::{CharterGrievanceLevel, HandledBy};
use crate::domain::officer::Officer;
use crate::domain::permission::{Actor, Role};
use crate::domain::service::Service;
use crate::domain::service_request::record::Record as ServiceRequest;
use crate::store::grievance_stay::{self, NewStay};
use crate::store::{AnyConnection, calendar, grievance, lock, served, service_request};

impl App {
    /// Files a grievance, and gives the receipt.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Error::TooEarly`], [`Error::NotAdmissible`], [`Error::Blacklisted`]; [`Error::TooManyAttempts`]
    /// where an address has tried too many tracking codes; those of [`once`].
    pub async fn file_grievance(
        &self,
        actor: Option<Actor>,
        input: GrievanceInput,
        key: Option<IdempotencyKey>,
        from: Option<IpAddr>,
    ) -> Result<Created, Error> {
        let (now, telling) = (self.now(), self.telling());
        if let Some(code) = &input.service_request {
            self.find_request(code, from).await?;
        }
        // nothing that is kept of an anonymous grievance tells who sent it
        let known = actor
            .clone()
            .filter(|_| !(input.is_anonymous() && input.medium().is_online()));
        self.store
            .write(move |connection| {
                let scope = scope(known.as_ref(), "file_grievance");
                once(key.as_ref(), &scope, now, connection, |connection| {
                    // the calendar, the charter and the service request stay as they are until this is kept
                    lock::charter_data_shared(connection)?;
                    let whose = Whose {
                        signed_in: actor.is_some(),
                        staff: actor.is_some_and(|actor| actor.role != Role::Client),
                        known,
                    };
                    file(&whose, input, telling, now, connection)
                })
            })
            .await
    }

    /// Looks for the service request of a tracking code, and counts the attempt where nobody has it: codes cannot be guessed
    /// here either.
    async fn find_request(&self, code: &str, from: Option<IpAddr>) -> Result<(), Error> {
        let now = self.now();
        let code = TrackingCode::read(code);
        let found = self
            .store
            .read(move |connection| {
                throttle::of_tracking(from, now, connection)?;
                let written = code.as_ref().map_or("-", TrackingCode::as_str);
                Ok::<_, Error>(service_request::by_tracking_code(written, connection)?.is_some())
            })
            .await?;
        if !found {
            self.store
                .write(move |connection| throttle::missed_tracking(from, now, connection))
                .await?;
            return Err(Error::Invalid(vec![Fault::new(
                "/service_request",
                "unknown_service_request",
                "is not the tracking code of a service request",
            )]));
        }
        Ok(())
    }
}

/// Who files.
struct Whose {
    signed_in: bool,
    staff: bool,
    /// Who is kept as having filed it; nobody where it is anonymous and came in online.
    known: Option<Actor>,
}

/// What a grievance says it is about, looked up.
struct Looked {
    /// The number of the change that left the service as it is, and that.
    service: Option<(i64, Service)>,
    request: Option<ServiceRequest>,
    office: OfficeCode,
}

fn look_up(
    input: &GrievanceInput,
    faults: &mut Vec<Fault>,
    connection: &mut AnyConnection,
) -> Result<Option<Looked>, Error> {
    let request = match input.service_request.as_deref().and_then(TrackingCode::read) {
        Some(code) => service_request::by_tracking_code(code.as_str(), connection)?,
        None => None,
    };
    let service_id = input.service_id.or(request.as_ref().map(|request| request.service.id));
    let service = match service_id {
        Some(id) => served::get::<Service>(id, connection)?.map(current).transpose()?,
        None => None,
    };
    // a service that left the charter is known by its requests
    if input.service_id.is_some() && service.is_none() {
        faults.push(Fault::new(
            "/service_id",
            "unknown_service",
            "is not the id of a service",
        ));
    }
    if let (Some(request), Some(id)) = (&request, input.service_id)
        && request.service.id != id
    {
        faults.push(Fault::new(
            "/service_id",
            "contradiction",
            "is not the service that was requested",
        ));
    }
    let accused = match input.officer_id {
        Some(id) => served::entry::<Officer>(id, connection)?,
        None => None,
    };
    if input.officer_id.is_some() && accused.is_none() {
        faults.push(Fault::new(
            "/officer_id",
            "unknown_officer",
            "is not the id of an officer",
        ));
    }
    let said = [
        ("/office", input.office.clone()),
        (
            "/service_request",
            request.as_ref().map(|request| request.office().clone()),
        ),
        (
            "/service_id",
            service.as_ref().map(|(_, service)| service.office.clone()),
        ),
        ("/officer_id", accused.map(|officer| officer.office)),
    ];
    let office = said.iter().find_map(|(_, office)| office.clone());
    for (at, other) in said {
        if other.is_some() && other != office {
            faults.push(Fault::new(at, "contradiction", "belongs to another office"));
        }
    }
    Ok(office.map(|office| Looked {
        service,
        request,
        office,
    }))
}

/// Files a grievance within a transaction.
fn file(
    whose: &Whose,
    input: GrievanceInput,
    telling: Telling,
    now: DateTime<Utc>,
    connection: &mut AnyConnection,
) -> Result<GrievanceReceipt, Error> {
    let today = dhaka_day(now);
    let mut faults = input.faults(today, whose.signed_in, whose.staff);
    let looked = look_up(&input, &mut faults, connection)?;
    let levels = match &looked {
        Some(looked) => levels_of(&looked.office, connection)?,
        None => Vec::new(),
    };
    if looked.is_some() && levels.is_empty() {
        faults.push(Fault::new(
            "/office",
            "no_grievance_levels",
            "is not an office whose charter says who redresses grievances",
        ));
    }
    let (Some(looked), true) = (looked, faults.is_empty()) else {
        return Err(Error::Invalid(faults));
    };
    if input.is_inadmissible() {
        return Err(Error::NotAdmissible);
    }
    let hears_appeals = appeal_office(&looked.office, connection)?;
    let complainant = complainant(&input);
    if let Some(complainant) = &complainant
        && input.medium().is_online()
        && is_listed(&hears_appeals, complainant, connection)?
    {
        return Err(Error::Blacklisted);
    }
    let first_day = [
        Some(today),
        input.applied_on,
        looked.request.as_ref().map(ServiceRequest::filed_on),
    ];
    let calendar = calendar::load(first_day.into_iter().flatten().min().unwrap_or(today), connection)?;
    if let Some(from) = file_from(&input, &looked, today, &calendar).filter(|from| *from > today) {
        return Err(Error::TooEarly { from });
    }
    let about = subject(&input, &looked);
    let begins = begins_at(&levels, &about)?;
    let id = Uuid::now_v7();
    let kept = complainant.map(|complainant| telling.keys.seal_complainant(id, complainant));
    let mut record = Record {
        id,
        tracking_code: new_tracking_code()?.as_str().to_owned(),
        office: looked.office.clone(),
        appeal_office: hears_appeals,
        level: begins.level,
        state: State::Submitted,
        alternate_officer: alternate_officer(&looked, &levels, connection)?,
        about,
        complainant_kind: input.complainant_kind.unwrap_or(ComplainantKind::Citizen),
        complainant: kept.transpose()?,
        medium: input.medium(),
        language: input.language.unwrap_or_default(),
        subject: input.subject,
        description: input.description,
        attachments: input.attachments.unwrap_or_default(),
        filed_at: now,
        filed_by: whose.known.as_ref().map(|actor| actor.id),
        filed_as: whose
            .known
            .as_ref()
            .map_or(APPLICANT, |actor| actor.role.as_str())
            .to_owned(),
        limit: Clock { from: today, days: 0 },
        due_on: today,
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
        history: (0, GENESIS.to_owned()),
        version: 1,
        updated_at: now,
    };
    record.start_clock(begins, today, &calendar);
    keep(
        &mut record,
        &Doer::of(whose.known.as_ref(), None, telling),
        now,
        connection,
    )?;
    Ok(GrievanceReceipt {
        filed_on: today,
        id: record.id,
        tracking_code: record.tracking_code,
        state: record.state,
        office: record.office,
        service: record.about.service.map(|(service, _)| service),
        level: begins.level,
        handled_by: HandledBy::from(begins),
        due_on: record.due_on,
    })
}

/// Keeps a new grievance with the first row of its history and its first stay.
fn keep(record: &mut Record, doer: &Doer, now: DateTime<Utc>, connection: &mut AnyConnection) -> Result<(), Error> {
    let filed = Deed {
        action: "file",
        public: PublicPart {
            level: Some(record.level),
            due_on: Some(record.due_on),
            ..PublicPart::default()
        },
        note: None,
    };
    let event = follow(record, filed, doer, now)?;
    grievance::insert(record, connection)?;
    keep_event(record, &event, doer, connection)?;
    let stay = NewStay {
        grievance: record.id,
        office: record.office.clone(),
        level: record.level,
        is_appeal: false,
        medium: record.medium,
        received_on: record.filed_on(),
    };
    Ok(grievance_stay::begin(&stay, connection)?)
}

/// The level at which it begins.
fn begins_at<'a>(levels: &'a [CharterGrievanceLevel], about: &Subject) -> Result<&'a CharterGrievanceLevel, Error> {
    let whom = About {
        officers: [about.officer, about.responsible_officer]
            .into_iter()
            .flatten()
            .collect(),
        handler: about.handler,
    };
    let first = first_level(levels, &whom);
    let level = levels.iter().find(|level| Some(level.level) == first);
    level.ok_or(Error::NotFound("grievance level"))
}

/// The first day on which it may be filed [6.1(ঙ)]; none where there is nothing to wait for.
fn file_from(input: &GrievanceInput, looked: &Looked, today: NaiveDate, calendar: &Calendar) -> Option<NaiveDate> {
    if let Some(request) = &looked.request {
        return admission::after_request(request, today, calendar);
    }
    if input.decision_made == Some(true) {
        return None;
    }
    let (_, service) = looked.service.as_ref()?;
    admission::after_time_limit(&service.service.time_limit, input.applied_on?, calendar)
}

fn subject(input: &GrievanceInput, looked: &Looked) -> Subject {
    let (service, responsible_officer) = match (&looked.request, &looked.service) {
        (Some(request), _) => (
            Some((request.service.clone(), request.service_sequence)),
            Some(request.responsible_officer),
        ),
        (None, Some((sequence, service))) => (
            Some((requested(service), *sequence)),
            Some(service.service.responsible_officer.id),
        ),
        (None, None) => (None, None),
    };
    Subject {
        service,
        request: looked.request.as_ref().map(|request| request.id),
        officer: input.officer_id,
        handler: input.about_handler,
        responsible_officer,
        applied_on: looked
            .request
            .as_ref()
            .map(ServiceRequest::filed_on)
            .or(input.applied_on),
    }
}

/// Who stands in for the Grievance Redress Officer: the alternate officer of the service, where it is about one.
fn alternate_officer(
    looked: &Looked,
    levels: &[CharterGrievanceLevel],
    connection: &mut AnyConnection,
) -> Result<Option<Uuid>, Error> {
    if let Some(request) = &looked.request {
        return Ok(Some(request.alternate_officer));
    }
    if let Some((_, service)) = &looked.service {
        return Ok(Some(service.service.alternate_officer.id));
    }
    stands_in_for(redress_officer(levels), &looked.office, connection)
}

/// Who complains; nobody where it is anonymous. What is required of a named one was checked.
fn complainant(input: &GrievanceInput) -> Option<Complainant> {
    if input.is_anonymous() {
        return None;
    }
    Some(Complainant {
        name: input.name.clone()?,
        identity: input.identity.clone()?,
        permanent_address: input.permanent_address.clone()?,
        present_address: input.present_address.clone()?,
        mobile: input.mobile_e164()?,
        email: input.email.clone(),
        relation: input.relation(),
        served_name: input.served_name.clone(),
    })
}
