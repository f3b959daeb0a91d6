//! The change feed in its table: written with what it tells of, read in order.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::deserialize::QueryableByName;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use super::connection::{AnyConnection, Backend};
use super::error::Error;
use super::page::{Page, PageRequest};
use super::schema::{change_counter, changes, offices};
use super::statement::sql;
use super::texts::{all, named, stored_instant};
use super::{charter, officer, service, upazila_office, webhook_message};
use crate::domain::change::Change;
use crate::domain::charter::difference::{Difference, Kind, Op};
use crate::domain::charter::{Charter, CharterTexts};
use crate::domain::permission::Actor;

#[derive(Queryable, Selectable)]
#[diesel(table_name = changes, check_for_backend(Backend))]
struct ChangeRow {
    sequence: i64,
    kind: String,
    op: String,
    id: String,
    office: String,
    changed_at: NaiveDateTime,
    state: Option<String>,
}

/// A change as it is recorded: with who made it, which is never served.
#[derive(Insertable)]
#[diesel(table_name = changes, check_for_backend(Backend))]
struct NewChangeRow {
    sequence: i64,
    kind: &'static str,
    op: &'static str,
    id: String,
    office: String,
    changed_at: NaiveDateTime,
    position: i32,
    state: Option<String>,
    changed_by: Option<String>,
    changed_as: Option<&'static str>,
}

/// When something changes, and by whose hand.
#[derive(Clone, Copy, Debug)]
pub struct Hand<'a> {
    /// When.
    pub now: DateTime<Utc>,
    /// Who; nobody who is signed in where the command line does it.
    pub actor: Option<&'a Actor>,
}

/// Nobody who is signed in.
impl From<DateTime<Utc>> for Hand<'_> {
    fn from(now: DateTime<Utc>) -> Self {
        Self { now, actor: None }
    }
}

impl ChangeRow {
    fn change(self) -> Result<Change, Error> {
        let kind: Kind = named(&self.kind)?;
        let mut state = self.state.as_deref().map(parsed).transpose()?;
        let mut of = |this: Kind| if this == kind { state.take() } else { None };
        Ok(Change {
            sequence: self.sequence,
            kind,
            op: named(&self.op)?,
            id: self.id,
            office: self.office.into(),
            changed_at: self.changed_at.and_utc(),
            service: of(Kind::Service),
            officer: of(Kind::Officer),
            upazila_office: of(Kind::UpazilaOffice),
            charter: of(Kind::Charter),
        })
    }
}

fn parsed<T: DeserializeOwned>(state: &str) -> Result<T, Error> {
    serde_json::from_str(state).map_err(corrupt)
}

fn corrupt(error: serde_json::Error) -> Error {
    Error::Corrupt(format!("a state of the change feed: {error}"))
}

/// An entry as it is served from now on.
pub(super) struct State {
    id: String,
    position: i32,
    json: String,
}

impl State {
    pub(super) fn new(id: impl ToString, position: i32, served: &impl Serialize) -> Result<Self, Error> {
        let json = serde_json::to_string(served).map_err(corrupt)?;
        Ok(Self {
            id: id.to_string(),
            position,
            json,
        })
    }
}

/// Records what was done to an office's charter, in the transaction that did it. The numbers are taken from a row that
/// stays locked until the commit: whoever reads one number has read all before it.
pub(super) fn record(
    differences: &[Difference],
    office: &str,
    hand: Hand<'_>,
    connection: &mut AnyConnection,
) -> Result<(), Error> {
    if differences.is_empty() {
        return Ok(());
    }
    let mut states = states(differences, office, connection)?;
    let count = i64::try_from(differences.len()).unwrap_or(i64::MAX);
    let last: i64 = diesel::update(change_counter::table)
        .set(change_counter::last_sequence.eq(change_counter::last_sequence + count))
        .returning(change_counter::last_sequence)
        .get_result(connection)?;
    for (sequence, difference) in (last - count + 1..).zip(differences) {
        let state = states.remove(&(difference.kind, difference.id.clone()));
        diesel::insert_into(changes::table)
            .values(&NewChangeRow {
                sequence,
                kind: difference.kind.as_str(),
                op: difference.op.as_str(),
                id: difference.id.clone(),
                office: office.to_owned(),
                changed_at: stored_instant(hand.now),
                position: state.as_ref().map_or(0, |state| state.position),
                state: state.map(|state| state.json),
                changed_by: hand.actor.map(|actor| actor.id.to_string()),
                changed_as: hand.actor.map(|actor| actor.role.as_str()),
            })
            .execute(connection)?;
    }
    let recorded = (last - count + 1, last);
    note_sequences(recorded, connection)?;
    webhook_message::tell_of_changes(recorded, stored_instant(hand.now), connection)
}

