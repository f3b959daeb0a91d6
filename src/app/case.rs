//! What both kinds of case share: rows of the history, the check of all histories, due days that move with the calendar.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{App, Error, token};
use crate::domain::calendar::Calendar;
use crate::domain::case::event::{self, Event};
use crate::domain::case::tracking_code::TrackingCode;
use crate::domain::permission::Actor;
use crate::domain::service_request::act::{PrivatePart, PublicPart};
use crate::domain::text::Text;
use crate::store::{AnyConnection, calendar, case_clock, case_event, service_request};
use crate::{domain, store};

/// The role of whoever has the tracking code.
pub(super) const APPLICANT: &str = "applicant";
/// The role of what follows by itself.
const SYSTEM: &str = "system";
/// How many cases are checked in one look.
const TOGETHER: i64 = 500;

/// Who does something to a case.
#[derive(Clone, Debug)]
pub(super) struct Doer {
    pub(super) actor: Option<Uuid>,
    pub(super) role: &'static str,
    /// The officer for whom an alternate officer does it.
    pub(super) for_officer: Option<Uuid>,
}

impl Doer {
    /// Somebody who is signed in, or else the applicant.
    pub(super) fn of(actor: Option<&Actor>, for_officer: Option<Uuid>) -> Self {
        Self {
            actor: actor.map(|actor| actor.id),
            role: actor.map_or(APPLICANT, |actor| actor.role.as_str()),
            for_officer,
        }
    }
}

/// A new tracking code.
///
/// # Errors
/// [`Error::Cryptography`] where the system has no randomness.
pub(super) fn new_tracking_code() -> Result<TrackingCode, Error> {
    Ok(TrackingCode::from_bits(token::random()?))
}

/// The next row of a history, sealed behind the last one.
pub(super) fn next_event(
    case: Uuid,
    history: &(i32, String),
    (action, state): (&str, &str),
    (public, note): (&PublicPart, Option<String>),
    by: &Doer,
    now: DateTime<Utc>,
) -> Result<Event, Error> {
    let private = PrivatePart {
        note,
        nonce: Uuid::new_v4(),
    };
    let json = |written: serde_json::Result<String>| {
        written.map_err(|error| Error::Store(store::Error::Corrupt(format!("a row of a history: {error}"))))
    };
    let event = Event {
        case,
        number: history.0 + 1,
        at: now,
        action: action.to_owned(),
        state: state.to_owned(),
        actor: by.actor,
        role: by.role.to_owned(),
        for_officer: by.for_officer,
        public: json(serde_json::to_string(public))?,
        private: Some(json(serde_json::to_string(&private))?),
        private_digest: String::new(),
        previous: String::new(),
        hash: String::new(),
    };
    Ok(event.sealed(&history.1))
}

/// Counts the due days of open cases anew, after the calendar changed, within the transaction that changed it. Cases of one
/// clock move together, each with a row in its history that says why.
///
/// # Errors
/// [`Error::Store`].
pub(super) fn recount(
    because: &Text,
    by: Option<&Actor>,
    now: DateTime<Utc>,
    connection: &mut AnyConnection,
) -> Result<(), Error> {
    let clocks = case_clock::running_clocks(connection)?;
    let Some(first) = clocks.iter().map(|(clock, _)| clock.from).min() else {
        return Ok(());
    };
    let calendar = calendar::load(first, connection)?;
    let doer = Doer {
        actor: by.map(|actor| actor.id),
        role: SYSTEM,
        for_officer: None,
    };
    for running in clocks {
        if let Some(due_on) = moved_to(running, &calendar) {
            let mut moved = case_clock::by_clock(running, connection)?;
            let public = PublicPart {
                due_on: Some(due_on),
                because: Some(because.clone()),
                ..PublicPart::default()
            };
            let mut events = Vec::with_capacity(moved.len());
            for case in &mut moved {
                let action = ("due_day_moved", &*case.state);
                let event = next_event(case.id, &case.history, action, (&public, None), &doer, now)?;
                case.history.1.clone_from(&event.hash);
                events.push(event);
            }
            case_event::append_all(&events, connection)?;
            case_clock::move_due_day(&moved, due_on, now, connection)?;
        }
    }
    Ok(())
}

/// The day to which a clock moves by another calendar; none where it stays.
fn moved_to((clock, due_on): case_clock::RunningClock, calendar: &Calendar) -> Option<NaiveDate> {
    clock.due_on(calendar).filter(|counted| *counted != due_on)
}

/// What a check of all histories found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    /// How many cases were checked.
    pub cases: u64,
    /// How many rows their histories have.
    pub events: u64,
    /// The first case whose history is not as it was written, and what is wrong with it.
    pub broken: Option<(Uuid, event::Broken)>,
}

impl App {
    /// Checks the history of every case, up to the first one that is not as it was written.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn verify_histories(&self) -> Result<Verification, Error> {
        let mut found = Verification::default();
        let mut after = 0;
        loop {
            let cases = self.store.read(move |connection| histories(after, connection)).await?;
            let Some((last, ..)) = cases.last() else {
                break;
            };
            after = *last;
            for (_, case, events, verified) in cases {
                found.cases += 1;
                found.events += events;
                if let Err(broken) = verified {
                    found.broken = Some((case, broken));
                    return Ok(found);
                }
            }
        }
        found.broken = self.find_history_without_case().await?;
        Ok(found)
    }

    /// The first history whose case is gone.
    async fn find_history_without_case(&self) -> Result<Option<(Uuid, event::Broken)>, Error> {
        let mut after = String::new();
        loop {
            let behind = after.clone();
            let (cases, known) = self
                .store
                .read(move |connection| {
                    let cases = case_event::cases_behind(&behind, TOGETHER, connection)?;
                    let known = service_request::known(cases.clone(), connection)?;
                    Ok::<_, Error>((cases, known))
                })
                .await?;
            let Some(last) = cases.last() else {
                return Ok(None);
            };
            after.clone_from(last);
            if let Some(orphan) = cases.iter().find(|case| !known.contains(case)) {
                let broken = event::Broken {
                    number: 1,
                    why: "belongs to a case that is gone",
                };
                return Ok(Some((orphan.parse().unwrap_or_default(), broken)));
            }
        }
    }
}

type Verified = (i64, Uuid, u64, Result<(), event::Broken>);

fn histories(after: i64, connection: &mut AnyConnection) -> Result<Vec<Verified>, Error> {
    let cases = service_request::all_behind(after, TOGETHER, connection)?;
    cases
        .into_iter()
        .map(|(seq, case)| {
            let history = case_event::history(case.id, connection)?;
            let events = history.len() as u64;
            Ok((
                seq,
                case.id,
                events,
                domain::case::event::verify(&history, &case.head()),
            ))
        })
        .collect()
}
