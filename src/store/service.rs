//! Services in their table.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::change::State;
use super::connection::{AnyConnection, Backend};
use super::error::Error;
use super::page::{Page, PageRequest, Selection};
use super::schema::{service_channels, services};
use super::served::{self, Served};
use super::sync::entries_of_an_office;
use super::texts::{all, id, named, optional_columns, optional_text};
use super::{officer, officer::OfficerRow};
use crate::domain::bangla::search_text;
use crate::domain::charter::difference::Kind;
use crate::domain::delivery::{Channel, Delivery};
use crate::domain::fee::{Fee, FeeKind};
use crate::domain::officer::OfficerContact;
use crate::domain::service::{Category, CharterService, Documents, Service};
use crate::domain::text::Text;
use crate::domain::time_limit::TimeLimit;

/// Which services are asked for. What is absent does not restrict; what is there has to hold together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceFilter {
    /// Only those of this office.
    pub office: Option<String>,
    /// Only those of this category.
    pub category: Option<Category>,
    /// Only those with this channel.
    pub channel: Option<Channel>,
    /// Only those with this kind of fee.
    pub fee: Option<FeeKind>,
    /// Only those that this officer answers for or stands behind.
    pub officer: Option<uuid::Uuid>,
    /// Only those whose words match all of these patterns.
    pub patterns: Vec<String>,
}

#[derive(Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = services, check_for_backend(Backend), treat_none_as_null = true)]
pub(super) struct ServiceRow {
    pub(super) id: String,
    office: String,
    position: i32,
    category: String,
    serial: i32,
    name_bn: String,
    name_en: String,
    channels: String,
    delivery_bn: String,
    delivery_en: String,
    documents_bn: String,
    documents_en: String,
    documents_where_bn: Option<String>,
    documents_where_en: Option<String>,
    fee_kind: String,
    fee_amount_bdt: Option<i64>,
    fee_bn: String,
    fee_en: String,
    time_limit_kind: String,
    time_limit_working_days: Option<i32>,
    time_limit_where_applicable: bool,
    time_limit_bn: String,
    time_limit_en: String,
    pub(super) responsible_officer_id: String,
    pub(super) alternate_officer_id: String,
    search: String,
    version: i64,
    updated_at: NaiveDateTime,
}

impl ServiceRow {
    pub(super) fn new(service: &CharterService, office: &str, position: i32, now: NaiveDateTime) -> Self {
        let (documents_where_bn, documents_where_en) = optional_columns(service.documents.place.as_ref());
        let channels: Vec<&str> = service.delivery.channels.iter().map(|c| c.as_str()).collect();
        Self {
            id: service.id.to_string(),
            office: office.to_owned(),
            position,
            category: service.category.as_str().to_owned(),
            serial: service.serial,
            name_bn: service.name.bn.clone(),
            name_en: service.name.en.clone(),
            channels: channels.join(" "),
            delivery_bn: service.delivery.text.bn.clone(),
            delivery_en: service.delivery.text.en.clone(),
            documents_bn: service.documents.text.bn.clone(),
            documents_en: service.documents.text.en.clone(),
            documents_where_bn,
            documents_where_en,
            fee_kind: service.fee.kind.as_str().to_owned(),
            fee_amount_bdt: service.fee.amount_bdt,
            fee_bn: service.fee.text.bn.clone(),
            fee_en: service.fee.text.en.clone(),
            time_limit_kind: service.time_limit.kind.as_str().to_owned(),
            time_limit_working_days: service.time_limit.working_days,
            time_limit_where_applicable: service.time_limit.where_applicable,
            time_limit_bn: service.time_limit.text.bn.clone(),
            time_limit_en: service.time_limit.text.en.clone(),
            responsible_officer_id: service.responsible_officer.id.to_string(),
            alternate_officer_id: service.alternate_officer.id.to_string(),
            search: search_text(words(service)),
            version: 1,
            updated_at: now,
        }
    }

    fn entry(self, officers: &HashMap<String, OfficerContact>) -> Result<CharterService, Error> {
        let officer = |id: &str| {
            officers
                .get(id)
                .cloned()
                .ok_or_else(|| Error::Corrupt("a service whose officer is missing".into()))
        };
        let channels = self.channels.split(' ').map(named).collect::<Result<_, _>>()?;
        Ok(CharterService {
            id: id(&self.id)?,
            category: named(&self.category)?,
            serial: self.serial,
            name: Text::new(self.name_bn, self.name_en),
            delivery: Delivery {
                channels,
                text: Text::new(self.delivery_bn, self.delivery_en),
            },
            documents: Documents {
                text: Text::new(self.documents_bn, self.documents_en),
                place: optional_text(self.documents_where_bn, self.documents_where_en),
            },
            fee: Fee {
                kind: named(&self.fee_kind)?,
                amount_bdt: self.fee_amount_bdt,
                text: Text::new(self.fee_bn, self.fee_en),
            },
            time_limit: TimeLimit {
                kind: named(&self.time_limit_kind)?,
                working_days: self.time_limit_working_days,
                where_applicable: self.time_limit_where_applicable,
                text: Text::new(self.time_limit_bn, self.time_limit_en),
            },
            responsible_officer: officer(&self.responsible_officer_id)?,
            alternate_officer: officer(&self.alternate_officer_id)?,
        })
    }
}

