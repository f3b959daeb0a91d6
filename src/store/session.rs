//! Sessions and their refresh tokens in their tables.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Nullable, Text as SqlText, Timestamp};
use uuid::Uuid;

use super::Store;
use super::connection::AnyConnection;
use super::error::Error;
use super::gather::{Gathered, Lookup, Numbered, Waiting, by_keys};
use super::lock;
use super::schema::{refresh_tokens, sessions};
use super::texts::{id, named, stored_instant};
use crate::domain::contact::OfficeCode;
use crate::domain::permission::Role;

/// What stands behind a refresh token that was presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presented {
    /// It was good for this session, and is used up now.
    Good(Uuid),
    /// It had been used before: somebody has a copy of it. The session has ended.
    Reused,
    /// No session knows it, or no longer.
    Unknown,
}

/// A session that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenSession {
    /// The account or client whose it is.
    pub subject: Uuid,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// What stands behind an access token, whoever signed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behind {
    /// The public half of the key that it names.
    pub public_key: String,
    /// The account or client whose session it names; absent where that session is not open.
    pub subject: Option<Uuid>,
    /// What that is now; absent where it is disabled, or gone.
    pub who: Option<Who>,
}

/// Somebody who may sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// The account of a person: the role, the office, the officer.
    Account(Role, Option<OfficeCode>, Option<Uuid>),
    /// A client.
    Client,
}

#[derive(QueryableByName)]
struct BehindRow {
    #[diesel(sql_type = BigInt)]
    n: i64,
    #[diesel(sql_type = SqlText)]
    public_key: String,
    #[diesel(sql_type = Nullable<Timestamp>)]
    verifies_until: Option<NaiveDateTime>,
    #[diesel(sql_type = Nullable<SqlText>)]
    subject: Option<String>,
    #[diesel(sql_type = Nullable<Timestamp>)]
    expires_at: Option<NaiveDateTime>,
    #[diesel(sql_type = Nullable<SqlText>)]
    role: Option<String>,
    #[diesel(sql_type = Nullable<SqlText>)]
    office: Option<String>,
    #[diesel(sql_type = Nullable<SqlText>)]
    officer_id: Option<String>,
    #[diesel(sql_type = Nullable<SqlText>)]
    client: Option<String>,
}

impl Numbered for BehindRow {
    fn n(&self) -> i64 {
        self.n
    }
}

impl BehindRow {
    fn behind(self, now: DateTime<Utc>) -> Result<Option<Behind>, Error> {
        let now = now.naive_utc();
        if self.verifies_until.is_some_and(|until| until <= now) {
            return Ok(None);
        }
        let open = self.expires_at.is_some_and(|expires_at| expires_at > now);
        let who = match (self.role, self.client) {
            _ if !open => None,
            (Some(role), _) => Some(Who::Account(
                named(&role)?,
                self.office.map(Into::into),
                self.officer_id.as_deref().map(id).transpose()?,
            )),
            (None, client) => client.map(|_| Who::Client),
        };
        let subject = self.subject.filter(|_| open);
        Ok(Some(Behind {
            public_key: self.public_key,
            subject: subject.as_deref().map(id).transpose()?,
            who,
        }))
    }
}

/// Looks for what stands behind access tokens.
pub(super) struct Tokens;

impl Lookup for Tokens {
    type Key = ((Uuid, Uuid), DateTime<Utc>);
    type Found = Option<Behind>;

    fn find(keys: &[Self::Key], connection: &mut AnyConnection) -> Result<Vec<Result<Self::Found, Error>>, Error> {
        let text = "SELECT keys.n AS n, k.public_key, k.verifies_until, s.subject, s.expires_at, \
             a.role, a.office, a.officer_id, c.id AS client FROM keys JOIN signing_keys AS k ON k.kid = keys.kid \
             LEFT JOIN sessions AS s ON s.id = keys.session \
             LEFT JOIN accounts AS a ON a.id = s.subject AND a.disabled = FALSE \
             LEFT JOIN clients AS c ON c.id = s.subject AND c.disabled = FALSE";
        let named: Vec<[String; 2]> = keys
            .iter()
            .map(|((kid, session), _)| [kid.to_string(), session.to_string()])
            .collect();
        let rows: Vec<Option<BehindRow>> = by_keys((["kid", "session"], &named), (text, &[]), connection)?;
        let found = rows
            .into_iter()
            .zip(keys)
            .map(|(row, (_, now))| row.map_or(Ok(None), |row| row.behind(*now)));
        Ok(found.collect())
    }

    fn waiting(gathered: &Gathered) -> &Waiting<Self> {
        &gathered.tokens
    }
}

/// What stands behind a token that names a key and a session, looked up together with others; nothing where the key verifies
/// no more.
///
/// # Errors
/// As for [`Store::look_up`].
pub async fn behind(names: (Uuid, Uuid), now: DateTime<Utc>, store: &Store) -> Result<Option<Behind>, Error> {
    store.find::<Tokens>((names, now)).await
}

