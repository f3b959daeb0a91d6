//! More than the service can do: how soon it says so, how those fare whom it serves, and how soon it is itself again.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use reqwest::Client;
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::arrivals::{Request, closed, open};
use crate::load::CLIENTS;
use crate::process::{Database, Process};
use crate::table::median;

/// How long a request waits for its turn, in milliseconds.
const WAIT: u64 = 1500;
/// How many clients begin a request and do not go on.
const SLOW: usize = 2000;

/// As an operator starts it; one address sends all of the load.
const SETTINGS: &[&str] = &["--rate-limit", "0", "--database-wait-ms", "1500"];

async fn filing(service: &Process, run: &str) -> Request {
    let (url, run) = (format!("{}/v1/service-requests", service.base), run.to_owned());
    let services = reqwest::get(format!("{}/v1/services?limit=1", service.base)).await;
    let services: Value = services.expect("an answer").json().await.expect("JSON");
    let offered = services["items"][0]["id"].clone();
    Arc::new(move |client, number| {
        let body = json!({
            "service_id": offered, "name": format!("রহিমা খাতুন {number}"), "address": "খালিশপুর, খুলনা",
            "mobile": "01711123456", "request": "প্রতিবেদনের কপি চাই।", "documents_confirmed": true,
        });
        client
            .post(&url)
            .header("Idempotency-Key", format!("overload-{run}-{number}"))
            .json(&body)
    })
}

fn reading(service: &Process, target: &str) -> Request {
    let url = format!("{}{target}", service.base);
    Arc::new(move |client, number| client.get(url.replace("{number}", &number.to_string())))
}

/// Makes each filing cost more than the machine: what bounds it is the database, as where that is elsewhere or its disk is
/// slow.
fn slow_down(database: &Database) {
    if database.is_postgres() {
        database.psql(
            "CREATE FUNCTION take_time() RETURNS trigger LANGUAGE plpgsql AS \
             'BEGIN PERFORM pg_sleep(0.01); RETURN NULL; END'; \
             CREATE TRIGGER take_time AFTER INSERT ON service_requests FOR EACH ROW EXECUTE FUNCTION take_time()",
        );
    } else {
        let connection = Connection::open(database.file()).expect("a database");
        let slow = "CREATE TRIGGER take_time AFTER INSERT ON service_requests BEGIN \
                    SELECT (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 8000) SELECT max(i) FROM n); END";
        connection.execute_batch(slow).expect("a trigger");
    }
}

/// Twice of what it can do arrives.
async fn twice(database: &Database, (rounds, time): (usize, Duration)) {
    let service = Process::service(database, SETTINGS);
    slow_down(database);
    closed(8, time / 2, filing(&service, "warm").await).await;
    println!("\n## Twice of what it can do, {}\n", database.engine());
    println!(
        "| | can do /s | p99 ms | arrive /s | are taken /s | refused | without an answer | p99 of those taken ms | ratio of p99 | memory MiB |"
    );
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    let mut ratios = Vec::new();
    for round in 0..rounds {
        let clients = usize::try_from(CLIENTS).expect("a few clients");
        let base = closed(clients, time, filing(&service, &format!("base-{round}")).await).await;
        let before = service.memory("VmRSS");
        let rate = base.rate() * 2.0;
        let over = open(rate, time * 5, filing(&service, &format!("twice-{round}")).await).await;
        let ratio = over.p99() / base.p99();
        ratios.push(ratio);
        println!(
            "| round {} | {:.0} | {:.1} | {:.0} | {:.0} | {} | {} | {:.1} | **{ratio:.2}** | {before:.0} → {:.0} |",
            round + 1,
            base.rate(),
            base.p99(),
            over.len() as f64 / (time * 5).as_secs_f64(),
            over.rate(),
            over.count(503),
            over.count(0),
            over.p99(),
            service.memory("VmHWM"),
        );
    }
    println!("| median | | | | | | | | **{:.2}** | |", median(ratios.into_iter()));
}

/// Lets go of what is held.
type Release = Box<dyn FnOnce()>;

/// Holds what everybody needs: on PostgreSQL whoever reads charters waits, and keeps its connection meanwhile; on SQLite
/// nobody writes.
fn hold(database: &Database) -> Release {
    if !database.is_postgres() {
        let connection = Connection::open(database.file()).expect("a database");
        connection.busy_timeout(Duration::from_secs(5)).expect("patience");
        connection.execute_batch("BEGIN IMMEDIATE").expect("the lock");
        return Box::new(move || connection.execute_batch("COMMIT").expect("it lets go"));
    }
    let mut holder = Command::new("psql")
        .args([&database.url, "-X", "-q"])
        .stdin(Stdio::piped())
        .spawn()
        .expect("psql");
    let mut input = holder.stdin.take().expect("its input");
    let lock = b"BEGIN; LOCK TABLE offices, services IN ACCESS EXCLUSIVE MODE;\n";
    input.write_all(lock).expect("it listens");
    Box::new(move || {
        input.write_all(b"COMMIT;\n").expect("it listens");
        drop(input);
        holder.wait().expect("it ends");
    })
}

