//! Service requests as they are looked up together with others that are asked for at the same time.

use std::collections::HashMap;

use diesel::prelude::*;
use uuid::Uuid;

use super::Store;
use super::case_event::EventRow;
use super::connection::AnyConnection;
use super::error::Error;
use super::gather::{Gathered, Lookup, Waiting};
use super::schema::{case_events, service_requests};
use super::service_request::RequestRow;
use super::texts::all;
use crate::domain::case::event::Event;
use crate::domain::service_request::record::Record;

/// Looks for service requests by their ids.
pub(super) struct Requests;

impl Lookup for Requests {
    type Key = String;
    type Found = Option<Record>;

    fn find(ids: &[String], connection: &mut AnyConnection) -> Result<Vec<Result<Self::Found, Error>>, Error> {
        let rows: Vec<RequestRow> = match connection {
            AnyConnection::Sqlite(sqlite) => {
                let rows = ids.iter().map(|id| {
                    let this = service_requests::table.filter(service_requests::id.eq(id));
                    this.select(RequestRow::as_select()).first(sqlite).optional()
                });
                rows.filter_map(Result::transpose).collect::<Result<_, _>>()?
            }
            AnyConnection::Postgres(postgres) => service_requests::table
                .filter(service_requests::id.eq_any(ids))
                .select(RequestRow::as_select())
                .load(postgres)?,
        };
        let rows: HashMap<String, RequestRow> = rows.into_iter().map(|row| (row.id.clone(), row)).collect();
        let found = ids
            .iter()
            .map(|id| rows.get(id).cloned().map(RequestRow::record).transpose());
        Ok(found.collect())
    }

    fn waiting(gathered: &Gathered) -> &Waiting<Self> {
        &gathered.requests
    }
}

/// One request, looked up together with others.
///
/// # Errors
/// As for [`Store::look_up`].
pub async fn find(request: Uuid, store: &Store) -> Result<Option<Record>, Error> {
    store.find::<Requests>(request.to_string()).await
}

/// Requests with their whole histories, each in one statement, or all of them.
pub(super) type WithHistories = HashMap<String, Result<(Record, Vec<Event>), Error>>;

/// The requests of these ids with their whole histories.
pub(super) fn with_histories(ids: &[&str], connection: &mut AnyConnection) -> Result<WithHistories, Error> {
    let with_events =
        || service_requests::table.inner_join(case_events::table.on(case_events::case_id.eq(service_requests::id)));
    let mut rows: Vec<(RequestRow, EventRow)> = Vec::new();
    match connection {
        AnyConnection::Sqlite(sqlite) => {
            for id in ids {
                rows.extend(
                    with_events()
                        .filter(service_requests::id.eq(*id))
                        .order(case_events::number)
                        .select((RequestRow::as_select(), EventRow::as_select()))
                        .load(sqlite)?,
                );
            }
        }
        AnyConnection::Postgres(postgres) if !ids.is_empty() => {
            rows = with_events()
                .filter(service_requests::id.eq_any(ids))
                .order(case_events::number)
                .select((RequestRow::as_select(), EventRow::as_select()))
                .load(postgres)?;
        }
        AnyConnection::Postgres(_) => {}
    }
    let mut found: HashMap<String, (RequestRow, Vec<EventRow>)> = HashMap::new();
    for (request, event) in rows {
        let (_, events) = found.entry(request.id.clone()).or_insert_with(|| (request, Vec::new()));
        events.push(event);
    }
    let read = |(request, events): (RequestRow, _)| Ok((request.record()?, all(events, EventRow::event)?));
    Ok(found.into_iter().map(|(id, rows)| (id, read(rows))).collect())
}
