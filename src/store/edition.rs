//! Which state all public data is in: the number of the last change, and what stands for the changes of which the feed does not
//! tell.

use diesel::deserialize::QueryableByName;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};
use uuid::Uuid;

use super::connection::{AnyConnection, directly};
use super::error::Error;
use super::schema::change_counter;
use super::statement::sql;
use crate::domain::charter::difference::Kind;

/// Which state all public data is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Edition {
    /// The number of the last change.
    pub(super) last_sequence: i64,
    /// What stands for the changes that the feed does not tell of: another number after each.
    untold: i64,
}

impl Edition {
    /// Whether nothing but what the feed tells of lies between this one and another, and not too much of it.
    pub(super) const fn is_followed_by(self, later: Self) -> bool {
        const FEW: i64 = 10_000;
        self.untold == later.untold
            && self.last_sequence <= later.last_sequence
            && later.last_sequence - self.last_sequence <= FEW
    }
}

/// What stands for the calendar as it is now: another number after each change of it.
pub(super) fn calendar_edition(connection: &mut AnyConnection) -> Result<i64, Error> {
    Ok(directly!(first: change_counter::table.select(change_counter::edition), connection)?)
}

#[derive(QueryableByName)]
struct StandRow {
    #[diesel(sql_type = Nullable<BigInt>)]
    sequence: Option<i64>,
    #[diesel(sql_type = BigInt)]
    edition: i64,
}

/// Whether a service is still as a change left it, and the calendar of an edition.
///
/// # Errors
/// Those of the database.
pub fn still_stand(
    (service, sequence): (Uuid, i64),
    calendar: i64,
    connection: &mut AnyConnection,
) -> Result<bool, Error> {
    let statement = sql(
        "SELECT (SELECT max(sequence) FROM changes WHERE id = ? AND kind = ?) AS sequence, edition FROM change_counter",
    );
    let statement = statement.bind(service.to_string()).bind(Kind::Service.as_str());
    let now: StandRow = directly!(get_result: statement, connection)?;
    Ok(now.sequence == Some(sequence) && now.edition == calendar)
}

/// The state that all public data is in now.
pub(super) fn edition(connection: &mut AnyConnection) -> Result<Edition, Error> {
    let (last_sequence, untold) = change_counter::table
        .select((change_counter::last_sequence, change_counter::edition))
        .first(connection)?;
    Ok(Edition { last_sequence, untold })
}

/// Takes note of a change of public data that the feed does not tell of, in the transaction that makes it.
pub(super) fn note_untold(connection: &mut AnyConnection) -> Result<(), Error> {
    let (edition, _) = Uuid::new_v4().as_u64_pair();
    diesel::update(change_counter::table)
        .set(change_counter::edition.eq(edition.cast_signed()))
        .execute(connection)?;
    Ok(())
}
