//! Signing keys in their table.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::connection::{AnyConnection, Backend};
use super::error::Error;
use super::schema::signing_keys;
use super::texts::{all, id, stored_instant};
use crate::domain::signing_key::SigningKey;

/// A key with both its halves.
#[derive(Clone)]
pub struct KeyPair {
    /// Its name.
    pub kid: Uuid,
    /// PKCS #8, in base64.
    pub private_key: String,
    /// The public half, in base64url.
    pub public_key: String,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = signing_keys, check_for_backend(Backend))]
struct KeyRow {
    kid: String,
    private_key: String,
    public_key: String,
    created_at: NaiveDateTime,
    verifies_until: Option<NaiveDateTime>,
}

impl KeyRow {
    fn pair(self) -> Result<KeyPair, Error> {
        Ok(KeyPair {
            kid: id(&self.kid)?,
            private_key: self.private_key,
            public_key: self.public_key,
        })
    }

    fn shown(self) -> Result<(SigningKey, String), Error> {
        let key = SigningKey {
            kid: id(&self.kid)?,
            created_at: self.created_at.and_utc(),
            verifies_until: self.verifies_until.map(|until| until.and_utc()),
        };
        Ok((key, self.public_key))
    }
}

/// The key that signs now.
///
/// # Errors
/// Those of the database.
pub fn current(connection: &mut AnyConnection) -> Result<Option<KeyPair>, Error> {
    let row: Option<KeyRow> = signing_keys::table
        .filter(signing_keys::retired_at.is_null())
        .order(signing_keys::seq.desc())
        .select(KeyRow::as_select())
        .first(connection)
        .optional()?;
    row.map(KeyRow::pair).transpose()
}

/// Puts a new key in the place of the one that signs now, which still verifies until an instant. Keys that verify nothing
/// any more are forgotten.
///
/// # Errors
/// Those of the database.
pub fn rotate(
    pair: &KeyPair,
    now: DateTime<Utc>,
    verifies_until: DateTime<Utc>,
    connection: &mut AnyConnection,
) -> Result<(), Error> {
    let now = stored_instant(now);
    diesel::delete(signing_keys::table.filter(signing_keys::verifies_until.le(now))).execute(connection)?;
    diesel::update(signing_keys::table.filter(signing_keys::retired_at.is_null()))
        .set((
            signing_keys::retired_at.eq(Some(now)),
            signing_keys::verifies_until.eq(Some(stored_instant(verifies_until))),
        ))
        .execute(connection)?;
    diesel::insert_into(signing_keys::table)
        .values((
            signing_keys::kid.eq(pair.kid.to_string()),
            signing_keys::private_key.eq(&pair.private_key),
            signing_keys::public_key.eq(&pair.public_key),
            signing_keys::created_at.eq(now),
        ))
        .execute(connection)?;
    Ok(())
}

/// The keys that verify at an instant, in the order in which they were made, each with its public half.
///
/// # Errors
/// Those of the database.
pub fn verifying(now: DateTime<Utc>, connection: &mut AnyConnection) -> Result<Vec<(SigningKey, String)>, Error> {
    let rows: Vec<KeyRow> = signing_keys::table
        .filter(
            signing_keys::verifies_until
                .is_null()
                .or(signing_keys::verifies_until.gt(stored_instant(now))),
        )
        .order(signing_keys::seq)
        .select(KeyRow::as_select())
        .load(connection)?;
    all(rows, KeyRow::shown)
}
