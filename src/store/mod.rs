//! The database: the only place that knows diesel.
//!
//! SQLite and PostgreSQL are two engines under one set of queries. Reads see one snapshot each; writes on SQLite go
//! through one writer thread that commits together what waits together.

mod checkpoint;
mod connection;
mod error;
mod freshness;
mod gather;
pub mod message;
mod migration;
mod schema;
mod search;
mod statement;
mod sync;
mod texts;
pub mod turn;
mod writer;

pub mod absence;
pub mod account;
pub mod backup;
pub mod blacklist;
pub mod calendar;
pub mod case_clock;
pub mod case_event;
pub mod case_table;
pub mod change;
pub mod charter;
pub mod client;
pub mod edition;
pub mod failed_attempt;
pub mod grievance;
pub mod grievance_level;
pub mod grievance_stay;
pub mod idempotency;
pub mod lock;
pub mod office;
pub mod officer;
pub mod page;
pub mod personal_data;
pub mod purge;
pub mod request_lookup;
pub mod served;
pub mod service;
pub mod service_request;
pub mod session;
pub mod showing;
pub mod signing_key;
pub mod statistics;
pub mod tracked;
pub mod upazila_office;
pub mod webhook;
pub mod webhook_message;

use std::slice::from_mut;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use tokio::task::{JoinError, JoinHandle};

use checkpoint::Checkpoints;
pub use connection::{AnyConnection, DatabaseUrl, Engine};
use connection::{Manager, Statements, Use, begin};
pub use error::Error;
use freshness::Watch;
pub use freshness::{Freshness, Scope, WITHIN};
use gather::Gathered;
pub use turn::STANDS;
use turn::{Queue, Turn};
use writer::{Piece, Writer};

/// How the database is reached.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where the database is.
    pub url: DatabaseUrl,
    /// How many connections are held at most.
    pub connections: u32,
    /// How long a request waits for its turn before it is told that the service is busy.
    pub wait: Duration,
    /// For how long somebody always has to wait for a queue to stand: whoever comes then waits for a moment only. [`STANDS`]
    /// keeps those who are served in time.
    pub stands: Duration,
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
    /// Those who wait to read.
    reads: Arc<Queue>,
    /// Those who wait to write.
    writes: Arc<Queue>,
    /// SQLite's one writer; PostgreSQL writes through the pool.
    writer: Option<Writer>,
    /// The threads that write on PostgreSQL: a commit waits for the disk, and many wait together.
    write_threads: Arc<Threads>,
    /// Who waits for what many ask for at the same time.
    gathered: Arc<Gathered>,
    url: DatabaseUrl,
    statements: Statements,
    /// Who watches for changes, where anybody wants to know.
    watch: Arc<OnceLock<Watch>>,
}

