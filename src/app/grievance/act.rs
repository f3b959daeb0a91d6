//! Acting on a grievance, in the version that whoever acts has seen.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::super::case::{Doer, follow, keep_event};
use super::super::handling::Among;
use super::super::personal_data::note_showing;
use super::super::{App, Error, Keyring};
use super::blacklist::is_listed;
use super::seat::{Hall, Seat, redress_officer, seen};
use super::{appeal_office, levels_of, shows_who, stands_in_for};
use crate::domain::calendar::{Calendar, dhaka_day};
use crate::domain::case::history::NotAvailable;
use crate::domain::entity_tag::Precondition;
use crate::domain::fault::Fault;
use crate::domain::grievance::act::{Desk, Particulars, Passage};
use crate::domain::grievance::machine::{is_act_of, outcomes};
use crate::domain::grievance::record::{Levels, Record};
use crate::domain::grievance::{Action, DismissalReason, Grievance, GrievanceTransitionInput, Party};
use crate::domain::permission::Permit;
use crate::store::grievance_stay::{self, NewStay};
use crate::store::{AnyConnection, grievance, lock};

impl App {
    /// Does something to a grievance, in the version that whoever acts has seen.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`]; [`Error::Stale`]; [`Error::Invalid`]; [`Error::NotAvailable`];
    /// [`Error::Store`].
    pub async fn act_on_grievance(
        &self,
        permit: Permit,
        id: Uuid,
        condition: Precondition,
        input: GrievanceTransitionInput,
    ) -> Result<Grievance, Error> {
        let (now, telling) = (self.now(), self.telling());
        let today = dhaka_day(now);
        self.store
            .write(move |connection| {
                lock::charter_data_shared(connection)?;
                lock::named(&format!("case {id}"), connection)?;
                let mut record = seen(&permit, id, today, connection)?;
                let hall = Hall::of([&record].into_iter(), permit.actor(), today, connection)?;
                let seat = hall.seat(&record, permit.actor(), today);
                let party = entitled(&seat, input.action)?;
                let version = record.version.to_string();
                if !condition.holds(Some(&version)) {
                    return Err(Error::Stale { current: Some(version) });
                }
                let particulars = particulars(input.clone(), &record, (&hall, &telling.keys), now, connection)?;
                let doer = Doer::of(Some(permit.actor()), seat.for_officer, telling);
                let office = record.office.clone();
                let rules = (hall.levels(&record), hall.calendar());
                do_it(
                    &mut record,
                    (input.action, party),
                    particulars,
                    &doer,
                    now,
                    rules,
                    connection,
                )?;
                // who redresses at another office was not looked up yet
                let hall = if record.office == office {
                    hall
                } else {
                    Hall::of([&record].into_iter(), permit.actor(), today, connection)?
                };
                let shown = hall.shown(record, (permit.actor(), Among::None), &doer.telling.keys, now)?;
                if shows_who(&shown) {
                    note_showing(id, permit.actor(), now, connection)?;
                }
                Ok(shown)
            })
            .await
    }
}

/// The party as which somebody does something, where it is that party's to do at all.
fn entitled(seat: &Seat, action: Action) -> Result<Party, Error> {
    match seat.party {
        Some(party) if is_act_of(action, party) => Ok(party),
        _ => Err(seat.denial.into()),
    }
}

