//! SQLite's one writer.
//!
//! SQLite lets one connection write at a time, and a durable commit costs a flush of the disk. All writes therefore go
//! to one thread, which takes whatever waits, runs each piece of work so that it fails alone, and flushes once for all of them.
//! Nobody is answered before the flush.
//!
//! The words of new cases are indexed for many at once, too, because FTS5 writes its index out at each commit and each
//! savepoint: behind some work, when nothing else is to be written, or before somebody searches.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::checkpoint::Checkpoints;
use super::connection::{AnyConnection, statement};
use super::error::Error;
use super::search;
use super::turn::{Queue, Turn};

/// How much work is committed together at most.
const BATCH: usize = 512;
/// How much may be committed together however long it takes.
const FEW: usize = 16;
/// How long the work of a batch is to take at most: whoever comes meanwhile waits for all of it.
const WORK: Duration = Duration::from_millis(20);

/// How much work may be done before the words of its cases are indexed.
const UNINDEXED: usize = 64;
/// For how long nothing has to be written for the writer to index what is not indexed yet.
const IDLE: Duration = Duration::from_millis(20);

/// The handle of the writer thread, which ends with its last handle.
#[derive(Clone)]
pub(super) struct Writer {
    queue: Sender<Box<dyn Job>>,
    words: Arc<Words>,
}

/// What is to be said of the index of words.
struct Words {
    /// How much work was done since words were last indexed.
    unindexed: AtomicUsize,
    /// Whether somebody wants to search.
    wanted: AtomicBool,
}

/// A piece of work that runs in a batch, and is answered after the batch's commit.
trait Job: Send {
    /// Whether whoever waits for it is still there, and waits to the end from now on.
    fn begin(&mut self) -> bool;
    /// Whether it may be run again where what it did was undone.
    fn is_repeatable(&self) -> bool;
    /// Does the work; whether its changes are to be kept.
    fn run(&mut self, connection: &mut AnyConnection) -> bool;
    /// Answers whoever waits; `failure` is why the batch could not be kept.
    fn answer(self: Box<Self>, failure: Option<&str>);
}

/// Work as it is handed in.
pub(super) enum Piece<Once, Again> {
    /// To be run once.
    Once(Option<Once>),
    /// To be run as often as it takes.
    Repeatable(Again),
}

struct Work<T, E, Once, Again> {
    piece: Piece<Once, Again>,
    turn: Turn,
    result: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<T, E, Once, Again> Job for Work<T, E, Once, Again>
where
    T: Send,
    E: From<Error> + Send,
    Once: FnOnce(&mut AnyConnection) -> Result<T, E> + Send,
    Again: Fn(&mut AnyConnection) -> Result<T, E> + Send,
{
    fn begin(&mut self) -> bool {
        self.turn.begin()
    }

    fn is_repeatable(&self) -> bool {
        matches!(self.piece, Piece::Repeatable(_))
    }

    fn run(&mut self, connection: &mut AnyConnection) -> bool {
        let piece = &mut self.piece;
        let work = AssertUnwindSafe(|| match piece {
            Piece::Once(work) => work.take().map(|work| work(connection)),
            Piece::Repeatable(work) => Some(work(connection)),
        });
        let result = match catch_unwind(work) {
            Ok(Some(result)) => result,
            Ok(None) => return false,
            Err(_) => Err(Error::Panicked.into()),
        };
        self.result.insert(result).is_ok()
    }

    fn answer(self: Box<Self>, failure: Option<&str>) {
        let result = match (self.result, failure) {
            // work that failed by itself has its own answer, whatever became of the batch
            (Some(Err(error)), _) => Err(error),
            (Some(Ok(value)), None) => Ok(value),
            (_, failure) => Err(Error::Unavailable(failure.unwrap_or("the work was not done").to_owned()).into()),
        };
        // whoever asked may have gone: the work is kept all the same
        let _ = self.reply.send(result);
    }
}

impl Writer {
    /// Starts the thread on a connection that nobody else has.
    pub(super) fn start(connection: AnyConnection, checkpoints: Checkpoints) -> Result<Self, Error> {
        let (queue, waiting) = channel();
        // the process before this one may have ended before it indexed everything
        let words = Arc::new(Words {
            unindexed: AtomicUsize::new(1),
            wanted: AtomicBool::new(false),
        });
        let thread = Thread {
            connection,
            checkpoints,
            words: words.clone(),
            most: BATCH,
        };
        std::thread::Builder::new()
            .name("sqlite-writer".into())
            .spawn(move || thread.write(&waiting))
            .map_err(|error| Error::Unavailable(error.to_string()))?;
        Ok(Self { queue, words })
    }

    /// Waits until the words of everything that was filed before are indexed.
    pub(super) async fn index(&self, writes: &Arc<Queue>) -> Result<(), Error> {
        if self.words.unindexed.load(Ordering::Relaxed) == 0 {
            return Ok(());
        }
        self.words.wanted.store(true, Ordering::Relaxed);
        // whichever batch comes next indexes them: this is in it, or in one behind it
        let nothing: fn(&mut AnyConnection) -> Result<(), Error> = |_| Ok(());
        let nothing = Piece::<fn(&mut AnyConnection) -> _, _>::Repeatable(nothing);
        self.run(nothing, writes).await
    }

