//! Upazila offices in their table.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::change::State;
use super::connection::{AnyConnection, Backend};
use super::error::Error;
use super::page::{Page, PageRequest, Selection};
use super::schema::upazila_offices;
use super::served::{self, Served};
use super::sync::entries_of_an_office;
use super::texts::{all, id};
use crate::domain::bangla::search_text;
use crate::domain::charter::difference::Kind;
use crate::domain::text::Text;
use crate::domain::upazila_office::{CharterUpazilaOffice, UpazilaOffice};

/// Which upazila offices are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UpazilaOfficeFilter {
    /// Only those under this office.
    pub office: Option<String>,
    /// Only those whose words match all of these patterns.
    pub patterns: Vec<String>,
}

#[derive(Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = upazila_offices, check_for_backend(Backend), treat_none_as_null = true)]
pub(super) struct UpazilaOfficeRow {
    pub(super) id: String,
    office: String,
    position: i32,
    serial: i32,
    name_bn: String,
    name_en: String,
    website: Option<String>,
    search: String,
    version: i64,
    updated_at: NaiveDateTime,
}

impl UpazilaOfficeRow {
    pub(super) fn new(upazila: &CharterUpazilaOffice, office: &str, position: i32, now: NaiveDateTime) -> Self {
        let website = upazila.website.as_ref().map(ToString::to_string);
        Self {
            id: upazila.id.to_string(),
            office: office.to_owned(),
            position,
            serial: upazila.serial,
            name_bn: upazila.name.bn.clone(),
            name_en: upazila.name.en.clone(),
            search: search_text([&*upazila.name.bn, &*upazila.name.en, website.as_deref().unwrap_or("")]),
            website,
            version: 1,
            updated_at: now,
        }
    }

    pub(super) fn entry(self) -> Result<CharterUpazilaOffice, Error> {
        Ok(CharterUpazilaOffice {
            id: id(&self.id)?,
            serial: self.serial,
            name: Text::new(self.name_bn, self.name_en),
            website: self.website.map(Into::into),
        })
    }

    fn upazila_office(self) -> Result<UpazilaOffice, Error> {
        Ok(UpazilaOffice {
            office: self.office.as_str().into(),
            version: self.version,
            updated_at: self.updated_at.and_utc(),
            upazila_office: self.entry()?,
        })
    }
}

entries_of_an_office!(UpazilaOfficeRow in upazila_offices is Kind::UpazilaOffice);

/// The upazila offices of these ids as they are served.
pub(super) fn states(ids: Vec<String>, connection: &mut AnyConnection) -> Result<Vec<State>, Error> {
    all(by_ids(ids, connection)?, |row| {
        State::new(row.id.clone(), row.position, &row.upazila_office()?)
    })
}

/// A page of upazila offices.
///
/// # Errors
/// Those of the database.
pub fn list(
    filter: &UpazilaOfficeFilter,
    page: PageRequest,
    connection: &mut AnyConnection,
) -> Result<Page<Served<UpazilaOffice>>, Error> {
    let selection = Selection::of("upazila_offices", connection)
        .equal("office", filter.office.as_deref())
        .matching(&filter.patterns);
    served::list(selection, page, connection)
}
