//! Service requests: filed by anybody, handled by the officers of the office.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::account::scope;
use super::case::{APPLICANT, Doer, due_span, follow, handlers_event, keep_event, new_tracking_code};
use super::handling::{Absences, Among, may_see, seen, stands_behind};
use super::idempotency::{Answer, Created, IdempotencyKey, once_answered};
use super::notice::Telling;
use super::personal_data::note_showing;
use super::service::current;
use super::{App, Error, search};
use crate::domain::calendar::{Calendar, Filing, dhaka_day};
use crate::domain::case::Showing;
use crate::domain::case::event::{Event, GENESIS};
use crate::domain::case::history::{CaseEvent, Deed, NotAvailable, PublicPart};
use crate::domain::case::tracking::{Appointment, RequestedService};
use crate::domain::entity_tag::Precondition;
use crate::domain::fault::Fault;
use crate::domain::permission::{Actor, Denial, Permit, Role};
use crate::domain::personal_data::Applicant;
use crate::domain::service::Service;
use crate::domain::service_request::act::Particulars;
use crate::domain::service_request::record::Record;
use crate::domain::service_request::{
    Action, Party, Receipt, ServiceRequest, ServiceRequestInput, State, TransitionInput,
};
use crate::store::page::{Order, Page, PageRequest};
use crate::store::service_request::{self, NewRequest, ServiceRequestFilter};
use crate::store::{AnyConnection, calendar, case_event, edition, lock, request_lookup, served, showing};

/// Which service requests are asked for; see [`ServiceRequestFilter`].
#[derive(Clone, Debug, Default)]
pub struct ServiceRequestSearch {
    /// Only those of this office; the own one where nothing is said.
    pub office: Option<crate::domain::contact::OfficeCode>,
    /// Only those in this state.
    pub state: Option<State>,
    /// Only those for this service.
    pub service: Option<Uuid>,
    /// Only those that are this officer's.
    pub assignee: Option<Uuid>,
    /// Only open ones that are due on this day or later.
    pub due_from: Option<NaiveDate>,
    /// Only open ones that are due on this day or earlier.
    pub due_to: Option<NaiveDate>,
    /// Only open ones that should have been decided by now; or only others.
    pub overdue: Option<bool>,
    /// Only those found by these words.
    pub query: Option<String>,
    /// The order; by what else is asked for, where nothing is said.
    pub order: Option<Order>,
}

impl App {
    /// Files a request, and gives the receipt. All that can be done before is done before the transaction, which only sees
    /// whether that still stands, and keeps it.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Error::AuthenticationRequired`] and [`Error::Denied`] for an internal service; those of
    /// [`once`].
    pub async fn file_service_request(
        &self,
        actor: Option<Actor>,
        input: ServiceRequestInput,
        key: Option<IdempotencyKey>,
    ) -> Result<Created, Error> {
        let now = self.now();
        let whose = Whose {
            actor,
            telling: self.telling(),
        };
        let service = self.services.find(input.service_id, &self.store).await?;
        let basis = service.zip(self.calendar.last());
        let drafted = basis.and_then(|(service, (edition, calendar))| {
            let drafted = draft(&whose, input.clone(), Some(&*service), &calendar, now);
            // what is wrong with it is said of what is found in the transaction
            Some((drafted.ok()?, (input.service_id, service.0), edition))
        });
        let (calendar, services) = (self.calendar.clone(), self.services.clone());
        self.store
            .write_repeatably(move |connection| {
                let scope = scope(whose.actor.as_ref(), "file_service_request");
                once_answered(key.as_ref(), &scope, now, connection, |connection| {
                    // the calendar and the service stay as they are until this is kept
                    lock::charter_data_shared(connection)?;
                    match &drafted {
                        Some((draft, service, days)) if edition::still_stand(*service, *days, connection)? => {
                            draft.keep(connection)
                        }
                        _ => {
                            services.forget(input.service_id);
                            let service = served::get::<Service>(input.service_id, connection)?;
                            let service = service.map(current).transpose()?;
                            let draft = draft(
                                &whose,
                                input.clone(),
                                service.as_ref(),
                                &*calendar.now(connection)?,
                                now,
                            )?;
                            draft.keep(connection)
                        }
                    }
                })
            })
            .await
    }

