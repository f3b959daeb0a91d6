//! Requests that arrive whether the ones before are answered or not, and requests of clients that wait for their answers.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use reqwest::{Client, RequestBuilder};
use tokio::task::JoinSet;

/// An answer: its status, and how long it took.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    /// The status; 0 where there was none.
    pub status: u16,
    /// From when the request was due until its answer was there.
    pub time: Duration,
}

/// The answers of some time.
pub struct Answers {
    all: Vec<Answer>,
    during: Duration,
}

/// What makes the requests, by their number.
pub type Request = Arc<dyn Fn(&Client, usize) -> RequestBuilder + Send + Sync>;

impl Answers {
    /// Answers with a good status.
    fn good(&self) -> impl Iterator<Item = &Answer> {
        self.all.iter().filter(|answer| (200..300).contains(&answer.status))
    }

    /// Good answers a second.
    pub fn rate(&self) -> f64 {
        self.good().count() as f64 / self.during.as_secs_f64()
    }

    /// The 99th percentile of the time to a good answer, in milliseconds.
    pub fn p99(&self) -> f64 {
        let mut times: Vec<Duration> = self.good().map(|answer| answer.time).collect();
        times.sort();
        let at = times.len() * 99 / 100;
        times.get(at).map_or(f64::NAN, |time| time.as_secs_f64() * 1e3)
    }

    /// How many answers had a status.
    pub fn count(&self, status: u16) -> usize {
        self.all.iter().filter(|answer| answer.status == status).count()
    }

    /// The longest time to an answer with a status, in milliseconds.
    pub fn latest(&self, status: u16) -> f64 {
        let times = self.all.iter().filter(|answer| answer.status == status);
        let latest = times.map(|answer| answer.time).max();
        latest.map_or(f64::NAN, |time| time.as_secs_f64() * 1e3)
    }

    /// How many there were.
    pub fn len(&self) -> usize {
        self.all.len()
    }
}

async fn answer(request: RequestBuilder, due: Instant) -> Answer {
    let status = async {
        let response = request.send().await?;
        let status = response.status().as_u16();
        response.bytes().await.map(|_| status)
    };
    let status = status.await.unwrap_or(0);
    Answer {
        status,
        time: due.elapsed(),
    }
}

/// Clients that each wait for an answer before they ask again; each asks once at least.
pub async fn closed(clients: usize, time: Duration, request: Request) -> Answers {
    let began = Instant::now();
    let count = Arc::new(AtomicUsize::new(0));
    let all = Arc::new(Mutex::new(Vec::new()));
    let client = Client::new();
    let mut tasks = JoinSet::new();
    for _ in 0..clients {
        let (client, request, count, all) = (client.clone(), request.clone(), count.clone(), all.clone());
        tasks.spawn(async move {
            loop {
                let number = count.fetch_add(1, Ordering::Relaxed);
                let answer = answer(request(&client, number), Instant::now()).await;
                all.lock().unwrap_or_else(PoisonError::into_inner).push(answer);
                if began.elapsed() >= time {
                    break;
                }
            }
        });
    }
    tasks.join_all().await;
    let all = std::mem::take(&mut *all.lock().unwrap_or_else(PoisonError::into_inner));
    Answers {
        all,
        during: began.elapsed(),
    }
}

/// Requests that arrive at a rate, and do not wait for each other.
pub async fn open(rate: f64, time: Duration, request: Request) -> Answers {
    let began = Instant::now();
    let client = Client::new();
    let mut tasks = JoinSet::new();
    let mut sent = 0;
    let count = (rate * time.as_secs_f64()) as usize;
    while sent < count {
        let due = began + Duration::from_secs_f64(sent as f64 / rate);
        if due > Instant::now() {
            tokio::time::sleep(Duration::from_millis(1)).await;
            continue;
        }
        tasks.spawn(answer(request(&client, sent), due));
        sent += 1;
        if sent % 16 == 0 {
            // whoever has an answer is heard meanwhile
            tokio::task::yield_now().await;
        }
    }
    let all = tasks.join_all().await;
    Answers {
        all,
        during: began.elapsed(),
    }
}
