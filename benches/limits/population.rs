//! The charters of thousands of offices and a million cases: copies of those that are there, made by SQL.

use std::fmt::Write as _;

use rusqlite::Connection;

use crate::process::{Database, psql_file, scratch};
use crate::reads::OFFICE;

/// How many offices are added, each with the whole charter of the first one.
pub const OFFICES: usize = 11_000;
/// How many cases are added: half of them at the first office, the others spread over all.
pub const CASES: usize = 1_000_000;
/// With how many cases each of some offices stands for one.
const CASES_AN_OFFICE: usize = 100;

/// What all ids of the charter begin with; each copy has its own beginning.
const BEGINNING: &str = "01a20ada";

/// Makes the copies.
pub fn populate(database: &Database) {
    prepare(database);
    let tables = [
        "offices",
        "charters",
        "expectations",
        "officers",
        "services",
        "upazila_offices",
        "grievance_levels",
        "changes",
    ];
    for table in tables {
        run(database, &copy_charter_rows(database, table));
    }
    run(
        database,
        &format!(
            "INSERT INTO service_channels (channel, service_seq) SELECT c.channel, copied.seq FROM bench_copies AS b \
             CROSS JOIN service_channels AS c JOIN services AS s ON s.seq = c.service_seq AND s.office = '{OFFICE}' \
             JOIN services AS copied ON copied.id = replace(s.id, '{BEGINNING}', b.tag); \
             UPDATE change_counter SET last_sequence = (SELECT max(sequence) FROM changes);"
        ),
    );
    for table in ["service_requests", "case_events"] {
        run(database, &copy_case_rows(database, table));
    }
    finish(database);
}

/// The numbers of the copies, and what is slower row by row put off.
fn prepare(database: &Database) {
    let mut sql = String::from("CREATE TABLE bench_copies (n INTEGER PRIMARY KEY, tag TEXT, code TEXT);\n");
    insert_numbers(&mut sql, "bench_copies", 1..=OFFICES, |n| {
        format!("({n}, '{n:08x}', 'office-{n:05}')")
    });
    sql.push_str("CREATE TABLE bench_cases (n INTEGER PRIMARY KEY, tag TEXT);\n");
    insert_numbers(&mut sql, "bench_cases", 0..=CASES_AN_OFFICE - 1, |n| {
        format!("({n}, '{n:03}')")
    });
    if database.is_postgres() {
        for table in SEARCHED {
            let _ = writeln!(sql, "DROP INDEX {table}_search;");
        }
    }
    run(database, &sql);
}

const SEARCHED: [&str; 5] = ["offices", "officers", "services", "upazila_offices", "service_requests"];

fn insert_numbers(
    sql: &mut String,
    table: &str,
    numbers: std::ops::RangeInclusive<usize>,
    row: impl Fn(usize) -> String,
) {
    let numbers: Vec<usize> = numbers.collect();
    for part in numbers.chunks(500) {
        let rows: Vec<String> = part.iter().map(|n| row(*n)).collect();
        let _ = writeln!(sql, "INSERT INTO {table} VALUES {};", rows.join(", "));
    }
}

fn finish(database: &Database) {
    let mut sql = String::new();
    if database.is_postgres() {
        sql.push_str("SET maintenance_work_mem = '1GB';\n");
        for table in SEARCHED {
            let indexed = if table == "service_requests" {
                "search_words(search, ARRAY[office])"
            } else {
                "search gin_trgm_ops"
            };
            let _ = writeln!(sql, "CREATE INDEX {table}_search ON {table} USING gin ({indexed});");
        }
        sql.push_str("VACUUM ANALYZE;\n");
    } else {
        sql.push_str(
            "INSERT INTO service_requests_search (rowid, search) SELECT seq, search FROM service_requests \
             WHERE seq > (SELECT coalesce(max(id), 0) FROM service_requests_search_docsize);\n",
        );
    }
    run(database, &sql);
}