/// Notes with each entry which of the changes between two numbers left it as it is now.
fn note_sequences((first, last): (i64, i64), connection: &mut AnyConnection) -> Result<(), Error> {
    for (table, kind) in [
        ("services", Kind::Service),
        ("officers", Kind::Officer),
        ("upazila_offices", Kind::UpazilaOffice),
    ] {
        let statement = sql(format!(
            "UPDATE {table} SET sequence = c.sequence FROM changes AS c \
             WHERE c.id = {table}.id AND c.kind = ? AND c.sequence BETWEEN ? AND ?"
        ));
        let statement = statement.bind(kind.as_str()).bind(first).bind(last);
        statement.execute(connection)?;
    }
    Ok(())
}

/// The states of all entries that are still there.
fn states(
    differences: &[Difference],
    office: &str,
    connection: &mut AnyConnection,
) -> Result<HashMap<(Kind, String), State>, Error> {
    let ids = |kind: Kind| -> Vec<String> {
        let alive = differences.iter().filter(|d| d.kind == kind && d.op != Op::Deleted);
        alive.map(|difference| difference.id.clone()).collect()
    };
    let mut states = HashMap::new();
    let mut keep = |kind: Kind, found: Vec<State>| {
        states.extend(found.into_iter().map(|state| ((kind, state.id.clone()), state)));
    };
    keep(Kind::Service, service::states(ids(Kind::Service), connection)?);
    keep(Kind::Officer, officer::states(ids(Kind::Officer), connection)?);
    keep(
        Kind::UpazilaOffice,
        upazila_office::states(ids(Kind::UpazilaOffice), connection)?,
    );
    if !ids(Kind::Charter).is_empty()
        && let Some(texts) = charter::texts(office, connection)?
    {
        keep(Kind::Charter, vec![State::new(office, 0, &texts)?]);
    }
    Ok(states)
}

/// One change.
///
/// # Errors
/// Those of the database.
pub fn get(sequence: i64, connection: &mut AnyConnection) -> Result<Change, Error> {
    let row: ChangeRow = changes::table
        .filter(changes::sequence.eq(sequence))
        .select(ChangeRow::as_select())
        .first(connection)?;
    row.change()
}

/// Records every entry as created where nothing was ever recorded: the database is older than the feed.
///
/// # Errors
/// Those of the database.
pub fn backfill(now: DateTime<Utc>, connection: &mut AnyConnection) -> Result<(), Error> {
    let recorded: Option<i64> = changes::table.select(changes::sequence).first(connection).optional()?;
    if recorded.is_some() {
        return Ok(());
    }
    let codes: Vec<String> = offices::table
        .filter(offices::publishes)
        .order(offices::seq)
        .select(offices::code)
        .load(connection)?;
    for code in codes {
        if let Some(charter) = charter::load(&code, connection)? {
            let created = created(&charter);
            record(&created, &code, now.into(), connection)?;
        }
    }
    Ok(())
}

fn created(charter: &Charter) -> Vec<Difference> {
    let of = |kind: Kind, id: String| Difference {
        op: Op::Created,
        kind,
        id,
    };
    let mut created = vec![of(Kind::Charter, charter.office.code.to_string())];
    created.extend(charter.officers.iter().map(|o| of(Kind::Officer, o.id.to_string())));
    created.extend(charter.services.iter().map(|s| of(Kind::Service, s.id.to_string())));
    created.extend(
        charter
            .upazila_offices
            .iter()
            .map(|u| of(Kind::UpazilaOffice, u.id.to_string())),
    );
    created
}

/// A page of changes behind a number, perhaps only those of an office.
///
/// # Errors
/// Those of the database.
pub fn list(office: Option<&str>, page: PageRequest, connection: &mut AnyConnection) -> Result<Page<Change>, Error> {
    let mut query = changes::table
        .filter(changes::sequence.gt(page.after))
        .order(changes::sequence)
        .limit(page.limit + 1)
        .select(ChangeRow::as_select())
        .into_boxed::<Backend>();
    if let Some(office) = office {
        query = query.filter(changes::office.eq(office.to_owned()));
    }
    let rows: Vec<ChangeRow> = query.load(connection)?;
    Page::cut(rows, page.limit, |row| row.sequence).try_map(ChangeRow::change)
}