impl Store {
    /// Connects to the database and brings its schema up to date. Any number of processes may do so at once.
    ///
    /// # Errors
    /// [`Error::Unavailable`] with the engine's own words where it cannot be reached or its schema cannot be changed.
    pub fn open(options: &Options) -> Result<Self, Error> {
        let engine = options.url.engine();
        migration::migrate(&options.url)?;
        let statements = Statements::default();
        let writer = match engine {
            Engine::Sqlite => {
                let connection = connection::establish(&options.url, Use::Write)?;
                let checkpoints = Checkpoints::start(connection::establish(&options.url, Use::Write)?)?;
                Some(Writer::start(statements.of(connection), checkpoints)?)
            }
            Engine::Postgres => None,
        };
        let pool = r2d2::Pool::builder()
            .max_size(options.connections)
            .min_idle(Some(1))
            .connection_timeout(options.wait)
            .test_on_check_out(engine == Engine::Postgres)
            .error_handler(Box::new(error::LogConnectionErrors))
            .build_unchecked(Manager::new(options.url.clone(), statements.clone()));
        Ok(Self {
            engine,
            pool,
            // as long as 32 callers wait for eight threads
            reads: Queue::new(options.wait, options.stands, 4),
            // for what is at work, and one's own
            writes: Queue::new(options.wait, options.stands, 2),
            writer,
            write_threads: Arc::new(Threads::writing(options.connections)?),
            gathered: Arc::new(Gathered::new(options.wait, options.stands)?),
            url: options.url.clone(),
            statements,
            watch: Arc::default(),
        })
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

    /// How many statements were sent to the database.
    pub fn statements(&self) -> u64 {
        self.statements.count()
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
        let this = self.clone();
        let (wait, mut turn) = self.reads.join()?;
        let read = tokio::task::spawn_blocking(move || {
            let (mut pooled, ()) =
                this.on_any_connection(from_mut(&mut turn), |connection| begin(connection::READ, connection))?;
            pooled.finish(work)
        });
        finished(wait.for_answer(read).await)
    }

    /// Reads by one statement, which sees one moment by itself.
    ///
    /// # Errors
    /// As for [`Store::read`].
    pub async fn look_up<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: Fn(&mut AnyConnection) -> Result<T, Error> + Send + 'static,
    {
        let this = self.clone();
        let (wait, mut turn) = self.reads.join()?;
        let read = tokio::task::spawn_blocking(move || {
            this.on_any_connection(from_mut(&mut turn), work)
                .map(|(_, found)| found)
        });
        finished(wait.for_answer(read).await)
    }

    /// Does what may be done again on a connection of the pool, once there is one; where that turns out to be cut, on another
    /// one.
    fn on_any_connection<T>(
        &self,
        turns: &mut [Turn],
        work: impl Fn(&mut AnyConnection) -> Result<T, Error>,
    ) -> Result<(r2d2::PooledConnection<Manager>, T), Error> {
        let now = Instant::now();
        let until = turns.iter().map(Turn::until).min().unwrap_or(now);
        let mut others = self.pool.max_size();
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let mut pooled = error::checked_out(self.pool.get_timeout(left))?;
            let mut somebody = false;
            for turn in turns.iter_mut() {
                somebody |= turn.begin();
            }
            if !somebody {
                return Err(Error::Busy("whoever waited has gone".into()));
            }
            match work(&mut pooled.connection) {
                Err(error) if error.is_cut() && others > 0 => {
                    pooled.failed(&error);
                    others -= 1;
                }
                done => return done.map(|done| (pooled, done)),
            }
        }
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
            let piece: Piece<_, fn(&mut AnyConnection) -> _> = Piece::Once(Some(work));
            return writer.run(piece, &self.writes).await;
        }
        let this = self.clone();
        let (wait, mut turn) = self.writes.join()?;
        let written = self.write_threads.run(move || {
            let (mut pooled, ()) =
                this.on_any_connection(from_mut(&mut turn), |connection| begin(connection::WRITE, connection))?;
            pooled.finish(work)
        });
        finished(wait.for_answer(written).await)
    }

    /// Writes as [`Store::write`] does, by a closure that may be run again where what it did was undone: SQLite has less to do
    /// for it.
    ///
    /// # Errors
    /// As for [`Store::write`].
    pub async fn write_repeatably<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: Fn(&mut AnyConnection) -> Result<T, E> + Send + 'static,
    {
        let Some(writer) = &self.writer else {
            return self.write(work).await;
        };
        let piece: Piece<fn(&mut AnyConnection) -> _, _> = Piece::Repeatable(work);
        writer.run(piece, &self.writes).await
    }

    /// Sees to it that whoever searches from now on finds every case that was filed before: to be called before a search.
    ///
    /// # Errors
    /// As for [`Store::write`].
    pub async fn index_words(&self) -> Result<(), Error> {
        match &self.writer {
            Some(writer) => writer.index(&self.writes).await,
            None => Ok(()),
        }
    }

    /// Writes public data: when this returns, nothing that is older is taken for fresh in this process.
    ///
    /// # Errors
    /// As for [`Store::write`].
    pub async fn publish<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(&mut AnyConnection) -> Result<T, E> + Send + 'static,
    {
        let done = self.write(work).await;
        // also where it failed: a commit whose answer was lost may have come about
        self.look().await;
        done
    }

    /// Sees every change that has come about before.
    pub async fn look(&self) {
        if let Some(watch) = self.watch.get() {
            watch.look().await;
        }
    }

    /// What is known of changes, by whoever makes them, from now on.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where no thread can be started.
    pub fn watch(&self) -> Result<Arc<Freshness>, Error> {
        if let Some(watch) = self.watch.get() {
            return Ok(watch.freshness());
        }
        let watch = Watch::start(self.url.clone())?;
        Ok(self.watch.get_or_init(|| watch).freshness())
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// As for [`Store::read`].
    pub async fn ping(&self) -> Result<(), Error> {
        self.read(connection::ping).await
    }
}

fn finished<T, E: From<Error>>(done: Result<Result<Result<T, E>, JoinError>, Error>) -> Result<T, E> {
    done?.unwrap_or_else(|_| Err(Error::Panicked.into()))
}

/// Threads of their own: no thread is there before it is needed.
struct Threads(Option<Runtime>);

impl Threads {
    /// Those that write on PostgreSQL: so many that reads always find a connection.
    fn writing(connections: u32) -> Result<Self, Error> {
        let most = usize::try_from(connections * 3 / 4).unwrap_or(1).max(1);
        Self::new("postgres-writer", most)
    }

    fn new(name: &str, most: usize) -> Result<Self, Error> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .max_blocking_threads(most)
            .thread_name(name)
            .build()
            .map_err(|error| Error::Unavailable(error.to_string()))?;
        Ok(Self(Some(runtime)))
    }

    fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
        match &self.0 {
            Some(runtime) => runtime.spawn_blocking(work),
            None => tokio::task::spawn_blocking(work),
        }
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        // whoever drops it may be a thread that must not wait
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
