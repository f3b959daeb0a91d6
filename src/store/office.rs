//! Offices in their table.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::connection::{AnyConnection, Backend};
use super::error::Error;
use super::page::{Page, PageRequest, Selection, page_of_rows};
use super::schema::offices;
use crate::domain::bangla::search_text;
use crate::domain::office::{CharterOffice, Office, ParentOffice};
use crate::domain::text::Text;

/// Which offices are asked for. Only those that publish a charter are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfficeFilter {
    /// Only those directly under this office.
    pub parent: Option<String>,
    /// Only those whose words match all of these patterns.
    pub patterns: Vec<String>,
}

#[derive(Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = offices, check_for_backend(Backend), treat_none_as_null = true)]
pub(super) struct OfficeRow {
    code: String,
    parent: Option<String>,
    name_bn: String,
    name_en: String,
    website: Option<String>,
    pub(super) publishes: bool,
    search: String,
    pub(super) version: i64,
    pub(super) updated_at: NaiveDateTime,
}

impl OfficeRow {
    /// An office that publishes a charter.
    pub(super) fn publishing(office: &CharterOffice, version: i64, now: NaiveDateTime) -> Self {
        Self {
            parent: office.parent.as_ref().map(|parent| parent.code.to_string()),
            website: office.website.as_ref().map(ToString::to_string),
            publishes: true,
            ..Self::named(office.code.as_str(), &office.name, version, now)
        }
    }

    /// An office that is known as the parent of another.
    pub(super) fn parent(parent: &ParentOffice, now: NaiveDateTime) -> Self {
        Self::named(parent.code.as_str(), &parent.name, 1, now)
    }

    fn named(code: &str, name: &Text, version: i64, now: NaiveDateTime) -> Self {
        Self {
            code: code.to_owned(),
            parent: None,
            name_bn: name.bn.clone(),
            name_en: name.en.clone(),
            website: None,
            publishes: false,
            search: search_text([code, &*name.bn, &*name.en]),
            version,
            updated_at: now,
        }
    }

    pub(super) fn name(&self) -> Text {
        Text::new(&*self.name_bn, &*self.name_en)
    }

    fn office(self, parents: &HashMap<String, Text>) -> Result<Office, Error> {
        let parent = self
            .parent
            .map(|code| match parents.get(&code) {
                Some(name) => Ok(ParentOffice {
                    code: code.into(),
                    name: name.clone(),
                }),
                None => Err(Error::Corrupt("an office whose parent is missing".into())),
            })
            .transpose()?;
        Ok(Office {
            office: CharterOffice {
                code: self.code.into(),
                name: Text::new(self.name_bn, self.name_en),
                website: self.website.map(Into::into),
                parent,
            },
            version: self.version,
            updated_at: self.updated_at.and_utc(),
        })
    }
}

/// The row of an office, also of one that is only a parent.
pub(super) fn row(code: &str, connection: &mut AnyConnection) -> Result<Option<OfficeRow>, Error> {
    Ok(offices::table
        .filter(offices::code.eq(code))
        .select(OfficeRow::as_select())
        .first(connection)
        .optional()?)
}

pub(super) fn insert(row: &OfficeRow, connection: &mut AnyConnection) -> Result<(), Error> {
    diesel::insert_into(offices::table).values(row).execute(connection)?;
    Ok(())
}

pub(super) fn update(row: &OfficeRow, connection: &mut AnyConnection) -> Result<(), Error> {
    diesel::update(offices::table.filter(offices::code.eq(&row.code)))
        .set(row)
        .execute(connection)?;
    Ok(())
}

fn with_parents(rows: Vec<OfficeRow>, connection: &mut AnyConnection) -> Result<Vec<Office>, Error> {
    let codes: Vec<String> = rows.iter().filter_map(|row| row.parent.clone()).collect();
    let parents: Vec<(String, String, String)> = if codes.is_empty() {
        Vec::new()
    } else {
        offices::table
            .filter(offices::code.eq_any(codes))
            .select((offices::code, offices::name_bn, offices::name_en))
            .load(connection)?
    };
    let parents = parents
        .into_iter()
        .map(|(code, bn, en)| (code, Text { bn, en }))
        .collect();
    rows.into_iter().map(|row| row.office(&parents)).collect()
}

/// Whether any office is known.
///
/// # Errors
/// Those of the database.
pub fn any(connection: &mut AnyConnection) -> Result<bool, Error> {
    let first: Option<i64> = offices::table.select(offices::seq).first(connection).optional()?;
    Ok(first.is_some())
}

/// Whether an office is known, also one that publishes no charter.
///
/// # Errors
/// Those of the database.
pub fn is_known(code: &str, connection: &mut AnyConnection) -> Result<bool, Error> {
    Ok(row(code, connection)?.is_some())
}

/// One office that publishes a charter.
///
/// # Errors
/// Those of the database.
pub fn get(code: &str, connection: &mut AnyConnection) -> Result<Option<Office>, Error> {
    let row = row(code, connection)?.filter(|row| row.publishes);
    Ok(with_parents(row.into_iter().collect(), connection)?.pop())
}

/// Those offices of these codes that publish a charter.
///
/// # Errors
/// Those of the database.
pub fn of_codes(codes: &[String], connection: &mut AnyConnection) -> Result<Vec<Office>, Error> {
    let rows = offices::table
        .filter(offices::code.eq_any(codes))
        .filter(offices::publishes.eq(true))
        .select(OfficeRow::as_select())
        .load(connection)?;
    with_parents(rows, connection)
}

/// A page of offices.
///
/// # Errors
/// Those of the database.
pub fn list(filter: &OfficeFilter, page: PageRequest, connection: &mut AnyConnection) -> Result<Page<Office>, Error> {
    let selection = Selection::of("offices", connection)
        .only("offices.publishes")
        .equal("parent", filter.parent.as_deref())
        .matching(&filter.patterns);
    let page = page_of_rows!(offices => OfficeRow, selection, page, connection)?;
    Ok(Page {
        items: with_parents(page.items, connection)?,
        next: page.next,
    })
}
