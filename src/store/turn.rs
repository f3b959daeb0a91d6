//! Turns: who waits for one goes after a while, and nobody comes where too many wait.
//!
//! A queue that is not worked off by itself makes everybody late: those who are served have waited for as long as they were
//! willing to, and work is done for others who have gone. Where a queue has stood for a while, whoever comes next is therefore
//! told soon that the service is busy, and those who are served are served in time (the "controlled delay" of Maurer,
//! *Fail at Scale*, ACM Queue 13(8), 2015).

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::error::Error;

/// How many wait at most.
const MOST: usize = 1024;
/// For how long somebody always has to wait for a queue to stand, unless something else is said.
pub const STANDS: Duration = Duration::from_millis(30);
/// How long one waits at least where it stands.
const SOON: Duration = Duration::from_millis(30);

const WAITING: u8 = 0;
const AT_WORK: u8 = 1;
const GONE: u8 = 2;

/// Those who wait for the same.
#[derive(Debug)]
pub struct Queue {
    /// For how long one waits.
    patience: Duration,
    /// For how long somebody always has to wait for it to stand.
    stands: Duration,
    since: Instant,
    waiting: AtomicUsize,
    /// When nobody waited last, in microseconds from its beginning.
    empty_at: AtomicU64,
    /// How long work takes at the moment, in microseconds.
    takes: AtomicU64,
    /// How often as long as that one waits where it stands.
    times: u64,
}

impl Queue {
    /// One in which nobody waits for longer, and where it stands for no more than so many times of what work takes.
    pub fn new(patience: Duration, stands: Duration, times: u64) -> Arc<Self> {
        Arc::new(Self {
            patience,
            stands,
            since: Instant::now(),
            waiting: AtomicUsize::new(0),
            empty_at: AtomicU64::new(0),
            // nothing is known yet
            takes: AtomicU64::new(micros(patience)),
            times,
        })
    }

    /// A place in the queue: one half for who waits, the other one for who does the work.
    ///
    /// # Errors
    /// [`Error::Busy`] where too many wait.
    pub fn join(self: &Arc<Self>) -> Result<(Wait, Turn), Error> {
        self.join_at(Instant::now())
    }

    fn join_at(self: &Arc<Self>, now: Instant) -> Result<(Wait, Turn), Error> {
        let before = self.waiting.fetch_add(1, Ordering::Relaxed);
        let turn = Turn {
            place: Arc::new(AtomicU8::new(WAITING)),
            queue: self.clone(),
            until: now + self.patience_at(before, now),
            begun: None,
        };
        if before >= MOST {
            return Err(Error::Busy("too many wait for their turn".into()));
        }
        let wait = Wait {
            place: turn.place.clone(),
            until: turn.until,
        };
        Ok((wait, turn))
    }

    /// For how long somebody waits who comes now.
    fn patience_at(&self, before: usize, now: Instant) -> Duration {
        let now = micros(now.saturating_duration_since(self.since));
        if before == 0 {
            self.empty_at.store(now, Ordering::Relaxed);
            return self.patience;
        }
        let stood = Duration::from_micros(now.saturating_sub(self.empty_at.load(Ordering::Relaxed)));
        if stood <= self.stands {
            return self.patience;
        }
        let takes = self.takes.load(Ordering::Relaxed).saturating_mul(self.times);
        SOON.max(Duration::from_micros(takes)).min(self.patience)
    }