    /// A page of the requests of an office.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::InvalidParameter`], [`Error::Store`].
    pub async fn list_service_requests(
        &self,
        permit: Permit,
        asked: ServiceRequestSearch,
        page: PageRequest,
    ) -> Result<Page<ServiceRequest>, Error> {
        let now = self.now();
        let today = dhaka_day(now);
        let office = asked.office.or_else(|| permit.actor().office.clone());
        let office = office.ok_or(Denial::PermissionDenied)?;
        permit.over(&office)?;
        let (due_from, due_to) = due_span((asked.due_from, asked.due_to), asked.overdue, today);
        let by_day = due_from.is_some() || due_to.is_some();
        let filter = ServiceRequestFilter {
            office: office.to_string(),
            alternate_officer: stands_behind(permit.actor()),
            state: asked.state,
            service: asked.service,
            assignee: asked.assignee,
            due_from,
            due_to,
            patterns: search::beginnings(asked.query.as_deref())?,
            order: asked
                .order
                .unwrap_or(if by_day { Order::Urgent } else { Order::Newest }),
        };
        if !filter.patterns.is_empty() {
            self.store.index_words().await?;
        }
        if permit.actor().role != Role::AlternateOfficer {
            let look_up = move |connection: &mut AnyConnection| service_request::list(&filter, page, connection);
            let page = self.store.look_up(look_up).await?;
            let to = (permit.actor(), Among::Others);
            return page.try_map(|record| Absences::default().shown(record, to, &self.keys, now));
        }
        let keys = self.keys.clone();
        self.store
            .read(move |connection| {
                let page = service_request::list(&filter, page, connection)?;
                let absences = Absences::of(page.items.iter(), permit.actor(), today, connection)?;
                page.try_map(|record| absences.shown(record, (permit.actor(), Among::Others), &keys, now))
            })
            .await
    }

    /// One request.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`], [`Error::Store`].
    pub async fn get_service_request(&self, permit: Permit, id: Uuid) -> Result<ServiceRequest, Error> {
        let now = self.now();
        let actor = permit.actor().clone();
        let shown = if actor.role == Role::AlternateOfficer {
            let keys = self.keys.clone();
            self.store
                .read(move |connection| {
                    let record = seen(&permit, id, connection)?;
                    let absences = Absences::of([&record].into_iter(), permit.actor(), dhaka_day(now), connection)?;
                    absences.shown(record, (permit.actor(), Among::None), &keys, now)
                })
                .await?
        } else {
            let record = may_see(&permit, request_lookup::find(id, &self.store).await?)?;
            Absences::default().shown(record, (&actor, Among::None), &self.keys, now)?
        };
        if !shown.masked {
            self.note_showing(vec![id], &actor, now).await?;
        }
        Ok(shown)
    }

    /// A page of the history of a request.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`], [`Error::Store`].
    pub async fn list_service_request_events(
        &self,
        permit: Permit,
        id: Uuid,
        page: PageRequest,
    ) -> Result<Page<CaseEvent>, Error> {
        self.store
            .read(move |connection| {
                seen(&permit, id, connection)?;
                let page = case_event::list(id, page, connection)?;
                Ok(Page {
                    items: page.items.into_iter().map(handlers_event).collect::<Result<_, _>>()?,
                    next: page.next,
                })
            })
            .await
    }

    /// A page of the showings of a request.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`], [`Error::Store`].
    pub async fn list_service_request_showings(
        &self,
        permit: Permit,
        id: Uuid,
        page: PageRequest,
    ) -> Result<Page<Showing>, Error> {
        self.store
            .read(move |connection| {
                seen(&permit, id, connection)?;
                Ok(showing::list(id, page, connection)?)
            })
            .await
    }

    /// Does something to a request, in the version that whoever acts has seen.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`]; [`Error::Stale`]; [`Error::Invalid`]; [`Error::NotAvailable`];
    /// [`Error::Store`].
    pub async fn act_on_service_request(
        &self,
        permit: Permit,
        id: Uuid,
        condition: Precondition,
        input: TransitionInput,
    ) -> Result<ServiceRequest, Error> {
        let (now, telling) = (self.now(), self.telling());
        self.store
            .write(move |connection| {
                lock::charter_data_shared(connection)?;
                lock::named(&format!("case {id}"), connection)?;
                let mut record = seen(&permit, id, connection)?;
                let today = dhaka_day(now);
                let absences = Absences::of([&record].into_iter(), permit.actor(), today, connection)?;
                let for_officer = absences.acts_for(&record, permit.actor(), today)?;
                let version = record.version.to_string();
                if !condition.holds(Some(&version)) {
                    return Err(Error::Stale { current: Some(version) });
                }
                let faults = input.faults(now, today);
                if !faults.is_empty() {
                    return Err(Error::Invalid(faults));
                }
                let action = input.action;
                let doer = Doer::of(Some(permit.actor()), for_officer, telling);
                do_it(
                    &mut record,
                    action,
                    Party::Officer,
                    particulars(input),
                    &doer,
                    now,
                    connection,
                )?;
                let shown = absences.shown(record, (permit.actor(), Among::None), &doer.telling.keys, now)?;
                note_showing(id, permit.actor(), now, connection)?;
                Ok(shown)
            })
            .await
    }
}