    /// Has work done in its turn, and waits until it is durable.
    pub(super) async fn run<T, E, Once, Again>(&self, piece: Piece<Once, Again>, writes: &Arc<Queue>) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        Once: FnOnce(&mut AnyConnection) -> Result<T, E> + Send + 'static,
        Again: Fn(&mut AnyConnection) -> Result<T, E> + Send + 'static,
    {
        let (wait, turn) = writes.join()?;
        let (reply, answer) = oneshot::channel();
        let job = Box::new(Work {
            piece,
            turn,
            result: None,
            reply,
        });
        let ended = || Error::Unavailable("the writer has ended".into());
        self.queue.send(job).map_err(|_| ended())?;
        match wait.for_answer(answer).await? {
            Ok(result) => result,
            Err(_) => Err(ended().into()),
        }
    }
}

/// How much work is to be taken together, where so much took so long.
fn most(took: Duration, count: usize) -> usize {
    let each = took.as_micros() / u128::try_from(count).unwrap_or(1).max(1);
    let fits = WORK.as_micros() / each.max(1);
    usize::try_from(fits).unwrap_or(BATCH).clamp(FEW, BATCH)
}

/// What the writer's thread has.
struct Thread {
    connection: AnyConnection,
    checkpoints: Checkpoints,
    words: Arc<Words>,
    /// How much work is taken together at the moment.
    most: usize,
}

impl Thread {
    fn write(mut self, waiting: &Receiver<Box<dyn Job>>) {
        loop {
            match waiting.recv_timeout(IDLE) {
                Ok(first) => self.write_together(first, waiting),
                Err(RecvTimeoutError::Timeout) => {
                    if self.words.unindexed.load(Ordering::Relaxed) > 0 {
                        self.index();
                    }
                    let Ok(first) = waiting.recv() else { return };
                    self.write_together(first, waiting);
                }
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn write_together(&mut self, first: Box<dyn Job>, waiting: &Receiver<Box<dyn Job>>) {
        let mut batch = vec![first];
        batch.extend(waiting.try_iter().take(self.most - 1));
        batch.retain_mut(|job| job.begin());
        if batch.is_empty() {
            return;
        }
        let failure = self.commit(&mut batch).err().map(|error| error.to_string());
        if let Some(failure) = &failure {
            log::error!("a batch of {} writes was not kept: {failure}", batch.len());
            self.roll_back();
            // what it indexed is not indexed either
            self.words.unindexed.fetch_max(1, Ordering::Relaxed);
            self.words.wanted.store(true, Ordering::Relaxed);
        }
        for job in batch {
            job.answer(failure.as_deref());
        }
        self.checkpoints.committed(&mut self.connection);
    }

    fn commit(&mut self, batch: &mut [Box<dyn Job>]) -> Result<(), Error> {
        let unindexed = self.words.unindexed.load(Ordering::Relaxed) + batch.len();
        let began = Instant::now();
        self.do_all(batch)?;
        self.most = most(began.elapsed(), batch.len());
        let full = unindexed > UNINDEXED || self.words.wanted.swap(false, Ordering::Relaxed);
        if full {
            search::index_new_cases(&mut self.connection)?;
        }
        // before anybody is answered, who may then search for it
        let left = if full { 0 } else { unindexed };
        self.words.unindexed.store(left, Ordering::Relaxed);
        statement(&mut self.connection, "COMMIT")
    }

    /// Begins, and does all that is in a batch; each piece of work fails alone.
    fn do_all(&mut self, batch: &mut [Box<dyn Job>]) -> Result<(), Error> {
        let connection = &mut self.connection;
        statement(connection, "BEGIN IMMEDIATE")?;
        if batch.iter().all(|job| job.is_repeatable()) {
            // SQLite copies each page that is changed behind a savepoint: where all goes well, as it nearly always does, there
            // is no need for that
            if batch.iter_mut().all(|job| job.run(connection)) {
                return Ok(());
            }
            statement(connection, "ROLLBACK")?;
            statement(connection, "BEGIN IMMEDIATE")?;
        }
        for job in batch {
            statement(connection, "SAVEPOINT job")?;
            if job.run(connection) {
                statement(connection, "RELEASE job")?;
            } else {
                statement(connection, "ROLLBACK TO job; RELEASE job")?;
            }
        }
        Ok(())
    }

    /// Indexes what is not indexed yet, while nothing else is to be done.
    fn index(&mut self) {
        let connection = &mut self.connection;
        let indexed = statement(connection, "BEGIN IMMEDIATE")
            .and_then(|()| search::index_new_cases(connection))
            .and_then(|()| statement(connection, "COMMIT"));
        match indexed {
            Ok(()) => self.words.unindexed.store(0, Ordering::Relaxed),
            Err(error) => {
                log::error!("the words of new cases could not be indexed: {error}");
                self.roll_back();
            }
        }
    }

    fn roll_back(&mut self) {
        if let Err(error) = statement(&mut self.connection, "ROLLBACK") {
            log::debug!("nothing to roll back: {error}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slow_work_is_committed_in_small_batches() {
        let micros = Duration::from_micros;
        assert_eq!(most(micros(35 * 32), 32), BATCH, "as fast as it is");
        assert_eq!(most(micros(200 * 50), 50), 100);
        assert_eq!(most(micros(5000 * 3), 3), FEW);
        assert_eq!(most(Duration::ZERO, 1), BATCH);
    }
}