#[derive(QueryableByName)]
struct ChangedOffice {
    #[diesel(sql_type = Text)]
    office: String,
}

/// The offices of which something changed from one number to another, and those that are shown with one of them as their
/// parent.
pub(super) fn offices_changed(after: i64, until: i64, connection: &mut AnyConnection) -> Result<Vec<String>, Error> {
    let rows: Vec<ChangedOffice> = sql_query(
        "SELECT office FROM changes WHERE sequence > $1 AND sequence <= $2 \
         UNION SELECT offices.code FROM changes JOIN offices ON offices.parent = changes.office \
         WHERE sequence > $1 AND sequence <= $2 AND kind = 'charter'",
    )
    .bind::<BigInt, _>(after)
    .bind::<BigInt, _>(until)
    .load(connection)?;
    Ok(rows.into_iter().map(|row| row.office).collect())
}

/// The number of the last change; 0 before the first.
///
/// # Errors
/// Those of the database.
pub fn last_sequence(connection: &mut AnyConnection) -> Result<i64, Error> {
    Ok(change_counter::table
        .select(change_counter::last_sequence)
        .first(connection)?)
}

/// A page of the versions of a service, from its first.
///
/// # Errors
/// Those of the database.
pub fn service_versions(id: Uuid, page: PageRequest, connection: &mut AnyConnection) -> Result<Page<Value>, Error> {
    let rows: Vec<ChangeRow> = changes::table
        .filter(changes::id.eq(id.to_string()))
        .filter(changes::kind.eq(Kind::Service.as_str()))
        .filter(changes::state.is_not_null())
        .filter(changes::sequence.gt(page.after))
        .order(changes::sequence)
        .limit(page.limit + 1)
        .select(ChangeRow::as_select())
        .load(connection)?;
    Page::cut(rows, page.limit, |row| row.sequence).try_map(|row| parsed(row.state.as_deref().unwrap_or_default()))
}

/// A service as it was served just before an instant; none where it was not there.
///
/// # Errors
/// Those of the database.
pub fn service_before(
    id: Uuid,
    instant: DateTime<Utc>,
    connection: &mut AnyConnection,
) -> Result<Option<Value>, Error> {
    let state: Option<Option<String>> = changes::table
        .filter(changes::id.eq(id.to_string()))
        .filter(changes::kind.eq(Kind::Service.as_str()))
        .filter(changes::changed_at.lt(instant.naive_utc()))
        .order(changes::sequence.desc())
        .select(changes::state)
        .first(connection)
        .optional()?;
    state.flatten().as_deref().map(parsed).transpose()
}

#[derive(QueryableByName)]
struct OldState {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Integer)]
    position: i32,
    #[diesel(sql_type = Nullable<Text>)]
    state: Option<String>,
}

/// The charter of an office as it was just before an instant; none where it was not there.
///
/// # Errors
/// Those of the database.
pub fn charter_before(
    office: &str,
    instant: DateTime<Utc>,
    connection: &mut AnyConnection,
) -> Result<Option<Charter>, Error> {
    let mut states: Vec<OldState> = sql_query(
        "SELECT kind, position, state FROM changes WHERE sequence IN \
         (SELECT max(sequence) FROM changes WHERE office = $1 AND changed_at < $2 GROUP BY kind, id)",
    )
    .bind::<Text, _>(office)
    .bind::<Timestamp, _>(instant.naive_utc())
    .load(connection)?;
    states.sort_by_key(|state| state.position);
    let of = |kind: Kind| -> Result<Vec<Value>, Error> {
        let of_kind = states.iter().filter(|state| state.kind == kind.as_str());
        all(of_kind.filter_map(|state| state.state.as_deref()).collect(), parsed)
    };
    let Some(texts) = of(Kind::Charter)?.pop() else {
        return Ok(None);
    };
    let texts: CharterTexts = entry(texts)?;
    Ok(Some(texts.with(
        all(of(Kind::Service)?, entry)?,
        all(of(Kind::Officer)?, entry)?,
        all(of(Kind::UpazilaOffice)?, entry)?,
    )))
}

/// An entry as a charter has it, of the form in which it is served by itself.
fn entry<T: DeserializeOwned>(mut served: Value) -> Result<T, Error> {
    if let Some(fields) = served.as_object_mut().filter(|fields| fields.contains_key("version")) {
        for own in ["office", "version", "updated_at"] {
            fields.shift_remove(own);
        }
    }
    serde_json::from_value(served).map_err(corrupt)
}