fn particulars(input: TransitionInput) -> Particulars {
    Particulars {
        message: input.message,
        note: input.note,
        appointment: input.at.map(|at| Appointment { at, place: input.place }),
        due_on: input.due_on,
        reason: input.reason,
        rating: None,
    }
}

/// Who files, and how they are told what becomes of it.
struct Whose {
    actor: Option<Actor>,
    telling: Telling,
}

/// A request that is ready to be kept, with the first row of its history.
struct Draft {
    record: Record,
    row: NewRequest,
    event: Event,
    doer: Doer,
    receipt: Answer,
}

impl Draft {
    fn keep(&self, connection: &mut AnyConnection) -> Result<Answer, Error> {
        self.row.insert(connection)?;
        keep_event(&self.record, &self.event, &self.doer, connection)?;
        Ok(self.receipt.clone())
    }
}

/// Makes a request of what was sent in, for a service as a change left it.
fn draft(
    whose: &Whose,
    input: ServiceRequestInput,
    service: Option<&(i64, Service)>,
    calendar: &Calendar,
    now: DateTime<Utc>,
) -> Result<Draft, Error> {
    let actor = whose.actor.as_ref();
    let staff = actor.is_some_and(|actor| actor.role != Role::Client);
    let mut faults = input.faults(actor.is_some(), staff);
    if service.is_none() {
        faults.push(Fault::new(
            "/service_id",
            "unknown_service",
            "is not the id of a service",
        ));
    }
    let (Some((sequence, service)), Some(mobile), true) = (service, input.mobile_e164(), faults.is_empty()) else {
        return Err(Error::Invalid(faults));
    };
    if !service.service.category.is_public() && !staff {
        return Err(match actor {
            None => Error::AuthenticationRequired,
            Some(_) => Error::Denied(Denial::PermissionDenied),
        });
    }
    let filing = Filing::at(now);
    let id = Uuid::now_v7();
    let medium = input.medium();
    let applicant = Applicant {
        address: input.address,
        mobile,
        email: input.email,
    };
    let mut record = Record {
        id,
        tracking_code: new_tracking_code()?.as_str().to_owned(),
        service: requested(service),
        service_sequence: *sequence,
        state: State::Submitted,
        medium,
        language: input.language.unwrap_or_default(),
        name: input.name,
        personal: whose.telling.keys.seal(id, &applicant)?,
        request: input.request,
        filed_at: now,
        filed_by: actor.map(|actor| actor.id),
        filed_as: actor.map_or(APPLICANT, |actor| actor.role.as_str()).to_owned(),
        responsible_officer: service.service.responsible_officer.id,
        alternate_officer: service.service.alternate_officer.id,
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
        history: (0, GENESIS.to_owned()),
        version: 1,
        updated_at: now,
    };
    record.start_clock(&service.service.time_limit, filing, calendar);
    let filed = Deed {
        action: "file",
        public: PublicPart {
            due_on: record.due_on,
            ..PublicPart::default()
        },
        note: None,
    };
    let doer = Doer::of(actor, None, whose.telling.clone());
    let event = follow(&mut record, filed, &doer, now)?;
    let receipt = Answer::of(&Receipt {
        filed_on: record.filed_on(),
        id: record.id,
        tracking_code: record.tracking_code.clone(),
        state: record.state,
        service: record.service.clone(),
        due_on: record.due_on,
        responsible_officer: service.service.responsible_officer.clone(),
        alternate_officer: service.service.alternate_officer.clone(),
    })?;
    Ok(Draft {
        row: NewRequest::of(&record),
        record,
        event,
        doer,
        receipt,
    })
}

/// The service as a case keeps it.
pub(super) fn requested(service: &Service) -> RequestedService {
    RequestedService {
        id: service.service.id,
        version: service.version,
        office: service.office.clone(),
        name: service.service.name.clone(),
    }
}

/// Does something to a request within a transaction that has its lock, and writes it into the history.
///
/// # Errors
/// [`Error::NotAvailable`], [`Error::Stale`], [`Error::Store`].
pub(super) fn do_it(
    record: &mut Record,
    action: Action,
    by: Party,
    particulars: Particulars,
    doer: &Doer,
    now: DateTime<Utc>,
    connection: &mut AnyConnection,
) -> Result<(), Error> {
    let before = record.version;
    let calendar = calendar::load(record.filed_on(), connection)?;
    let done = record.act(action, by, particulars, now, &calendar);
    let deed = done.map_err(|NotAvailable| Error::NotAvailable)?;
    let event = follow(record, deed, doer, now)?;
    if !service_request::update(record, before, connection)? {
        return Err(Error::Stale { current: None });
    }
    keep_event(record, &event, doer, connection)
}