    /// Takes note of how long work took.
    fn took(&self, time: Duration) {
        // of what ends at the same time some may be left out
        let before = self.takes.load(Ordering::Relaxed);
        self.takes.store((before * 7 + micros(time)) / 8, Ordering::Relaxed);
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// The half of who waits. Whoever lets go of it has gone.
#[derive(Debug)]
pub struct Wait {
    place: Arc<AtomicU8>,
    until: Instant,
}

impl Wait {
    /// Waits for the answer: not for longer than one has to wait for one's turn, and to the end once the work has begun.
    ///
    /// # Errors
    /// [`Error::Busy`] where the turn did not come in time.
    pub async fn for_answer<T>(self, answer: impl Future<Output = T>) -> Result<T, Error> {
        let mut answer = pin!(answer);
        match tokio::time::timeout_at(self.until.into(), &mut answer).await {
            Ok(answer) => Ok(answer),
            Err(_) if self.go() => Err(Error::Busy("its turn did not come in time".into())),
            Err(_) => Ok(answer.await),
        }
    }

    /// Goes; whether that was before the work began.
    fn go(&self) -> bool {
        let place = self
            .place
            .compare_exchange(WAITING, GONE, Ordering::Relaxed, Ordering::Relaxed);
        place != Err(AT_WORK)
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        self.go();
    }
}

/// The half of who does the work.
#[derive(Debug)]
pub struct Turn {
    place: Arc<AtomicU8>,
    queue: Arc<Queue>,
    until: Instant,
    begun: Option<Instant>,
}

impl Turn {
    /// Until when whoever waits is there.
    pub const fn until(&self) -> Instant {
        self.until
    }

    /// Begins the work; whether whoever waited for it is still there. It ends when this is dropped.
    pub fn begin(&mut self) -> bool {
        if self.begun.is_some() {
            return true;
        }
        let place = self
            .place
            .compare_exchange(WAITING, AT_WORK, Ordering::Relaxed, Ordering::Relaxed);
        if place.is_ok() {
            self.begun = Some(Instant::now());
            self.queue.waiting.fetch_sub(1, Ordering::Relaxed);
        }
        place.is_ok()
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        match self.begun {
            Some(begun) => self.queue.took(begun.elapsed()),
            None => {
                self.queue.waiting.fetch_sub(1, Ordering::Relaxed);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_millis(1500);

    #[test]
    fn nobody_comes_where_too_many_wait() {
        let queue = Queue::new(PATIENCE, STANDS, 3);
        let mut waiting: Vec<_> = (0..MOST).map(|_| queue.join().unwrap()).collect();
        assert!(matches!(queue.join(), Err(Error::Busy(_))));
        // one that has gone is in the way until somebody looks at it
        let (wait, mut turn) = waiting.pop().unwrap();
        drop(wait);
        assert!(matches!(queue.join(), Err(Error::Busy(_))));
        assert!(!turn.begin());
        drop(turn);
        let _last = queue.join().unwrap();
        assert!(queue.join().is_err());
        // who is at work does not wait
        assert!(waiting[0].1.begin() && waiting[0].1.begin());
        assert!(queue.join().is_ok());
        drop(waiting);
    }

    #[test]
    fn a_queue_that_stands_is_told_of_soon() {
        let queue = Queue::new(PATIENCE, STANDS, 3);
        let at = |millis| queue.since + Duration::from_millis(millis);
        let waits = |millis| {
            let (wait, turn) = queue.join_at(at(millis)).unwrap();
            let patience = turn.until() - at(millis);
            (patience, wait, turn)
        };
        let first = waits(1000);
        assert_eq!(first.0, PATIENCE);
        let second = waits(1030);
        assert_eq!(second.0, PATIENCE, "a queue may be there for a while");
        assert_eq!(waits(1031).0, PATIENCE, "nobody knows yet how long work takes");
        queue.takes.store(1000, Ordering::Relaxed);
        let third = waits(1031);
        assert_eq!(third.0, SOON);
        queue.takes.store(0, Ordering::Relaxed);
        drop((first, second));
        queue.took(Duration::from_millis(160));
        assert_eq!(
            waits(2600).0,
            Duration::from_millis(60),
            "three times of what work takes"
        );
        queue.took(Duration::from_secs(60));
        assert_eq!(waits(2600).0, PATIENCE, "and not for longer than anybody");
        drop(third);
        assert_eq!(waits(9000).0, PATIENCE, "nobody waited");
        assert_eq!(queue.waiting.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn who_waits_goes_in_time_and_stays_for_what_has_begun() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
        runtime.unwrap().block_on(goes_and_stays());
    }

    async fn goes_and_stays() {
        let queue = Queue::new(Duration::from_millis(5), STANDS, 1);
        let (wait, mut turn) = queue.join().unwrap();
        let answer = wait.for_answer(std::future::pending::<()>()).await;
        assert!(matches!(answer, Err(Error::Busy(_))));
        assert!(!turn.begin());

        let (wait, mut turn) = queue.join().unwrap();
        assert!(turn.begin());
        let late = async {
            tokio::time::sleep(Duration::from_millis(20)).await;
            "done"
        };
        assert_eq!(wait.for_answer(late).await.unwrap(), "done");
    }
}
