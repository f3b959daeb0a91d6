//! Upazila offices.

use uuid::Uuid;

use super::{App, Error, search};
use crate::domain::contact::OfficeCode;
use crate::domain::upazila_office::UpazilaOffice;
use crate::store::page::{Page, PageRequest};
use crate::store::served::{self, Current, Served};
use crate::store::upazila_office::{self, UpazilaOfficeFilter};

impl App {
    /// A page of upazila offices, perhaps only those under an office, or found by words.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a query without a letter or digit; [`Error::Store`].
    pub async fn list_upazila_offices(
        &self,
        office: Option<&OfficeCode>,
        query: Option<&str>,
        page: PageRequest,
    ) -> Result<Page<Served<UpazilaOffice>>, Error> {
        let filter = UpazilaOfficeFilter {
            office: office.map(ToString::to_string),
            patterns: search::patterns(query)?,
        };
        self.store
            .look_up(move |connection| upazila_office::list(&filter, page, connection))
            .await
            .map_err(Error::from)
    }

    /// One upazila office.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Store`].
    pub async fn get_upazila_office(&self, id: Uuid) -> Result<Current<UpazilaOffice>, Error> {
        let found = served::find(id, &self.store).await?;
        found.ok_or(Error::NotFound("upazila office"))
    }
}
