//! Where somebody sits when a grievance is heard: who sees it, who acts on it, and what those see whom it is about.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::super::handling::{Absences, Among, stands_behind};
use super::super::{Error, Keyring};
use crate::domain::calendar::{Calendar, dhaka_day};
use crate::domain::contact::OfficeCode;
use crate::domain::grievance::record::Record;
use crate::domain::grievance::{AboutHandler, Grievance, Party, Who};
use crate::domain::grievance_level::CharterGrievanceLevel;
use crate::domain::permission::{Actor, Denial, Permit, Role};
use crate::store::{AnyConnection, calendar, grievance, grievance_level};

/// The level of the Appeal Officer; the Cell has those behind it.
const APPEAL: i32 = 2;

/// The levels of an office's charter.
///
/// # Errors
/// [`Error::Store`].
pub(in crate::app) fn levels_of(
    office: &OfficeCode,
    connection: &mut AnyConnection,
) -> Result<Vec<CharterGrievanceLevel>, Error> {
    Ok(grievance_level::of_office(office.as_str(), connection)?)
}

/// A grievance that somebody may see.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Denied`], [`Error::Store`].
pub(super) fn seen(
    permit: &Permit,
    id: Uuid,
    today: NaiveDate,
    connection: &mut AnyConnection,
) -> Result<Record, Error> {
    let record = grievance::get(id, connection)?.ok_or(Error::NotFound("grievance"))?;
    if may_see(&record, permit.actor(), today) {
        Ok(record)
    } else {
        Err(Denial::PermissionDenied.into())
    }
}

fn may_see(record: &Record, actor: &Actor, today: NaiveDate) -> bool {
    let missed = record.state.is_open() && record.is_overdue(today);
    match actor.role {
        Role::Officer => actor.office.as_ref() == Some(&record.office),
        Role::AlternateOfficer => {
            let stands = |officer| record.alternate_officer == Some(officer) || record.about.is_about(officer);
            actor.office.as_ref() == Some(&record.office) && stands_behind(actor).is_none_or(stands)
        }
        Role::AppealOfficer => {
            let comes_up = record.level >= APPEAL || missed || record.blacklisting_recommended;
            actor.office.as_ref() == Some(&record.appeal_office) && comes_up
        }
        Role::CellOfficer => record.level > APPEAL || (record.level == APPEAL && missed),
        Role::Client | Role::Administrator => false,
    }
}

/// How somebody sits.
pub(super) struct Seat {
    /// As which party; none for those who look on.
    pub(super) party: Option<Party>,
    /// The officer for whom an alternate officer acts.
    pub(super) for_officer: Option<Uuid>,
    /// Whether who complained is hidden: from those whom it is about, and from those who have nothing to decide.
    pub(super) hides: bool,
    /// Why it is no other seat.
    pub(super) denial: Denial,
}

impl Seat {
    const fn of(party: Option<Party>, hides: bool) -> Self {
        Self {
            party,
            for_officer: None,
            hides,
            denial: Denial::PermissionDenied,
        }
    }

    /// The seat of somebody whom it is about.
    const fn respondent() -> Self {
        Self {
            denial: Denial::AboutOneself,
            ..Self::of(Some(Party::Respondent), true)
        }
    }
}

/// What is needed to know where somebody sits when grievances are heard.
pub(super) struct Hall {
    levels: HashMap<OfficeCode, Vec<CharterGrievanceLevel>>,
    absences: Absences,
    calendar: Calendar,
}

