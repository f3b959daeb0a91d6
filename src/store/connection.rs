//! Connections to either engine.
//!
//! The pool's manager is written by hand: diesel's derived `establish` tries one engine after the other, which hides
//! the real error and takes every misspelt URL for the path of an SQLite file.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::{Connection as _, PgConnection, QueryResult, RunQueryDsl, SqliteConnection, sql_query};

use super::Error;

/// The engine behind a database URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// SQLite: one file, one process.
    Sqlite,
    /// PostgreSQL: any number of replicas.
    Postgres,
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        })
    }
}

/// Where the database is: `sqlite:FILE`, `postgres://…` or `postgresql://…`.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl {
    engine: Engine,
    /// What the engine's own library is given.
    address: String,
}

impl DatabaseUrl {
    /// The engine the URL names.
    pub const fn engine(&self) -> Engine {
        self.engine
    }

    pub(super) fn address(&self) -> &str {
        &self.address
    }
}

/// Without the password that a PostgreSQL URL may hold.
impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Without the password that a PostgreSQL URL may hold.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.engine {
            Engine::Sqlite => write!(f, "sqlite:{}", self.address),
            Engine::Postgres => {
                let without_scheme = self.address.split_once("://").map_or("", |(_, rest)| rest);
                let without_user = without_scheme.rsplit_once('@').map_or(without_scheme, |(_, rest)| rest);
                let place = without_user.split(['?', '#']).next().unwrap_or_default();
                write!(f, "postgres://{place}")
            }
        }
    }
}

impl FromStr for DatabaseUrl {
    type Err = String;

    fn from_str(url: &str) -> Result<Self, Self::Err> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self {
                engine: Engine::Postgres,
                address: url.to_owned(),
            });
        }
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return match path {
                "" => Err("names no file: write sqlite:FILE".into()),
                ":memory:" => Err("a database in memory would be another one for each connection: name a file".into()),
                _ => Ok(Self {
                    engine: Engine::Sqlite,
                    address: path.to_owned(),
                }),
            };
        }
        let scheme: String = url.split(':').next().unwrap_or_default().chars().take(20).collect();
        Err(format!(
            "`{scheme}` is no engine this service knows: write sqlite:FILE or postgres://USER@HOST/DATABASE"
        ))
    }
}

/// A connection to either engine.
#[derive(diesel::MultiConnection)]
pub enum AnyConnection {
    /// To an SQLite file.
    Sqlite(SqliteConnection),
    /// To a PostgreSQL server.
    Postgres(PgConnection),
}

/// The backend of queries that run on either engine.
pub type Backend = <AnyConnection as diesel::Connection>::Backend;

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    Read,
    Write,
}

/// Opens a connection and sets it up.
pub(super) fn establish(url: &DatabaseUrl, purpose: Use) -> Result<AnyConnection, Error> {
    let unavailable = |error: &dyn fmt::Display| {
        let words: Vec<String> = error.to_string().split_whitespace().map(str::to_owned).collect();
        Error::Unavailable(words.join(" "))
    };
    match url.engine() {
        Engine::Sqlite => {
            let mut connection = SqliteConnection::establish(url.address()).map_err(|e| unavailable(&e))?;
            // WAL with synchronous=FULL: what was acknowledged survives a power cut
            let set_up = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                          PRAGMA foreign_keys = ON;";
            patiently(|| connection.batch_execute(set_up)).map_err(|e| unavailable(&e))?;
            if purpose == Use::Read {
                connection
                    .batch_execute("PRAGMA query_only = ON;")
                    .map_err(|e| unavailable(&e))?;
            }
            Ok(AnyConnection::Sqlite(connection))
        }
        Engine::Postgres => {
            let mut connection = PgConnection::establish(url.address()).map_err(|e| unavailable(&e))?;
            // every read sees one snapshot; writes choose READ COMMITTED and lock what they change
            connection
                .batch_execute(
                    "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ; \
                     SET statement_timeout = '30s'; SET client_min_messages = warning; SET TIME ZONE 'UTC';",
                )
                .map_err(|e| unavailable(&e))?;
            Ok(AnyConnection::Postgres(connection))
        }
    }
}

