//! Entries as they are served: the change feed keeps each in that form, so that reading one is looking it up.

use std::marker::PhantomData;

use diesel::deserialize::QueryableByName;
use diesel::sql_types::{BigInt, Binary, Nullable, Text};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::Store;
use super::connection::{AnyConnection, directly};
use super::error::Error;
use super::gather::{Gathered, Lookup, Numbered, Waiting, by_keys};
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

/// A state is text, and read as its bytes: they go out as they came in, and nobody has to look whether they are text.
#[derive(QueryableByName)]
pub(super) struct CurrentRow {
    #[diesel(sql_type = BigInt)]
    n: i64,
    #[diesel(sql_type = BigInt)]
    sequence: i64,
    #[diesel(sql_type = Text)]
    office: String,
    #[diesel(sql_type = Nullable<Binary>)]
    state: Option<Vec<u8>>,
}

impl Numbered for CurrentRow {
    fn n(&self) -> i64 {
        self.n
    }
}

impl CurrentRow {
    fn current<T>(self) -> Option<Current<T>> {
        Some(Current {
            office: self.office.into(),
            sequence: self.sequence,
            // a deletion leaves no state
            served: Served::new(self.state?),
        })
    }
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

/// Looks for entries of any kind.
pub(super) struct Entries;

impl Lookup for Entries {
    type Key = [String; 2];
    type Found = Option<CurrentRow>;

    fn find(keys: &[[String; 2]], connection: &mut AnyConnection) -> Result<Vec<Result<Self::Found, Error>>, Error> {
        let text = "SELECT keys.n AS n, sequence, office, state FROM keys JOIN changes ON sequence = \
             (SELECT max(sequence) FROM changes AS c WHERE c.id = keys.id AND c.kind = keys.kind)";
        let found = by_keys((["id", "kind"], keys), (text, &[]), connection)?;
        Ok(found.into_iter().map(Ok).collect())
    }

    fn waiting(gathered: &Gathered) -> &Waiting<Self> {
        &gathered.entries
    }
}

fn key<T: Entry>(id: Uuid) -> [String; 2] {
    [id.to_string(), T::KIND.as_str().to_owned()]
}

/// One entry, together with others that are asked for at the same time.
///
/// # Errors
/// As for [`Store::look_up`].
pub async fn find<T: Entry>(id: Uuid, store: &Store) -> Result<Option<Current<T>>, Error> {
    let found = store.find::<Entries>(key::<T>(id)).await?;
    Ok(found.and_then(CurrentRow::current))
}

/// One entry within a transaction, in one statement.
///
/// # Errors
/// Those of the database.
pub fn get<T: Entry>(id: Uuid, connection: &mut AnyConnection) -> Result<Option<Current<T>>, Error> {
    let found = Entries::find(&[key::<T>(id)], connection)?.pop().transpose()?;
    Ok(found.flatten().and_then(CurrentRow::current))
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
    selection.read(page, connection, |selection, connection| {
        let (keys, values) = selection.statement(page, Some("sequence"));
        let statement = sql(format!(
            "SELECT k.seq AS seq, state FROM ({keys}) AS k JOIN changes ON changes.sequence = k.sequence ORDER BY k.seq"
        ));
        let statement = values.into_iter().fold(statement, Sql::bind);
        let rows: Vec<ListedRow> = directly!(load: statement, connection)?;
        Page::cut(rows, page.limit, |row| row.seq).try_map(|row| {
            let deleted = || Error::Corrupt("an entry that the change feed says is deleted".into());
            row.state.map(Served::new).ok_or_else(deleted)
        })
    })
}
