//! The change feed, and what was promised on a day that has passed.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use uuid::Uuid;

use super::{App, Error};
use crate::domain::calendar::{end_of_day, range_fault};
use crate::domain::change::Change;
use crate::domain::charter::Charter;
use crate::domain::contact::OfficeCode;
use crate::store::page::{Page, PageRequest};
use crate::store::{Engine, WITHIN, change};

/// Changes, and the number behind which those that are still to come begin.
#[derive(Clone, Debug, PartialEq)]
pub struct Feed {
    /// The changes, in the order in which they came into force.
    pub changes: Vec<Change>,
    /// The number behind which the feed goes on.
    pub next: i64,
}

impl App {
    /// The changes behind a number, perhaps only those of an office. Whoever follows misses none and sees none twice.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn list_changes(&self, office: Option<OfficeCode>, page: PageRequest) -> Result<Feed, Error> {
        self.store
            .read(move |connection| {
                let page_of_changes = change::list(office.as_ref().map(OfficeCode::as_str), page, connection)?;
                // Where the page is the last one, everything up to the counter has been looked at: with a filter that
                // saves the follower from looking again. The snapshot is one, so that nothing lies between.
                let next = match page_of_changes.next {
                    Some(next) => next,
                    None => change::last_sequence(connection)?.max(page.after),
                };
                Ok(Feed {
                    changes: page_of_changes.items,
                    next,
                })
            })
            .await
    }

    /// The number of the last change, 0 before the first, once no replica shows anything older any more: whoever reads the
    /// lists after this and follows the feed from there misses nothing.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn last_change_seen_by_all(&self) -> Result<i64, Error> {
        let last = self.store.look_up(change::last_sequence).await?;
        self.store.look().await;
        if self.store.engine() == Engine::Postgres {
            tokio::time::sleep(WITHIN).await;
        }
        Ok(last)
    }

    /// A page of the versions of a service, from its first; also of one that is there no more.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there never was such a service; [`Error::Store`].
    pub async fn list_service_versions(&self, id: Uuid, page: PageRequest) -> Result<Page<Value>, Error> {
        self.store
            .read(move |connection| {
                let versions = change::service_versions(id, page, connection)?;
                if versions.items.is_empty() && page.after == 0 {
                    return Err(Error::NotFound("service"));
                }
                Ok(versions)
            })
            .await
    }

    /// A service as it stood at the end of a day in Dhaka.
    ///
    /// # Errors
    /// [`Error::NotFound`] where it was not there; [`Error::InvalidParameter`] for a day out of range; [`Error::Store`].
    pub async fn get_service_as_of(&self, id: Uuid, day: NaiveDate) -> Result<Value, Error> {
        let end = end(day)?;
        self.store
            .read(move |connection| {
                change::service_before(id, end, connection)?.ok_or(Error::NotFound("service on that day"))
            })
            .await
    }

    /// The charter of an office as it stood at the end of a day in Dhaka.
    ///
    /// # Errors
    /// [`Error::NotFound`] where it was not there; [`Error::InvalidParameter`] for a day out of range; [`Error::Store`].
    pub async fn get_charter_as_of(&self, office: OfficeCode, day: NaiveDate) -> Result<Charter, Error> {
        let end = end(day)?;
        self.store
            .read(move |connection| {
                change::charter_before(office.as_str(), end, connection)?.ok_or(Error::NotFound("charter on that day"))
            })
            .await
    }
}

/// The end of a day that somebody looks back at.
fn end(day: NaiveDate) -> Result<DateTime<Utc>, Error> {
    match (range_fault(day, "/query/as_of"), end_of_day(day)) {
        (None, Some(end)) => Ok(end),
        (fault, _) => Err(Error::InvalidParameter(fault.into_iter().collect())),
    }
}