/// What is done, as far as it does not contradict the state that the grievance is in.
fn particulars(
    input: GrievanceTransitionInput,
    record: &Record,
    (hall, keys): (&Hall, &Keyring),
    now: DateTime<Utc>,
    connection: &mut AnyConnection,
) -> Result<Particulars, Error> {
    let levels = hall.levels(record);
    let mut faults = input.faults(dhaka_day(now));
    if let Some(outcome) = input.outcome
        && !outcomes(&record.facts(now, levels)).contains(&outcome)
    {
        faults.push(Fault::new(
            "/outcome",
            "not_available",
            "is none of `available_outcomes`",
        ));
    }
    if let Some(to) = input.level
        && !levels.iter().any(|level| level.level == to && to > record.level)
    {
        faults.push(Fault::new("/level", "out_of_range", "is no level above in the charter"));
    }
    if let Some(reason) = input.reason
        && !applies(reason, record, keys, connection)?
    {
        faults.push(Fault::new(
            "/reason",
            "not_available",
            "does not hold for this complainant",
        ));
    }
    let office = match &input.office {
        Some(code) if code == &record.office => {
            faults.push(Fault::new("/office", "not_allowed", "is where it is"));
            None
        }
        Some(code) if levels_of(code, connection)?.is_empty() => {
            faults.push(Fault::new(
                "/office",
                "no_grievance_levels",
                "is not an office whose charter says who redresses grievances",
            ));
            None
        }
        Some(code) => {
            let redress = redress_officer(&levels_of(code, connection)?);
            Some(Desk {
                office: code.clone(),
                appeal_office: appeal_office(code, connection)?,
                alternate_officer: stands_in_for(redress, code, connection)?,
            })
        }
        None => None,
    };
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    Ok(Particulars {
        message: input.message,
        note: input.note,
        due_on: input.due_on,
        office,
        level: input.level,
        outcome: input.outcome,
        reason: input.reason,
        referred_to: input.referred_to,
        root_cause: input.root_cause,
        advice: input.advice,
        investigators: input.investigators.unwrap_or_default(),
        rating: None,
    })
}

/// Whether a reason to file without action can hold for whoever complained.
fn applies(
    reason: DismissalReason,
    record: &Record,
    keys: &Keyring,
    connection: &mut AnyConnection,
) -> Result<bool, Error> {
    match (reason, &record.complainant) {
        (DismissalReason::Anonymous, complainant) => Ok(complainant.is_none()),
        (DismissalReason::Blacklisted, None) => Ok(false),
        (DismissalReason::Blacklisted, Some(kept)) => {
            let complainant = keys.open_complainant(record.id, kept)?;
            is_listed(&record.appeal_office, &complainant, connection)
        }
        _ => Ok(true),
    }
}

/// Does something to a grievance within a transaction that has its lock, and writes it into the history and the registers.
///
/// # Errors
/// [`Error::NotAvailable`], [`Error::Stale`], [`Error::Store`].
pub(in crate::app) fn do_it(
    record: &mut Record,
    (action, by): (Action, Party),
    particulars: Particulars,
    doer: &Doer,
    now: DateTime<Utc>,
    rules: (&Levels, &Calendar),
    connection: &mut AnyConnection,
) -> Result<(), Error> {
    let (before, due_before) = (record.version, record.due_on);
    let done = record.act(action, by, particulars, now, rules);
    let (deed, passage) = done.map_err(|NotAvailable| Error::NotAvailable)?;
    let event = follow(record, deed, doer, now)?;
    if !grievance::update(record, before, connection)? {
        return Err(Error::Stale { current: None });
    }
    keep_event(record, &event, doer, connection)?;
    pass(record, passage, due_before, dhaka_day(now), connection)
}

/// What an act means for the registers.
fn pass(
    record: &Record,
    passage: Option<Passage>,
    due_before: NaiveDate,
    today: NaiveDate,
    connection: &mut AnyConnection,
) -> Result<(), Error> {
    let (is_appeal, medium) = match passage {
        None => return Ok(()),
        Some(Passage::Closed) => return Ok(grievance_stay::dispose(record, today, connection)?),
        Some(Passage::Passed) => grievance_stay::leave(record.id, due_before, Some(today), connection)?,
        Some(Passage::Appealed(medium)) => {
            grievance_stay::leave(record.id, due_before, None, connection)?;
            (true, medium)
        }
    };
    let stay = NewStay {
        grievance: record.id,
        office: record.office.clone(),
        level: record.level,
        is_appeal,
        medium,
        received_on: today,
    };
    Ok(grievance_stay::begin(&stay, connection)?)
}
