//! Officers.

use uuid::Uuid;

use super::{App, Error, search};
use crate::domain::contact::OfficeCode;
use crate::domain::officer::Officer;
use crate::store::officer::{self, OfficerFilter};
use crate::store::page::{Page, PageRequest};
use crate::store::served::{self, Current, Served};

impl App {
    /// A page of officers, perhaps only those of an office, or found by words.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a query without a letter or digit; [`Error::Store`].
    pub async fn list_officers(
        &self,
        office: Option<&OfficeCode>,
        query: Option<&str>,
        page: PageRequest,
    ) -> Result<Page<Served<Officer>>, Error> {
        let filter = OfficerFilter {
            office: office.map(ToString::to_string),
            patterns: search::patterns(query)?,
        };
        self.store
            .look_up(move |connection| officer::list(&filter, page, connection))
            .await
            .map_err(Error::from)
    }

    /// One officer.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Store`].
    pub async fn get_officer(&self, id: Uuid) -> Result<Current<Officer>, Error> {
        let found = served::find(id, &self.store).await?;
        found.ok_or(Error::NotFound("officer"))
    }
}
