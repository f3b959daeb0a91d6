//! Whole charters: read from and written to the tables of their parts.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::change::Hand;
use super::connection::{AnyConnection, Backend};
use super::error::Error;
use super::office::OfficeRow;
use super::officer::OfficerRow;
use super::schema::{charters, expectations};
use super::service::ServiceRow;
use super::texts::{all, stored_instant};
use super::upazila_office::UpazilaOfficeRow;
use super::{change, grievance, grievance_level, office, officer, service, service_request, sync, upazila_office};
use crate::domain::charter::difference::{Difference, Kind, Op};
use crate::domain::charter::{Charter, CharterTexts, Expectation, Signatory};
use crate::domain::fault::Fault;
use crate::domain::text::Text;

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = charters, check_for_backend(Backend))]
struct CharterRow {
    office: String,
    title_bn: String,
    title_en: String,
    vision_bn: String,
    vision_en: String,
    mission_bn: String,
    mission_en: String,
    signatory_name_bn: String,
    signatory_name_en: String,
    signatory_designation_bn: String,
    signatory_designation_en: String,
    signatory_organisation_bn: String,
    signatory_organisation_en: String,
    signatory_office_bn: String,
    signatory_office_en: String,
}

impl CharterRow {
    fn new(charter: &Charter) -> Self {
        let signatory = &charter.signatory;
        Self {
            office: charter.office.code.to_string(),
            title_bn: charter.title.bn.clone(),
            title_en: charter.title.en.clone(),
            vision_bn: charter.vision.bn.clone(),
            vision_en: charter.vision.en.clone(),
            mission_bn: charter.mission.bn.clone(),
            mission_en: charter.mission.en.clone(),
            signatory_name_bn: signatory.name.bn.clone(),
            signatory_name_en: signatory.name.en.clone(),
            signatory_designation_bn: signatory.designation.bn.clone(),
            signatory_designation_en: signatory.designation.en.clone(),
            signatory_organisation_bn: signatory.organisation.bn.clone(),
            signatory_organisation_en: signatory.organisation.en.clone(),
            signatory_office_bn: signatory.office.bn.clone(),
            signatory_office_en: signatory.office.en.clone(),
        }
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = expectations, check_for_backend(Backend))]
struct ExpectationRow {
    office: String,
    position: i32,
    serial: i32,
    text_bn: String,
    text_en: String,
}

/// The missions of these offices, by their codes.
///
/// # Errors
/// Those of the database.
pub fn missions(codes: &[String], connection: &mut AnyConnection) -> Result<HashMap<String, Text>, Error> {
    let rows: Vec<(String, String, String)> = charters::table
        .filter(charters::office.eq_any(codes))
        .select((charters::office, charters::mission_bn, charters::mission_en))
        .load(connection)?;
    let missions = rows.into_iter().map(|(code, bn, en)| (code, Text { bn, en }));
    Ok(missions.collect())
}

/// A charter's own texts, without its services, officers and upazila offices.
pub(super) fn texts(code: &str, connection: &mut AnyConnection) -> Result<Option<CharterTexts>, Error> {
    let row: Option<CharterRow> = charters::table
        .filter(charters::office.eq(code))
        .select(CharterRow::as_select())
        .first(connection)
        .optional()?;
    let (Some(row), Some(office)) = (row, office::get(code, connection)?) else {
        return Ok(None);
    };
    let expectations: Vec<ExpectationRow> = expectations::table
        .filter(expectations::office.eq(code))
        .order(expectations::position)
        .select(ExpectationRow::as_select())
        .load(connection)?;
    Ok(Some(CharterTexts {
        office: office.office,
        title: Text::new(row.title_bn, row.title_en),
        vision: Text::new(row.vision_bn, row.vision_en),
        mission: Text::new(row.mission_bn, row.mission_en),
        expectations: expectations
            .into_iter()
            .map(|row| Expectation {
                serial: row.serial,
                text: Text::new(row.text_bn, row.text_en),
            })
            .collect(),
        grievance_levels: grievance_level::of_office(code, connection)?,
        signatory: Signatory {
            name: Text::new(row.signatory_name_bn, row.signatory_name_en),
            designation: Text::new(row.signatory_designation_bn, row.signatory_designation_en),
            organisation: Text::new(row.signatory_organisation_bn, row.signatory_organisation_en),
            office: Text::new(row.signatory_office_bn, row.signatory_office_en),
        },
    }))
}

