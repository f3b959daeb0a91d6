//! Personal data as it is sealed: by which keys, and sealed anew.

use diesel::prelude::*;
use uuid::Uuid;

use super::case_table::CaseTable;
use super::connection::AnyConnection;
use super::error::Error;
use super::schema::{grievance_complainants, personal_data_keys, service_requests};
use super::texts::id;
use crate::domain::personal_data::Sealed;

/// The keys that personal data was sealed by: the id of each, with what it has sealed to be known by.
///
/// # Errors
/// Those of the database.
pub fn keys(connection: &mut AnyConnection) -> Result<Vec<Sealed>, Error> {
    let rows: Vec<(String, String)> = personal_data_keys::table
        .order(personal_data_keys::id)
        .load(connection)?;
    Ok(rows.into_iter().map(|(key, text)| Sealed { key, text }).collect())
}

/// Takes note of a key.
///
/// # Errors
/// Those of the database.
pub fn note_key(sealed: &Sealed, connection: &mut AnyConnection) -> Result<(), Error> {
    diesel::insert_into(personal_data_keys::table)
        .values((
            personal_data_keys::id.eq(&sealed.key),
            personal_data_keys::sealed.eq(&sealed.text),
        ))
        .execute(connection)?;
    Ok(())
}

/// Forgets the keys by which nothing is sealed any more.
///
/// # Errors
/// Those of the database.
pub fn forget_keys_but(key: &str, connection: &mut AnyConnection) -> Result<(), Error> {
    diesel::delete(personal_data_keys::table.filter(personal_data_keys::id.ne(key))).execute(connection)?;
    Ok(())
}

/// What is sealed of those who filed cases by another key than this one, or by none: of some cases whose ids come behind this one.
///
/// # Errors
/// Those of the database.
pub fn sealed_otherwise(
    table: CaseTable,
    (key, after, limit): (&str, Uuid, i64),
    connection: &mut AnyConnection,
) -> Result<Vec<(Uuid, Sealed)>, Error> {
    let after = after.to_string();
    let rows: Vec<(String, String, String)> = match table {
        CaseTable::ServiceRequests => service_requests::table
            .filter(service_requests::id.gt(after))
            .filter(service_requests::personal_key.ne(key))
            .order(service_requests::id)
            .limit(limit)
            .select((
                service_requests::id,
                service_requests::personal_key,
                service_requests::personal,
            ))
            .load(connection)?,
        CaseTable::Grievances => grievance_complainants::table
            .filter(grievance_complainants::grievance_id.gt(after))
            .filter(grievance_complainants::personal_key.ne(key))
            .order(grievance_complainants::grievance_id)
            .limit(limit)
            .select((
                grievance_complainants::grievance_id,
                grievance_complainants::personal_key,
                grievance_complainants::personal,
            ))
            .load(connection)?,
    };
    let read = |(of, key, text): (String, String, String)| Ok((id(&of)?, Sealed { key, text }));
    rows.into_iter().map(read).collect()
}

/// Keeps what was sealed anew.
///
/// # Errors
/// Those of the database.
pub fn replace(table: CaseTable, of: Uuid, sealed: &Sealed, connection: &mut AnyConnection) -> Result<(), Error> {
    match table {
        CaseTable::ServiceRequests => {
            diesel::update(service_requests::table.filter(service_requests::id.eq(of.to_string())))
                .set((
                    service_requests::personal.eq(&sealed.text),
                    service_requests::personal_key.eq(&sealed.key),
                ))
                .execute(connection)?
        }
        CaseTable::Grievances => diesel::update(
            grievance_complainants::table.filter(grievance_complainants::grievance_id.eq(of.to_string())),
        )
        .set((
            grievance_complainants::personal.eq(&sealed.text),
            grievance_complainants::personal_key.eq(&sealed.key),
        ))
        .execute(connection)?,
    };
    Ok(())
}
