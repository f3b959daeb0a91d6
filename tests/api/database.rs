//! The two engines hold the same tables, and the store keeps its word on both.

use std::collections::BTreeSet;

use citizens_charter::app;
use citizens_charter::store::{Engine, Error, Store};
use diesel::deserialize::QueryableByName;
use diesel::sql_types::Text;
use diesel::{Connection as _, PgConnection, RunQueryDsl, sql_query};

use crate::support::{TestApp, TestDatabase, on_both_engines};

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

fn postgres_lines(database: &TestDatabase, setting: &str, sql: &str) -> Vec<String> {
    let mut connection = PgConnection::establish(&database.url).unwrap();
    sql_query(setting).execute(&mut connection).unwrap();
    let lines: Vec<Line> = sql_query(sql).load(&mut connection).unwrap();
    lines.into_iter().map(|line| line.line).collect()
}

/// The tables as the program's own declaration has them: `table.column type nullable`.
fn declared_columns() -> BTreeSet<String> {
    let mut columns = BTreeSet::new();
    let mut table = "";
    let declared = [
        include_str!("../../src/store/schema/charter_tables.rs"),
        include_str!("../../src/store/schema/case_tables.rs"),
        include_str!("../../src/store/schema/webhook_tables.rs"),
    ];
    for line in declared.iter().flat_map(|file| file.lines()).map(str::trim) {
        if let Some((name, _)) = line.split_once(" (") {
            table = name;
        } else if let Some((column, declared)) = line.trim_end_matches(',').split_once(" -> ") {
            let inner = declared
                .strip_prefix("Nullable<")
                .and_then(|inner| inner.strip_suffix('>'));
            let kind = match inner.unwrap_or(declared) {
                "BigInt" => "bigint",
                "Integer" => "integer",
                "Bool" => "boolean",
                "Timestamp" => "timestamp",
                "Date" => "date",
                "Text" => "text",
                other => panic!("{other}"),
            };
            columns.insert(format!("{table}.{column} {kind} {}", inner.is_some()));
        }
    }
    columns
}

#[actix_web::test]
async fn both_schemas_and_the_programs_own_are_the_same() {
    let sqlite = TestDatabase::sqlite();
    let postgres = TestDatabase::postgres();
    for database in [&sqlite, &postgres] {
        Store::open(&database.options()).unwrap();
    }
    // an INTEGER PRIMARY KEY is SQLite's 64-bit row id
    let of_sqlite = sqlite.lines(
        "SELECT m.name || '.' || c.name || ' ' || CASE WHEN c.name = 'seq' THEN 'bigint' ELSE lower(c.type) END || ' ' \
         || CASE WHEN c.\"notnull\" THEN 'false' ELSE 'true' END AS line \
         FROM sqlite_master m JOIN pragma_table_info(m.name) c \
         WHERE m.type = 'table' AND m.name NOT LIKE '%_search%' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE '__diesel%'",
    );
    let of_postgres = postgres_lines(
        &postgres,
        "SELECT 1",
        "SELECT table_name || '.' || column_name || ' ' || split_part(data_type, ' ', 1) || ' ' \
         || CASE is_nullable WHEN 'YES' THEN 'true' ELSE 'false' END AS line \
         FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_diesel%'",
    );
    let declared = declared_columns();
    assert!(declared.len() > 100);
    assert_eq!(BTreeSet::from_iter(of_sqlite), declared);
    assert_eq!(BTreeSet::from_iter(of_postgres), declared);

    let indexes =
        "SELECT tbl_name || ' ' || name AS line FROM sqlite_master WHERE type = 'index' AND name NOT LIKE 'sqlite_%'";
    let of_sqlite = BTreeSet::from_iter(sqlite.lines(indexes));
    let of_postgres = BTreeSet::from_iter(postgres_lines(
        &postgres,
        "SELECT 1",
        "SELECT tablename || ' ' || indexname AS line FROM pg_indexes WHERE schemaname = 'public' \
         AND indexname !~ '(_pkey|_key|_search)$'",
    ));
    assert_eq!(of_sqlite, of_postgres);
}

