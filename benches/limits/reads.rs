//! Reads, beside the bare handler of the same bytes: those that are kept in memory, and those that go to the database.

use std::time::Duration;

use reqwest::blocking::Client;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};

use crate::bare;
use crate::load::Load;
use crate::process::{Database, Process, scratch};
use crate::table::{Beside, Table};

/// The office whose charter ships with the program.
pub const OFFICE: &str = "doict-khulna";

/// What is read, under a name.
pub struct Scenario {
    pub name: &'static str,
    pub load: Load,
}

impl Scenario {
    fn new(name: &'static str, target: &str, headers: &[&str]) -> Self {
        Self {
            name,
            load: Load::get(target, headers),
        }
    }
}

/// A client of a running service.
pub struct Caller<'a> {
    client: Client,
    base: &'a str,
}

impl<'a> Caller<'a> {
    pub fn of(service: &'a Process) -> Self {
        Self {
            client: Client::new(),
            base: &service.base,
        }
    }

    pub fn get(&self, target: &str, headers: &[String]) -> reqwest::blocking::Response {
        let mut sent = HeaderMap::new();
        for header in headers {
            let (name, value) = header.split_once(": ").expect("`Name: value`");
            let name: HeaderName = name.parse().expect("a name");
            sent.insert(name, HeaderValue::from_str(value).expect("a value"));
        }
        let request = self.client.get(format!("{}{target}", self.base)).headers(sent);
        let answer = request.send().expect("an answer");
        assert!(
            matches!(answer.status().as_u16(), 200 | 304),
            "{target}: {}",
            answer.status()
        );
        answer
    }

    pub fn json(&self, target: &str, headers: &[String]) -> Value {
        self.get(target, headers).json().expect("JSON")
    }

    pub fn post(&self, target: &str, body: &Value) -> Value {
        let request = self.client.post(format!("{}{target}", self.base)).json(body);
        let answer = request.send().expect("an answer");
        assert!(answer.status().is_success(), "{target}: {}", answer.status());
        answer.json().expect("JSON")
    }

    /// The id of a service of the charter.
    pub fn service(&self) -> String {
        let page = self.json(&format!("/v1/services?office={OFFICE}&limit=1"), &[]);
        page["items"][0]["id"].as_str().expect("an id").to_owned()
    }

    /// The header of somebody who signs in.
    pub fn sign_in(&self, email: &str) -> String {
        let session = self.post("/v1/auth/login", &json!({ "email": email, "password": PASSWORD }));
        format!(
            "Authorization: Bearer {}",
            session["access_token"].as_str().expect("a token")
        )
    }

    /// Files a request; its receipt.
    pub fn file(&self, service: &str) -> Value {
        let body = json!({
            "service_id": service, "name": "মোছাঃ রহিমা খাতুন", "address": "খালিশপুর, খুলনা", "mobile": "০১৭১১-১২৩৪৫৬",
            "request": "প্রতিবেদনের কপি চাই।", "documents_confirmed": true,
        });
        self.post("/v1/service-requests", &body)
    }
}

const PASSWORD: &str = "correct horse battery staple";

/// Makes the account of an officer.
pub fn make_officer(database: &Database, email: &str) {
    use std::io::Write as _;
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_citizens-charter"));
    let command = command
        .args([
            "account", "create", "--email", email, "--role", "officer", "--office", OFFICE,
        ])
        .args(["--password-stdin", "--database-url", &database.url])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null());
    let mut child = command.spawn().expect("the program");
    let mut input = child.stdin.take().expect("it is piped");
    input.write_all(PASSWORD.as_bytes()).expect("it reads");
    drop(input);
    assert!(child.wait().expect("it ends").success());
}

