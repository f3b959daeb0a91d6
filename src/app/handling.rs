//! Who sees which service requests and acts on them, and for whom an alternate officer does.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{Error, Keyring};
use crate::domain::absence::{AbsenceInput, is_stood_in_for};
use crate::domain::calendar::dhaka_day;
use crate::domain::permission::{Actor, Denial, Permit, Role};
use crate::domain::personal_data::Applicant;
use crate::domain::service_request::record::Record;
use crate::domain::service_request::{Party, ServiceRequest};
use crate::store::{AnyConnection, absence, service_request};

/// Whether a case is shown by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Among {
    /// By itself.
    None,
    /// In a list.
    Others,
}

/// The officer behind whom somebody stands: an alternate officer sees the cases of those services only. One whose account
/// is no officer's of the charter stands behind all of the office.
pub(super) fn stands_behind(actor: &Actor) -> Option<Uuid> {
    actor.officer.filter(|_| actor.role == Role::AlternateOfficer)
}

/// A request that somebody may see.
pub(super) fn seen(permit: &Permit, id: Uuid, connection: &mut AnyConnection) -> Result<Record, Error> {
    may_see(permit, service_request::get(id, connection)?)
}

/// The same of one that was looked up.
pub(super) fn may_see(permit: &Permit, found: Option<Record>) -> Result<Record, Error> {
    let record = found.ok_or(Error::NotFound("service request"))?;
    permit.over(record.office())?;
    match stands_behind(permit.actor()) {
        Some(officer) if officer != record.alternate_officer => Err(Denial::PermissionDenied.into()),
        _ => Ok(record),
    }
}

/// The absences of this day that decide whether an alternate officer stands in.
#[derive(Default)]
pub(super) struct Absences(HashMap<Uuid, Vec<AbsenceInput>>);

impl Absences {
    /// Those that matter to somebody who looks at requests: in one look, however many these are.
    pub(super) fn of<'a>(
        records: impl Iterator<Item = &'a Record>,
        actor: &Actor,
        today: NaiveDate,
        connection: &mut AnyConnection,
    ) -> Result<Self, Error> {
        if actor.role != Role::AlternateOfficer {
            return Ok(Self::default());
        }
        let officers: HashSet<Uuid> = records.map(|record| record.responsible_officer).collect();
        Self::on(&officers.into_iter().collect::<Vec<_>>(), today, connection)
    }

    /// Those of officers on a day.
    pub(super) fn on(officers: &[Uuid], today: NaiveDate, connection: &mut AnyConnection) -> Result<Self, Error> {
        let mut absences = Self::default();
        for (officer, absence) in absence::covering(officers, today, connection)? {
            absences.0.entry(officer).or_default().push(absence);
        }
        Ok(absences)
    }

    /// Whether the alternate of an officer stands in, in general or for a case that was handed over.
    pub(super) fn stand_in_for(&self, officer: Uuid, today: NaiveDate, case_handed_over: bool) -> bool {
        let absences = self.0.get(&officer).map_or(&[][..], Vec::as_slice);
        is_stood_in_for(absences, today, case_handed_over)
    }

    /// The officer for whom somebody acts: nobody but oneself, or the responsible officer for whom an alternate officer
    /// stands in.
    pub(super) fn acts_for(&self, record: &Record, actor: &Actor, today: NaiveDate) -> Result<Option<Uuid>, Denial> {
        if actor.role != Role::AlternateOfficer {
            return Ok(None);
        }
        if self.stand_in_for(record.responsible_officer, today, record.handed_over) {
            Ok(Some(record.responsible_officer))
        } else {
            Err(Denial::NotStandingIn)
        }
    }

    /// A request as somebody sees it: personal data is masked in lists, and for those who do not handle it.
    ///
    /// # Errors
    /// Those of [`Keyring::open`].
    pub(super) fn shown(
        &self,
        record: Record,
        (actor, among): (&Actor, Among),
        keys: &Keyring,
        now: DateTime<Utc>,
    ) -> Result<ServiceRequest, Error> {
        let today = dhaka_day(now);
        let handles = self.acts_for(&record, actor, today).is_ok();
        let available = if handles {
            record.available(Party::Officer, now)
        } else {
            Vec::new()
        };
        let applicant: Applicant = keys.open(record.id, &record.personal)?;
        let masked = !handles || among == Among::Others;
        Ok(record.served(applicant.shown(masked), available, today))
    }
}
