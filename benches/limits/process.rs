//! What is measured, each in a process of its own: the service, and the bare handler.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running process that answers on an address.
pub struct Process {
    child: Child,
    /// Where it answers.
    pub base: String,
    /// How long it took to say so.
    pub started_within: Duration,
    directory: PathBuf,
}

impl Process {
    /// Starts a program, which writes its log to a file, and waits for the line in which it says where it answers.
    fn start(command: &mut Command, name: &str) -> Self {
        let directory = scratch(name);
        let log = directory.join("log");
        let file = std::fs::File::create(&log).expect("a file for the log");
        let began = Instant::now();
        let mut child = command
            .stdin(Stdio::null())
            .stderr(file)
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let base = loop {
            let said = std::fs::read_to_string(&log).unwrap_or_default();
            let address = said
                .split_once("serving on ")
                .and_then(|(_, rest)| rest.split_once([' ', '\n']));
            if let Some((address, _)) = address {
                break address.to_owned();
            }
            if child.try_wait().expect("a child").is_some() {
                panic!("{command:?} does not serve: {said}");
            }
            std::thread::sleep(Duration::from_millis(2));
        };
        Self {
            child,
            base,
            started_within: began.elapsed(),
            directory,
        }
    }

    /// The service on a database, as an operator starts it, on a free port.
    pub fn service(database: &Database, settings: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_citizens-charter"));
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--database-url", &database.url])
            .args(settings);
        Self::start(&mut command, "service")
    }

    /// The bare handler of the answers in a directory.
    pub fn bare(answers: &Path) -> Self {
        let this = std::env::current_exe().expect("this program");
        Self::start(Command::new(this).arg("--bare").arg(answers), "bare")
    }

    /// The processor time that it took until now.
    pub fn cpu(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        let fields: Vec<&str> = stat
            .rsplit_once(')')
            .map_or("", |(_, rest)| rest)
            .split_whitespace()
            .collect();
        let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<u64>().ok()).unwrap_or(0);
        // Linux counts in hundredths of a second
        Duration::from_millis((ticks(11) + ticks(12)) * 10)
    }

    /// A value of its memory in MiB: `VmRSS`, `VmHWM`.
    pub fn memory(&self, name: &str) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<f64>().ok());
        kib.unwrap_or(0.0) / 1024.0
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

/// A database of this benchmark's own, gone when it is.
pub struct Database {
    /// As the service is given it.
    pub url: String,
    directory: Option<PathBuf>,
    server: Option<(String, String)>,
}

impl Database {
    /// A new SQLite file.
    pub fn sqlite(name: &str) -> Self {
        let directory = scratch(&format!("sqlite-{name}"));
        Self {
            url: format!("sqlite:{}", directory.join("bench.db").display()),
            directory: Some(directory),
            server: None,
        }
    }

    /// A new database of a PostgreSQL server; nothing where none is named.
    pub fn postgres(name: &str) -> Option<Self> {
        let server = std::env::var("BENCH_POSTGRES_URL").ok()?;
        let name = format!("citizens_charter_bench_{}_{name}", std::process::id());
        psql(&server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        psql(&server, &format!("CREATE DATABASE {name}"));
        let (base, _) = server.rsplit_once('/').expect("a URL with a database");
        Some(Self {
            url: format!("{base}/{name}"),
            directory: None,
            server: Some((server, name)),
        })
    }

    /// Whether it is one of PostgreSQL.
    pub const fn is_postgres(&self) -> bool {
        self.server.is_some()
    }

    /// What it is called in the tables.
    pub const fn engine(&self) -> &'static str {
        if self.is_postgres() { "PostgreSQL" } else { "SQLite" }
    }

    /// Runs SQL on PostgreSQL, and gives what it prints.
    pub fn psql(&self, sql: &str) -> String {
        psql(&self.url, sql)
    }

    /// The path of an SQLite file.
    pub fn file(&self) -> &str {
        self.url.strip_prefix("sqlite:").unwrap_or_default()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some((server, name)) = &self.server {
            psql(server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
        if let Some(directory) = &self.directory {
            let _ = std::fs::remove_dir_all(directory);
        }
    }
}

/// Runs SQL on a PostgreSQL server, and gives what it prints.
pub fn psql(url: &str, sql: &str) -> String {
    let output = Command::new("psql")
        .args([url, "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql])
        .output()
        .unwrap_or_else(|error| panic!("psql: {error}"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// Runs a file of SQL on a PostgreSQL server.
pub fn psql_file(url: &str, file: &Path) {
    let output = Command::new("psql")
        .args([url, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f"])
        .arg(file)
        .output()
        .unwrap_or_else(|error| panic!("psql: {error}"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A new empty directory.
pub fn scratch(name: &str) -> PathBuf {
    let directory = std::env::temp_dir().join(format!("citizens-charter-bench-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&directory);
    std::fs::create_dir_all(&directory).expect("a directory for the benchmark");
    directory
}
