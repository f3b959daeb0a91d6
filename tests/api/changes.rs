//! The change feed loses nothing, and the past can be looked up.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use chrono::{DateTime, Utc};
use citizens_charter::app::App;
use citizens_charter::app::charter::ImportMode::Publish;
use citizens_charter::domain::charter::Charter;
use citizens_charter::domain::text::Text;
use citizens_charter::store::{Engine, Store};
use serde_json::{Value, json};

use crate::support::{OFFICE, TestApp, TestDatabase, another_office, khulna, on_both_engines, problem, snapshot};

/// A portal that follows the feed: what it holds, and where it is.
#[derive(Default)]
pub struct Follower {
    held: BTreeMap<(String, String), Value>,
    pub sequences: Vec<i64>,
    cursor: Option<String>,
}

impl Follower {
    /// Asks once; whether there was anything.
    pub async fn poll(&mut self, app: &TestApp, query: &str) -> bool {
        let cursor = self
            .cursor
            .as_ref()
            .map_or_else(String::new, |cursor| format!("&cursor={cursor}"));
        let page = app.json(&format!("/v1/changes?limit=17{query}{cursor}")).await;
        self.cursor = Some(page["next_cursor"].as_str().unwrap().to_owned());
        let items = page["items"].as_array().unwrap();
        for item in items {
            self.sequences.push(item["sequence"].as_i64().unwrap());
            let (kind, id) = (item["kind"].as_str().unwrap(), item["id"].as_str().unwrap());
            let key = (kind.to_owned(), id.to_owned());
            match item["op"].as_str().unwrap() {
                "deleted" => {
                    assert!(item.get(kind).is_none());
                    assert!(self.held.remove(&key).is_some(), "{item} was never there");
                }
                "created" => assert!(
                    self.held.insert(key, item[kind].clone()).is_none(),
                    "{item} was there already"
                ),
                "changed" => assert!(
                    self.held.insert(key, item[kind].clone()).is_some(),
                    "{item} was never there"
                ),
                other => panic!("{other}"),
            }
        }
        !items.is_empty()
    }

    pub async fn catch_up(&mut self, app: &TestApp, query: &str) {
        while self.poll(app, query).await {}
    }

    fn held(&self, kind: &str) -> Vec<Value> {
        let of_kind = self.held.iter().filter(|((held, _), _)| held == kind);
        sorted(of_kind.map(|(_, state)| state.clone()).collect())
    }
}

fn sorted(mut values: Vec<Value>) -> Vec<Value> {
    values.sort_by_key(|value| value["id"].to_string());
    values
}

pub async fn assert_in_step(follower: &Follower, app: &TestApp) {
    for (kind, list) in [
        ("service", "services"),
        ("officer", "officers"),
        ("upazila_office", "upazila-offices"),
    ] {
        let served = sorted(app.all(&format!("/v1/{list}"), 100).await);
        assert!(!served.is_empty() && follower.held(kind) == served, "{kind}");
    }
    let offices = app.all("/v1/offices", 100).await;
    assert_eq!(follower.held("charter").len(), offices.len());
    for office in offices {
        let code = office["code"].as_str().unwrap().to_owned();
        let charter = app.json(&format!("/v1/offices/{code}/charter")).await;
        let held = &follower.held[&("charter".to_owned(), code)];
        for (field, text) in held.as_object().unwrap() {
            assert_eq!(&charter[field], text, "{field}");
        }
    }
}

fn renamed(mut charter: Charter, name: &str) -> Charter {
    charter.title.en = name.to_owned();
    charter.services[0].name.en = name.to_owned();
    charter
}

on_both_engines! {
    async fn a_follower_ends_with_what_is_served(app: TestApp) {
        let mut follower = Follower::default();
        follower.catch_up(&app, "").await;
        assert_in_step(&follower, &app).await;
        assert_eq!(follower.sequences, (1..=38).collect::<Vec<_>>(), "the seed is in the feed");

        let mut charter = renamed(khulna(), "Second edition");
        charter.services.remove(3);
        charter.upazila_offices.pop();
        charter.officers[0].phone = "০১৭১১০০০০০০".into();
        charter.officers[0].phone_e164 = "+8801711000000".into();
        for service in &mut charter.services {
            service.responsible_officer = charter.officers[0].clone();
        }
        app.app.import_charter(charter, Publish).await.unwrap();
        follower.catch_up(&app, "").await;
        assert_in_step(&follower, &app).await;
        // the charter, an officer, the 25 services that carry him, a service and an upazila office that go
        assert_eq!(follower.sequences.len(), 38 + 29);

        let before = follower.sequences.len();
        app.app.import_charter(app.app.get_charter(OFFICE.into()).await.unwrap(), Publish).await.unwrap();
        follower.catch_up(&app, "").await;
        assert_eq!(follower.sequences.len(), before, "nothing differs, nothing is told");
    }
}

