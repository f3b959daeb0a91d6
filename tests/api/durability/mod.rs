//! What was acknowledged is there, once and whole, whatever is killed meanwhile. Short here; at full length:
//! `DURABILITY_WRITES=10000 DURABILITY_ROUNDS=20 cargo test --release --test api durability -- --nocapture`.

mod backup;
mod cluster;
mod failover;
mod load;

use std::collections::HashSet;
use std::process::{Command, Stdio};
use std::time::Duration;

use citizens_charter::store::Engine;
use serde_json::Value;
use uuid::Uuid;

use crate::behind::lines;
use crate::program::{Service, run_on, stdout};
use crate::support::TestDatabase;
use cluster::Cluster;
use load::{Filed, Load};
pub use load::{client, send};

/// The service takes what the clients send, however fast they are.
pub const SETTINGS: &[(&str, &str)] = &[("CHARTER_RATE_LIMIT", "0"), ("RUST_LOG", "warn,citizens_charter=info")];

pub fn setting(name: &str, otherwise: usize) -> usize {
    std::env::var(name)
        .ok()
        .map_or(otherwise, |value| value.parse().unwrap())
}

/// A moment that nobody can foresee.
pub fn at_random(below: Duration) -> Duration {
    let part = u32::try_from(Uuid::new_v4().as_u128() % 1000).unwrap();
    below * part / 1000
}

/// The number that a query gives.
fn number(database: &Database, query: &str) -> i64 {
    let line = format!("SELECT CAST(n AS TEXT) AS line FROM ({query}) AS numbers");
    lines(database.url(), &line)[0].parse().unwrap()
}

/// Where the service keeps what it is told.
pub enum Database {
    /// In a file, or on the server that all tests use.
    OfTheTests(TestDatabase),
    /// On a server of its own.
    OnItsOwnServer(Cluster),
}

impl Database {
    fn of(engine: Engine, name: &str) -> Self {
        match engine {
            Engine::Sqlite => Self::OfTheTests(TestDatabase::sqlite()),
            Engine::Postgres => Self::OnItsOwnServer(Cluster::start(name)),
        }
    }

    fn url(&self) -> &str {
        match self {
            Self::OfTheTests(database) => &database.url,
            Self::OnItsOwnServer(cluster) => cluster.url(),
        }
    }
}

/// Every acknowledged request is there once, with its whole history, and its key still gives its receipt.
fn all_is_there(database: &Database, address: &str, filed: &[Filed]) {
    let client = client();
    let codes: HashSet<&str> = filed.iter().map(|filed| code(&filed.receipt)).collect();
    assert_eq!(codes.len(), filed.len(), "each has its own code");
    for filed in filed {
        let tracked = client
            .get(format!("http://{address}/v1/tracking/{}", code(&filed.receipt)))
            .send()
            .unwrap();
        assert_eq!(tracked.status(), 200, "{}", filed.receipt);
        let tracked: Value = tracked.json().unwrap();
        assert_eq!(tracked["events"].as_array().unwrap().len(), 1, "{tracked}");
    }
    for filed in filed.iter().rev().take(200) {
        let again: Value = send(&client, address, filed.key, &filed.body).unwrap().json().unwrap();
        assert_eq!(again, filed.receipt, "the same answer to the same key");
    }
    let count = i64::try_from(filed.len()).unwrap();
    for (what, query) in [
        ("requests", "SELECT count(*) AS n FROM service_requests"),
        ("events", "SELECT count(*) AS n FROM case_events"),
        ("keys", "SELECT count(*) AS n FROM idempotency_keys"),
    ] {
        assert_eq!(number(database, query), count, "{what}");
    }
    let verified = stdout(&run_on(database.url(), &["verify"]));
    assert_eq!(
        verified,
        format!("cases: {count}, events: {count}; every history is whole\n")
    );
    if database.url().starts_with("sqlite:") {
        let checked = lines(
            database.url(),
            "SELECT integrity_check AS line FROM pragma_integrity_check",
        );
        assert_eq!(checked, ["ok"]);
    }
}

fn code(receipt: &Value) -> &str {
    receipt["tracking_code"].as_str().unwrap()
}

