//! Look-ups that wait at the same time, made together: one change of threads, and on PostgreSQL one statement, one way to the
//! server and back, for all of them. Nobody waits for others to come: whoever finds a thread free is looked up at once.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use diesel::deserialize::QueryableByName;
use diesel::pg::Pg;
use diesel::sqlite::Sqlite;
use tokio::sync::oneshot;

use super::connection::{AnyConnection, directly};
use super::error::Error;
use super::request_lookup::Requests;
use super::served::Entries;
use super::session::Tokens;
use super::statement::{Sql, Value, sql};
use super::tracked::Tracked;
use super::turn::{Queue, Turn};
use super::{Store, Threads};

/// How many look-ups are made together at most.
const TOGETHER: usize = 64;
/// How many threads make look-ups of a kind at the same time.
const AT_ONCE: usize = 2;

/// A kind of look-up that many ask for at the same time.
pub(super) trait Lookup: Sized + 'static {
    /// What is looked for.
    type Key: Send + Sync;
    /// What is found.
    type Found: Send;

    /// What is found under each key, in their order.
    fn find(keys: &[Self::Key], connection: &mut AnyConnection) -> Result<Vec<Result<Self::Found, Error>>, Error>;

    /// Where those wait who ask for it.
    fn waiting(gathered: &Gathered) -> &Waiting<Self>;
}

/// Those who wait for look-ups, by their kind, and the threads that make them.
pub(super) struct Gathered {
    pub(super) entries: Waiting<Entries>,
    pub(super) tokens: Waiting<Tokens>,
    pub(super) requests: Waiting<Requests>,
    pub(super) tracked: Waiting<Tracked>,
    queue: Arc<Queue>,
    threads: Threads,
}

impl Gathered {
    /// None yet; one waits for so long, and the queue stands when somebody always had to wait for so long.
    pub(super) fn new(patience: Duration, stands: Duration) -> Result<Self, Error> {
        Ok(Self {
            queue: Queue::new(patience, stands, 4),
            entries: Waiting::default(),
            tokens: Waiting::default(),
            requests: Waiting::default(),
            tracked: Waiting::default(),
            threads: Threads::new("look-up", 4 * AT_ONCE)?,
        })
    }
}

struct Asked<L: Lookup> {
    key: L::Key,
    turn: Turn,
    reply: oneshot::Sender<Result<L::Found, Error>>,
}

/// Those who wait for look-ups of a kind.
pub(super) struct Waiting<L: Lookup>(Mutex<AllAsked<L>>);

struct AllAsked<L: Lookup> {
    asked: Vec<Asked<L>>,
    /// How many threads are at work.
    at_work: usize,
}

impl<L: Lookup> Default for Waiting<L> {
    fn default() -> Self {
        Self(Mutex::new(AllAsked {
            asked: Vec::new(),
            at_work: 0,
        }))
    }
}

impl<L: Lookup> Waiting<L> {
    fn all(&self) -> MutexGuard<'_, AllAsked<L>> {
        // nothing that panics is done while it is locked
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits; whether a thread is to be put to work.
    fn wait(&self, asked: Asked<L>) -> bool {
        let mut all = self.all();
        all.asked.push(asked);
        let free = all.at_work < AT_ONCE;
        all.at_work += usize::from(free);
        free
    }

    /// Those who are looked up next; nobody where the thread may go.
    fn next(&self) -> Option<Vec<Asked<L>>> {
        let mut all = self.all();
        if all.asked.is_empty() {
            all.at_work -= 1;
            return None;
        }
        let next = all.asked.len().min(TOGETHER);
        Some(all.asked.drain(..next).collect())
    }

    /// All who wait.
    fn everybody(&self) -> Vec<Asked<L>> {
        std::mem::take(&mut self.all().asked)
    }
}

impl Store {
    /// Looks something up, together with what others look up at the same time.
    ///
    /// # Errors
    /// As for [`Store::look_up`].
    pub(super) async fn find<L: Lookup>(&self, key: L::Key) -> Result<L::Found, Error> {
        let (reply, answer) = oneshot::channel();
        let (wait, turn) = self.gathered.queue.join()?;
        if L::waiting(&self.gathered).wait(Asked { key, turn, reply }) {
            let this = self.clone();
            // it is told of by those who wait
            drop(self.gathered.threads.run(move || work::<L>(&this)));
        }
        wait.for_answer(answer).await?.unwrap_or(Err(Error::Panicked))
    }
}

