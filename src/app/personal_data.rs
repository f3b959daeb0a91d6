//! Personal data: the keys that it is sealed by, and who was shown it.

use chrono::{DateTime, Days, NaiveDate, Utc};
use uuid::Uuid;

use super::{App, Error};
use crate::domain::calendar::dhaka_day;
use crate::domain::case::Showing;
use crate::domain::permission::Actor;
use crate::store::case_table::CaseTable;
use crate::store::personal_data;
use crate::store::{AnyConnection, lock, purge, showing};

/// How much is sealed anew, or forgotten, in one transaction.
const TOGETHER: i64 = 500;

/// What a key seals to be known by.
const KNOWN_BY: Uuid = Uuid::nil();

impl App {
    /// Whether personal data is sealed from now on.
    pub fn seals(&self) -> bool {
        !self.keys.current().is_empty()
    }

    /// Sees to it that whatever is sealed can be opened, and takes note of the key that seals from now on.
    ///
    /// # Errors
    /// [`Error::Keys`] where a key is not there, or is another one than that of its id; [`Error::Store`].
    pub async fn ensure_personal_data_keys(&self) -> Result<(), Error> {
        let keys = self.keys.clone();
        self.store
            .write(move |connection| {
                lock::named("personal data keys", connection)?;
                let known = personal_data::keys(connection)?;
                for sealed in &known {
                    let key = &sealed.key;
                    if !keys.ids().any(|id| id == key) {
                        return Err(Error::Keys(format!(
                            "personal data is sealed by the key `{key}`, which is not there"
                        )));
                    }
                    if keys.open::<String>(KNOWN_BY, sealed).is_err() {
                        return Err(Error::Keys(format!(
                            "the key `{key}` is another one than the one that personal data is sealed by"
                        )));
                    }
                }
                let current = keys.current();
                if !current.is_empty() && !known.iter().any(|sealed| sealed.key == current) {
                    personal_data::note_key(&keys.seal(KNOWN_BY, &current)?, connection)?;
                }
                Ok(())
            })
            .await
    }

    /// Seals by the first of the keys whatever is sealed by another, or by none; gives how much that was. From then on no other
    /// key is needed.
    ///
    /// # Errors
    /// [`Error::Keys`], [`Error::Cryptography`], [`Error::Store`].
    pub async fn reseal(&self) -> Result<usize, Error> {
        if !self.seals() {
            return Err(Error::Keys(
                "there is no key to seal by: set CHARTER_PERSONAL_DATA_KEYS".to_owned(),
            ));
        }
        self.ensure_personal_data_keys().await?;
        let mut count = 0;
        for table in CaseTable::ALL {
            let mut after = Uuid::nil();
            while let Some((last, sealed)) = self.reseal_some(table, after).await? {
                after = last;
                count += sealed;
            }
        }
        let keys = self.keys.clone();
        self.store
            .write(move |connection| {
                lock::named("personal data keys", connection)?;
                // a replica that knows another key may have sealed by it meanwhile
                for table in CaseTable::ALL {
                    if !personal_data::sealed_otherwise(table, (keys.current(), Uuid::nil(), 1), connection)?.is_empty() {
                        let words = "something was sealed by another key meanwhile: give all replicas the new key first, and do it again";
                        return Err(Error::Keys(words.to_owned()));
                    }
                }
                Ok(personal_data::forget_keys_but(keys.current(), connection)?)
            })
            .await?;
        Ok(count)
    }

    /// Seals some of a table anew; gives the last of them, and how many they were.
    async fn reseal_some(&self, table: CaseTable, after: Uuid) -> Result<Option<(Uuid, usize)>, Error> {
        let keys = self.keys.clone();
        self.store
            .write(move |connection| {
                let some = personal_data::sealed_otherwise(table, (keys.current(), after, TOGETHER), connection)?;
                for (of, sealed) in &some {
                    let opened: serde_json::Value = keys.open(*of, sealed)?;
                    personal_data::replace(table, *of, &keys.seal(*of, &opened)?, connection)?;
                }
                Ok::<_, Error>(some.last().map(|(last, _)| (*last, some.len())))
            })
            .await
    }

    /// Forgets what people told in cases that were closed so many days ago or earlier; gives how many those are. The cases stay,
    /// with their days and outcomes, for the statistics, and with histories that are whole.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn purge(&self, days: u64) -> Result<usize, Error> {
        let today = dhaka_day(self.now());
        let closed_until = today.checked_sub_days(Days::new(days)).unwrap_or(NaiveDate::MIN);
        let mut count = 0;
        for table in CaseTable::ALL {
            let mut after = 0;
            loop {
                let some = self
                    .store
                    .write(move |connection| {
                        Ok::<_, Error>(purge::forget(table, closed_until, (after, TOGETHER), connection)?)
                    })
                    .await?;
                let Some((last, forgotten)) = some else { break };
                after = last;
                count += forgotten;
            }
        }
        Ok(count)
    }

    /// Takes note that somebody was shown personal data, before it is shown.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub(super) async fn note_showing(&self, cases: Vec<Uuid>, actor: &Actor, now: DateTime<Utc>) -> Result<(), Error> {
        if cases.is_empty() {
            return Ok(());
        }
        let showing = of(actor, now);
        self.store
            .write_repeatably(move |connection| Ok(showing::note(&cases, &showing, connection)?))
            .await
    }
}

/// Takes note of the same within a transaction.
///
/// # Errors
/// [`Error::Store`].
pub(super) fn note_showing(
    case: Uuid,
    actor: &Actor,
    now: DateTime<Utc>,
    connection: &mut AnyConnection,
) -> Result<(), Error> {
    Ok(showing::note(&[case], &of(actor, now), connection)?)
}

const fn of(actor: &Actor, now: DateTime<Utc>) -> Showing {
    Showing {
        shown_at: now,
        shown_to: actor.id,
        role: actor.role,
    }
}
