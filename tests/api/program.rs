//! The program itself: how it starts, what it says, how it stops.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use citizens_charter::store::Engine;
use serde_json::Value;

use crate::support::{OFFICE, TestDatabase};

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_citizens-charter"));
    command.env_clear();
    command
}

pub fn run(database: &TestDatabase, arguments: &[&str]) -> Output {
    run_on(&database.url, arguments)
}

pub fn run_with(database: &TestDatabase, arguments: &[&str], settings: &[(&str, &str)]) -> Output {
    program()
        .env("DATABASE_URL", &database.url)
        .envs(settings.iter().copied())
        .args(arguments)
        .output()
        .unwrap()
}

pub fn run_on(database: &str, arguments: &[&str]) -> Output {
    program()
        .env("DATABASE_URL", database)
        .args(arguments)
        .output()
        .unwrap()
}

pub fn stdout(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A service that runs as a process of its own.
pub struct Service {
    process: Child,
    lines: Receiver<String>,
    pub seen: Vec<String>,
}

impl Service {
    pub fn start(database: &TestDatabase) -> Self {
        Self::start_on(&database.url, &[])
    }

    /// Starts it on a database, with further settings.
    pub fn start_on(database: &str, settings: &[(&str, &str)]) -> Self {
        Self::start_as(program(), database, settings)
    }

    /// Starts it so that it goes on where a file can grow no more.
    pub fn start_on_a_small_disk(database: &str, settings: &[(&str, &str)]) -> Self {
        let mut shell = Command::new("sh");
        shell.args([
            "-c",
            "trap '' XFSZ; exec \"$0\"",
            env!("CARGO_BIN_EXE_citizens-charter"),
        ]);
        shell.env_clear();
        Self::start_as(shell, database, settings)
    }

    fn start_as(mut program: Command, database: &str, settings: &[(&str, &str)]) -> Self {
        let mut process = program
            .env("DATABASE_URL", database)
            .env("CHARTER_LISTEN", "127.0.0.1:0")
            .env("CHARTER_WEBHOOK_NETWORKS", "127.0.0.0/8")
            .envs(settings.iter().copied())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, lines) = channel();
        let log = BufReader::new(process.stderr.take().unwrap());
        std::thread::spawn(move || log.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        Self {
            process,
            lines,
            seen: Vec::new(),
        }
    }

    /// Waits for a line of the log.
    pub fn line_with(&mut self, words: &str) -> String {
        loop {
            let line = self.lines.recv_timeout(Duration::from_secs(60));
            let line = line.unwrap_or_else(|_| panic!("no line with {words:?} after {:#?}", self.seen));
            self.seen.push(line.clone());
            if line.contains(words) {
                return line;
            }
        }
    }

    pub fn address(&mut self) -> String {
        let line = self.line_with("serving on http://");
        let address = line.split("http://").nth(1).unwrap();
        address.split(' ').next().unwrap().to_owned()
    }

    /// The number of its process.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Ends it as a power cut does.
    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    pub fn terminate(&self) {
        let status = Command::new("kill")
            .arg(self.process.id().to_string())
            .status()
            .unwrap();
        assert!(status.success());
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn serves_from_nothing(engine: Engine) {
    let database = TestDatabase::of(engine);
    let mut service = Service::start(&database);
    let address = service.address();
    assert!(
        service
            .seen
            .iter()
            .any(|line| line.contains("seeded the new database with 1 charter(s)"))
    );
    assert!(service.seen.last().unwrap().contains(&format!("with {engine}")));
    for (what, path) in [
        ("charter:", "/v1/offices/doict-khulna/charter"),
        ("docs:", "/docs/"),
        ("openapi:", "/openapi.json"),
    ] {
        assert!(service.line_with(what).ends_with(&format!("http://{address}{path}")));
        assert!(get(&address, path).starts_with("HTTP/1.1 200 "), "{path}");
    }
    service.terminate();
    service.line_with("stopped");
    assert!(service.process.wait().unwrap().success());
    // the second start finds what the first one made
    let mut service = Service::start(&database);
    let address = service.address();
    assert!(
        !service
            .seen
            .iter()
            .any(|line| line.contains("seeded") || line.contains("migrated")),
        "{:?}",
        service.seen
    );
    assert!(get(&address, "/v1/services?limit=100").contains("\"serial\":13"));
}

#[test]
fn it_serves_from_nothing_on_sqlite() {
    serves_from_nothing(Engine::Sqlite);
}

#[test]
fn it_serves_from_nothing_on_postgres() {
    serves_from_nothing(Engine::Postgres);
}

/// Replicas that start at once on an empty database migrate and seed it once.
fn starts_at_once(engine: Engine) {
    let database = TestDatabase::of(engine);
    let mut replicas: Vec<Service> = (0..4).map(|_| Service::start(&database)).collect();
    let mut seeded = 0;
    let mut migrated = 0;
    for replica in &mut replicas {
        let address = replica.address();
        let with = |words: &str| replica.seen.iter().filter(|line| line.contains(words)).count();
        seeded += with("seeded");
        migrated += with("migrated");
        let answer = get(&address, "/v1/services?limit=100");
        let body: Value = serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap()).unwrap();
        assert_eq!(body["items"].as_array().unwrap().len(), 26);
    }
    let migrations = std::fs::read_dir(format!("{}/migrations/sqlite", env!("CARGO_MANIFEST_DIR")))
        .unwrap()
        .count();
    assert_eq!((seeded, migrated), (1, migrations));
}

#[test]
fn replicas_start_at_once_on_sqlite() {
    starts_at_once(Engine::Sqlite);
}

#[test]
fn replicas_start_at_once_on_postgres() {
    starts_at_once(Engine::Postgres);
}

#[test]
fn the_log_names_the_request_and_nothing_about_a_person() {
    let database = TestDatabase::sqlite();
    let mut service = Service::start(&database);
    let address = service.address();
    for path in [
        "/v1/services?q=Canary",
        "/v1/services/Canary",
        "/v1/Canary",
        "/v1/offices/doict-khulna?Canary=Canary",
    ] {
        assert!(get(&address, path).starts_with("HTTP/1.1 "), "{path}");
    }
    service.terminate();
    service.line_with("stopped");
    let log = service.seen.join("\n");
    assert!(
        log.contains("GET /v1/services 200 ") && log.contains("GET /v1/services/{id} 400 "),
        "{log}"
    );
    assert!(log.contains("GET (none) 404 "), "{log}");
    assert!(!log.contains("Canary"), "{log}");
}

#[test]
fn a_request_in_flight_is_finished_before_the_service_stops() {
    let database = TestDatabase::sqlite();
    let mut service = Service::start(&database);
    let address = service.address();
    let mut slow = TcpStream::connect(&address).unwrap();
    write!(
        slow,
        "POST /v1/changes HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab"
    )
    .unwrap();
    // an answer to somebody else shows that the service is at work, and with it on the slow one
    assert!(get(&address, "/health/ready").starts_with("HTTP/1.1 200 "));
    service.terminate();
    service.line_with("stopping");
    slow.write_all(b"cd").unwrap();
    let mut answer = String::new();
    slow.read_to_string(&mut answer).unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 405 ") && answer.contains("method_not_allowed"),
        "{answer}"
    );
    service.line_with("stopped");
    assert!(service.process.wait().unwrap().success());
}

#[test]
fn bad_configuration_is_one_clear_line() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let sqlite = TestDatabase::sqlite();
    for (arguments, environment, words) in [
        (&["--listen", "everywhere"][..], None, "--listen"),
        (&["--database-url", "mysql://localhost/x"], None, "`mysql` is no engine"),
        (&[], Some(("DATABASE_URL", "citizens-charter.db")), "sqlite:FILE"),
        (&[], Some(("DATABASE_URL", "sqlite::memory:")), "name a file"),
        (
            &[],
            Some(("DATABASE_URL", "postgres://127.0.0.1:1/x?password=geheim")),
            "refused",
        ),
        (
            &[],
            Some(("DATABASE_URL", "sqlite:/no/such/place.db")),
            "unable to open",
        ),
        (
            &[],
            Some(("CHARTER_DATABASE_CONNECTIONS", "0")),
            "--database-connections",
        ),
        (&[], Some(("CHARTER_TRUSTED_PROXIES", "10.0.0")), "--trusted-proxies"),
        (&[], Some(("CHARTER_SEED", "all")), "--seed"),
        (&["--no-such-flag"], None, "--no-such-flag"),
        (&["publish"], None, "publish"),
        (&["import"], None, "<FILE>"),
        (
            &["--database-url", &sqlite.url, "--listen", &taken],
            None,
            "cannot listen on",
        ),
    ] {
        let output = program()
            .args(arguments)
            .envs(environment)
            .env("RUST_LOG", "warn")
            .output()
            .unwrap();
        let said = stderr(&output);
        assert!(!output.status.success(), "{arguments:?} {environment:?}");
        assert_eq!(said.lines().count(), 1, "{said}");
        assert!(said.contains(words), "{words} in {said}");
        assert!(!said.contains("geheim"), "{said}");
    }
}