#[test]
fn both_engines_have_the_same_migrations() {
    let versions = |engine: &str| -> BTreeSet<String> {
        let directory = format!("{}/migrations/{engine}", env!("CARGO_MANIFEST_DIR"));
        let entries = std::fs::read_dir(directory).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    };
    assert_eq!(versions("sqlite"), versions("postgres"));
}

/// A search is answered by the trigram index, and every filter by an index that ends in the order of pages.
#[actix_web::test]
async fn searches_and_filters_are_indexed() {
    let sqlite = TestDatabase::sqlite();
    let postgres = TestDatabase::postgres();
    for database in [&sqlite, &postgres] {
        Store::open(&database.options()).unwrap();
    }
    for (condition, index) in [
        ("office = 'x'", "services_by_office"),
        ("category = 'x'", "services_by_category"),
        ("fee_kind = 'x'", "services_by_fee"),
        ("responsible_officer_id = 'x'", "services_by_responsible_officer"),
        ("alternate_officer_id = 'x'", "services_by_alternate_officer"),
        ("office = 'x' AND category = 'x'", "services_by_office_and_category"),
    ] {
        let query = format!("SELECT seq FROM services WHERE {condition} AND seq > 0");
        let plan = explain_sqlite(&sqlite, &format!("{query} ORDER BY seq LIMIT 51"));
        assert!(
            plan.contains(index) && !plan.contains("TEMP B-TREE"),
            "{condition}: {plan}"
        );
        // of an empty table PostgreSQL may take any index that fits
        let plan = explain_postgres(&postgres, &query);
        assert!(
            plan.contains("services_by_") && plan.contains("Index Cond"),
            "{condition}: {plan}"
        );
    }
    let plan = explain_sqlite(
        &sqlite,
        "SELECT services_search.rowid FROM services JOIN services_search ON services_search.rowid = services.seq \
         WHERE services_search.search MATCH '\"abc\"' AND services_search.rowid > 0 ORDER BY services_search.rowid LIMIT 51",
    );
    assert!(
        plan.contains("VIRTUAL TABLE INDEX") && !plan.contains("TEMP B-TREE"),
        "{plan}"
    );
    let plan = explain_postgres(&postgres, "SELECT seq FROM services WHERE search LIKE '%সাইবার%'");
    assert!(plan.contains("services_search"), "{plan}");
}

/// Every list of service requests walks an index in the order of its pages; `docs/query-plans.md` has the plans at a million.
#[actix_web::test]
async fn lists_of_service_requests_are_indexed() {
    let sqlite = TestDatabase::sqlite();
    let postgres = TestDatabase::postgres();
    for database in [&sqlite, &postgres] {
        Store::open(&database.options()).unwrap();
    }
    for (condition, order, index) in [
        ("office = 'x'", "seq DESC", "service_requests_by_office"),
        (
            "office = 'x' AND state = 'submitted'",
            "seq DESC",
            "service_requests_by_state",
        ),
        (
            "office = 'x' AND assignee = 'x'",
            "seq DESC",
            "service_requests_by_assignee",
        ),
        (
            "office = 'x' AND service_id = 'x'",
            "seq DESC",
            "service_requests_by_service",
        ),
        (
            "office = 'x' AND alternate_officer_id = 'x'",
            "seq DESC",
            "service_requests_by_alternate",
        ),
        (
            "office = 'x' AND is_open = TRUE AND urgency <= 20000 AND (urgency, seq) > (19000, 5)",
            "urgency, seq",
            "service_requests_by_urgency",
        ),
    ] {
        let query = format!("SELECT seq FROM service_requests WHERE {condition} ORDER BY {order} LIMIT 51");
        let plan = explain_sqlite(&sqlite, &query);
        assert!(
            plan.contains(index) && !plan.contains("TEMP B-TREE"),
            "{condition}: {plan}"
        );
        // of an empty table PostgreSQL may take any index that fits
        let plan = explain_postgres(&postgres, &query);
        assert!(
            plan.contains("service_requests_by_") && plan.contains("Index Cond"),
            "{condition}: {plan}"
        );
    }
    for (database, query) in [
        (&sqlite, "SELECT seq FROM service_requests WHERE tracking_code = 'x'"),
        (
            &sqlite,
            "SELECT hash FROM case_events WHERE case_id = 'x' AND number > 1 ORDER BY number",
        ),
    ] {
        let plan = explain_sqlite(database, query);
        assert!(plan.contains("SEARCH") && !plan.contains("TEMP B-TREE"), "{plan}");
    }
}