/// The words by which a service is found: its own and those of its officers.
fn words(service: &CharterService) -> Vec<&str> {
    let mut words: Vec<&str> = Vec::new();
    for text in [
        Some(&service.name),
        Some(&service.delivery.text),
        Some(&service.documents.text),
        service.documents.place.as_ref(),
        Some(&service.fee.text),
        Some(&service.time_limit.text),
    ] {
        words.extend(text.into_iter().flat_map(|text| [&*text.bn, &*text.en]));
    }
    words.extend(officer::words(&service.responsible_officer));
    words.extend(officer::words(&service.alternate_officer));
    words
}

entries_of_an_office!(ServiceRow in services is Kind::Service);

/// Lists services under their channels anew, after they were created or changed.
pub(super) fn index_channels(ids: Vec<String>, connection: &mut AnyConnection) -> Result<(), Error> {
    let rows: Vec<(i64, String)> = services::table
        .filter(services::id.eq_any(ids))
        .select((services::seq, services::channels))
        .load(connection)?;
    for (seq, channels) in rows {
        diesel::delete(service_channels::table.filter(service_channels::service_seq.eq(seq))).execute(connection)?;
        for channel in channels.split(' ') {
            diesel::insert_into(service_channels::table)
                .values((
                    service_channels::channel.eq(channel),
                    service_channels::service_seq.eq(seq),
                ))
                .execute(connection)?;
        }
    }
    Ok(())
}

/// The officers whom services name, by their ids.
fn officers_of(rows: &[ServiceRow], connection: &mut AnyConnection) -> Result<HashMap<String, OfficerContact>, Error> {
    let mut ids: Vec<String> = rows
        .iter()
        .flat_map(|row| [row.responsible_officer_id.clone(), row.alternate_officer_id.clone()])
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let officers = officer::by_ids(ids, connection)?;
    officers
        .into_iter()
        .map(|row: OfficerRow| Ok((row.id.clone(), row.contact()?)))
        .collect()
}

/// The services of rows, as a charter promises them.
pub(super) fn entries(rows: Vec<ServiceRow>, connection: &mut AnyConnection) -> Result<Vec<CharterService>, Error> {
    let officers = officers_of(&rows, connection)?;
    rows.into_iter().map(|row| row.entry(&officers)).collect()
}

fn services(rows: Vec<ServiceRow>, connection: &mut AnyConnection) -> Result<Vec<Service>, Error> {
    let officers = officers_of(&rows, connection)?;
    let service = |row: ServiceRow| {
        Ok(Service {
            office: row.office.as_str().into(),
            version: row.version,
            updated_at: row.updated_at.and_utc(),
            service: row.entry(&officers)?,
        })
    };
    rows.into_iter().map(service).collect()
}

/// The services of these ids as they are served.
pub(super) fn states(ids: Vec<String>, connection: &mut AnyConnection) -> Result<Vec<State>, Error> {
    let rows = by_ids(ids, connection)?;
    let positions: Vec<i32> = rows.iter().map(|row| row.position).collect();
    let services = services(rows, connection)?;
    all(services.into_iter().zip(positions).collect(), |(service, position)| {
        State::new(service.service.id, position, &service)
    })
}

/// A page of services.
///
/// # Errors
/// Those of the database.
pub fn list(
    filter: &ServiceFilter,
    page: PageRequest,
    connection: &mut AnyConnection,
) -> Result<Page<Served<Service>>, Error> {
    let officer = filter.officer.map(|officer| officer.to_string());
    let selection = Selection::of("services", connection)
        .equal("office", filter.office.as_deref())
        .equal("category", filter.category.map(Category::as_str))
        .equal("fee_kind", filter.fee.map(FeeKind::as_str))
        .any_equal(["responsible_officer_id", "alternate_officer_id"], officer.as_deref())
        .listed(
            "service_channels",
            "channel",
            "service_seq",
            filter.channel.map(Channel::as_str),
        )
        .matching(&filter.patterns);
    served::list(selection, page, connection)
}

/// The officer who stands in for another one in the first service that this one answers for.
///
/// # Errors
/// Those of the database.
pub fn alternate_of(
    office: &str,
    officer: uuid::Uuid,
    connection: &mut AnyConnection,
) -> Result<Option<uuid::Uuid>, Error> {
    let alternate: Option<String> = services::table
        .filter(services::office.eq(office))
        .filter(services::responsible_officer_id.eq(officer.to_string()))
        .order(services::seq)
        .select(services::alternate_officer_id)
        .first(connection)
        .optional()?;
    alternate.as_deref().map(id).transpose()
}
