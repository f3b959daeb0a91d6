//! Entries as they are served: the change feed keeps each in that form, so that reading one is looking it up.

use std::marker::PhantomData;

use diesel::RunQueryDsl;
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{BigInt, Binary, Nullable, Text};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::connection::AnyConnection;
use super::error::Error;
use super::page::{Page, PageRequest, Selection};
use super::statement::{Sql, sql};
use crate::domain::charter::difference::Kind;
use crate::domain::contact::OfficeCode;

/// An entry as it is served, in JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Served<T> {
    json: Vec<u8>,
    entry: PhantomData<fn() -> T>,
}

/// An entry as it is served now, and where that is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Current<T> {
    /// The office whose charter it is in.
    pub office: OfficeCode,
    /// The number of the change that left it so.
    pub sequence: i64,
    /// The entry.
    pub served: Served<T>,
}

impl<T: DeserializeOwned> Served<T> {
    /// The entry itself.
    ///
    /// # Errors
    /// [`Error::Corrupt`] where it is none.
    pub fn read(&self) -> Result<T, Error> {
        serde_json::from_slice(&self.json)
            .map_err(|error| Error::Corrupt(format!("a state of the change feed: {error}")))
    }
}

impl<T> Served<T> {
    /// What is served.
    pub fn json(&self) -> &[u8] {
        &self.json
    }

    /// The same, taken.
    pub fn into_json(self) -> Vec<u8> {
        self.json
    }
}

/// A kind of entry that is served as the feed keeps it.
pub trait Entry: DeserializeOwned {
    /// What the feed calls it.
    const KIND: Kind;
}

impl Entry for crate::domain::service::Service {
    const KIND: Kind = Kind::Service;
}

impl Entry for crate::domain::officer::Officer {
    const KIND: Kind = Kind::Officer;
}

impl Entry for crate::domain::upazila_office::UpazilaOffice {
    const KIND: Kind = Kind::UpazilaOffice;
}

#[derive(QueryableByName)]
struct CurrentRow {
    #[diesel(sql_type = BigInt)]
    sequence: i64,
    #[diesel(sql_type = Text)]
    office: String,
    #[diesel(sql_type = Nullable<Binary>)]
    state: Option<Vec<u8>>,
}

#[derive(QueryableByName)]
struct ListedRow {
    #[diesel(sql_type = BigInt)]
    seq: i64,
    #[diesel(sql_type = Nullable<Binary>)]
    state: Option<Vec<u8>>,
}

impl<T> Served<T> {
    const fn new(json: Vec<u8>) -> Self {
        Self {
            json,
            entry: PhantomData,
        }
    }
}

/// A state as bytes: they go out as they came in, and nobody has to look whether they are text.
const fn state(connection: &AnyConnection) -> &'static str {
    match connection {
        AnyConnection::Sqlite(_) => "CAST(state AS BLOB)",
        AnyConnection::Postgres(_) => "convert_to(state, 'UTF8')",
    }
}

/// One entry, in one statement.
///
/// # Errors
/// Those of the database.
pub fn get<T: Entry>(id: Uuid, connection: &mut AnyConnection) -> Result<Option<Current<T>>, Error> {
    let statement = sql(format!(
        "SELECT sequence, office, {} AS state FROM changes WHERE id = ? AND kind = ? ORDER BY sequence DESC LIMIT 1",
        state(connection)
    ));
    let rows: Vec<CurrentRow> = statement.bind(id.to_string()).bind(T::KIND.as_str()).load(connection)?;
    // a deletion leaves no state
    Ok(rows.into_iter().next().and_then(|row| {
        Some(Current {
            office: row.office.into(),
            sequence: row.sequence,
            served: Served::new(row.state?),
        })
    }))
}

/// One entry itself, in one statement.
///
/// # Errors
/// Those of the database.
pub fn entry<T: Entry>(id: Uuid, connection: &mut AnyConnection) -> Result<Option<T>, Error> {
    get::<T>(id, connection)?
        .map(|current| current.served.read())
        .transpose()
}

/// A page of entries, in one statement.
///
/// # Errors
/// Those of the database.
pub(super) fn list<T: Entry>(
    selection: Selection,
    page: PageRequest,
    connection: &mut AnyConnection,
) -> Result<Page<Served<T>>, Error> {
    let (keys, values) = selection.statement(page, Some("id"));
    let statement = sql(format!(
        "SELECT k.seq, (SELECT {} FROM changes WHERE changes.id = k.id AND kind = ? ORDER BY sequence DESC LIMIT 1) AS state \
         FROM ({keys}) AS k ORDER BY k.seq",
        state(connection)
    ));
    let statement = values.into_iter().fold(statement.bind(T::KIND.as_str()), Sql::bind);
    let rows: Vec<ListedRow> = statement.load(connection)?;
    Page::cut(rows, page.limit, |row| row.seq).try_map(|row| {
        let deleted = || Error::Corrupt("an entry that the change feed says is deleted".into());
        row.state.map(Served::new).ok_or_else(deleted)
    })
}