/// The same for every list of grievances.
#[actix_web::test]
async fn lists_of_grievances_are_indexed() {
    let sqlite = TestDatabase::sqlite();
    let postgres = TestDatabase::postgres();
    for database in [&sqlite, &postgres] {
        Store::open(&database.options()).unwrap();
    }
    let urgent = "is_open = TRUE AND urgency <= 20000 AND (urgency, seq) > (19000, 5)";
    for (condition, order, index) in [
        ("office = 'x'", "seq DESC", "by_office"),
        ("office = 'x' AND state = 'submitted'", "seq DESC", "by_state"),
        ("office = 'x' AND level = 1", "seq DESC", "by_level"),
        ("office = 'x' AND service_id = 'x'", "seq DESC", "by_service"),
        (&*format!("office = 'x' AND {urgent}"), "urgency, seq", "by_urgency"),
        ("appeal_office = 'x' AND level = 2", "seq DESC", "by_appeal_level"),
        (
            &*format!("appeal_office = 'x' AND level = 1 AND {urgent}"),
            "urgency, seq",
            "by_appeal_urgency",
        ),
        (
            "appeal_office = 'x' AND blacklisting_recommended = TRUE",
            "seq DESC",
            "by_blacklisting",
        ),
        ("level = 3", "seq DESC", "by_cell_level"),
        (&*format!("level = 2 AND {urgent}"), "urgency, seq", "by_cell_urgency"),
    ] {
        let query = format!("SELECT seq FROM grievances WHERE {condition} ORDER BY {order} LIMIT 51");
        let plan = explain_sqlite(&sqlite, &query);
        assert!(
            plan.contains(&format!("grievances_{index}")) && !plan.contains("TEMP B-TREE"),
            "{condition}: {plan}"
        );
        // of an empty table PostgreSQL may take any index that fits
        let plan = explain_postgres(&postgres, &query);
        assert!(
            plan.contains("grievances_by_") && plan.contains("Index Cond"),
            "{condition}: {plan}"
        );
    }
    for query in [
        "SELECT seq FROM grievances WHERE office = 'x' AND alternate_officer_id = 'x'",
        "SELECT seq FROM grievances WHERE office = 'x' AND about_officer_id = 'x'",
        "SELECT seq FROM grievances WHERE office = 'x' AND responsible_officer_id = 'x'",
        "SELECT seq FROM grievance_stays WHERE office = 'x' AND disposed_on IS NULL AND received_on <= '2026-11-30'",
        "SELECT seq FROM grievance_stays WHERE office = 'x' AND disposed_on >= '2026-11-01' \
         AND NOT (received_on > '2026-11-30')",
        "SELECT seq FROM grievance_stays WHERE office = 'x' AND is_appeal = TRUE AND received_on BETWEEN '2026-11-01' \
         AND '2026-11-30'",
        "SELECT seq FROM blacklist_entries WHERE office = 'x' AND digest IN ('x', 'y')",
        // what is due of an outbox in which most is over
        "SELECT seq FROM messages WHERE state = 'pending' AND next_attempt_at <= '2026-11-24 04:30:00' \
         ORDER BY next_attempt_at, seq LIMIT 32",
        "SELECT seq FROM messages WHERE recipient = 'x' AND topic = 'x' AND state = 'pending' AND seq < 5",
        "SELECT COUNT(*) FROM messages WHERE recipient = 'x' AND created_at >= '2026-11-24 04:30:00'",
        "SELECT seq FROM messages WHERE webhook_id = 'x' AND seq < 5 ORDER BY seq DESC LIMIT 51",
    ] {
        let plan = explain_sqlite(&sqlite, query);
        assert!(plan.contains("SEARCH") && !plan.contains("SCAN"), "{query}: {plan}");
    }
    // few are found by their day first, and put in order then
    let untold =
        "SELECT seq FROM grievances WHERE office = 'x' AND untold_since <= '2026-11-24' ORDER BY +seq DESC LIMIT 51";
    for plan in [explain_sqlite(&sqlite, untold), explain_postgres(&postgres, untold)] {
        assert!(plan.contains("grievances_by_telling"), "{plan}");
    }
}

