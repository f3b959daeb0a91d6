//! Whole charters: publish, read, replace.

use super::{App, Error};
use crate::domain::charter::Charter;
use crate::domain::charter::difference::Difference;
use crate::domain::contact::OfficeCode;
use crate::store::change::Hand;
use crate::store::{AnyConnection, charter, lock};

/// Whether an import is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportMode {
    /// The charter is published.
    Publish,
    /// Only the difference is wanted; everything stays as it was.
    DryRun,
}

/// How work ends without being kept.
enum Undone<T> {
    Failed(Error),
    DryRun(T),
}

impl<T, E: Into<Error>> From<E> for Undone<T> {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl App {
    /// The charter of an office, whole.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Store`].
    pub async fn get_charter(&self, office: OfficeCode) -> Result<Charter, Error> {
        self.store
            .read(move |connection| charter::load(office.as_str(), connection)?.ok_or(Error::NotFound("charter")))
            .await
    }

    /// Publishes a charter in the place of the one its office has, whole or not at all. Says what differs.
    ///
    /// # Errors
    /// [`Error::Invalid`] where ids belong to another office, or the parent is known by another name; [`Error::Store`].
    pub async fn import_charter(&self, charter: Charter, mode: ImportMode) -> Result<Vec<Difference>, Error> {
        let now = self.now();
        self.in_mode(mode, move |connection| {
            lock::charter_data(connection)?;
            publish(&charter, now, connection)
        })
        .await
    }

    /// Does work that is kept or only looked at.
    pub(super) async fn in_mode<T: Send + 'static>(
        &self,
        mode: ImportMode,
        work: impl FnOnce(&mut AnyConnection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let outcome = self
            .store
            .publish(move |connection| {
                let done = work(connection)?;
                match mode {
                    ImportMode::Publish => Ok(done),
                    ImportMode::DryRun => Err(Undone::DryRun(done)),
                }
            })
            .await;
        match outcome {
            Ok(done) | Err(Undone::DryRun(done)) => Ok(done),
            Err(Undone::Failed(error)) => Err(error),
        }
    }
}

/// Publishes a charter within a transaction that holds the lock over charter data.
pub(super) fn publish<'a>(
    charter: &Charter,
    hand: impl Into<Hand<'a>>,
    connection: &mut AnyConnection,
) -> Result<Vec<Difference>, Error> {
    let faults = charter::conflicts(charter, connection)?;
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    Ok(charter::replace(charter, hand, connection)?)
}