fn imports_and_exports(engine: Engine) {
    let database = TestDatabase::of(engine);
    let file = format!("{}/charters/{OFFICE}.json", env!("CARGO_MANIFEST_DIR"));
    assert!(stdout(&run(&database, &["import", "--dry-run", &file])).ends_with("38 changes would be published\n"));
    assert!(!run(&database, &["export", "--office", OFFICE]).status.success());
    assert!(stdout(&run(&database, &["import", &file])).ends_with("38 changes published\n"));
    assert_eq!(stdout(&run(&database, &["import", &file])), "nothing differs\n");
    let exported = stdout(&run(&database, &["export", "--office", OFFICE]));
    assert_eq!(exported, std::fs::read_to_string(&file).unwrap(), "byte for byte");
    let calendar = format!("{}/charters/calendar/bangladesh.json", env!("CARGO_MANIFEST_DIR"));
    assert_eq!(
        stdout(&run(&database, &["import-calendar", &calendar])),
        "31 days entered\n"
    );
}

#[test]
fn it_imports_and_exports_on_sqlite() {
    imports_and_exports(Engine::Sqlite);
}

#[test]
fn it_imports_and_exports_on_postgres() {
    imports_and_exports(Engine::Postgres);
}

/// Writes to the standard input of the program.
pub fn fed(database: &TestDatabase, arguments: &[&str], input: &str) -> Output {
    let mut command = program();
    command.env("DATABASE_URL", &database.url).args(arguments);
    let mut process = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    process.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    process.wait_with_output().unwrap()
}

