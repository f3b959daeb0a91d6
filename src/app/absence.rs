//! Absences, vacancies and hand-overs of officers.

use uuid::Uuid;

use super::account::scope;
use super::idempotency::{Created, IdempotencyKey, once};
use super::{App, Error};
use crate::domain::absence::{Absence, AbsenceInput};
use crate::domain::officer::Officer;
use crate::domain::permission::Permit;
use crate::store::page::{Page, PageRequest};
use crate::store::{AnyConnection, absence, served};

/// Whether a permit reaches to an officer.
fn reaches(permit: &Permit, id: Uuid, connection: &mut AnyConnection) -> Result<(), Error> {
    let officer = served::entry::<Officer>(id, connection)?.ok_or(Error::NotFound("officer"))?;
    Ok(permit.over(&officer.office)?)
}

impl App {
    /// Records that an officer is away, that the post is vacant, or that the duties are handed over.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`], [`Error::Invalid`], those of [`once`].
    pub async fn record_absence(
        &self,
        permit: Permit,
        officer: Uuid,
        input: AbsenceInput,
        key: Option<IdempotencyKey>,
    ) -> Result<Created, Error> {
        let now = self.now();
        self.store
            .write(move |connection| {
                reaches(&permit, officer, connection)?;
                let faults = input.faults();
                if !faults.is_empty() {
                    return Err(Error::Invalid(faults));
                }
                let scope = scope(Some(permit.actor()), &format!("record_absence {officer}"));
                once(key.as_ref(), &scope, now, connection, |connection| {
                    let absence = Absence {
                        id: Uuid::now_v7(),
                        officer,
                        absence: input,
                        recorded_at: now,
                    };
                    absence::insert(&absence, permit.actor(), connection)?;
                    Ok(absence)
                })
            })
            .await
    }

    /// A page of the absences of an officer.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`], [`Error::Store`].
    pub async fn list_absences(
        &self,
        permit: Permit,
        officer: Uuid,
        page: PageRequest,
    ) -> Result<Page<Absence>, Error> {
        self.store
            .read(move |connection| {
                reaches(&permit, officer, connection)?;
                Ok(absence::list(officer, page, connection)?)
            })
            .await
    }

    /// Takes an absence back.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`], [`Error::Store`].
    pub async fn delete_absence(&self, permit: Permit, officer: Uuid, id: Uuid) -> Result<(), Error> {
        self.store
            .write(move |connection| {
                reaches(&permit, officer, connection)?;
                if absence::delete(officer, id, connection)? {
                    Ok(())
                } else {
                    Err(Error::NotFound("absence"))
                }
            })
            .await
    }
}