on_both_engines! {
    async fn the_feed_is_as_documented(app: TestApp) {
        let mut charter = khulna();
        let gone = charter.services.pop().unwrap();
        app.app.import_charter(charter, Publish).await.unwrap();
        let page = app.json("/v1/changes?limit=100").await;
        let items = page["items"].as_array().unwrap();
        let last = items.last().unwrap();
        assert_eq!(*last, json!({
            "sequence": 39, "kind": "service", "op": "deleted", "id": gone.id, "office": OFFICE,
            "changed_at": "2026-11-24T04:30:00Z",
        }));
        let first_of = |kind: &str| items.iter().find(|item| item["kind"] == kind).unwrap().clone();
        snapshot("changes", &json!(["charter", "officer", "service", "upazila_office"].map(first_of)));
    }
}

on_both_engines! {
    async fn the_feed_can_be_of_one_office_and_of_what_is_to_come(app: TestApp) {
        let mut latest = Follower::default();
        assert!(!latest.poll(&app, "&start=latest").await, "nothing new yet");
        let mut one = Follower::default();
        one.catch_up(&app, "&office=doict-jashore").await;
        app.app.import_charter(renamed(khulna(), "Second edition"), Publish).await.unwrap();
        app.app.import_charter(another_office("doict-jashore"), Publish).await.unwrap();
        one.catch_up(&app, "&office=doict-jashore").await;
        assert_eq!(one.sequences, (41..=78).collect::<Vec<_>>());
        let page = app.json(&format!("/v1/changes?limit=100&cursor={}", latest.cursor.unwrap())).await;
        assert_eq!(page["items"].as_array().unwrap().len(), 2 + 38);
        // a cursor is bound to its office
        let cursor = one.cursor.unwrap();
        app.problem(&format!("/v1/changes?cursor={cursor}"), 400).await;
        app.problem("/v1/changes?start=now", 400).await;
    }
}

on_both_engines! {
    async fn nothing_new_costs_a_304(app: TestApp) {
        let page = app.json("/v1/changes?limit=100").await;
        let path = format!("/v1/changes?cursor={}", page["next_cursor"].as_str().unwrap());
        let tag = app.get(&path).await.headers()["etag"].clone();
        let again = || app.request(reqwest::Method::GET, &path).header("If-None-Match", tag.clone()).send();
        assert_eq!(again().await.unwrap().status(), 304);
        app.app.import_charter(renamed(khulna(), "Second edition"), Publish).await.unwrap();
        assert_eq!(again().await.unwrap().status(), 200);
    }
}

/// Writers on several replicas publish all the while; a follower polls all the while, and ends with exactly what the
/// database holds, nothing missed, nothing twice.
async fn many_writers(engine: Engine) {
    let app = TestApp::start(TestDatabase::of(engine)).await;
    let replicas = match engine {
        // SQLite serves one process
        Engine::Sqlite => vec![app.app.clone()],
        Engine::Postgres => (0..4)
            .map(|_| App::new(Store::open(&app.database.options()).unwrap(), Arc::new(Utc::now)))
            .collect(),
    };
    let done = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let replica = replicas[writer % replicas.len()].clone();
            actix_web::rt::spawn(async move {
                let own = another_office(&format!("office-{writer}"));
                for edition in 0..6 {
                    let mut charter = renamed(own.clone(), &format!("Edition {edition}"));
                    charter.services.truncate(26 - edition * 3);
                    charter.upazila_offices.rotate_left(edition);
                    charter.upazila_offices.truncate(9 - edition);
                    replica.import_charter(charter, Publish).await.unwrap();
                    // all of them also write one and the same charter
                    let shared = renamed(khulna(), &format!("Edition {edition} of {writer}"));
                    replica.import_charter(shared, Publish).await.unwrap();
                }
            })
        })
        .collect();
    let waiting = done.clone();
    actix_web::rt::spawn(async move {
        for writer in writers {
            writer.await.unwrap();
        }
        waiting.store(true, Ordering::SeqCst);
    });
    let mut follower = Follower::default();
    let mut polls_with_news = 0;
    while !done.load(Ordering::SeqCst) {
        polls_with_news += i32::from(follower.poll(&app, "").await);
    }
    app.see_all().await;
    follower.catch_up(&app, "").await;
    assert!(polls_with_news > 0, "the follower ran beside the writers");
    let last = i64::try_from(follower.sequences.len()).unwrap();
    assert_eq!(follower.sequences, (1..=last).collect::<Vec<_>>());
    assert_in_step(&follower, &app).await;
}