/// The charter of an office, whole.
///
/// # Errors
/// Those of the database.
pub fn load(code: &str, connection: &mut AnyConnection) -> Result<Option<Charter>, Error> {
    let Some(texts) = texts(code, connection)? else {
        return Ok(None);
    };
    let services = service::of_office(code, connection)?;
    let officers = officer::of_office(code, connection)?;
    let upazila_offices = upazila_office::of_office(code, connection)?;
    Ok(Some(texts.with(
        service::entries(services, connection)?,
        all(officers, OfficerRow::contact)?,
        all(upazila_offices, UpazilaOfficeRow::entry)?,
    )))
}

/// What forbids a charter that is faultless by itself: ids that another office's entries have, and a parent office that
/// is recorded under another name.
///
/// # Errors
/// Those of the database.
pub fn conflicts(charter: &Charter, connection: &mut AnyConnection) -> Result<Vec<Fault>, Error> {
    let code = charter.office.code.as_str();
    let mut faults = Vec::new();
    if let Some(parent) = &charter.office.parent
        && let Some(recorded) = office::row(parent.code.as_str(), connection)?
        && recorded.name() != parent.name
    {
        faults.push(Fault::new(
            "/office/parent/name",
            "conflict",
            "is not the name under which this office is recorded",
        ));
    }
    let mut taken = |list: &str, ids: &[String], elsewhere: Vec<String>| {
        let elsewhere: HashSet<String> = elsewhere.into_iter().collect();
        faults.extend(
            ids.iter()
                .enumerate()
                .filter(|(_, id)| elsewhere.contains(*id))
                .map(|(i, _)| {
                    Fault::new(
                        format!("/{list}/{i}/id"),
                        "conflict",
                        "is the id of another office's entry",
                    )
                }),
        );
    };
    let ids = Ids::of(charter);
    taken(
        "services",
        &ids.services,
        service::ids_elsewhere(ids.services.clone(), code, connection)?,
    );
    taken(
        "officers",
        &ids.officers,
        officer::ids_elsewhere(ids.officers.clone(), code, connection)?,
    );
    taken(
        "upazila_offices",
        &ids.upazila_offices,
        upazila_office::ids_elsewhere(ids.upazila_offices.clone(), code, connection)?,
    );
    Ok(faults)
}

struct Ids {
    services: Vec<String>,
    officers: Vec<String>,
    upazila_offices: Vec<String>,
}

impl Ids {
    fn of(charter: &Charter) -> Self {
        Self {
            services: charter.services.iter().map(|s| s.id.to_string()).collect(),
            officers: charter.officers.iter().map(|o| o.id.to_string()).collect(),
            upazila_offices: charter.upazila_offices.iter().map(|u| u.id.to_string()).collect(),
        }
    }
}

