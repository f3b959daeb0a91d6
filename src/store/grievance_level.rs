//! Grievance levels in their table.

use std::collections::HashSet;

use diesel::prelude::*;

use super::connection::{AnyConnection, Backend};
use super::error::Error;
use super::page::{Page, PageRequest, Selection, page_of_rows};
use super::schema::grievance_levels;
use super::texts::{all, id, optional_columns, optional_text};
use crate::domain::contact::OfficeCode;
use crate::domain::grievance_level::{CharterGrievanceLevel, GrievanceHandler, GrievanceLevel};
use crate::domain::text::Text;

#[derive(Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = grievance_levels, check_for_backend(Backend))]
struct GrievanceLevelRow {
    office: String,
    level: i32,
    title_bn: String,
    title_en: String,
    when_bn: String,
    when_en: String,
    handler_officer_id: Option<String>,
    handler_name_bn: Option<String>,
    handler_name_en: Option<String>,
    handler_designation_bn: Option<String>,
    handler_designation_en: Option<String>,
    handler_organisation_bn: Option<String>,
    handler_organisation_en: Option<String>,
    handler_address_bn: Option<String>,
    handler_address_en: Option<String>,
    handler_phone: Option<String>,
    handler_phone_e164: Option<String>,
    handler_email: Option<String>,
    handler_website: Option<String>,
    working_days: i32,
    extension_working_days: i32,
}

impl GrievanceLevelRow {
    fn new(level: &CharterGrievanceLevel, office: &str) -> Self {
        let handler = &level.handler;
        let (handler_name_bn, handler_name_en) = optional_columns(handler.name.as_ref());
        let (handler_designation_bn, handler_designation_en) = optional_columns(handler.designation.as_ref());
        let (handler_organisation_bn, handler_organisation_en) = optional_columns(handler.organisation.as_ref());
        let (handler_address_bn, handler_address_en) = optional_columns(handler.address.as_ref());
        Self {
            office: office.to_owned(),
            level: level.level,
            title_bn: level.title.bn.clone(),
            title_en: level.title.en.clone(),
            when_bn: level.when.bn.clone(),
            when_en: level.when.en.clone(),
            handler_officer_id: handler.officer_id.map(|id| id.to_string()),
            handler_name_bn,
            handler_name_en,
            handler_designation_bn,
            handler_designation_en,
            handler_organisation_bn,
            handler_organisation_en,
            handler_address_bn,
            handler_address_en,
            handler_phone: handler.phone.as_ref().map(ToString::to_string),
            handler_phone_e164: handler.phone_e164.as_ref().map(ToString::to_string),
            handler_email: handler.email.as_ref().map(ToString::to_string),
            handler_website: handler.website.as_ref().map(ToString::to_string),
            working_days: level.working_days,
            extension_working_days: level.extension_working_days,
        }
    }

    fn entry(self) -> Result<CharterGrievanceLevel, Error> {
        Ok(CharterGrievanceLevel {
            level: self.level,
            title: Text::new(self.title_bn, self.title_en),
            when: Text::new(self.when_bn, self.when_en),
            handler: GrievanceHandler {
                officer_id: self.handler_officer_id.as_deref().map(id).transpose()?,
                name: optional_text(self.handler_name_bn, self.handler_name_en),
                designation: optional_text(self.handler_designation_bn, self.handler_designation_en),
                organisation: optional_text(self.handler_organisation_bn, self.handler_organisation_en),
                address: optional_text(self.handler_address_bn, self.handler_address_en),
                phone: self.handler_phone.map(Into::into),
                phone_e164: self.handler_phone_e164.map(Into::into),
                email: self.handler_email.map(Into::into),
                website: self.handler_website.map(Into::into),
            },
            working_days: self.working_days,
            extension_working_days: self.extension_working_days,
        })
    }

    fn grievance_level(self) -> Result<GrievanceLevel, Error> {
        Ok(GrievanceLevel {
            office: self.office.as_str().into(),
            grievance_level: self.entry()?,
        })
    }
}

/// The grievance levels of an office, from level 1.
///
/// # Errors
/// Those of the database.
pub fn of_office(office: &str, connection: &mut AnyConnection) -> Result<Vec<CharterGrievanceLevel>, Error> {
    let rows = grievance_levels::table
        .filter(grievance_levels::office.eq(office))
        .order(grievance_levels::level)
        .select(GrievanceLevelRow::as_select())
        .load(connection)?;
    all(rows, GrievanceLevelRow::entry)
}

/// The grievance levels of offices, each with the code of its office, from level 1.
///
/// # Errors
/// Those of the database.
pub fn of_offices(
    offices: &HashSet<&OfficeCode>,
    connection: &mut AnyConnection,
) -> Result<Vec<(OfficeCode, CharterGrievanceLevel)>, Error> {
    let codes: Vec<&str> = offices.iter().map(|office| office.as_str()).collect();
    let rows = grievance_levels::table
        .filter(grievance_levels::office.eq_any(codes))
        .order(grievance_levels::level)
        .select(GrievanceLevelRow::as_select())
        .load(connection)?;
    all(rows, |row| Ok((row.office.as_str().into(), row.entry()?)))
}

/// Puts these levels in the place of those an office has.
pub(super) fn replace(
    office: &str,
    levels: &[CharterGrievanceLevel],
    connection: &mut AnyConnection,
) -> Result<(), Error> {
    diesel::delete(grievance_levels::table.filter(grievance_levels::office.eq(office))).execute(connection)?;
    for level in levels {
        diesel::insert_into(grievance_levels::table)
            .values(&GrievanceLevelRow::new(level, office))
            .execute(connection)?;
    }
    Ok(())
}

/// A page of grievance levels, of one office or of all.
///
/// # Errors
/// Those of the database.
pub fn list(
    office: Option<&str>,
    page: PageRequest,
    connection: &mut AnyConnection,
) -> Result<Page<GrievanceLevel>, Error> {
    let selection = Selection::of("grievance_levels", connection).equal("office", office);
    page_of_rows!(grievance_levels => GrievanceLevelRow, selection, page, connection)?
        .try_map(GrievanceLevelRow::grievance_level)
}
