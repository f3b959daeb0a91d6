//! Brings the rows of a noun to what an import wants, touching only what differs.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDateTime;

use super::connection::AnyConnection;
use super::error::Error;
use crate::domain::charter::difference::{Difference, Kind, Op};

/// A row that an import can create, change and remove.
pub(super) trait Synced: PartialEq + Sized {
    /// What a difference calls it.
    const KIND: Kind;

    fn id(&self) -> &str;
    fn version(&self) -> i64;
    fn updated_at(&self) -> NaiveDateTime;
    fn stamp(&mut self, version: i64, updated_at: NaiveDateTime);
    /// Takes over what is kept beside the content: the place in the list, the words for search.
    fn align(&mut self, other: &Self);

    fn insert(&self, connection: &mut AnyConnection) -> Result<(), Error>;
    fn update(&self, connection: &mut AnyConnection) -> Result<(), Error>;
    fn delete(id: &str, connection: &mut AnyConnection) -> Result<(), Error>;
}

/// Creates what is missing and changes what differs. A change of what is served raises the version, also where it is
/// `touched` by a change of what is served with it; a change of what is only kept beside it does not.
pub(super) fn upsert<R: Synced>(
    existing: &mut [R],
    wanted: Vec<R>,
    touched: impl Fn(&R) -> bool,
    now: NaiveDateTime,
    connection: &mut AnyConnection,
) -> Result<Vec<Difference>, Error> {
    let mut known: HashMap<String, &mut R> = existing.iter_mut().map(|row| (row.id().to_owned(), row)).collect();
    let mut changes = Vec::new();
    let mut change = |op, id: &str| {
        changes.push(Difference {
            op,
            kind: R::KIND,
            id: id.to_owned(),
        });
    };
    for mut row in wanted {
        let Some(stored) = known.get_mut(row.id()) else {
            row.stamp(1, now);
            row.insert(connection)?;
            change(Op::Created, row.id());
            continue;
        };
        row.stamp(stored.version(), stored.updated_at());
        let touched = touched(&row);
        if row == **stored && !touched {
            continue;
        }
        stored.align(&row);
        if row != **stored || touched {
            row.stamp(stored.version() + 1, now);
            change(Op::Changed, row.id());
        } else {
            // its place in the lists, or what it is found by
            super::edition::note_untold(connection)?;
        }
        row.update(connection)?;
    }
    Ok(changes)
}

/// Removes what is wanted no more.
pub(super) fn remove<R: Synced>(
    existing: &[R],
    wanted: &HashSet<String>,
    connection: &mut AnyConnection,
) -> Result<Vec<Difference>, Error> {
    let mut changes = Vec::new();
    for row in existing.iter().filter(|row| !wanted.contains(row.id())) {
        R::delete(row.id(), connection)?;
        changes.push(Difference {
            op: Op::Deleted,
            kind: R::KIND,
            id: row.id().to_owned(),
        });
    }
    Ok(changes)
}

/// What every table of a charter's entries needs: its rows can be synced, and are found by their office.
macro_rules! entries_of_an_office {
    ($row:ident in $table:ident is $kind:expr) => {
        impl $crate::store::sync::Synced for $row {
            const KIND: $crate::domain::charter::difference::Kind = $kind;

            fn id(&self) -> &str {
                &self.id
            }

            fn version(&self) -> i64 {
                self.version
            }

            fn updated_at(&self) -> chrono::NaiveDateTime {
                self.updated_at
            }

            fn stamp(&mut self, version: i64, updated_at: chrono::NaiveDateTime) {
                (self.version, self.updated_at) = (version, updated_at);
            }

            fn align(&mut self, other: &Self) {
                self.position = other.position;
                self.search.clone_from(&other.search);
            }

            fn insert(&self, connection: &mut AnyConnection) -> Result<(), Error> {
                diesel::insert_into($table::table)
                    .values(self)
                    .execute(connection)?;
                Ok(())
            }

            fn update(&self, connection: &mut AnyConnection) -> Result<(), Error> {
                diesel::update($table::table.filter($table::id.eq(&self.id)))
                    .set(self)
                    .execute(connection)?;
                Ok(())
            }

            fn delete(id: &str, connection: &mut AnyConnection) -> Result<(), Error> {
                diesel::delete($table::table.filter($table::id.eq(id))).execute(connection)?;
                Ok(())
            }
        }

        /// The entries of an office in the order of its charter.
        pub(super) fn of_office(office: &str, connection: &mut AnyConnection) -> Result<Vec<$row>, Error> {
            Ok($table::table
                .filter($table::office.eq(office))
                .order($table::position)
                .select($row::as_select())
                .load(connection)?)
        }

        /// The entries of these ids.
        pub(super) fn by_ids(ids: Vec<String>, connection: &mut AnyConnection) -> Result<Vec<$row>, Error> {
            Ok($table::table
                .filter($table::id.eq_any(ids))
                .select($row::as_select())
                .load(connection)?)
        }

        /// Those of the ids that another office's entries have.
        pub(super) fn ids_elsewhere(
            ids: Vec<String>,
            office: &str,
            connection: &mut AnyConnection,
        ) -> Result<Vec<String>, Error> {
            Ok($table::table
                .filter($table::id.eq_any(ids))
                .filter($table::office.ne(office))
                .select($table::id)
                .load(connection)?)
        }
    };
}
pub(super) use entries_of_an_office;