#[actix_web::test]
async fn many_writers_on_sqlite() {
    many_writers(Engine::Sqlite).await;
}

#[actix_web::test]
async fn many_writers_on_postgres() {
    many_writers(Engine::Postgres).await;
}

/// A service whose clock the test sets.
async fn with_clock(database: TestDatabase, now: &str) -> (TestApp, Arc<AtomicI64>) {
    let now: DateTime<Utc> = now.parse().unwrap();
    let clock = Arc::new(AtomicI64::new(now.timestamp()));
    let told = clock.clone();
    let app = TestApp::start_at(
        database,
        Arc::new(move || DateTime::from_timestamp(told.load(Ordering::SeqCst), 0).unwrap()),
    )
    .await;
    (app, clock)
}

async fn the_past_can_be_looked_up(engine: Engine) {
    let (app, clock) = with_clock(TestDatabase::of(engine), "2026-11-24T04:30:00Z").await;
    let id = khulna().services[0].id;
    let gone = khulna().services[25].id;
    // half past midnight in Dhaka, so that the change is of the 27th
    clock.store(
        "2026-11-26T18:30:00Z".parse::<DateTime<Utc>>().unwrap().timestamp(),
        Ordering::SeqCst,
    );
    let mut second = renamed(khulna(), "Second edition");
    second.services.pop();
    second.services.swap(0, 1);
    second.vision = Text::new("নতুন ভিশন", "A new vision");
    app.app.import_charter(second.clone(), Publish).await.unwrap();

    let charter = async |day: &str| app.json(&format!("/v1/offices/{OFFICE}/charter?as_of={day}")).await;
    assert_eq!(charter("2026-11-24").await, json!(khulna()));
    assert_eq!(charter("2026-11-26").await, json!(khulna()));
    assert_eq!(charter("2026-11-27").await["vision"]["en"], "A new vision");
    assert_eq!(charter("2026-11-27").await["services"].as_array().unwrap().len(), 25);
    app.problem(&format!("/v1/offices/{OFFICE}/charter?as_of=2026-11-23"), 404)
        .await;
    app.problem(&format!("/v1/offices/{OFFICE}/charter?as_of=1999-01-01"), 400)
        .await;

    let service = async |day: &str| app.json(&format!("/v1/services/{id}?as_of={day}")).await;
    assert_eq!(service("2026-11-26").await["version"], 1);
    assert_eq!(service("2026-11-27").await["version"], 2);
    assert_eq!(
        service("2027-01-01").await,
        app.json(&format!("/v1/services/{id}")).await
    );
    app.json(&format!("/v1/services/{gone}?as_of=2026-11-26")).await;
    app.problem(&format!("/v1/services/{gone}?as_of=2026-11-27"), 404).await;

    let versions = app.all(&format!("/v1/services/{id}/versions"), 1).await;
    assert_eq!(versions.len(), 2);
    assert_eq!(versions[0], service("2026-11-24").await);
    assert_eq!(versions[1]["name"]["en"], "Second edition");
    assert_eq!(
        app.all(&format!("/v1/services/{gone}/versions"), 50).await.len(),
        1,
        "also of one that is gone"
    );
    let unknown = app
        .get("/v1/services/00000000-0000-7000-8000-000000000000/versions")
        .await;
    assert_eq!(problem(unknown, 404).await["code"], "not_found");
}

#[actix_web::test]
async fn the_past_can_be_looked_up_on_sqlite() {
    the_past_can_be_looked_up(Engine::Sqlite).await;
}

#[actix_web::test]
async fn the_past_can_be_looked_up_on_postgres() {
    the_past_can_be_looked_up(Engine::Postgres).await;
}

on_both_engines! {
    /// A database that is older than the feed tells all it holds as created, once.
    async fn an_older_database_is_told_whole(app: TestApp) {
        app.app.store().write(|connection| {
            use diesel::connection::SimpleConnection as _;
            connection.batch_execute("DELETE FROM changes; UPDATE change_counter SET last_sequence = 0").unwrap();
            Ok::<(), citizens_charter::app::Error>(())
        }).await.unwrap();
        for _ in 0..2 {
            app.app.seed().await.unwrap();
            let mut follower = Follower::default();
            follower.catch_up(&app, "").await;
            assert_eq!(follower.sequences.len(), 38);
            assert_in_step(&follower, &app).await;
        }
    }
}
