//! Forgetting what people told: the cases stay, with their days, their outcomes and their histories.

use chrono::NaiveDate;
use diesel::deserialize::QueryableByName;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::case_table::CaseTable;
use super::connection::AnyConnection;
use super::error::Error;
use super::schema::{case_events, grievance_complainants, grievances, service_requests};
use super::statement::sql;
use crate::domain::bangla::search_text;
use crate::domain::grievance::Particulars;
use crate::domain::personal_data::{Applicant, FORGOTTEN, FORGOTTEN_MOBILE};

#[derive(QueryableByName)]
struct Told {
    #[diesel(sql_type = BigInt)]
    seq: i64,
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    tracking_code: String,
}

/// Forgets what people told in some cases that were closed on a day or earlier, behind this one; gives the last of them, and how
/// many they were.
///
/// # Errors
/// Those of the database.
pub fn forget(
    table: CaseTable,
    closed_until: NaiveDate,
    (after, limit): (i64, i64),
    connection: &mut AnyConnection,
) -> Result<Option<(i64, usize)>, Error> {
    let some: Vec<Told> = sql(format!(
        "SELECT seq, id, tracking_code FROM {} WHERE seq > ? AND closed_on <= ? AND NOT forgotten ORDER BY seq LIMIT ?",
        table.name()
    ))
    .bind(after)
    .bind(closed_until)
    .bind(limit)
    .load(connection)?;
    for told in &some {
        match table {
            CaseTable::ServiceRequests => forget_request(told, connection)?,
            CaseTable::Grievances => forget_grievance(told, connection)?,
        }
        // the chain of the history holds the digest of these words
        diesel::update(case_events::table.filter(case_events::case_id.eq(&told.id)))
            .set(case_events::private.eq(None::<String>))
            .execute(connection)?;
    }
    Ok(some.last().map(|last| (last.seq, some.len())))
}

fn json(what: &impl serde::Serialize) -> Result<String, Error> {
    serde_json::to_string(what).map_err(|error| Error::Corrupt(error.to_string()))
}

fn forget_request(told: &Told, connection: &mut AnyConnection) -> Result<(), Error> {
    let nobody = Applicant {
        address: FORGOTTEN.to_owned(),
        mobile: FORGOTTEN_MOBILE.into(),
        email: None,
    };
    diesel::update(service_requests::table.filter(service_requests::id.eq(&told.id)))
        .set((
            service_requests::name.eq(FORGOTTEN),
            service_requests::personal.eq(json(&nobody)?),
            service_requests::personal_key.eq(""),
            service_requests::request.eq(FORGOTTEN),
            service_requests::search.eq(search_text([&*told.tracking_code])),
            service_requests::forgotten.eq(true),
            service_requests::version.eq(service_requests::version + 1),
        ))
        .execute(connection)?;
    Ok(())
}

fn forget_grievance(told: &Told, connection: &mut AnyConnection) -> Result<(), Error> {
    let nobody = Particulars {
        identity_number: FORGOTTEN_MOBILE.to_owned(),
        permanent_address: FORGOTTEN.to_owned(),
        present_address: FORGOTTEN.to_owned(),
        mobile: FORGOTTEN_MOBILE.into(),
        email: None,
    };
    diesel::update(grievances::table.filter(grievances::id.eq(&told.id)))
        .set((
            grievances::subject.eq(FORGOTTEN),
            grievances::description.eq(FORGOTTEN),
            grievances::attachments.eq("[]"),
            grievances::search.eq(search_text([&*told.tracking_code])),
            grievances::forgotten.eq(true),
            grievances::version.eq(grievances::version + 1),
        ))
        .execute(connection)?;
    diesel::update(grievance_complainants::table.filter(grievance_complainants::grievance_id.eq(&told.id)))
        .set((
            grievance_complainants::name.eq(FORGOTTEN),
            grievance_complainants::served_name.eq(None::<String>),
            grievance_complainants::personal.eq(json(&nobody)?),
            grievance_complainants::personal_key.eq(""),
        ))
        .execute(connection)?;
    Ok(())
}