fn work<L: Lookup>(store: &Store) {
    let waiting = L::waiting(&store.gathered);
    while let Some(asked) = waiting.next() {
        // some may have gone
        let asked = asked.into_iter().filter(|asked| !asked.reply.is_closed());
        let asked = asked.map(|asked| (asked.key, (asked.turn, asked.reply)));
        let (keys, asked): (Vec<_>, Vec<_>) = asked.unzip();
        let (mut turns, replies): (Vec<_>, Vec<_>) = asked.into_iter().unzip();
        if keys.is_empty() {
            continue;
        }
        let found = match find::<L>(&keys, &mut turns, store) {
            Ok(found) => found,
            Err(Error::Statement(_) | Error::Corrupt(_) | Error::Panicked) if keys.len() > 1 => {
                // each is to fail by itself
                let alone = |key| {
                    find::<L>(std::slice::from_ref(key), &mut turns, store)?
                        .pop()
                        .ok_or(Error::Panicked)?
                };
                keys.iter().map(alone).collect()
            }
            Err(error) => {
                if matches!(error, Error::Busy(_) | Error::Unavailable(_) | Error::Cut(_)) {
                    // no connection is to be had: those who came later have waited for one as well
                    for asked in waiting.everybody() {
                        let _ = asked.reply.send(Err(error.again()));
                    }
                }
                replies.iter().map(|_| Err(error.again())).collect()
            }
        };
        for (reply, found) in replies.into_iter().zip(found) {
            // whoever asked may have gone meanwhile
            let _ = reply.send(found);
        }
    }
}

fn find<L: Lookup>(keys: &[L::Key], turns: &mut [Turn], store: &Store) -> Result<Vec<Result<L::Found, Error>>, Error> {
    let work = || store.on_any_connection(turns, |connection| L::find(keys, connection));
    let (_, found) = catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(Error::Panicked))?;
    Ok(found)
}

/// A row that was found under a key.
pub(super) trait Numbered: QueryableByName<Sqlite> + QueryableByName<Pg> + 'static {
    /// Which key it is of, beginning with 1: the column `n` of `keys`.
    fn n(&self) -> i64;
}

/// The row of each key, by a statement that has the keys in a table `keys` with these columns, and further values. SQLite,
/// to which there is no way, looks for one at a time.
pub(super) fn by_keys<const N: usize, Row: Numbered>(
    (columns, keys): ([&str; N], &[[String; N]]),
    (text, values): (&str, &[Value]),
    connection: &mut AnyConnection,
) -> Result<Vec<Option<Row>>, Error> {
    let (each, together) = match connection {
        AnyConnection::Sqlite(_) => ("?", 1),
        AnyConnection::Postgres(_) => ("string_to_array(?, ',')", keys.len().max(1)),
    };
    let each = [each; N].join(", ");
    let given = match connection {
        AnyConnection::Sqlite(_) => format!("SELECT {each}, 1"),
        AnyConnection::Postgres(_) => format!("SELECT * FROM unnest({each}) WITH ORDINALITY"),
    };
    let text = format!("WITH keys ({}, n) AS ({given}) {text}", columns.join(", "));
    let mut found: Vec<Option<Row>> = keys.iter().map(|_| None).collect();
    for (places, keys) in found.chunks_mut(together).zip(keys.chunks(together)) {
        let columns = (0..N).map(|column| {
            let column: Vec<&str> = keys.iter().map(|key| &*key[column]).collect();
            Value::from(column.join(","))
        });
        let values = columns.chain(values.iter().cloned());
        let statement = values.fold(sql(&*text), Sql::bind);
        let rows: Vec<Row> = directly!(load: statement, connection)?;
        for row in rows {
            let place = usize::try_from(row.n() - 1).ok().and_then(|n| places.get_mut(n));
            if let Some(place) = place {
                *place = Some(row);
            }
        }
    }
    Ok(found)
}