/// The columns of a table that are written, each with whether it is text.
fn columns(database: &Database, table: &str) -> Vec<(String, bool)> {
    let found = if database.is_postgres() {
        database.psql(&format!(
            "SELECT column_name || ' ' || data_type FROM information_schema.columns \
             WHERE table_name = '{table}' AND is_identity = 'NO' ORDER BY ordinal_position"
        ))
    } else {
        let connection = Connection::open(database.file()).expect("a database");
        let mut statement = connection
            .prepare("SELECT name || ' ' || lower(type) FROM pragma_table_info(?1) WHERE name <> 'seq'")
            .expect("a statement");
        let rows = statement
            .query_map([table], |row| row.get::<_, String>(0))
            .expect("columns");
        rows.collect::<Result<Vec<_>, _>>().expect("their names").join("\n")
    };
    let column = |line: &str| {
        let (name, kind) = line.split_once(' ').expect("a name and a type");
        (name.to_owned(), kind == "text")
    };
    found.lines().map(column).collect()
}

/// Copies the rows of the first office to all others, office by office as if one had been imported after the other.
fn copy_charter_rows(database: &Database, table: &str) -> String {
    let columns = columns(database, table);
    let values = columns.iter().map(|(column, is_text)| match (&**column, is_text) {
        ("search", _) => "replace(t.search, 'doict', b.code) || ' stand' || b.tag".to_owned(),
        ("sequence", _) => "t.sequence + b.n * (SELECT last_sequence FROM change_counter)".to_owned(),
        (column, true) => format!("replace(replace(t.{column}, '{BEGINNING}', b.tag), '{OFFICE}', b.code)"),
        (column, false) => format!("t.{column}"),
    });
    let values: Vec<String> = values.collect();
    let (office, order) = match table {
        "offices" => ("code", "t.code"),
        "charters" => ("office", "t.office"),
        "grievance_levels" => ("office", "t.level"),
        "changes" => ("office", "t.sequence"),
        _ => ("office", "t.position"),
    };
    let names: Vec<&str> = columns.iter().map(|(column, _)| &**column).collect();
    format!(
        "INSERT INTO {table} ({}) SELECT {} FROM bench_copies AS b CROSS JOIN {table} AS t WHERE t.{office} = '{OFFICE}' \
         ORDER BY b.n, {order};",
        names.join(", "),
        values.join(", "),
    )
}

/// Copies the first case a million times. Every second copy stays at its office.
fn copy_case_rows(database: &Database, table: &str) -> String {
    let columns = columns(database, table);
    let tag = "substr(b.tag, 4) || c.tag";
    let values = columns.iter().map(|(column, is_text)| match (&**column, is_text) {
        (id @ ("id" | "case_id"), _) => format!("{tag} || substr(t.{id}, 9)"),
        ("tracking_code", _) => format!("'bench-' || {tag}"),
        ("search", _) => format!("t.search || '  ' || {tag}"),
        (column @ ("office" | "service_id" | "responsible_officer_id" | "alternate_officer_id" | "assignee"), _) => format!(
            "CASE WHEN c.n % 2 = 0 THEN t.{column} ELSE replace(replace(t.{column}, '{BEGINNING}', b.tag), '{OFFICE}', b.code) END"
        ),
        (column, _) => format!("t.{column}"),
    });
    let values: Vec<String> = values.collect();
    let names: Vec<&str> = columns.iter().map(|(column, _)| &**column).collect();
    let offices = CASES / CASES_AN_OFFICE;
    format!(
        "INSERT INTO {table} ({}) SELECT {} FROM bench_copies AS b CROSS JOIN bench_cases AS c \
         CROSS JOIN (SELECT * FROM {table} ORDER BY seq LIMIT 1) AS t WHERE b.n <= {offices} ORDER BY b.n, c.n;",
        names.join(", "),
        values.join(", "),
    )
}

fn run(database: &Database, sql: &str) {
    if database.is_postgres() {
        let file = scratch("population").join("population.sql");
        std::fs::write(&file, format!("SET synchronous_commit = off;\n{sql}")).expect("a file");
        psql_file(&database.url, &file);
    } else {
        let connection = Connection::open(database.file()).expect("a database");
        connection
            .execute_batch(&format!(
                "PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000; PRAGMA temp_store = MEMORY; BEGIN; {sql} COMMIT;"
            ))
            .expect("statements");
    }
}
