//! Upkeep of charter data by those who are signed in: single entries, and whole charters.
//!
//! Every write is one of the whole charter: under its rules, under its lock, and in the change feed.

use serde::Serialize;
use uuid::Uuid;

use super::account::scope;
use super::charter::{ImportMode, publish};
use super::idempotency::{Created, IdempotencyKey, once};
use super::{App, Error};
use crate::domain::charter::Charter;
use crate::domain::charter::difference::Difference;
use crate::domain::charter::upkeep::{Entry, Refusal, fixed_faults};
use crate::domain::contact::OfficeCode;
use crate::domain::entity_tag::{self, Precondition};
use crate::domain::fault::Fault;
use crate::domain::officer::Officer;
use crate::domain::permission::Permit;
use crate::domain::service::Service;
use crate::domain::upazila_office::UpazilaOffice;
use crate::store::change::Hand;
use crate::store::{self, AnyConnection, charter, lock, served};

/// A kind of entry that can be looked up.
pub trait Kept: Entry + served::Entry + Serialize + Send + Sized + 'static {
    /// The entry as it is served.
    ///
    /// # Errors
    /// Those of the database.
    fn get(id: Uuid, connection: &mut AnyConnection) -> Result<Option<Self>, store::Error> {
        served::entry(id, connection)
    }
}

impl Kept for Service {}
impl Kept for Officer {}
impl Kept for UpazilaOffice {}

/// What a replacement of a charter did, or would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// What differs.
    pub changes: Vec<Difference>,
    /// The tag of the charter as it is from now on.
    pub tag: String,
    /// Whether the office had no charter before.
    pub created: bool,
}

impl App {
    /// Adds a new entry to the charter of an office.
    ///
    /// # Errors
    /// [`Error::Invalid`], [`Error::Denied`], those of [`once`].
    pub async fn create_entry<E: Kept>(
        &self,
        permit: Permit,
        input: E::Input,
        key: Option<IdempotencyKey>,
    ) -> Result<Created, Error> {
        let now = self.now();
        self.store
            .publish(move |connection| {
                if let Some(office) = E::office_of(&input) {
                    permit.over(office)?;
                }
                let faults = fixed_faults::<E>(&input, None);
                let office = match E::office_of(&input).cloned() {
                    Some(office) if faults.is_empty() => office,
                    _ => return Err(Error::Invalid(faults)),
                };
                let scope = scope(Some(permit.actor()), &format!("create {}", E::NOUN));
                once(key.as_ref(), &scope, now, connection, |connection| {
                    lock::charter_data(connection)?;
                    let id = Uuid::now_v7();
                    edit(&permit, &office, now, connection, |charter| E::add(charter, id, input))?;
                    E::get(id, connection)?.ok_or(Error::NotFound(E::NOUN))
                })
            })
            .await
    }

    /// Puts what was written in the place of an entry.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`], [`Error::Stale`], [`Error::Invalid`], [`Error::Store`].
    pub async fn change_entry<E: Kept>(
        &self,
        permit: Permit,
        id: Uuid,
        condition: Precondition,
        input: E::Input,
    ) -> Result<E, Error> {
        let now = self.now();
        self.store
            .publish(move |connection| {
                let office = held::<E>(&permit, id, &condition, connection)?;
                let faults = fixed_faults::<E>(&input, Some((id, &office)));
                if !faults.is_empty() {
                    return Err(Error::Invalid(faults));
                }
                edit(&permit, &office, now, connection, |charter| {
                    E::change(charter, id, input)
                })?;
                E::get(id, connection)?.ok_or(Error::NotFound(E::NOUN))
            })
            .await
    }

    /// Takes an entry out of the charter of its office.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`], [`Error::Stale`], [`Error::Conflict`], [`Error::Store`].
    pub async fn retire_entry<E: Kept>(&self, permit: Permit, id: Uuid, condition: Precondition) -> Result<(), Error> {
        let now = self.now();
        self.store
            .publish(move |connection| {
                let office = held::<E>(&permit, id, &condition, connection)?;
                edit(&permit, &office, now, connection, |charter| E::retire(charter, id))
            })
            .await
    }

    /// Puts a charter in the place of the one that the office has, whole or not at all. Only who may edit every charter
    /// may publish the first one of an office.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::Stale`], [`Error::Invalid`], [`Error::Store`].
    pub async fn replace_charter(
        &self,
        permit: Permit,
        office: OfficeCode,
        condition: Option<Precondition>,
        new: Charter,
        mode: ImportMode,
    ) -> Result<Replacement, Error> {
        let now = self.now();
        self.in_mode(mode, move |connection| {
            lock::charter_data(connection)?;
            permit.over(&office)?;
            let current = charter::load(office.as_str(), connection)?;
            if current.is_none() {
                permit.everywhere()?;
            }
            if let Some(condition) = condition {
                check(&condition, current.as_ref())?;
            }
            if new.office.code != office {
                let fault = Fault::new("/office/code", "contradicts_path", "must be the office of the URL");
                return Err(Error::Invalid(vec![fault]));
            }
            // who hears the appeals against an office is not for the office to say
            if current
                .as_ref()
                .is_some_and(|current| current.office.parent != new.office.parent)
                && permit.everywhere().is_err()
            {
                let fault = Fault::new("/office/parent", "read_only", "is changed by an administrator only");
                return Err(Error::Invalid(vec![fault]));
            }
            new.check().map_err(Error::Invalid)?;
            let hand = Hand {
                now,
                actor: Some(permit.actor()),
            };
            let changes = publish(&new, hand, connection)?;
            let published = charter::load(office.as_str(), connection)?.ok_or(Error::NotFound("charter"))?;
            Ok(Replacement {
                changes,
                tag: tag(&published)?,
                created: current.is_none(),
            })
        })
        .await
    }
}

/// Checks that an entry is there, that the permit reaches to it, and that it is in the state that it has to be in.
fn held<E: Kept>(
    permit: &Permit,
    id: Uuid,
    condition: &Precondition,
    connection: &mut AnyConnection,
) -> Result<OfficeCode, Error> {
    lock::charter_data(connection)?;
    let current = E::get(id, connection)?.ok_or(Error::NotFound(E::NOUN))?;
    permit.over(current.office())?;
    check(condition, Some(&current))?;
    Ok(current.office().clone())
}

/// Checks that an entry is in the state that it has to be in.
pub(super) fn check(condition: &Precondition, current: Option<&impl Serialize>) -> Result<(), Error> {
    let current = current.map(tag).transpose()?;
    if condition.holds(current.as_deref()) {
        Ok(())
    } else {
        Err(Error::Stale { current })
    }
}

fn tag(served: &impl Serialize) -> Result<String, Error> {
    entity_tag::of(served).map_err(|error| Error::Store(store::Error::Corrupt(error.to_string())))
}

/// Edits the charter of an office within a transaction that holds the lock over charter data.
fn edit(
    permit: &Permit,
    office: &OfficeCode,
    now: chrono::DateTime<chrono::Utc>,
    connection: &mut AnyConnection,
    edit: impl FnOnce(&mut Charter) -> Result<(), Refusal>,
) -> Result<(), Error> {
    let unknown = || {
        Error::Invalid(vec![Fault::new(
            "/office",
            "unknown_office",
            "publishes no charter here",
        )])
    };
    let mut charter = charter::load(office.as_str(), connection)?.ok_or_else(unknown)?;
    edit(&mut charter)?;
    let hand = Hand {
        now,
        actor: Some(permit.actor()),
    };
    charter::replace(&charter, hand, connection)?;
    Ok(())
}
