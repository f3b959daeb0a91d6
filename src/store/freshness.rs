//! How fresh what was read is: what answers that are kept in memory are held against.
//!
//! One thread looks at the change feed many times a second, and at once where this process has changed something. Whatever
//! was read is of a version; a later change of what it is about, wherever it was made, ends it. What nobody could look after
//! in time is not held any more either: nothing older than [`WITHIN`] is ever taken for fresh.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::change;
use super::connection::{self, AnyConnection, DatabaseUrl, Use};
use super::edition::{self, Edition};
use super::error::Error;

/// How long a change that another process made can stay unseen at most.
pub const WITHIN: Duration = Duration::from_secs(1);
/// How long the thread rests between two looks.
const REST: Duration = Duration::from_millis(200);

/// How many offices are told apart.
const MOST_OFFICES: usize = 50_000;

/// What something that was read is about: its version is that of the last change of it.
#[derive(Clone, Debug)]
pub struct Scope(Arc<AtomicU64>);

/// What is known of changes. Versions are this process's own count of them.
#[derive(Debug)]
pub struct Freshness {
    began: Instant,
    /// What is read from now on is at least of this version.
    version: AtomicU64,
    /// The version of the last change that touched everything.
    floor: AtomicU64,
    /// The version of the last change of anything.
    anything: Scope,
    /// The version of the last change of each office, as far as anybody asked for it.
    offices: Mutex<HashMap<String, Scope>>,
    /// Until when it is known that nothing has changed unseen, in microseconds since it began.
    known_until: AtomicU64,
}

impl Freshness {
    fn new() -> Self {
        Self {
            began: Instant::now(),
            version: AtomicU64::new(0),
            floor: AtomicU64::new(0),
            anything: Scope(Arc::new(AtomicU64::new(0))),
            offices: Mutex::default(),
            known_until: AtomicU64::new(0),
        }
    }

    /// The version of what is read from now on. It has to be asked for before the reading.
    pub fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// The scope of what is about one office, or about any number of them.
    pub fn scope(&self, office: Option<&str>) -> Scope {
        let Some(office) = office else {
            return self.anything.clone();
        };
        let mut offices = self.offices();
        if let Some(known) = offices.get(office) {
            return known.clone();
        }
        // anybody may ask about offices that there are not
        if offices.len() >= MOST_OFFICES {
            return self.anything.clone();
        }
        // whatever changed until now may have been this office
        let scope = Scope(Arc::new(AtomicU64::new(self.version())));
        offices.insert(office.to_owned(), scope.clone());
        scope
    }

    /// Whether what was read in a version is still what would be read.
    pub fn holds(&self, version: u64, scope: &Scope) -> bool {
        version >= scope.0.load(Ordering::Acquire)
            && version >= self.floor.load(Ordering::Acquire)
            && self.now() < self.known_until.load(Ordering::Acquire)
    }

    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    fn offices(&self) -> MutexGuard<'_, HashMap<String, Scope>> {
        // whoever panicked left a map that is whole
        self.offices.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes note of a change: of these offices, or of everything.
    fn note(&self, changed: Option<&[String]>) {
        let offices = self.offices();
        // first the version, so that whatever is read in the new one is read after the change
        let version = self.version.fetch_add(1, Ordering::AcqRel) + 1;
        self.anything.0.store(version, Ordering::Release);
        match changed {
            Some(changed) => {
                for scope in changed.iter().filter_map(|office| offices.get(office)) {
                    scope.0.store(version, Ordering::Release);
                }
            }
            None => self.floor.store(version, Ordering::Release),
        }
    }
}

/// The thread that looks, which ends with the last handle.
pub(super) struct Watch {
    freshness: Arc<Freshness>,
    asks: mpsc::Sender<oneshot::Sender<()>>,
}

impl Watch {
    /// Starts the thread on a connection of its own.
    pub(super) fn start(url: DatabaseUrl) -> Result<Self, Error> {
        let freshness = Arc::new(Freshness::new());
        let (asks, asked) = mpsc::channel();
        let watcher = Watcher {
            url,
            freshness: freshness.clone(),
            connection: None,
            known: None,
            is_blind: false,
        };
        std::thread::Builder::new()
            .name("change-watch".into())
            .spawn(move || watcher.watch(&asked))
            .map_err(|error| Error::Unavailable(error.to_string()))?;
        Ok(Self { freshness, asks })
    }

