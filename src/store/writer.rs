//! SQLite's one writer.
//!
//! SQLite lets one connection write at a time, and a durable commit costs a flush of the disk. All writes therefore go
//! to one thread, which takes whatever waits, runs each piece of work under a savepoint of its own, so that each fails
//! alone, and flushes once for all of them. Nobody is answered before the flush.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};

use tokio::sync::oneshot;

use super::connection::{AnyConnection, statement};
use super::error::Error;
use super::search;

/// How much work may wait before new work is refused.
const QUEUE: usize = 4096;
/// How much work is committed together at most.
const BATCH: usize = 512;

/// The handle of the writer thread, which ends with its last handle.
#[derive(Clone)]
pub(super) struct Writer {
    queue: SyncSender<Box<dyn Job>>,
}

/// A piece of work that runs in a batch, and is answered after the batch's commit.
trait Job: Send {
    /// Does the work; whether its changes are to be kept.
    fn run(&mut self, connection: &mut AnyConnection) -> bool;
    /// Answers whoever waits; `failure` is why the batch could not be kept.
    fn answer(self: Box<Self>, failure: Option<&str>);
}

struct Work<T, E, F> {
    work: Option<F>,
    result: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<T, E, F> Job for Work<T, E, F>
where
    T: Send,
    E: From<Error> + Send,
    F: FnOnce(&mut AnyConnection) -> Result<T, E> + Send,
{
    fn run(&mut self, connection: &mut AnyConnection) -> bool {
        let Some(work) = self.work.take() else {
            return false;
        };
        let result =
            catch_unwind(AssertUnwindSafe(|| work(connection))).unwrap_or_else(|_| Err(Error::Panicked.into()));
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
    pub(super) fn start(connection: AnyConnection) -> Result<Self, Error> {
        let (queue, waiting) = sync_channel(QUEUE);
        std::thread::Builder::new()
            .name("sqlite-writer".into())
            .spawn(move || write(connection, &waiting))
            .map_err(|error| Error::Unavailable(error.to_string()))?;
        Ok(Self { queue })
    }

    /// Has work done, and waits until it is durable.
    pub(super) async fn run<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(&mut AnyConnection) -> Result<T, E> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(Work {
            work: Some(work),
            result: None,
            reply,
        });
        self.queue.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => Error::Busy("the writer's queue is full".into()),
            TrySendError::Disconnected(_) => Error::Unavailable("the writer has ended".into()),
        })?;
        match answer.await {
            Ok(result) => result,
            Err(_) => Err(Error::Unavailable("the writer has ended".into()).into()),
        }
    }
}

fn write(mut connection: AnyConnection, waiting: &Receiver<Box<dyn Job>>) {
    while let Ok(first) = waiting.recv() {
        let mut batch = vec![first];
        batch.extend(waiting.try_iter().take(BATCH - 1));
        let failure = write_batch(&mut connection, &mut batch)
            .err()
            .map(|error| error.to_string());
        if let Some(failure) = &failure {
            log::error!("a batch of {} writes was not kept: {failure}", batch.len());
            if let Err(error) = statement(&mut connection, "ROLLBACK") {
                log::debug!("nothing to roll back: {error}");
            }
        }
        for job in batch {
            job.answer(failure.as_deref());
        }
    }
}

fn write_batch(connection: &mut AnyConnection, batch: &mut [Box<dyn Job>]) -> Result<(), Error> {
    statement(connection, "BEGIN IMMEDIATE")?;
    for job in batch {
        statement(connection, "SAVEPOINT job")?;
        if job.run(connection) {
            statement(connection, "RELEASE job")?;
        } else {
            statement(connection, "ROLLBACK TO job; RELEASE job")?;
        }
    }
    search::index_new_cases(connection)?;
    statement(connection, "COMMIT")
}
