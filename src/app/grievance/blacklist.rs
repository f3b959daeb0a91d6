//! The blacklist of an Appeal Officer [8].

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use uuid::Uuid;

use super::super::account::scope;
use super::super::idempotency::{Created, IdempotencyKey, once};
use super::super::{App, Error, Keyring, token};
use crate::domain::contact::OfficeCode;
use crate::domain::fault::Fault;
use crate::domain::grievance::Complainant;
use crate::domain::grievance::blacklist::{BlacklistEntry, BlacklistEntryInput, BlacklistedBy, recognised_by};
use crate::domain::permission::{Denial, Permit};
use crate::store::page::{Page, PageRequest};
use crate::store::{AnyConnection, blacklist, grievance, lock};

/// The keyed hash of what somebody is recognised by.
fn digest(key: &str, what: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes());
    BASE64_STANDARD.encode(hmac::sign(&key, what.as_bytes()))
}

/// Whether a complainant stands on the blacklist of an office.
///
/// # Errors
/// [`Error::Store`].
pub(super) fn is_listed(
    office: &OfficeCode,
    complainant: &Complainant,
    connection: &mut AnyConnection,
) -> Result<bool, Error> {
    // without a key nobody was ever entered
    let Some(key) = blacklist::key(connection)? else {
        return Ok(false);
    };
    let digests: Vec<String> = BlacklistedBy::ALL
        .iter()
        .map(|by| digest(&key, &recognised_by(complainant, *by)))
        .collect();
    Ok(blacklist::has_any(office.as_str(), &digests, connection)?)
}

/// The key of the hashes, which is made when the first is needed.
fn ensure_key(connection: &mut AnyConnection) -> Result<String, Error> {
    lock::named("blacklist key", connection)?;
    if let Some(key) = blacklist::key(connection)? {
        return Ok(key);
    }
    let key = BASE64_STANDARD.encode(token::random::<32>()?);
    blacklist::keep_key(&key, connection)?;
    Ok(key)
}

/// The office whose blacklist somebody keeps.
fn own_office(permit: &Permit) -> Result<OfficeCode, Error> {
    Ok(permit.actor().office.clone().ok_or(Denial::PermissionDenied)?)
}

impl App {
    /// Puts the complainant of a grievance on the blacklist, on the recommendation of the Grievance Redress Officer.
    ///
    /// # Errors
    /// [`Error::Invalid`], [`Error::Denied`], [`Error::Conflict`] where the complainant is on it, those of [`once`].
    pub async fn enter_on_blacklist(
        &self,
        permit: Permit,
        input: BlacklistEntryInput,
        key: Option<IdempotencyKey>,
    ) -> Result<Created, Error> {
        let (now, keys) = (self.now(), self.keys.clone());
        self.store
            .write(move |connection| {
                let office = own_office(&permit)?;
                let scope = scope(Some(permit.actor()), "enter_on_blacklist");
                once(key.as_ref(), &scope, now, connection, |connection| {
                    let complainant = recommended(&office, input.grievance_id, &keys, connection)?;
                    let digest = digest(&ensure_key(connection)?, &recognised_by(&complainant, input.by));
                    if blacklist::has_any(office.as_str(), std::slice::from_ref(&digest), connection)? {
                        return Err(Error::Conflict("The complainant is on the blacklist already."));
                    }
                    let entry = BlacklistEntry {
                        id: Uuid::now_v7(),
                        office,
                        by: input.by,
                        grievance_id: input.grievance_id,
                        reason: input.reason,
                        entered_at: now,
                    };
                    blacklist::enter(&entry, &digest, permit.actor(), now, connection)?;
                    Ok(entry)
                })
            })
            .await
    }

    /// A page of the blacklist.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::Store`].
    pub async fn list_blacklist_entries(
        &self,
        permit: Permit,
        page: PageRequest,
    ) -> Result<Page<BlacklistEntry>, Error> {
        let office = own_office(&permit)?;
        self.store
            .read(move |connection| Ok(blacklist::list(office.as_str(), page, connection)?))
            .await
    }

    /// Takes an entry off the blacklist.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`], [`Error::Store`].
    pub async fn remove_from_blacklist(&self, permit: Permit, id: Uuid) -> Result<(), Error> {
        let office = own_office(&permit)?;
        self.store
            .write(move |connection| {
                let entry = blacklist::get(id, connection)?.ok_or(Error::NotFound("blacklist entry"))?;
                if entry.office != office {
                    return Err(Denial::PermissionDenied.into());
                }
                Ok(blacklist::remove(id, connection)?)
            })
            .await
    }
}

/// The complainant of a grievance, where the Grievance Redress Officer of an office below has recommended to enter that one.
fn recommended(
    office: &OfficeCode,
    id: Uuid,
    keys: &Keyring,
    connection: &mut AnyConnection,
) -> Result<Complainant, Error> {
    let record = grievance::get(id, connection)?;
    let record = record.filter(|record| &record.appeal_office == office && record.blacklisting_recommended);
    let kept = record.and_then(|record| record.complainant).ok_or_else(|| {
        Error::Invalid(vec![Fault::new(
            "/grievance_id",
            "not_recommended",
            "is not a grievance whose complainant was recommended for the blacklist",
        )])
    })?;
    keys.open_complainant(id, &kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_tells_nothing_without_its_key() {
        let hashed = digest("one key", "mobile +8801711123456");
        assert_eq!(hashed, digest("one key", "mobile +8801711123456"));
        assert_ne!(hashed, digest("another key", "mobile +8801711123456"));
        assert_ne!(hashed, digest("one key", "mobile +8801711123457"));
    }
}