#[test]
fn a_faulty_charter_file_is_told_all_its_faults() {
    let database = TestDatabase::sqlite();
    let mut charter: Value = serde_json::from_str(include_str!("../../charters/doict-khulna.json")).unwrap();
    charter["services"][0]["fee"]["kind"] = "gratis".into();
    charter["services"][1].as_object_mut().unwrap().remove("name");
    charter["officers"][0]["email"] = "nobody".into();
    let output = fed(&database, &["import", "-"], &charter.to_string());
    assert!(!output.status.success());
    let said = stderr(&output);
    for line in [
        "/services/0/fee/kind: must be one of `free`, `by_policy`, `fixed` [unknown_value]",
        "/services/1/name: is required [required]",
        "/officers/0/email: must be an e-mail address [invalid_format]",
        "citizens-charter: 3 faults",
    ] {
        assert!(said.lines().any(|said| said == line), "{line} in\n{said}");
    }
    assert!(stderr(&fed(&database, &["import", "-"], "{")).contains("is no JSON"));
    let twice =
        include_str!("../../charters/doict-khulna.json").replacen("\"serial\": 1,", "\"serial\": 1, \"serial\": 2,", 1);
    assert_eq!(
        stderr(&fed(&database, &["import", "-"], &twice)),
        "/services/0/serial: stands more than once [duplicate]\ncitizens-charter: 1 fault\n"
    );
}

#[test]
fn a_sketch_of_a_charter_file_is_completed() {
    let database = TestDatabase::sqlite();
    let published = include_str!("../../charters/doict-khulna.json");
    assert_eq!(stdout(&fed(&database, &["format", "-"], published)), published);
    let mut sketch: Value = serde_json::from_str(published).unwrap();
    sketch["upazila_offices"][0].as_object_mut().unwrap().remove("id");
    sketch["services"][0]["fee"].as_object_mut().unwrap().remove("kind");
    let formatted: Value =
        serde_json::from_str(&stdout(&fed(&database, &["format", "-"], &sketch.to_string()))).unwrap();
    assert!(formatted["upazila_offices"][0]["id"].is_string());
    assert_eq!(formatted["services"][0]["fee"]["kind"], "free");
}

#[test]
fn the_committed_schema_of_charter_files_is_that_of_the_program() {
    let path = format!("{}/charters/schema/charter.schema.json", env!("CARGO_MANIFEST_DIR"));
    let committed = std::fs::read_to_string(path).unwrap();
    let generated = stdout(&program().arg("schema").output().unwrap());
    assert!(
        committed == generated,
        "stale: run `cargo run -- schema > charters/schema/charter.schema.json` and commit it"
    );
    let schema: Value = serde_json::from_str(&committed).unwrap();
    let charter: Value = serde_json::from_str(include_str!("../../charters/doict-khulna.json")).unwrap();
    assert!(jsonschema::validator_for(&schema).unwrap().is_valid(&charter));
}
