//! Grievance levels.

use super::{App, Error};
use crate::domain::contact::OfficeCode;
use crate::domain::grievance_level::GrievanceLevel;
use crate::store::grievance_level;
use crate::store::page::{Page, PageRequest};

impl App {
    /// A page of grievance levels, perhaps only those of an office.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn list_grievance_levels(
        &self,
        office: Option<OfficeCode>,
        page: PageRequest,
    ) -> Result<Page<GrievanceLevel>, Error> {
        self.store
            .read(move |connection| {
                let office = office.as_ref().map(OfficeCode::as_str);
                Ok(grievance_level::list(office, page, connection)?)
            })
            .await
    }
}
