//! Offices that publish a charter.

use super::{App, Error, search};
use crate::domain::contact::OfficeCode;
use crate::domain::office::Office;
use crate::store::office::{self, OfficeFilter};
use crate::store::page::{Page, PageRequest};

impl App {
    /// A page of the offices that publish a charter, perhaps only those under a parent, or found by words.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a query without a letter or digit; [`Error::Store`].
    pub async fn list_offices(
        &self,
        parent: Option<&OfficeCode>,
        query: Option<&str>,
        page: PageRequest,
    ) -> Result<Page<Office>, Error> {
        let filter = OfficeFilter {
            parent: parent.map(ToString::to_string),
            patterns: search::patterns(query)?,
        };
        self.store
            .read(move |connection| Ok(office::list(&filter, page, connection)?))
            .await
    }

    /// One office that publishes a charter.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Store`].
    pub async fn get_office(&self, code: OfficeCode) -> Result<Office, Error> {
        self.store
            .read(move |connection| office::get(code.as_str(), connection)?.ok_or(Error::NotFound("office")))
            .await
    }
}
