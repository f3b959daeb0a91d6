//! The database: the only place that knows diesel.
//!
//! SQLite and PostgreSQL are two engines under one set of queries. Reads see one snapshot each; writes on SQLite go
//! through one writer thread that commits together what waits together.

mod connection;
mod error;
pub mod message;
mod migration;
mod schema;
mod search;
mod sync;
mod texts;
mod writer;

pub mod absence;
pub mod account;
pub mod blacklist;
pub mod calendar;
pub mod case_clock;
pub mod case_event;
pub mod case_table;
pub mod change;
pub mod charter;
pub mod client;
pub mod failed_attempt;
pub mod grievance;
pub mod grievance_level;
pub mod grievance_stay;
pub mod idempotency;
pub mod lock;
pub mod office;
pub mod officer;
pub mod page;
pub mod service;
pub mod service_request;
pub mod session;
pub mod signing_key;
pub mod statistics;
pub mod upazila_office;
pub mod webhook;
pub mod webhook_message;

use std::time::Duration;

pub use connection::{AnyConnection, DatabaseUrl, Engine};
use connection::{Manager, Use};
pub use error::Error;
use writer::Writer;

/// How the database is reached.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where the database is.
    pub url: DatabaseUrl,
    /// How many connections are held at most.
    pub connections: u32,
    /// How long a request waits for a free connection before it is told that the service is busy.
    pub wait: Duration,
}

/// How many connections are open, and how many of them are at work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolState {
    /// Connections that are open.
    pub open: u32,
    /// Connections that are at work.
    pub in_use: u32,
}

/// The database, ready for use. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    engine: Engine,
    pool: r2d2::Pool<Manager>,
    /// SQLite's one writer; PostgreSQL writes through the pool.
    writer: Option<Writer>,
}

impl Store {
    /// Connects to the database and brings its schema up to date. Any number of processes may do so at once.
    ///
    /// # Errors
    /// [`Error::Unavailable`] with the engine's own words where it cannot be reached or its schema cannot be changed.
    pub fn open(options: &Options) -> Result<Self, Error> {
        let engine = options.url.engine();
        migration::migrate(&options.url)?;
        let writer = match engine {
            Engine::Sqlite => Some(Writer::start(connection::establish(&options.url, Use::Write)?)?),
            Engine::Postgres => None,
        };
        let pool = r2d2::Pool::builder()
            .max_size(options.connections)
            .min_idle(Some(1))
            .connection_timeout(options.wait)
            .test_on_check_out(engine == Engine::Postgres)
            .error_handler(Box::new(error::LogConnectionErrors))
            .build_unchecked(Manager::new(options.url.clone()));
        Ok(Self { engine, pool, writer })
    }

    /// The engine in use.
    pub const fn engine(&self) -> Engine {
        self.engine
    }

    /// What the connections are doing.
    pub fn pool_state(&self) -> PoolState {
        let state = self.pool.state();
        PoolState {
            open: state.connections,
            in_use: state.connections - state.idle_connections,
        }
    }

    /// Reads: everything that the closure sees is of one moment.
    ///
    /// # Errors
    /// Those of the closure, [`Error::Busy`] where no connection came free in time, [`Error::Unavailable`] where the
    /// database cannot be reached.
    pub async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(&mut AnyConnection) -> Result<T, E> + Send + 'static,
    {
        let pool = self.pool.clone();
        off_the_async_threads(move || {
            let mut connection = error::checked_out(pool.get())?;
            connection::in_snapshot(&mut connection, work)
        })
        .await
    }

    /// Writes: the closure's changes are kept together or not at all, and are durable when this returns.
    ///
    /// # Errors
    /// Those of the closure, whose changes are then undone; otherwise as for [`Store::read`].
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(&mut AnyConnection) -> Result<T, E> + Send + 'static,
    {
        if let Some(writer) = &self.writer {
            return writer.run(work).await;
        }
        let pool = self.pool.clone();
        off_the_async_threads(move || {
            let mut connection = error::checked_out(pool.get())?;
            connection::in_transaction(&mut connection, work)
        })
        .await
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// As for [`Store::read`].
    pub async fn ping(&self) -> Result<(), Error> {
        self.read(connection::ping).await
    }
}

async fn off_the_async_threads<T, E, F>(work: F) -> Result<T, E>
where
    T: Send + 'static,
    E: From<Error> + Send + 'static,
    F: FnOnce() -> Result<T, E> + Send + 'static,
{
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(_) => Err(Error::Panicked.into()),
    }
}
