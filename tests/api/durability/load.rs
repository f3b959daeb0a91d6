//! Clients on a bad network: each files one request after the other, and sends each again under its key until it is answered.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, RwLock};
use std::thread::JoinHandle;
use std::time::Duration;

use reqwest::blocking::Client;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::people::application;

/// How many clients there are.
const CLIENTS: usize = 16;

/// A request that was acknowledged.
#[derive(Clone)]
pub struct Filed {
    pub key: Uuid,
    pub body: Value,
    pub receipt: Value,
}

/// What the clients share.
struct Shared {
    /// Where the service is; another one after each start.
    address: RwLock<String>,
    filed: Mutex<Vec<Filed>>,
    count: AtomicUsize,
    refused: AtomicUsize,
    over: AtomicBool,
}

/// Clients at work.
pub struct Load {
    shared: Arc<Shared>,
    clients: Vec<JoinHandle<()>>,
}

impl Load {
    /// Sets the clients to work on a service.
    pub fn start(address: String) -> Self {
        let shared = Arc::new(Shared {
            address: RwLock::new(address),
            filed: Mutex::default(),
            count: AtomicUsize::new(0),
            refused: AtomicUsize::new(0),
            over: AtomicBool::new(false),
        });
        let clients = (0..CLIENTS).map(|_| {
            let shared = Arc::clone(&shared);
            std::thread::spawn(move || shared.work())
        });
        Self {
            clients: clients.collect(),
            shared,
        }
    }

    /// The service is at another address now.
    pub fn go_on_at(&self, address: String) {
        *self.shared.address.write().unwrap() = address;
    }

    /// How many requests were acknowledged.
    pub fn acknowledged(&self) -> usize {
        self.shared.count.load(Ordering::Relaxed)
    }

    /// What was acknowledged so far.
    pub fn filed(&self) -> Vec<Filed> {
        self.shared.filed.lock().unwrap().clone()
    }

    /// How often the service said that it cannot.
    pub fn refused(&self) -> usize {
        self.shared.refused.load(Ordering::Relaxed)
    }

    /// Waits until so many requests were acknowledged.
    pub fn wait_for(&self, count: usize) {
        while self.acknowledged() < count {
            assert!(!self.clients.iter().any(JoinHandle::is_finished), "a client failed");
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Lets each client finish the request that it has, and gives what was acknowledged.
    pub fn stop(self) -> Vec<Filed> {
        self.shared.over.store(true, Ordering::Relaxed);
        for client in self.clients {
            client.join().unwrap();
        }
        std::mem::take(&mut self.shared.filed.lock().unwrap())
    }
}

impl Shared {
    fn work(&self) {
        let client = client();
        while !self.over.load(Ordering::Relaxed) {
            let key = Uuid::now_v7();
            let body = application(json!({"name": format!("Applicant {key}")}));
            let receipt = self.file(&client, key, &body);
            self.count.fetch_add(1, Ordering::Relaxed);
            self.filed.lock().unwrap().push(Filed { key, body, receipt });
        }
    }

    fn file(&self, client: &Client, key: Uuid, body: &Value) -> Value {
        loop {
            let address = self.address.read().unwrap().clone();
            match send(client, &address, key, body) {
                Ok(answer) if answer.status() == 201 => {
                    // an answer that breaks off tells nothing: it is asked for again
                    if let Ok(receipt) = answer.json() {
                        return receipt;
                    }
                }
                // the same key is at work for somebody else: the answer that broke off
                Ok(answer) if answer.status() == 409 => {}
                // a proxy lost the replica that it asked
                Ok(answer) if matches!(answer.status().as_u16(), 502 | 504) => {}
                Ok(answer) if answer.status() == 503 => {
                    let headers = answer.headers();
                    // a proxy that has no replica says so in its own way
                    let is_ours = headers
                        .get("content-type")
                        .is_some_and(|media| media == "application/problem+json");
                    assert!(!is_ours || headers.contains_key("retry-after"));
                    self.refused.fetch_add(1, Ordering::Relaxed);
                }
                Ok(answer) => panic!("{}: {}", answer.status(), answer.text().unwrap_or_default()),
                Err(_) => {}
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// A client that waits for nobody for long.
pub fn client() -> Client {
    Client::builder().timeout(Duration::from_secs(20)).build().unwrap()
}

/// Files a request under a key.
pub fn send(client: &Client, address: &str, key: Uuid, body: &Value) -> reqwest::Result<reqwest::blocking::Response> {
    client
        .post(format!("http://{address}/v1/service-requests"))
        .header("Idempotency-Key", key.to_string())
        .json(body)
        .send()
}
