//! Officers in their table.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::change::State;
use super::connection::{AnyConnection, Backend};
use super::error::Error;
use super::page::{Page, PageRequest, Selection};
use super::schema::officers;
use super::served::{self, Served};
use super::sync::entries_of_an_office;
use super::texts::{all, id};
use crate::domain::bangla::search_text;
use crate::domain::charter::difference::Kind;
use crate::domain::officer::{Officer, OfficerContact};
use crate::domain::text::Text;

/// Which officers are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfficerFilter {
    /// Only those of this office.
    pub office: Option<String>,
    /// Only those whose words match all of these patterns.
    pub patterns: Vec<String>,
}

#[derive(Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = officers, check_for_backend(Backend), treat_none_as_null = true)]
pub(super) struct OfficerRow {
    pub(super) id: String,
    office: String,
    position: i32,
    name_bn: String,
    name_en: String,
    designation_bn: String,
    designation_en: String,
    phone: String,
    phone_e164: String,
    email: String,
    website: Option<String>,
    search: String,
    version: i64,
    updated_at: NaiveDateTime,
}

impl OfficerRow {
    pub(super) fn new(officer: &OfficerContact, office: &str, position: i32, now: NaiveDateTime) -> Self {
        Self {
            id: officer.id.to_string(),
            office: office.to_owned(),
            position,
            name_bn: officer.name.bn.clone(),
            name_en: officer.name.en.clone(),
            designation_bn: officer.designation.bn.clone(),
            designation_en: officer.designation.en.clone(),
            phone: officer.phone.to_string(),
            phone_e164: officer.phone_e164.to_string(),
            email: officer.email.to_string(),
            website: officer.website.as_ref().map(ToString::to_string),
            search: search_text(words(officer)),
            version: 1,
            updated_at: now,
        }
    }

    pub(super) fn contact(self) -> Result<OfficerContact, Error> {
        Ok(OfficerContact {
            id: id(&self.id)?,
            name: Text::new(self.name_bn, self.name_en),
            designation: Text::new(self.designation_bn, self.designation_en),
            phone: self.phone.into(),
            phone_e164: self.phone_e164.into(),
            email: self.email.into(),
            website: self.website.map(Into::into),
        })
    }

    fn officer(self) -> Result<Officer, Error> {
        Ok(Officer {
            office: self.office.as_str().into(),
            version: self.version,
            updated_at: self.updated_at.and_utc(),
            contact: self.contact()?,
        })
    }
}

/// The words by which an officer is found.
pub(super) fn words(officer: &OfficerContact) -> [&str; 7] {
    [
        &officer.name.bn,
        &officer.name.en,
        &officer.designation.bn,
        &officer.designation.en,
        officer.phone.as_str(),
        officer.phone_e164.as_str(),
        officer.email.as_str(),
    ]
}

entries_of_an_office!(OfficerRow in officers is Kind::Officer);

/// The officers of these ids as they are served.
pub(super) fn states(ids: Vec<String>, connection: &mut AnyConnection) -> Result<Vec<State>, Error> {
    all(by_ids(ids, connection)?, |row| {
        State::new(row.id.clone(), row.position, &row.officer()?)
    })
}

/// A page of officers.
///
/// # Errors
/// Those of the database.
pub fn list(
    filter: &OfficerFilter,
    page: PageRequest,
    connection: &mut AnyConnection,
) -> Result<Page<Served<Officer>>, Error> {
    let selection = Selection::of("officers", connection)
        .equal("office", filter.office.as_deref())
        .matching(&filter.patterns);
    served::list(selection, page, connection)
}