/// The reads that are kept.
fn kept(caller: &Caller<'_>) -> Vec<Scenario> {
    let service = format!("/v1/services/{}", caller.service());
    let charter = format!("/v1/offices/{OFFICE}/charter");
    let answer = caller.get(&charter, &[]);
    let tag = answer.headers()["etag"].to_str().expect("ASCII").to_owned();
    let known = format!("If-None-Match: {tag}");
    vec![
        Scenario::new("one service", &service, &[]),
        Scenario::new("a page of 20", "/v1/services?limit=20", &[]),
        Scenario::new(
            "a search",
            "/v1/services?q=%E0%A6%B8%E0%A6%BE%E0%A6%87%E0%A6%AC%E0%A6%BE%E0%A6%B0&limit=20",
            &[],
        ),
        Scenario::new("the whole charter", &charter, &[]),
        Scenario::new("the charter, 304", &charter, &[&known]),
        Scenario::new("the charter, gzip", &charter, &["Accept-Encoding: gzip"]),
        Scenario::new("the charter, brotli", &charter, &["Accept-Encoding: br"]),
    ]
}

/// The reads that go to the database each time, of entries that are chosen by chance. The bare handler answers with one of them:
/// they are alike.
fn uncached(caller: &Caller<'_>, officer: &str) -> Vec<Scenario> {
    let page = caller.json(&format!("/v1/services?office={OFFICE}&limit=100"), &[]);
    let services: Vec<&str> = page["items"]
        .as_array()
        .expect("items")
        .iter()
        .filter_map(|item| item["id"].as_str())
        .collect();
    let receipts: Vec<Value> = (0..200).map(|_| caller.file(services[0])).collect();
    let all = |path: &str, name: &str| -> Vec<String> {
        let targets = receipts.iter().filter_map(|receipt| receipt[name].as_str());
        targets.map(|value| format!("{path}/{value}")).collect()
    };
    let anew = "Cache-Control: no-cache";
    let services = services.iter().map(|id| format!("/v1/services/{id}")).collect();
    let by_chance = |name, targets: Vec<String>, headers: &[&str]| Scenario {
        name,
        load: Load::any_of(targets, headers),
    };
    vec![
        by_chance("one service", services, &[anew]),
        Scenario::new("a page of 20", "/v1/services?limit=20", &[anew]),
        by_chance("a case, by its officer", all("/v1/service-requests", "id"), &[officer]),
        Scenario::new(
            "20 cases, by their officer",
            "/v1/service-requests?limit=20",
            &[officer],
        ),
        by_chance("a case, tracked", all("/v1/tracking", "tracking_code"), &[]),
    ]
}

/// Measures scenarios beside the bare handler, in rounds that take turns.
pub fn beside_bare(service: &Process, scenarios: &[Scenario], (rounds, time): (usize, Duration)) -> Vec<Beside> {
    let caller = Caller::of(service);
    let answers = scratch("answers");
    for (number, scenario) in scenarios.iter().enumerate() {
        // the second answer is the one that is given from then on
        caller.get(&scenario.load.target, &scenario.load.headers);
        bare::keep(
            &answers,
            number,
            caller.get(&scenario.load.target, &scenario.load.headers),
        );
    }
    let bare = Process::bare(&answers);
    let mut results = Vec::new();
    for (number, scenario) in scenarios.iter().enumerate() {
        let limit = Load::get(&format!("/{number}"), &[]);
        let mut beside = Beside::new(scenario.name);
        for _ in 0..rounds {
            beside.limit.push(limit.run(&bare, time));
            beside.measured.push(scenario.load.run(service, time));
        }
        results.push(beside);
    }
    results
}

/// Measures all reads on a database.
pub fn measure(database: &Database, how: (usize, Duration)) {
    let service = Process::service(database, &[]);
    make_officer(database, "officer@example.org");
    let caller = Caller::of(&service);
    let title = format!("Reads that are kept, {}", database.engine());
    Table::print(&title, "bare handler", &beside_bare(&service, &kept(&caller), how));
    let officer = caller.sign_in("officer@example.org");
    let title = format!("Reads of the database, {}", database.engine());
    Table::print(
        &title,
        "bare handler",
        &beside_bare(&service, &uncached(&caller, &officer), how),
    );
    println!(
        "\nThe service served {:.0} ms after it was started, and has {:.0} MiB of memory.",
        service.started_within.as_secs_f64() * 1e3,
        service.memory("VmRSS")
    );
}
