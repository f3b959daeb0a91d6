//! Carrying over what was committed on SQLite from its log into its file.
//!
//! SQLite does this within the commit that fills the log, which then waits for the disk twice more. Here another thread does it
//! beside the writer, some twenty times a second while anything is written. A log in which more is written all the while has no
//! end: once it is long, the writer itself carries over what is left, and begins it anew.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use diesel::deserialize::QueryableByName;
use diesel::sql_types::Integer;
use diesel::{RunQueryDsl, sql_query};

use super::connection::AnyConnection;
use super::error::Error;

/// How long the thread rests between two times.
const PAUSE: Duration = Duration::from_millis(50);
/// How many pages the log may have before the writer itself carries over what is left of it: 16 MiB.
const TOO_LONG: i64 = 4096;

/// The handle of the thread, which ends with it.
pub(super) struct Checkpoints {
    written: SyncSender<()>,
    /// How many pages the log had when it was last looked at.
    pages: Arc<AtomicI64>,
}

impl Checkpoints {
    /// Starts the thread on a connection that nobody else has.
    pub(super) fn start(connection: AnyConnection) -> Result<Self, Error> {
        // one signal is enough, however much was written
        let (written, signals) = sync_channel(1);
        let pages = Arc::new(AtomicI64::new(0));
        let seen = pages.clone();
        std::thread::Builder::new()
            .name("sqlite-checkpoint".into())
            .spawn(move || carry_over(connection, &signals, &seen))
            .map_err(|error| Error::Unavailable(error.to_string()))?;
        Ok(Self { written, pages })
    }

    /// To be called behind each commit, on its connection.
    pub(super) fn committed(&self, connection: &mut AnyConnection) {
        // where a signal waits already, that one does
        let _ = self.written.try_send(());
        if self.pages.load(Ordering::Relaxed) > TOO_LONG {
            // nothing is written meanwhile, so that the log begins anew unless somebody still reads from it
            checkpoint(connection, &self.pages);
            self.pages.store(0, Ordering::Relaxed);
        }
    }
}

fn carry_over(mut connection: AnyConnection, signals: &Receiver<()>, pages: &AtomicI64) {
    while signals.recv().is_ok() {
        checkpoint(&mut connection, pages);
        std::thread::sleep(PAUSE);
    }
}

#[derive(QueryableByName)]
struct Done {
    #[diesel(sql_type = Integer)]
    log: i32,
}

/// Carries over as much as nobody who reads or writes would have to wait for.
fn checkpoint(connection: &mut AnyConnection, pages: &AtomicI64) {
    match sql_query("PRAGMA wal_checkpoint(PASSIVE)").get_result::<Done>(connection) {
        Ok(done) => pages.store(done.log.into(), Ordering::Relaxed),
        // what stays in the log is as durable as what is in the file
        Err(error) => log::warn!("the log of the database could not be carried over: {error}"),
    }
}