/// Nothing moves at the database for a while.
async fn stopped(database: &Database) {
    let service = Process::service(database, SETTINGS);
    closed(
        CLIENTS as usize,
        Duration::from_millis(500),
        filing(&service, "warm").await,
    )
    .await;
    let asked = if database.is_postgres() {
        reading(&service, "/v1/services?q=nothing{number}")
    } else {
        filing(&service, "stopped").await
    };
    let client = Client::new();
    let status = async |target: &str| {
        let answer = client.get(format!("{}{target}", service.base)).send().await;
        answer.map_or(0, |answer| answer.status().as_u16())
    };
    let release = hold(database);
    tokio::time::sleep(Duration::from_millis(300)).await;
    // these take all that there is
    let first = tokio::spawn(closed(64, Duration::ZERO, asked.clone()));
    tokio::time::sleep(Duration::from_millis(300)).await;
    let later = closed(64, Duration::ZERO, asked.clone()).await;
    let (live, ready) = (status("/health/live").await, status("/health/ready").await);
    // until whoever came first has waited for as long as anybody does
    tokio::time::sleep(Duration::from_millis(WAIT)).await;
    release();
    let released = Instant::now();
    while asked(&client, usize::MAX)
        .send()
        .await
        .is_ok_and(|answer| answer.status() == 503)
    {}
    let recovered = released.elapsed();
    let first = first.await.expect("they are answered");
    println!("\n## Nothing moves, {}\n", database.engine());
    println!(
        "- of {} who came at once {} were refused, the last one after {:.0} ms (the limit is {WAIT} ms), and the others served in the end",
        first.len(),
        first.count(503),
        first.latest(503),
    );
    println!(
        "- of {} who came when all was taken {} were refused, the last one after {:.0} ms; live {live}, ready {ready}",
        later.len(),
        later.count(503),
        later.latest(503),
    );
    println!(
        "- {:.0} ms after it moves again all is well",
        recovered.as_secs_f64() * 1e3
    );
}

/// Clients begin requests, and go on with a byte a second.
async fn slow(database: &Database, time: Duration) {
    let service = Process::service(database, SETTINGS);
    let others = reading(&service, "/v1/services?limit=20");
    closed(8, time, others.clone()).await;
    let base = closed(8, time * 2, others.clone()).await;
    let address = service.base.trim_start_matches("http://").to_owned();
    let left = Arc::new(AtomicUsize::new(SLOW));
    let over = Arc::new(AtomicBool::new(false));
    let trickle = {
        let (left, over) = (left.clone(), over.clone());
        std::thread::spawn(move || trickle(&address, &left, &over))
    };
    let began = Instant::now();
    let mut during = Vec::new();
    let before = service.memory("VmRSS");
    while !over.load(Ordering::Relaxed) {
        during.push(closed(8, time, others.clone()).await);
    }
    let longest = trickle.join().expect("it ends");
    let p99 = median(during.iter().map(|answers| answers.p99()));
    println!("\n## {SLOW} slow clients, {}\n", database.engine());
    println!(
        "- p99 of others: {:.2} ms before, {p99:.2} ms meanwhile (median of {} rounds, over {:.1} s): ratio **{:.2}**",
        base.p99(),
        during.len(),
        began.elapsed().as_secs_f64(),
        p99 / base.p99(),
    );
    println!(
        "- each was closed within {:.1} s; memory {before:.0} → {:.0} MiB; {} still open",
        longest.as_secs_f64(),
        service.memory("VmHWM"),
        left.load(Ordering::Relaxed),
    );
}

/// Connects, begins, and goes on slowly until the service closes; the longest time that one was open.
fn trickle(address: &str, left: &AtomicUsize, over: &AtomicBool) -> Duration {
    let head: &[u8] = b"GET /v1/services HTTP/1.1\r\nHost: x\r\nX-Slow: ";
    let body: &[u8] = b"POST /v1/service-requests HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n";
    let mut open: Vec<(TcpStream, Instant)> = (0..SLOW)
        .map(|number| {
            let mut stream = TcpStream::connect(address).expect("it is accepted");
            stream.write_all([head, body][number % 2]).expect("it is read");
            stream.set_nonblocking(true).expect("a socket");
            (stream, Instant::now())
        })
        .collect();
    let mut longest = Duration::ZERO;
    let give_up = Instant::now() + Duration::from_secs(60);
    while !open.is_empty() && Instant::now() < give_up {
        open.retain_mut(|(stream, since)| {
            let mut answer = [0; 4096];
            let is_open = match stream.read(&mut answer) {
                Ok(0) => false,
                Ok(_) => true,
                Err(error) => error.kind() == std::io::ErrorKind::WouldBlock,
            };
            if !is_open {
                longest = longest.max(since.elapsed());
                left.fetch_sub(1, Ordering::Relaxed);
                return false;
            }
            let _ = stream.write_all(b"x");
            true
        });
        std::thread::sleep(Duration::from_secs(1));
    }
    over.store(true, Ordering::Relaxed);
    longest
}

/// Measures all of it on an engine, each with a database of its own.
pub fn measure(database: &dyn Fn() -> Database, how: (usize, Duration)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        twice(&database(), how).await;
        stopped(&database()).await;
        slow(&database(), how.1).await;
    });
}