fn explain_sqlite(database: &TestDatabase, query: &str) -> String {
    #[derive(QueryableByName)]
    struct Step {
        #[diesel(sql_type = Text)]
        detail: String,
    }
    let steps: Vec<Step> = sql_query(format!("EXPLAIN QUERY PLAN {query}"))
        .load(&mut database.sqlite_connection().unwrap())
        .unwrap();
    steps.into_iter().map(|step| step.detail).collect::<Vec<_>>().join("; ")
}

fn explain_postgres(database: &TestDatabase, query: &str) -> String {
    #[derive(QueryableByName)]
    struct Step {
        #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
        step: String,
    }
    let mut connection = PgConnection::establish(&database.url).unwrap();
    // the tables are empty: only without the cheap way does the plan show whether there is an index
    sql_query("SET enable_seqscan = off").execute(&mut connection).unwrap();
    let steps: Vec<Step> = sql_query(format!("EXPLAIN {query}")).load(&mut connection).unwrap();
    steps.into_iter().map(|step| step.step).collect::<Vec<_>>().join("; ")
}

on_both_engines! {
    async fn of_writes_at_once_each_fails_alone(app: TestApp) {
        let store = app.app.store().clone();
        let writes: Vec<_> = (0..60)
            .map(|i| {
                let store = store.clone();
                actix_web::rt::spawn(async move {
                    store
                        .write(move |connection| {
                            let mut charter = crate::support::another_office(&format!("office-{i}"));
                            charter.services.clear();
                            citizens_charter::store::lock::charter_data(connection)?;
                            citizens_charter::store::charter::replace(&charter, chrono::Utc::now(), connection)?;
                            match i % 3 {
                                0 => Ok(()),
                                1 => Err(app::Error::NotFound("reason to keep this")),
                                _ => panic!("a test panics on purpose"),
                            }
                        })
                        .await
                })
            })
            .collect();
        let mut outcomes = [0; 3];
        for write in writes {
            match write.await.unwrap() {
                Ok(()) => outcomes[0] += 1,
                Err(app::Error::NotFound(_)) => outcomes[1] += 1,
                Err(app::Error::Store(Error::Panicked)) => outcomes[2] += 1,
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!(outcomes, [20, 20, 20]);
        assert_eq!(app.all("/v1/offices", 100).await.len(), 21);
    }
}

#[test]
fn a_database_that_cannot_be_reached_says_why() {
    let mut options = TestDatabase::sqlite().options();
    for (url, words) in [
        ("sqlite:/no/such/directory/charter.db", "unable to open"),
        ("postgres://127.0.0.1:1/charter", "refused"),
    ] {
        options.url = url.parse().unwrap();
        let Err(error) = Store::open(&options) else {
            panic!("{url} is reached");
        };
        let error = error.to_string();
        assert!(error.contains(words) && !error.contains('\n'), "{error}");
    }
}

#[actix_web::test]
async fn a_pool_at_work_answers_busy_in_time() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let database = TestDatabase::of(engine);
        let mut options = database.options();
        options.connections = 1;
        options.wait = std::time::Duration::from_millis(100);
        let store = Store::open(&options).unwrap();
        let (release, held) = std::sync::mpsc::channel::<()>();
        let (started, running) = tokio::sync::oneshot::channel();
        let holder = store.clone();
        let work = actix_web::rt::spawn(async move {
            holder
                .read(move |_| {
                    started.send(()).unwrap();
                    held.recv().unwrap();
                    Ok::<(), Error>(())
                })
                .await
        });
        running.await.unwrap();
        assert!(matches!(store.ping().await, Err(Error::Busy(_))), "{engine}");
        release.send(()).unwrap();
        work.await.unwrap().unwrap();
        store.ping().await.unwrap();
    }
}