/// Puts a charter in the place of the one its office has, touching only what differs, and says what that was. Entries
/// keep their identity by their ids.
///
/// # Errors
/// Those of the database.
pub fn replace<'a>(
    charter: &Charter,
    hand: impl Into<Hand<'a>>,
    connection: &mut AnyConnection,
) -> Result<Vec<Difference>, Error> {
    let hand = hand.into();
    let now = stored_instant(hand.now);
    let code = charter.office.code.as_str();
    let mut changes = replace_own_texts(charter, now, connection)?;
    let ids = Ids::of(charter);

    let mut officers = officer::of_office(code, connection)?;
    let wanted = rows(&charter.officers, code, now, OfficerRow::new);
    let changed_officers = sync::upsert(&mut officers, wanted, |_| false, now, connection)?;
    let touched: HashSet<String> = changed_officers.iter().map(|change| change.id.clone()).collect();
    changes.extend(changed_officers);

    let mut services = service::of_office(code, connection)?;
    let wanted = rows(&charter.services, code, now, ServiceRow::new);
    // a service is served with its officers: where one of them changes, so does the service
    let names_touched =
        |row: &ServiceRow| touched.contains(&row.responsible_officer_id) || touched.contains(&row.alternate_officer_id);
    let officers_before: HashMap<String, (String, String)> =
        services.iter().map(|row| (row.id.clone(), officers_of(row))).collect();
    let officers_now: Vec<(String, (String, String))> =
        wanted.iter().map(|row| (row.id.clone(), officers_of(row))).collect();
    let changed = sync::upsert(&mut services, wanted, names_touched, now, connection)?;
    for (service, (responsible, alternate)) in officers_now {
        let before = officers_before.get(&service);
        if before.is_some_and(|(r, a)| (r, a) != (&responsible, &alternate)) {
            service_request::follow_officers(code, &service, &responsible, &alternate, connection)?;
            grievance::follow_alternate(code, &service, &alternate, connection)?;
        }
    }
    service::index_channels(changed.iter().map(|change| change.id.clone()).collect(), connection)?;
    changes.extend(changed);
    changes.extend(sync::remove(
        &services,
        &ids.services.into_iter().collect(),
        connection,
    )?);

    // officers last: until here a service that goes too may name them
    changes.extend(sync::remove(
        &officers,
        &ids.officers.into_iter().collect(),
        connection,
    )?);

    let mut upazila_offices = upazila_office::of_office(code, connection)?;
    let wanted = rows(&charter.upazila_offices, code, now, UpazilaOfficeRow::new);
    changes.extend(sync::upsert(&mut upazila_offices, wanted, |_| false, now, connection)?);
    changes.extend(sync::remove(
        &upazila_offices,
        &ids.upazila_offices.into_iter().collect(),
        connection,
    )?);
    change::record(&changes, code, hand, connection)?;
    Ok(changes)
}

fn officers_of(row: &ServiceRow) -> (String, String) {
    (row.responsible_officer_id.clone(), row.alternate_officer_id.clone())
}

fn rows<T, R>(
    entries: &[T],
    office: &str,
    now: NaiveDateTime,
    row: impl Fn(&T, &str, i32, NaiveDateTime) -> R,
) -> Vec<R> {
    (1..)
        .zip(entries)
        .map(|(position, entry)| row(entry, office, position, now))
        .collect()
}

/// The office, the charter's own texts, its expectations and grievance levels: one version counts all of them.
fn replace_own_texts(
    charter: &Charter,
    now: NaiveDateTime,
    connection: &mut AnyConnection,
) -> Result<Vec<Difference>, Error> {
    let code = charter.office.code.as_str();
    if let Some(parent) = &charter.office.parent
        && office::row(parent.code.as_str(), connection)?.is_none()
    {
        office::insert(&OfficeRow::parent(parent, now), connection)?;
    }
    let published = texts(code, connection)?;
    if published.as_ref() == Some(&CharterTexts::from(charter)) {
        return Ok(Vec::new());
    }
    // an office without a charter may be known already, as the parent of others
    match office::row(code, connection)? {
        Some(known) => office::update(
            &OfficeRow::publishing(&charter.office, known.version + 1, now),
            connection,
        )?,
        None => office::insert(&OfficeRow::publishing(&charter.office, 1, now), connection)?,
    }
    let row = CharterRow::new(charter);
    let op = if published.is_some() {
        diesel::update(charters::table.filter(charters::office.eq(code)))
            .set(row)
            .execute(connection)?;
        Op::Changed
    } else {
        diesel::insert_into(charters::table).values(row).execute(connection)?;
        Op::Created
    };
    diesel::delete(expectations::table.filter(expectations::office.eq(code))).execute(connection)?;
    for (position, expectation) in (1..).zip(&charter.expectations) {
        diesel::insert_into(expectations::table)
            .values(&ExpectationRow {
                office: code.to_owned(),
                position,
                serial: expectation.serial,
                text_bn: expectation.text.bn.clone(),
                text_en: expectation.text.en.clone(),
            })
            .execute(connection)?;
    }
    grievance_level::replace(code, &charter.grievance_levels, connection)?;
    Ok(vec![Difference {
        op,
        kind: Kind::Charter,
        id: code.to_owned(),
    }])
}