impl Hall {
    /// The hall for some grievances: in a few looks, however many these are.
    pub(super) fn of<'a>(
        records: impl Iterator<Item = &'a Record> + Clone,
        actor: &Actor,
        today: NaiveDate,
        connection: &mut AnyConnection,
    ) -> Result<Self, Error> {
        let offices: HashSet<&OfficeCode> = records.clone().map(|record| &record.office).collect();
        let mut levels = HashMap::new();
        for (office, level) in grievance_level::of_offices(&offices, connection)? {
            levels.entry(office).or_insert_with(Vec::new).push(level);
        }
        let absences = if actor.role == Role::AlternateOfficer {
            let redress = levels.values().filter_map(|levels| redress_officer(levels));
            let responsible = records.clone().filter_map(|record| record.about.responsible_officer);
            let officers: HashSet<Uuid> = redress.chain(responsible).collect();
            Absences::on(&officers.into_iter().collect::<Vec<_>>(), today, connection)?
        } else {
            Absences::default()
        };
        let first = records.map(Record::filed_on).min().unwrap_or(today);
        Ok(Self {
            levels,
            absences,
            calendar: calendar::load(first, connection)?,
        })
    }

    /// The levels of the office that a grievance is at.
    pub(super) fn levels(&self, record: &Record) -> &[CharterGrievanceLevel] {
        self.levels.get(&record.office).map_or(&[], Vec::as_slice)
    }

    /// The calendar since the first of the grievances was filed.
    pub(super) const fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// Where somebody sits.
    pub(super) fn seat(&self, record: &Record, actor: &Actor, today: NaiveDate) -> Seat {
        match actor.role {
            Role::Officer => self.officer(record, actor),
            Role::AlternateOfficer => self.alternate_officer(record, actor, today),
            Role::AppealOfficer => self.appeal_officer(record, actor),
            Role::CellOfficer if record.level > APPEAL => Seat::of(Some(Party::Handler), false),
            Role::CellOfficer if record.level == APPEAL => Seat::of(Some(Party::NextHandler), false),
            Role::CellOfficer | Role::Client | Role::Administrator => Seat::of(None, true),
        }
    }

    /// The Grievance Redress Officer handles level 1, unless it is about that one. An account that is no officer's of the
    /// charter is taken for the Grievance Redress Officer's.
    fn officer(&self, record: &Record, actor: &Actor) -> Seat {
        let redress = redress_officer(self.levels(record));
        let me = actor.officer.or(redress);
        let about_redress = record.about.handler == Some(AboutHandler::GrievanceRedressOfficer);
        if me.is_some_and(|me| record.about.is_about(me)) || (about_redress && me == redress) {
            return Seat::respondent();
        }
        let is_redress = redress.is_none() || me == redress;
        let handles = is_redress && record.level < APPEAL;
        Seat::of(handles.then_some(Party::Handler), !is_redress)
    }

    /// The alternate officer stands in for the Grievance Redress Officer, or answers for the responsible officer; and answers
    /// for oneself.
    fn alternate_officer(&self, record: &Record, actor: &Actor, today: NaiveDate) -> Seat {
        let me = actor.officer.or(record.alternate_officer);
        if me.is_some_and(|me| record.about.is_about(me)) {
            return Seat::respondent();
        }
        let (stood_in_for, party) = if record.level < APPEAL {
            (redress_officer(self.levels(record)), Party::Handler)
        } else {
            (record.about.responsible_officer, Party::Respondent)
        };
        let hides = party == Party::Respondent;
        match stood_in_for {
            Some(officer) if self.absences.stand_in_for(officer, today, false) => Seat {
                for_officer: Some(officer),
                ..Seat::of(Some(party), hides)
            },
            _ => Seat {
                denial: Denial::NotStandingIn,
                ..Seat::of(None, hides)
            },
        }
    }

    fn appeal_officer(&self, record: &Record, actor: &Actor) -> Seat {
        let about_me = actor.officer.is_some_and(|me| record.about.is_about(me));
        if record.about.handler == Some(AboutHandler::AppealOfficer) || about_me {
            return Seat::respondent();
        }
        let party = match record.level {
            APPEAL => Some(Party::Handler),
            ..APPEAL => Some(Party::NextHandler),
            _ => None,
        };
        Seat::of(party, false)
    }

    /// A grievance as somebody sees it: personal data is masked in lists, and for those who do not handle it.
    ///
    /// # Errors
    /// Those of [`Keyring::open_complainant`].
    pub(super) fn shown(
        &self,
        record: Record,
        (actor, among): (&Actor, Among),
        keys: &Keyring,
        now: DateTime<Utc>,
    ) -> Result<Grievance, Error> {
        let seat = self.seat(&record, actor, dhaka_day(now));
        let levels = self.levels(&record);
        let kept = record.complainant.as_ref().filter(|_| !seat.hides);
        let complainant = kept.map(|kept| keys.open_complainant(record.id, kept)).transpose()?;
        let who = Who {
            complainant,
            hidden: seat.hides,
            listed: among == Among::Others,
        };
        Ok(record.served(seat.party, who, now, (levels, &self.calendar)))
    }
}

/// The officer of the charter who redresses grievances at its first level.
pub(super) fn redress_officer(levels: &[CharterGrievanceLevel]) -> Option<Uuid> {
    levels.first()?.handler.officer_id
}
