//! Writes, beside the database's own commits: service requests filed by keep-alive clients, each durable before it is answered.

use std::process::Command;
use std::time::{Duration, Instant};

use rusqlite::{Connection, params};
use uuid::Uuid;

use crate::load::{CLIENTS, Load, Measured};
use crate::process::{Database, Process, psql, scratch};
use crate::reads::Caller;
use crate::table::{Beside, Table};

/// The rows that a filed request leaves: a case, the event, the key. What each holds is what the service wrote of one.
const ROWS: [&str; 3] = ["service_requests", "case_events", "idempotency_keys"];

/// The columns of a table that are written, and those of them that differ in each row.
struct Copied {
    table: &'static str,
    columns: Vec<String>,
}

impl Copied {
    fn unique(column: &str) -> bool {
        matches!(column, "id" | "tracking_code" | "case_id" | "key")
    }

    /// The statement that writes a row like the first one, with other values where they have to differ.
    fn insert(&self, unique: impl Fn(&str) -> String) -> String {
        let Self { table, columns } = self;
        let values: Vec<String> = columns
            .iter()
            .map(|column| {
                if Self::unique(column) {
                    unique(column)
                } else {
                    column.clone()
                }
            })
            .collect();
        let first = match *table {
            "idempotency_keys" => "LIMIT 1",
            _ => "ORDER BY seq LIMIT 1",
        };
        let (columns, values) = (columns.join(", "), values.join(", "));
        format!("INSERT INTO {table} ({columns}) SELECT {values} FROM {table} {first}")
    }
}

fn file(service: &Process, run: usize, time: Duration) -> Measured {
    let caller = Caller::of(service);
    let load = Load {
        target: "/v1/service-requests".into(),
        headers: Vec::new(),
        script: Some((
            "file.lua",
            vec![("RUN", run.to_string()), ("SERVICE", caller.service())],
        )),
    };
    load.run(service, time)
}

/// A bare writer: one connection that commits each case by itself, with its event and its key.
fn bare_sqlite(file: &str, time: Duration) -> Measured {
    let connection = Connection::open(file).expect("a database");
    connection
        .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")
        .expect("settings");
    let inserts: Vec<String> = ROWS
        .iter()
        .map(|table| {
            let columns = format!("SELECT name FROM pragma_table_info('{table}') WHERE name <> 'seq'");
            let mut statement = connection.prepare(&columns).expect("a table");
            let columns = statement.query_map([], |row| row.get(0)).expect("its columns");
            let columns = columns.collect::<Result<_, _>>().expect("their names");
            Copied { table, columns }.insert(|_| "?1".into())
        })
        .collect();
    let began = Instant::now();
    let mut times = Vec::new();
    while began.elapsed() < time {
        let started = Instant::now();
        let id = Uuid::now_v7().to_string();
        connection
            .prepare_cached("BEGIN IMMEDIATE")
            .and_then(|mut begin| begin.execute([]))
            .expect("it begins");
        for insert in &inserts {
            let mut statement = connection.prepare_cached(insert).expect("a statement");
            statement.execute(params![id]).expect("a row");
        }
        connection
            .prepare_cached("COMMIT")
            .and_then(|mut commit| commit.execute([]))
            .expect("it commits");
        times.push(started.elapsed());
    }
    times.sort();
    Measured {
        rate: times.len() as f64 / began.elapsed().as_secs_f64(),
        p99: times[times.len() * 99 / 100].as_secs_f64() * 1e3,
        cpu: f64::NAN,
    }
}

/// pgbench: as many clients, each of which writes the same rows in a transaction of its own, with prepared statements.
fn pgbench(url: &str, time: Duration) -> Measured {
    let directory = scratch("pgbench");
    let mut script =
        String::from("\\set a random(1, 9000000000000000000)\n\\set b random(1, 9000000000000000000)\nBEGIN;\n");
    for table in ROWS {
        let columns = psql(
            url,
            &format!(
                "SELECT column_name FROM information_schema.columns WHERE table_name = '{table}' AND column_name <> 'seq' \
                 ORDER BY ordinal_position"
            ),
        );
        let columns = columns.lines().map(str::to_owned).collect();
        let insert = Copied { table, columns }.insert(|_| "CAST(:a AS TEXT) || CAST(:b AS TEXT)".into());
        script.push_str(&format!("{insert};\n"));
    }
    script.push_str("COMMIT;\n");
    let file = directory.join("file.sql");
    std::fs::write(&file, script).expect("a script");
    let clients = CLIENTS.to_string();
    let output = Command::new("pgbench")
        .args([
            "-n",
            "-M",
            "prepared",
            "-c",
            &clients,
            "-j",
            "2",
            "-T",
            &time.as_secs().max(1).to_string(),
        ])
        .args(["--log", "--log-prefix", &directory.join("log").display().to_string()])
        .arg("-f")
        .arg(&file)
        .arg(url)
        .output()
        .unwrap_or_else(|error| panic!("pgbench: {error}"));
    let text = String::from_utf8_lossy(&output.stdout);
    let rate = text
        .lines()
        .find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
    let mut times: Vec<f64> = std::fs::read_dir(&directory)
        .expect("the logs")
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("log"))
        .flat_map(|entry| {
            let log = std::fs::read_to_string(entry.path()).unwrap_or_default();
            let times = log
                .lines()
                .filter_map(|line| line.split(' ').nth(2)?.parse::<f64>().ok());
            times.collect::<Vec<_>>()
        })
        .collect();
    times.sort_by(f64::total_cmp);
    Measured {
        rate: rate.unwrap_or_else(|| {
            panic!(
                "pgbench measured nothing: {text}{}",
                String::from_utf8_lossy(&output.stderr)
            )
        }),
        p99: times.get(times.len() * 99 / 100).copied().unwrap_or(f64::NAN) / 1e3,
        cpu: f64::NAN,
    }
}

/// Measures filing on a database.
pub fn measure(database: &Database, (rounds, time): (usize, Duration)) {
    let service = Process::service(database, &[]);
    // the first one is what the limit copies
    file(&service, rounds, Duration::from_secs(1));
    let mut beside = Beside::new("a request, filed");
    for run in 0..rounds {
        beside.limit.push(match database.engine() {
            "SQLite" => bare_sqlite(database.file(), time),
            _ => pgbench(&database.url, time),
        });
        beside.measured.push(file(&service, run, time));
    }
    let limit = if database.engine() == "SQLite" {
        "bare single writer"
    } else {
        "pgbench"
    };
    Table::print(&format!("Writes, {}", database.engine()), limit, &[beside]);
}
