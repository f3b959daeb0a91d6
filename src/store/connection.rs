//! Connections to either engine.
//!
//! The pool's manager is written by hand: diesel's derived `establish` tries one engine after the other, which hides
//! the real error and takes every misspelt URL for the path of an SQLite file.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use diesel::connection::{InstrumentationEvent, SimpleConnection};
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
            if purpose == Use::Write {
                // each piece of work of a batch has its savepoint: what it would be undone with is kept in memory, as are the
                // pages of the indexes; what is committed is carried over into the file by another thread
                connection
                    .batch_execute(
                        "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 0;",
                    )
                    .map_err(|e| unavailable(&e))?;
            }
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

/// Begins reads that all see the same moment.
pub(super) const READ: &str = "BEGIN";
/// Begins a write on PostgreSQL. Rows that are read to be changed are locked by the statement that reads them.
pub(super) const WRITE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";

/// Begins a transaction.
pub(super) fn begin(how: &str, connection: &mut AnyConnection) -> Result<(), Error> {
    statement(connection, how).or_else(|error| {
        if error.is_cut() {
            return Err(error);
        }
        // a transaction that could not be rolled back may still be open
        log::warn!("a transaction did not begin: {error}");
        statement(connection, "ROLLBACK")?;
        statement(connection, how)
    })
}

/// Does something with a statement on the connection of its engine, whose prepared statement is found by the statement's
/// type: through [`AnyConnection`] its text is made anew each time, and each value of a row is looked for by way of both.
macro_rules! directly {
    ($does:ident: $statement:expr, $connection:expr) => {
        match $connection {
            $crate::store::AnyConnection::Sqlite(sqlite) => ::diesel::RunQueryDsl::$does($statement, sqlite),
            $crate::store::AnyConnection::Postgres(postgres) => ::diesel::RunQueryDsl::$does($statement, postgres),
        }
    };
}
pub(super) use directly;

/// Runs one statement that gives no rows.
pub(super) fn statement(connection: &mut AnyConnection, sql: &str) -> Result<(), Error> {
    connection.batch_execute(sql).map_err(Error::from)
}

/// Asks the database whether it is there.
pub(super) fn ping(connection: &mut AnyConnection) -> Result<(), Error> {
    sql_query("SELECT 1").execute(connection)?;
    Ok(())
}

/// A connection of the pool.
pub(super) struct Pooled {
    pub(super) connection: AnyConnection,
    /// When it was last seen to be good.
    good_at: Instant,
    /// Whether it was cut.
    cut: bool,
}

impl Pooled {
    /// For how long a connection that was good is taken for good: a check costs a way to the server and back. Whoever
    /// finds it cut takes another one.
    const GOOD_FOR: Duration = Duration::from_secs(1);

    /// Takes note of what a failure says about the connection.
    pub(super) const fn failed(&mut self, error: &Error) {
        self.cut |= error.is_cut();
    }

    /// Does the work of a transaction that has begun, and ends it.
    pub(super) fn finish<T, E: From<Error>>(
        &mut self,
        work: impl FnOnce(&mut AnyConnection) -> Result<T, E>,
    ) -> Result<T, E> {
        match work(&mut self.connection) {
            Ok(value) => match statement(&mut self.connection, "COMMIT") {
                Ok(()) => Ok(value),
                Err(error) => {
                    self.failed(&error);
                    Err(error.into())
                }
            },
            Err(error) => {
                // The error that matters is the work's; what is left open is closed before the next transaction.
                if let Err(rollback) = statement(&mut self.connection, "ROLLBACK") {
                    log::warn!("a transaction could not be rolled back: {rollback}");
                    self.failed(&rollback);
                }
                Err(error)
            }
        }
    }
}

/// How many statements were sent to the database: cheap to clone, one count.
#[derive(Clone, Debug, Default)]
pub(super) struct Statements(Arc<AtomicU64>);

impl Statements {
    pub(super) fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Counts those of a connection from now on.
    pub(super) fn of(&self, mut connection: AnyConnection) -> AnyConnection {
        let count = self.0.clone();
        connection.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if matches!(event, InstrumentationEvent::StartQuery { .. }) {
                count.fetch_add(1, Ordering::Relaxed);
            }
        });
        connection
    }
}

/// Opens and checks the connections of the pool.
#[derive(Debug)]
pub(super) struct Manager {
    url: DatabaseUrl,
    statements: Statements,
}

impl Manager {
    pub(super) const fn new(url: DatabaseUrl, statements: Statements) -> Self {
        Self { url, statements }
    }
}

impl r2d2::ManageConnection for Manager {
    type Connection = Pooled;
    type Error = Error;

    fn connect(&self) -> Result<Pooled, Error> {
        Ok(Pooled {
            // On PostgreSQL the pool serves writes too; there `Use` makes no difference.
            connection: self.statements.of(establish(&self.url, Use::Read)?),
            good_at: Instant::now(),
            cut: false,
        })
    }

    fn is_valid(&self, pooled: &mut Pooled) -> Result<(), Error> {
        if pooled.good_at.elapsed() > Pooled::GOOD_FOR {
            ping(&mut pooled.connection)?;
        }
        Ok(())
    }

    fn has_broken(&self, pooled: &mut Pooled) -> bool {
        pooled.good_at = Instant::now();
        // A connection whose work panicked may be in the midst of a transaction.
        pooled.cut || std::thread::panicking()
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
