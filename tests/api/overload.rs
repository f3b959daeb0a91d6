//! More than the service can do: it says so while it cannot, forgets nobody, and goes on as soon as it can.
//!
//! How soon all of this happens is measured by `cargo bench -- overload`, not here.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Barrier};
use std::time::Duration;

use citizens_charter::store::{Engine, Error, STANDS, Store};
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::behind::lines;
use crate::durability::{SETTINGS, at_random, client, send, setting};
use crate::people::application;
use crate::program::Service;
use crate::support::{NOW, TestApp, TestDatabase, http_options, problem};

/// Takes all connections of the pool, until it is told to let go of them.
async fn take_all(store: &Store, count: u32) -> Vec<Sender<()>> {
    let mut held = Vec::new();
    for _ in 0..count {
        let (release, released) = channel::<()>();
        let (started, running) = tokio::sync::oneshot::channel();
        let store = store.clone();
        actix_web::rt::spawn(async move {
            let hold = move |_: &mut _| {
                started.send(()).unwrap();
                // until the test lets go of it, by whichever way
                let _ = released.recv();
                Ok::<(), Error>(())
            };
            store.read(hold).await
        });
        running.await.unwrap();
        held.push(release);
    }
    held
}

async fn says_that_it_is_busy(database: TestDatabase) {
    let mut options = database.options();
    options.wait = Duration::from_millis(300);
    options.stands = STANDS;
    let app = TestApp::start_patient(database, &options).await;
    app.json("/health/ready").await;
    let held = take_all(app.app.store(), options.connections).await;

    let reads = (0..1500).map(|number| match number % 3 {
        0 => app.get("/health/ready"),
        1 => app.get("/v1/offices?limit=7"),
        _ => app.get("/v1/services?q=nothing"),
    });
    for refused in join_all(reads).await {
        assert!(refused.headers().contains_key("retry-after"));
        assert_eq!(problem(refused, 503).await["code"], "unavailable");
    }
    app.json("/health/live").await;
    let filed = app
        .request(Method::POST, "/v1/service-requests")
        .json(&application(json!({})));
    let filed = filed.header("Idempotency-Key", Uuid::now_v7().to_string());
    assert_eq!(problem(filed.send().await.unwrap(), 503).await["code"], "unavailable");
    app.json("/health/live").await;

    drop(held);
    app.json("/health/ready").await;
    app.json("/v1/services?q=nothing").await;
}

#[actix_web::test]
async fn it_says_that_it_is_busy_on_sqlite() {
    says_that_it_is_busy(TestDatabase::sqlite()).await;
}

#[actix_web::test]
async fn it_says_that_it_is_busy_on_postgres() {
    says_that_it_is_busy(TestDatabase::postgres()).await;
}

/// Who begins to say something and does not go on is closed, and others are served meanwhile.
#[actix_web::test]
async fn who_does_not_go_on_is_closed() {
    let mut options = http_options();
    options.request_timeout = Duration::from_secs(2);
    let app = TestApp::start_with(TestDatabase::sqlite(), NOW, &options).await;
    let address = app.base.trim_start_matches("http://").to_owned();
    let closed = Arc::new(AtomicBool::new(false));
    let over = closed.clone();
    let slow = std::thread::spawn(move || {
        let heads = [
            "GET /v1/services HTTP/1.1\r\nHost: x\r\nX-Slow: ",
            "POST /v1/service-requests HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
        ];
        let streams = (0..400).map(|number| {
            let mut stream = TcpStream::connect(&address).unwrap();
            stream.write_all(heads[number % 2].as_bytes()).unwrap();
            stream
        });
        for mut stream in streams.collect::<Vec<_>>() {
            let mut answer = String::new();
            // it comes to an end, which is what counts
            stream.read_to_string(&mut answer).unwrap();
            assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
        }
        over.store(true, Ordering::Relaxed);
    });
    let mut answers = 0;
    while !closed.load(Ordering::Relaxed) && !slow.is_finished() {
        app.json("/v1/offices?limit=1").await;
        answers += 1;
    }
    slow.join().unwrap();
    assert!(answers > 0);
}

/// What a client saw of a service that was stopped meanwhile.
#[derive(Default)]
struct Seen {
    acknowledged: AtomicUsize,
    broken: AtomicUsize,
}

/// A service that is told to stop finishes what it has taken: what is kept was acknowledged.
fn stops_without_breaking_off(engine: Engine) {
    for _ in 0..setting("OVERLOAD_STOPS", 4) {
        let database = TestDatabase::of(engine);
        let mut service = Service::start_on(&database.url, SETTINGS);
        let address = service.address();
        let seen = Arc::new(Seen::default());
        let start = Arc::new(Barrier::new(17));
        let clients = (0..16).map(|_| {
            let (seen, start, address) = (seen.clone(), start.clone(), address.clone());
            std::thread::spawn(move || {
                let client = client();
                start.wait();
                loop {
                    let key = Uuid::now_v7();
                    let body = application(json!({"name": format!("Applicant {key}")}));
                    let answer = send(&client, &address, key, &body);
                    match answer.and_then(|answer| answer.error_for_status()?.json::<Value>()) {
                        Ok(receipt) => {
                            assert!(receipt["tracking_code"].is_string(), "{receipt}");
                            seen.acknowledged.fetch_add(1, Ordering::Relaxed);
                        }
                        // nobody listens any more
                        Err(error) if error.is_connect() => return,
                        // a machine that has other things to do says so
                        Err(error) if error.status().is_some_and(|status| status == 503) => {}
                        Err(error) => {
                            assert!(error.status().is_none(), "{error}");
                            seen.broken.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                }
            })
        });
        let clients: Vec<_> = clients.collect();
        start.wait();
        while seen.acknowledged.load(Ordering::Relaxed) < 50 {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(at_random(Duration::from_millis(100)));
        service.terminate();
        service.line_with("stopped");
        for client in clients {
            client.join().unwrap();
        }
        let kept = lines(
            &database.url,
            "SELECT CAST(count(*) AS TEXT) AS line FROM service_requests",
        );
        let acknowledged = seen.acknowledged.load(Ordering::Relaxed);
        println!(
            "{engine}: {acknowledged} acknowledged, {} sent when nobody read any more",
            seen.broken.load(Ordering::Relaxed)
        );
        assert_eq!(kept, [acknowledged.to_string()], "all that was taken was answered");
    }
}

#[test]
fn it_stops_without_breaking_off_on_sqlite() {
    stops_without_breaking_off(Engine::Sqlite);
}

#[test]
fn it_stops_without_breaking_off_on_postgres() {
    stops_without_breaking_off(Engine::Postgres);
}