/// The service is killed at random moments while clients file.
fn survives_being_killed(engine: Engine) {
    let (rounds, writes) = (setting("DURABILITY_ROUNDS", 4), setting("DURABILITY_WRITES", 400));
    let database = Database::of(engine, "killed");
    let mut service = Service::start_on(database.url(), SETTINGS);
    let mut address = service.address();
    let load = Load::start(address.clone());
    for round in 1..=rounds {
        load.wait_for(writes * round / (rounds + 1));
        std::thread::sleep(at_random(Duration::from_millis(50)));
        service.kill();
        service = Service::start_on(database.url(), SETTINGS);
        address = service.address();
        load.go_on_at(address.clone());
    }
    load.wait_for(writes);
    let filed = load.stop();
    println!("{engine}: {} acknowledged, killed {rounds} times", filed.len());
    all_is_there(&database, &address, &filed);
}

#[test]
fn what_was_acknowledged_survives_a_killed_service_on_sqlite() {
    survives_being_killed(Engine::Sqlite);
}

#[test]
fn what_was_acknowledged_survives_a_killed_service_on_postgres() {
    survives_being_killed(Engine::Postgres);
}

/// PostgreSQL's server ends as in a power cut, and its connections are cut, while clients file: the service goes on by itself.
#[test]
fn what_was_acknowledged_survives_a_server_that_fails() {
    let (rounds, writes) = (setting("DURABILITY_ROUNDS", 4), setting("DURABILITY_WRITES", 400));
    let cluster = Cluster::start("fails");
    let database = Database::OnItsOwnServer(cluster);
    let Database::OnItsOwnServer(cluster) = &database else {
        unreachable!("it was made so");
    };
    let mut service = Service::start_on(database.url(), SETTINGS);
    let address = service.address();
    let load = Load::start(address.clone());
    for round in 1..=rounds {
        load.wait_for(writes * round / (rounds + 1));
        std::thread::sleep(at_random(Duration::from_millis(50)));
        if round % 2 == 0 {
            cluster.kill();
            cluster.go_on();
        } else {
            let cut = "SELECT count(pg_terminate_backend(pid)) AS n FROM pg_stat_activity \
                       WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'";
            assert!(number(&database, cut) > 0);
        }
    }
    load.wait_for(writes);
    let filed = load.stop();
    println!("{} acknowledged, the server failed {rounds} times", filed.len());
    all_is_there(&database, &address, &filed);
    drop(service);
}

/// Files can grow no more for a while: nothing is acknowledged meanwhile, reads are answered, and all goes on once they can.
fn a_full_disk_stops_writes_only(engine: Engine) {
    let database = Database::of(engine, "full");
    let mut service = Service::start_on_a_small_disk(database.url(), SETTINGS);
    let address = service.address();
    let load = Load::start(address.clone());
    load.wait_for(100);
    let writers = || match &database {
        Database::OfTheTests(_) => vec![service.id()],
        Database::OnItsOwnServer(cluster) => cluster.processes(),
    };
    limit_files("1310720", &writers());
    while load.refused() == 0 {
        // new connections of PostgreSQL are new processes
        limit_files("1310720", &writers());
        std::thread::sleep(Duration::from_millis(20));
    }
    let charter = reqwest::blocking::get(format!("http://{address}/v1/services?limit=3&category=citizen")).unwrap();
    assert_eq!(charter.status(), 200, "reads go on");
    let before = load.acknowledged();
    let refused = load.refused();
    while load.refused() < refused + 50 {
        std::thread::sleep(Duration::from_millis(1));
    }
    limit_files("unlimited", &writers());
    load.wait_for(before + 100);
    let filed = load.stop();
    println!("{engine}: {} acknowledged", filed.len());
    all_is_there(&database, &address, &filed);
}

/// Lets the files that processes write grow to this size only.
fn limit_files(bytes: &str, processes: &[u32]) {
    let limited = processes.iter().filter(|process| {
        let mut prlimit = Command::new("prlimit");
        prlimit.args(["--pid", &process.to_string(), &format!("--fsize={bytes}:unlimited")]);
        cluster::as_owner_of(**process, &mut prlimit);
        prlimit
            .stderr(Stdio::null())
            .status()
            .expect("prlimit, of util-linux")
            .success()
    });
    // one or the other has gone meanwhile
    assert!(limited.count() > 0, "no process could be limited");
}

#[test]
fn a_full_disk_stops_writes_only_on_sqlite() {
    a_full_disk_stops_writes_only(Engine::Sqlite);
}

#[test]
fn a_full_disk_stops_writes_only_on_postgres() {
    a_full_disk_stops_writes_only(Engine::Postgres);
}