    pub(super) fn freshness(&self) -> Arc<Freshness> {
        self.freshness.clone()
    }

    /// Looks at once, and waits for it.
    pub(super) async fn look(&self) {
        let (done, looked) = oneshot::channel();
        // the thread ends with this handle only
        if self.asks.send(done).is_ok() {
            let _ = looked.await;
        }
    }
}

struct Watcher {
    url: DatabaseUrl,
    freshness: Arc<Freshness>,
    connection: Option<AnyConnection>,
    known: Option<Edition>,
    /// Whether the last look failed.
    is_blind: bool,
}

impl Watcher {
    fn watch(mut self, asked: &mpsc::Receiver<oneshot::Sender<()>>) {
        let mut waiting: Vec<oneshot::Sender<()>> = Vec::new();
        loop {
            let began = self.freshness.now();
            // a connection that was cut is opened anew at once
            let looked = self.look().or_else(|_| self.look());
            let known_until = match &looked {
                Ok(()) => began.saturating_add(u64::try_from(WITHIN.as_micros()).unwrap_or(0)),
                // what this process has just changed would be missed
                Err(_) if !waiting.is_empty() => 0,
                Err(_) => self.freshness.known_until.load(Ordering::Acquire),
            };
            self.freshness.known_until.store(known_until, Ordering::Release);
            self.tell(looked.err());
            for ask in waiting.drain(..) {
                let _ = ask.send(());
            }
            match asked.recv_timeout(REST) {
                Ok(ask) => waiting.push(ask),
                Err(mpsc::RecvTimeoutError::Timeout) => {}
                Err(mpsc::RecvTimeoutError::Disconnected) => return,
            }
            waiting.extend(asked.try_iter());
        }
    }

    /// Says on the log when it cannot see any more, and when it can again.
    fn tell(&mut self, failure: Option<Error>) {
        match &failure {
            Some(error) if !self.is_blind => log::warn!("changes cannot be watched, answers are not kept: {error}"),
            None if self.is_blind => log::info!("changes are watched again"),
            _ => {}
        }
        self.is_blind = failure.is_some();
    }

    fn look(&mut self) -> Result<(), Error> {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            none => none.insert(connection::establish(&self.url, Use::Read)?),
        };
        let seen = edition::edition(connection).and_then(|edition| {
            let changed = match self.known {
                Some(known) if known == edition => Some(Vec::new()),
                Some(known) if known.is_followed_by(edition) => Some(change::offices_changed(
                    known.last_sequence,
                    edition.last_sequence,
                    connection,
                )?),
                _ => None,
            };
            Ok((edition, changed))
        });
        let (edition, changed) = match seen {
            Ok(seen) => seen,
            Err(error) => {
                self.connection = None;
                return Err(error);
            }
        };
        if self.known != Some(edition) {
            self.freshness.note(changed.as_deref());
            self.known = Some(edition);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seeing() -> Freshness {
        let freshness = Freshness::new();
        freshness.known_until.store(u64::MAX, Ordering::Release);
        freshness
    }

    #[test]
    fn a_change_ends_what_is_about_its_office_and_what_is_about_any() {
        let freshness = seeing();
        let version = freshness.version();
        let (khulna, sylhet, any) = (
            freshness.scope(Some("khulna")),
            freshness.scope(Some("sylhet")),
            freshness.scope(None),
        );
        assert!(
            [&khulna, &sylhet, &any]
                .iter()
                .all(|scope| freshness.holds(version, scope))
        );
        freshness.note(Some(&["khulna".to_owned()]));
        assert!(!freshness.holds(version, &khulna) && !freshness.holds(version, &any));
        assert!(freshness.holds(version, &sylhet));
        assert!(freshness.holds(freshness.version(), &khulna));
        freshness.note(None);
        assert!(!freshness.holds(version, &sylhet));
    }

    #[test]
    fn what_was_read_before_a_change_is_not_held_under_a_scope_that_is_first_asked_for_after_it() {
        let freshness = seeing();
        let version = freshness.version();
        freshness.note(Some(&["khulna".to_owned()]));
        assert!(!freshness.holds(version, &freshness.scope(Some("khulna"))));
    }

    #[test]
    fn what_nobody_looks_after_is_not_fresh() {
        let freshness = Freshness::new();
        assert!(!freshness.holds(freshness.version(), &freshness.scope(None)));
    }
}
