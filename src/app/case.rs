//! What both kinds of case share: rows of the history, the check of all histories, due days that move with the calendar.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::notice::{self, Telling};
use super::{App, Error, token};
use crate::domain::calendar::Calendar;
use crate::domain::case::Case;
use crate::domain::case::event::{self, Event};
use crate::domain::case::history::{CaseEvent, Deed, NOTE, PrivatePart, PublicPart, TrackedEvent};
use crate::domain::case::tracking_code::TrackingCode;
use crate::domain::permission::Actor;
use crate::domain::text::Text;
use crate::store::case_table::{self, CaseTable};
use crate::store::{self, AnyConnection, calendar, case_clock, case_event, webhook_message};

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
    /// What whoever filed the case is told with.
    pub(super) telling: Telling,
}

impl Doer {
    /// Somebody who is signed in, or else the applicant.
    pub(super) fn of(actor: Option<&Actor>, for_officer: Option<Uuid>, telling: Telling) -> Self {
        Self {
            telling,
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

/// The days between which those are due that are asked for: overdue ones, others, or all.
pub(super) fn due_span(
    (from, to): (Option<NaiveDate>, Option<NaiveDate>),
    overdue: Option<bool>,
    today: NaiveDate,
) -> (Option<NaiveDate>, Option<NaiveDate>) {
    match overdue {
        // what is due today is not overdue yet
        Some(true) => (from, to.into_iter().chain(today.pred_opt()).min()),
        Some(false) => (from.into_iter().chain([today]).max(), to),
        None => (from, to),
    }
}

/// The next row of a history, sealed behind the last one.
fn next_event(
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

/// The row that a deed adds to the history of a case, which ends with it from now on.
pub(super) fn follow(case: &mut impl Case, deed: Deed, doer: &Doer, now: DateTime<Utc>) -> Result<Event, Error> {
    let (id, state) = (case.id(), case.state_name());
    let history = case.history();
    let event = next_event(id, history, (deed.action, state), (&deed.public, deed.note), doer, now)?;
    *history = (event.number, event.hash.clone());
    Ok(event)
}

/// Keeps a row of a history, and tells the client that filed the case, and whoever it was filed for.
pub(super) fn keep_event(
    case: &impl Case,
    event: &Event,
    doer: &Doer,
    connection: &mut AnyConnection,
) -> Result<(), Error> {
    case_event::append(event, connection)?;
    // notes are the office's own
    if case.filed_by().is_some() && event.action != NOTE {
        webhook_message::tell_of_event(event.case, event.number, event.at, connection)?;
    }
    notice::tell(case, event, &doer.telling, connection)
}

/// The history of a case as everybody may see it who has the tracking code: without the office's own notes.
pub(super) fn tracked_events(case: Uuid, connection: &mut AnyConnection) -> Result<Vec<TrackedEvent>, Error> {
    shown(case_event::history(case, connection)?)
}

/// The same of a history that was read.
pub(super) fn shown(history: Vec<Event>) -> Result<Vec<TrackedEvent>, Error> {
    let shown = history.into_iter().filter(|event| event.action != NOTE);
    shown.map(|event| tracked_event(&event)).collect()
}

/// A row of a history as everybody may see it who has the tracking code.
pub(super) fn tracked_event(event: &Event) -> Result<TrackedEvent, Error> {
    Ok(TrackedEvent {
        number: event.number,
        at: event.at,
        action: event.action.clone(),
        state: event.state.clone(),
        public: read_part(&event.public)?,
    })
}

/// A row of a history as those see it who handle the case.
pub(super) fn handlers_event(event: Event) -> Result<CaseEvent, Error> {
    let private: Option<PrivatePart> = event.private.as_deref().map(read_part).transpose()?;
    Ok(CaseEvent {
        event: tracked_event(&event)?,
        note: private.and_then(|private| private.note),
        role: event.role,
        actor: event.actor,
        for_officer: event.for_officer,
        hash: event.hash,
    })
}

pub(super) fn read_part<T: serde::de::DeserializeOwned>(json: &str) -> Result<T, Error> {
    serde_json::from_str(json)
        .map_err(|error| Error::Store(store::Error::Corrupt(format!("a row of a history: {error}"))))
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
    let doer = Doer {
        actor: by.map(|actor| actor.id),
        role: SYSTEM,
        for_officer: None,
        // a holiday moves many days at once, and each by itself may move again
        telling: Telling::default(),
    };
    for table in CaseTable::ALL {
        let clocks = case_clock::running_clocks(table, connection)?;
        let Some(first) = clocks.iter().map(|(clock, _)| clock.from).min() else {
            continue;
        };
        let calendar = calendar::load(first, connection)?;
        for running in clocks {
            if let Some(due_on) = moved_to(running, &calendar) {
                move_cases(table, running, due_on, because, &doer, now, connection)?;
            }
        }
    }
    Ok(())
}

/// Moves the cases in which a clock runs to another due day.
fn move_cases(
    table: CaseTable,
    running: case_clock::RunningClock,
    due_on: NaiveDate,
    because: &Text,
    doer: &Doer,
    now: DateTime<Utc>,
    connection: &mut AnyConnection,
) -> Result<(), Error> {
    let mut moved = case_clock::by_clock(table, running, connection)?;
    let public = PublicPart {
        due_on: Some(due_on),
        because: Some(because.clone()),
        ..PublicPart::default()
    };
    let mut events = Vec::with_capacity(moved.len());
    for case in &mut moved {
        let action = ("due_day_moved", &*case.head.state);
        let history = (case.head.events, case.head.hash.clone());
        let event = next_event(case.id, &history, action, (&public, None), doer, now)?;
        case.head.hash.clone_from(&event.hash);
        events.push(event);
    }
    case_event::append_all(&events, connection)?;
    case_clock::move_due_day(table, &moved, due_on, now, connection)?;
    Ok(webhook_message::tell_of_moves(
        table,
        (running.0, due_on),
        now,
        connection,
    )?)
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
        for table in CaseTable::ALL {
            let mut after = 0;
            loop {
                let read = move |connection: &mut AnyConnection| histories(table, after, connection);
                let cases = self.store.read(read).await?;
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
        }
        let orphan = self
            .store
            .read(|connection| Ok::<_, Error>(case_table::find_history_without_case(connection)?))
            .await?;
        found.broken = orphan.map(|case| {
            let broken = event::Broken {
                number: 1,
                why: "belongs to a case that is gone",
            };
            (case.parse().unwrap_or_default(), broken)
        });
        Ok(found)
    }
}

type Verified = (i64, Uuid, u64, Result<(), event::Broken>);

fn histories(table: CaseTable, after: i64, connection: &mut AnyConnection) -> Result<Vec<Verified>, Error> {
    let cases = case_table::heads_behind(table, after, TOGETHER, connection)?;
    let cases = cases.into_iter().map(|case| {
        let history = case_event::history(case.id, connection)?;
        let events = history.len() as u64;
        Ok((case.seq, case.id, events, event::verify(&history, &case.head)))
    });
    cases.collect()
}