/// Opens a session, and forgets those that have expired.
///
/// # Errors
/// Those of the database.
pub fn open(
    session: Uuid,
    subject: Uuid,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    connection: &mut AnyConnection,
) -> Result<(), Error> {
    let now = stored_instant(now);
    // one at a time: two that delete the same rows could wait for each other
    if lock::try_named("expired sessions", connection)? {
        diesel::delete(sessions::table.filter(sessions::expires_at.le(now))).execute(connection)?;
    }
    diesel::insert_into(sessions::table)
        .values((
            sessions::id.eq(session.to_string()),
            sessions::subject.eq(subject.to_string()),
            sessions::created_at.eq(now),
            sessions::expires_at.eq(stored_instant(expires_at)),
        ))
        .execute(connection)?;
    Ok(())
}

/// A session that is open at an instant.
///
/// # Errors
/// Those of the database.
pub fn get(session: Uuid, now: DateTime<Utc>, connection: &mut AnyConnection) -> Result<Option<OpenSession>, Error> {
    let found: Option<(String, NaiveDateTime)> = sessions::table
        .filter(sessions::id.eq(session.to_string()))
        .filter(sessions::expires_at.gt(stored_instant(now)))
        .select((sessions::subject, sessions::expires_at))
        .first(connection)
        .optional()?;
    found
        .map(|(subject, expires_at)| {
            Ok(OpenSession {
                subject: id(&subject)?,
                expires_at: expires_at.and_utc(),
            })
        })
        .transpose()
}

/// Ends a session, and with it all its tokens.
///
/// # Errors
/// Those of the database.
pub fn end(session: Uuid, connection: &mut AnyConnection) -> Result<(), Error> {
    diesel::delete(sessions::table.filter(sessions::id.eq(session.to_string()))).execute(connection)?;
    Ok(())
}

/// Ends all sessions of an account or a client.
///
/// # Errors
/// Those of the database.
pub fn end_all(subject: Uuid, connection: &mut AnyConnection) -> Result<(), Error> {
    diesel::delete(sessions::table.filter(sessions::subject.eq(subject.to_string()))).execute(connection)?;
    Ok(())
}

/// Gives a session its next refresh token.
///
/// # Errors
/// Those of the database.
pub fn give_refresh_token(
    session: Uuid,
    token_hash: &str,
    expires_at: DateTime<Utc>,
    connection: &mut AnyConnection,
) -> Result<(), Error> {
    diesel::insert_into(refresh_tokens::table)
        .values((
            refresh_tokens::token_hash.eq(token_hash),
            refresh_tokens::session.eq(session.to_string()),
            refresh_tokens::expires_at.eq(stored_instant(expires_at)),
        ))
        .execute(connection)?;
    Ok(())
}

/// Uses a refresh token up. One that was used before ends its session: either the first or the second user stole it.
///
/// # Errors
/// Those of the database.
pub fn use_refresh_token(
    token_hash: &str,
    now: DateTime<Utc>,
    connection: &mut AnyConnection,
) -> Result<Presented, Error> {
    let now = stored_instant(now);
    // the session before its tokens, as its end locks them: in another order two at once could wait for each other
    if let AnyConnection::Postgres(postgres) = connection {
        sql_query(
            "SELECT id FROM sessions WHERE id = (SELECT session FROM refresh_tokens WHERE token_hash = $1) FOR UPDATE",
        )
        .bind::<SqlText, _>(token_hash)
        .execute(postgres)?;
    }
    // one statement, so that of two at once only one finds it unused
    let used = diesel::update(
        refresh_tokens::table
            .filter(refresh_tokens::token_hash.eq(token_hash))
            .filter(refresh_tokens::used_at.is_null())
            .filter(refresh_tokens::expires_at.gt(now)),
    )
    .set(refresh_tokens::used_at.eq(Some(now)))
    .execute(connection)?;
    let known: Option<(String, Option<chrono::NaiveDateTime>)> = refresh_tokens::table
        .filter(refresh_tokens::token_hash.eq(token_hash))
        .select((refresh_tokens::session, refresh_tokens::used_at))
        .first(connection)
        .optional()?;
    match known {
        Some((session, _)) if used == 1 => Ok(Presented::Good(id(&session)?)),
        Some((session, Some(_))) => {
            end(id(&session)?, connection)?;
            Ok(Presented::Reused)
        }
        Some((_, None)) | None => Ok(Presented::Unknown),
    }
}

/// Ends the session of a refresh token, used or not.
///
/// # Errors
/// Those of the database.
pub fn end_by_refresh_token(token_hash: &str, connection: &mut AnyConnection) -> Result<(), Error> {
    let session: Option<String> = refresh_tokens::table
        .filter(refresh_tokens::token_hash.eq(token_hash))
        .select(refresh_tokens::session)
        .first(connection)
        .optional()?;
    match session {
        Some(session) => end(id(&session)?, connection),
        None => Ok(()),
    }
}
