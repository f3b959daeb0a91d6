//! A running service on a database of its own, for each test and each engine.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use citizens_charter::app::{App, Clock};
use citizens_charter::domain::charter::Charter;
use citizens_charter::http::{Application, Options, RateLimit, TrustedProxies};
use citizens_charter::outbound::Outbound;
use citizens_charter::store::{self, Engine, Store};
use diesel::{Connection as _, PgConnection, RunQueryDsl, SqliteConnection, sql_query};
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::Value;

use crate::behind;

/// The code of the office whose charter ships with the program.
pub const OFFICE: &str = "doict-khulna";

/// What personal data is sealed by in the tests.
pub const KEYS: &str = "test=dGVzdHRlc3R0ZXN0dGVzdHRlc3R0ZXN0dGVzdHRlc3Q=";

/// The time it is in the tests, unless they say otherwise: a Tuesday, half past ten in Dhaka.
pub const NOW: &str = "2026-11-24T04:30:00Z";

/// Makes two tests of one: `$name::on_sqlite` and `$name::on_postgres`.
macro_rules! on_both_engines {
    ($(#[$doc:meta])* async fn $name:ident($app:ident: TestApp) $body:block) => {
        $(#[$doc])*
        mod $name {
            use super::*;

            async fn check($app: TestApp) $body

            #[actix_web::test]
            async fn on_sqlite() {
                check(TestApp::start(TestDatabase::sqlite()).await).await;
            }

            #[actix_web::test]
            async fn on_postgres() {
                check(TestApp::start(TestDatabase::postgres()).await).await;
            }
        }
    };
}
pub(crate) use on_both_engines;

/// A database of its own, gone when the test is.
pub struct TestDatabase {
    pub url: String,
    postgres: Option<(String, String)>,
    directory: Option<std::path::PathBuf>,
}

static COUNTER: AtomicU32 = AtomicU32::new(0);

fn unique(prefix: &str) -> String {
    let number = COUNTER.fetch_add(1, Ordering::Relaxed);
    format!("{prefix}_{}_{number}", std::process::id())
}

impl TestDatabase {
    pub fn sqlite() -> Self {
        let directory = std::env::temp_dir().join(unique("citizens_charter"));
        std::fs::create_dir_all(&directory).unwrap();
        Self {
            url: format!("sqlite:{}", directory.join("test.db").display()),
            postgres: None,
            directory: Some(directory),
        }
    }

    pub fn postgres() -> Self {
        let Ok(server) = std::env::var("TEST_POSTGRES_URL") else {
            panic!(
                "no PostgreSQL: run tests/run.sh, which starts one, or set TEST_POSTGRES_URL=postgres://USER@HOST/DATABASE"
            );
        };
        let name = unique("citizens_charter");
        execute(&server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        execute(&server, &format!("CREATE DATABASE {name}"));
        let (base, _) = server.rsplit_once('/').unwrap();
        Self {
            url: format!("{base}/{name}"),
            postgres: Some((server, name)),
            directory: None,
        }
    }

    pub fn of(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => Self::sqlite(),
            Engine::Postgres => Self::postgres(),
        }
    }

    /// A connection of its own to the SQLite file; none to a PostgreSQL database.
    pub fn sqlite_connection(&self) -> Option<SqliteConnection> {
        behind::sqlite_connection(&self.url)
    }

    /// The lines that a query gives, behind the service's back: its column `line`.
    pub fn lines(&self, query: &str) -> Vec<String> {
        behind::lines(&self.url, query)
    }

    /// All that it holds, in one text.
    pub fn content(&self) -> String {
        behind::content(&self.url)
            .into_iter()
            .flat_map(|(_, rows)| rows)
            .collect::<Vec<_>>()
            .join("\n")
    }

    pub fn options(&self) -> store::Options {
        store::Options {
            url: self.url.parse().unwrap(),
            connections: 8,
            wait: Duration::from_secs(5),
            // a test is not refused because the machine is slow
            stands: Duration::from_secs(5),
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Some((server, name)) = &self.postgres {
            execute(server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
        if let Some(directory) = &self.directory {
            let _ = std::fs::remove_dir_all(directory);
        }
    }
}

fn execute(server: &str, sql: &str) {
    let mut connection = PgConnection::establish(server).unwrap_or_else(|e| panic!("TEST_POSTGRES_URL: {e}"));
    sql_query(sql).execute(&mut connection).unwrap();
}

/// A running service.
pub struct TestApp {
    pub app: App,
    pub base: String,
    pub client: Client,
    pub database: TestDatabase,
}

/// How the service is served in tests: a free port, and no limit that gets in the way.
pub fn http_options() -> Options {
    Options {
        listen: "127.0.0.1:0".parse().unwrap(),
        workers: 1,
        blocking_threads: 4,
        kept_bytes: 16 * 1024 * 1024,
        rate_limit: Some(RateLimit {
            per_second: 1_000_000.try_into().unwrap(),
            burst: 1_000_000.try_into().unwrap(),
        }),
        trusted_proxies: TrustedProxies::default(),
        request_timeout: Duration::from_secs(30),
        shutdown_timeout: Duration::from_secs(5),
    }
}

/// Brings messages to this machine: that is where the targets of the tests are.
pub fn courier() -> Arc<Outbound> {
    Arc::new(Outbound::new("127.0.0.0/8".parse().unwrap(), Duration::from_millis(500)).unwrap())
}

impl TestApp {
    /// A service with the bundled charter, at [`NOW`].
    pub async fn start(database: TestDatabase) -> Self {
        Self::start_with(database, NOW, &http_options()).await
    }

    pub async fn start_with(database: TestDatabase, now: &str, options: &Options) -> Self {
        let now: DateTime<Utc> = now.parse().unwrap();
        Self::serve(database, Arc::new(move || now), options, courier()).await
    }

    /// A service at the time that a clock of the test's own tells.
    pub async fn start_at(database: TestDatabase, clock: Clock) -> Self {
        Self::serve(database, clock, &http_options(), courier()).await
    }

    /// The same, with somebody else who brings messages.
    pub async fn start_sending(database: TestDatabase, clock: Clock, courier: Arc<Outbound>) -> Self {
        Self::serve(database, clock, &http_options(), courier).await
    }

    /// The same, with a pool of the test's own.
    pub async fn start_patient(database: TestDatabase, pool: &store::Options) -> Self {
        let now: DateTime<Utc> = NOW.parse().unwrap();
        Self::serve_on(
            Store::open(pool).unwrap(),
            database,
            Arc::new(move || now),
            &http_options(),
            courier(),
        )
        .await
    }

    async fn serve(database: TestDatabase, clock: Clock, options: &Options, courier: Arc<Outbound>) -> Self {
        let store = Store::open(&database.options()).unwrap();
        Self::serve_on(store, database, clock, options, courier).await
    }

    async fn serve_on(
        store: Store,
        database: TestDatabase,
        clock: Clock,
        options: &Options,
        courier: Arc<Outbound>,
    ) -> Self {
        let app = App::new(store, clock)
            .sealing_by(KEYS.parse().unwrap())
            .sending_by(courier)
            .reached_at("https://charter.example.gov.bd/");
        app.seed().await.unwrap();
        let application = Application::build(app.clone(), options).unwrap();
        let base = format!("http://{}", application.address());
        actix_web::rt::spawn(application.run_until_stopped());
        Self {
            app,
            base,
            client: Client::new(),
            database,
        }
    }

    /// Another service on the same database, at the same time.
    pub async fn replica_of(other: &Self) -> Self {
        let database = TestDatabase {
            url: other.database.url.clone(),
            postgres: None,
            directory: None,
        };
        Self::start(database).await
    }

    /// Lets this service see what others did to its database: where the feed ends is told only then.
    pub async fn see_all(&self) {
        self.json("/v1/changes?start=latest").await;
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.base));
        request.header("X-Request-Id", "test")
    }

    pub async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await.unwrap()
    }

    /// The JSON of an answer that has to be 200.
    pub async fn json(&self, path: &str) -> Value {
        let response = self.get(path).await;
        assert_eq!(response.status(), 200, "GET {path}");
        response.json().await.unwrap()
    }

    /// The JSON of a problem with this status.
    pub async fn problem(&self, path: &str, status: u16) -> Value {
        problem(self.get(path).await, status).await
    }

    /// All entries of a list, page by page.
    pub async fn all(&self, path: &str, limit: usize) -> Vec<Value> {
        let mut items = Vec::new();
        let separator = if path.contains('?') { '&' } else { '?' };
        let mut next = format!("{path}{separator}limit={limit}");
        loop {
            let page = self.json(&next).await;
            items.extend(page["items"].as_array().unwrap().iter().cloned());
            match page["next_cursor"].as_str() {
                Some(cursor) => next = format!("{path}{separator}limit={limit}&cursor={cursor}"),
                None => return items,
            }
        }
    }
}

/// The JSON of a problem, which has to have this status and the media type of problems.
pub async fn problem(response: Response, status: u16) -> Value {
    assert_eq!(response.status(), status);
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    let problem: Value = response.json().await.unwrap();
    assert_eq!(problem["status"], status);
    assert_eq!(problem["request_id"], "test");
    problem
}

/// The code of a problem, which has to have this status.
pub async fn code_of(response: Response, status: u16) -> String {
    problem(response, status).await["code"].as_str().unwrap().to_owned()
}

/// Where the faults of a body are, and what they are.
pub async fn faults(response: Response) -> Vec<String> {
    let problem = problem(response, 422).await;
    let faults = problem["errors"].as_array().unwrap().iter();
    faults
        .map(|f| format!("{} {}", f["pointer"].as_str().unwrap(), f["code"].as_str().unwrap()))
        .collect()
}

/// A value of the query string, encoded.
pub fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// The charter that ships with the program.
pub fn khulna() -> Charter {
    let document = serde_json::from_str(include_str!("../../charters/doict-khulna.json")).unwrap();
    Charter::read(document).unwrap()
}

/// The same charter for another office, with ids of its own.
pub fn another_office(code: &str) -> Charter {
    let mut charter = khulna();
    charter.office.code = code.into();
    let id = uuid::Uuid::now_v7;
    for officer in &mut charter.officers {
        let (old, new) = (officer.id, id());
        officer.id = new;
        for service in &mut charter.services {
            for named in [&mut service.responsible_officer, &mut service.alternate_officer] {
                if named.id == old {
                    named.id = new;
                }
            }
        }
        for level in &mut charter.grievance_levels {
            if level.handler.officer_id == Some(old) {
                level.handler.officer_id = Some(new);
            }
        }
    }
    charter.services.iter_mut().for_each(|service| service.id = id());
    charter.upazila_offices.iter_mut().for_each(|office| office.id = id());
    charter
}

/// Holds a value against its snapshot, which is one and the same for both engines.
pub fn snapshot(name: &str, value: &Value) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_json_snapshot!(name, value));
}