/// Tries again for a while what another process keeps from happening: SQLite does not wait by itself for the lock that
/// turns a new file's journal to WAL.
fn patiently(mut work: impl FnMut() -> QueryResult<()>) -> QueryResult<()> {
    const PAUSE: Duration = Duration::from_millis(20);
    for _ in 0..250 {
        match work() {
            Err(diesel::result::Error::DatabaseError(_, info)) if info.message().contains("locked") => {
                std::thread::sleep(PAUSE);
            }
            done => return done,
        }
    }
    work()
}

/// Runs reads that all see the same moment.
pub(super) fn in_snapshot<T, E: From<Error>>(
    connection: &mut AnyConnection,
    work: impl FnOnce(&mut AnyConnection) -> Result<T, E>,
) -> Result<T, E> {
    between(connection, "BEGIN", work)
}

/// Runs a write on PostgreSQL. Rows that are read to be changed are locked by the statement that reads them.
pub(super) fn in_transaction<T, E: From<Error>>(
    connection: &mut AnyConnection,
    work: impl FnOnce(&mut AnyConnection) -> Result<T, E>,
) -> Result<T, E> {
    between(connection, "BEGIN ISOLATION LEVEL READ COMMITTED", work)
}

fn between<T, E: From<Error>>(
    connection: &mut AnyConnection,
    begin: &str,
    work: impl FnOnce(&mut AnyConnection) -> Result<T, E>,
) -> Result<T, E> {
    if let Err(error) = statement(connection, begin) {
        // a transaction that could not be rolled back may still be open
        log::warn!("a transaction did not begin: {error}");
        statement(connection, "ROLLBACK")?;
        statement(connection, begin)?;
    }
    match work(connection) {
        Ok(value) => {
            statement(connection, "COMMIT")?;
            Ok(value)
        }
        Err(error) => {
            // The error that matters is the work's; what is left open is closed before the next transaction.
            if let Err(rollback) = statement(connection, "ROLLBACK") {
                log::warn!("a transaction could not be rolled back: {rollback}");
            }
            Err(error)
        }
    }
}

/// Runs one statement that gives no rows.
pub(super) fn statement(connection: &mut AnyConnection, sql: &str) -> Result<(), Error> {
    connection.batch_execute(sql).map_err(Error::from)
}

/// Asks the database whether it is there.
pub(super) fn ping(connection: &mut AnyConnection) -> Result<(), Error> {
    sql_query("SELECT 1").execute(connection)?;
    Ok(())
}

/// Opens and checks the connections of the read pool.
#[derive(Debug)]
pub(super) struct Manager {
    url: DatabaseUrl,
}

impl Manager {
    pub(super) const fn new(url: DatabaseUrl) -> Self {
        Self { url }
    }
}

impl r2d2::ManageConnection for Manager {
    type Connection = AnyConnection;
    type Error = Error;

    fn connect(&self) -> Result<AnyConnection, Error> {
        // On PostgreSQL the pool serves writes too; there `Use` makes no difference.
        establish(&self.url, Use::Read)
    }

    fn is_valid(&self, connection: &mut AnyConnection) -> Result<(), Error> {
        ping(connection)
    }

    fn has_broken(&self, _: &mut AnyConnection) -> bool {
        // A connection whose work panicked may be in the midst of a transaction.
        std::thread::panicking()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_name_their_engine() {
        let engine = |url: &str| url.parse::<DatabaseUrl>().map(|url| url.engine());
        assert_eq!(engine("sqlite:charter.db"), Ok(Engine::Sqlite));
        assert_eq!(engine("sqlite:///var/lib/charter.db"), Ok(Engine::Sqlite));
        assert_eq!(engine("postgres://localhost/charter"), Ok(Engine::Postgres));
        assert_eq!(engine("postgresql:///charter"), Ok(Engine::Postgres));
        for wrong in [
            "",
            "charter.db",
            "mysql://localhost/charter",
            "postgre://localhost",
            "sqlite:",
            "sqlite::memory:",
        ] {
            assert!(engine(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_url_is_shown_without_its_password() {
        let url: DatabaseUrl = "postgres://office:se@cret@db.example:5432/charter?password=secret"
            .parse()
            .unwrap();
        assert_eq!(
            format!("{url} {url:?}"),
            "postgres://db.example:5432/charter postgres://db.example:5432/charter"
        );
    }
}
