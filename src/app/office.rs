//! Offices that publish a charter.

use std::collections::{BTreeSet, HashMap};

use super::{App, Error, search};
use crate::domain::contact::OfficeCode;
use crate::domain::office::Office;
use crate::domain::text::Text;
use crate::store::office::{self, OfficeFilter};
use crate::store::page::{Page, PageRequest};
use crate::store::{AnyConnection, charter};

/// An office as others describe it: with what it is there for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficeProfile {
    /// The office.
    pub office: Office,
    /// Its mission, by its charter.
    pub mission: Text,
}

/// Offices as others describe them, by their codes.
pub type OfficeProfiles = HashMap<OfficeCode, OfficeProfile>;

/// What offices are there for: those of these codes that publish a charter.
pub(super) fn profiles(codes: BTreeSet<OfficeCode>, connection: &mut AnyConnection) -> Result<OfficeProfiles, Error> {
    let codes: Vec<String> = codes.iter().map(ToString::to_string).collect();
    let mut missions = charter::missions(&codes, connection)?;
    let offices = office::of_codes(&codes, connection)?.into_iter().filter_map(|office| {
        let mission = missions.remove(office.office.code.as_str())?;
        Some((office.office.code.clone(), OfficeProfile { office, mission }))
    });
    Ok(offices.collect())
}

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
