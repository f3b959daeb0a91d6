//! Upkeep: entries that are created, changed and retired one by one, in the state that whoever writes has seen.

use citizens_charter::app::App;
use citizens_charter::http::Application;
use citizens_charter::store::{Engine, Store};
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{Nullable, Text};
use diesel::{Connection as _, PgConnection, RunQueryDsl, sql_query};
use futures_util::future::join_all;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::people::Who;
use crate::support::{OFFICE, TestApp, TestDatabase, http_options, khulna, on_both_engines, problem};

/// A new service of the office, under a serial.
pub fn new_service(serial: i32) -> Value {
    let charter = khulna();
    let mut service = json!(charter.services[0]);
    service.as_object_mut().unwrap().remove("id");
    service["office"] = json!(OFFICE);
    service["serial"] = json!(serial);
    service["name"] = json!({"bn": "নতুন সেবা", "en": "A new service"});
    service["responsible_officer"] = json!({"id": charter.officers[0].id});
    service["alternate_officer"] = json!({"id": charter.officers[1].id});
    service
}

/// The faults of a refused body: the pointer and the code of each.
async fn faults(response: Response) -> Vec<String> {
    let problem = problem(response, 422).await;
    assert_eq!(problem["code"], "invalid_body", "{problem}");
    let faults = problem["errors"].as_array().unwrap().iter();
    faults
        .map(|fault| {
            format!(
                "{} {}",
                fault["pointer"].as_str().unwrap(),
                fault["code"].as_str().unwrap()
            )
        })
        .collect()
}

fn tag_of(response: &Response) -> String {
    response.headers()["etag"].to_str().unwrap().to_owned()
}

on_both_engines! {
    async fn a_service_is_created_changed_and_retired(app: TestApp) {
        let token = app.token(Who::Officer).await;
        let response = app.write(Method::POST, "/v1/services", &token, new_service(8)).await;
        assert_eq!(response.status(), 201);
        assert_eq!(response.headers()["cache-control"], "no-store");
        let path = response.headers()["location"].to_str().unwrap().to_owned();
        let tag = tag_of(&response);
        let created: Value = response.json().await.unwrap();
        assert_eq!(path, format!("/v1/services/{}", created["id"].as_str().unwrap()));
        assert_eq!(app.read(&path).await, (created.clone(), tag.clone()), "it is served as it was answered");
        assert_eq!(created["responsible_officer"], json!(khulna().officers[0]), "officers are written out");
        let in_charter = app.json(&format!("/v1/offices/{OFFICE}/charter")).await["services"][7]["id"].clone();
        assert_eq!(in_charter, created["id"], "behind the seventh of the citizens' services");
        assert_eq!(app.all("/v1/services?q=new+service", 100).await.len(), 1);

        let mut changed = created.clone();
        changed["name"]["en"] = json!("Another name");
        let response = app.replace(&path, &token, &tag, &changed).await;
        assert_eq!(response.status(), 200);
        let second = tag_of(&response);
        let answer: Value = response.json().await.unwrap();
        assert_eq!((&answer["version"], &answer["name"]["en"]), (&json!(2), &json!("Another name")));
        assert_eq!(app.read(&path).await, (answer.clone(), second.clone()));
        assert_eq!(app.all(&format!("{path}/versions"), 100).await, [created, answer]);
        assert_eq!(app.all("/v1/services?q=another+name", 100).await.len(), 1, "search follows");

        assert_eq!(app.delete(&path, &token, &second).await.status(), 204);
        app.problem(&path, 404).await;
        assert_eq!(app.all(&format!("{path}/versions"), 100).await.len(), 2, "what was promised stays known");
        let feed = app.json("/v1/changes?limit=100").await;
        let ops: Vec<&Value> = feed["items"].as_array().unwrap()[38..].iter().map(|item| &item["op"]).collect();
        assert_eq!(ops, ["created", "changed", "deleted"]);
        assert_eq!(app.delete(&path, &token, &second).await.status(), 404);
        assert_eq!(app.app.get_charter(OFFICE.into()).await.unwrap(), khulna());
    }
}

on_both_engines! {
    async fn the_state_that_is_replaced_has_to_be_named(app: TestApp) {
        let token = app.token(Who::Officer).await;
        let path = format!("/v1/services/{}", khulna().services[0].id);
        let (mut service, tag) = app.read(&path).await;
        service["serial"] = json!(99);
        for (method, body) in [(Method::PUT, Some(&service)), (Method::DELETE, None)] {
            let request = |condition: Option<(&str, &str)>| {
                let mut request = app.signed(method.clone(), &path, &token);
                if let Some((name, value)) = condition {
                    request = request.header(name, value);
                }
                if let Some(body) = body {
                    request = request.json(body);
                }
                request.send()
            };
            let without = request(None).await.unwrap();
            assert_eq!(problem(without, 428).await["code"], "precondition_required");
            for stale in ["\"stale\"", &format!("W/{tag}"), "\"a\", \"b\""] {
                let refused = request(Some(("If-Match", stale))).await.unwrap();
                assert_eq!(tag_of(&refused), tag, "the state that it is in");
                assert_eq!(problem(refused, 412).await["code"], "version_mismatch");
            }
            let absent = request(Some(("If-None-Match", "*"))).await.unwrap();
            assert_eq!(problem(absent, 412).await["code"], "version_mismatch");
            let nonsense = request(Some(("If-Match", "nonsense"))).await.unwrap();
            assert_eq!(problem(nonsense, 400).await["errors"][0]["pointer"], "/header/If-Match");
        }
        assert_eq!(app.read(&path).await.1, tag, "nothing has changed");
        // an answer that came compressed names the same state
        let packed = app.request(Method::GET, &path).header("Accept-Encoding", "gzip").send().await.unwrap();
        let packed = tag_of(&packed);
        assert!(packed.ends_with("-gzip\""), "{packed}");
        assert_eq!(app.replace(&path, &token, &packed, &service).await.status(), 200);
        assert_eq!(app.replace(&path, &token, &tag, &service).await.status(), 412, "the state of before is gone");
        assert_eq!(app.replace(&path, &token, "*", &service).await.status(), 200, "whatever state it is in");
    }
}

/// Officers on several replicas change one entry at once: one wins, all others are told.
async fn of_many_one_wins(engine: Engine) {
    let app = TestApp::start(TestDatabase::of(engine)).await;
    let token = app.token(Who::Officer).await;
    let replicas: Vec<String> = match engine {
        Engine::Sqlite => vec![app.base.clone()],
        Engine::Postgres => (0..3).map(|_| replica_of(&app)).collect(),
    };
    let path = format!("/v1/services/{}", khulna().services[0].id);
    for round in 1..=3 {
        let (service, tag) = app.read(&path).await;
        let writes = (0..20).map(|i| {
            let mut service = service.clone();
            service["name"]["en"] = json!(format!("By writer {i} in round {round}"));
            let url = format!("{}{path}", replicas[i % replicas.len()]);
            app.client
                .put(url)
                .bearer_auth(&token)
                .header("If-Match", &tag)
                .json(&service)
                .send()
        });
        let mut won = Vec::new();
        for answer in join_all(writes).await {
            let answer = answer.unwrap();
            match answer.status().as_u16() {
                200 => won.push(answer.json::<Value>().await.unwrap()),
                412 => assert_ne!(tag_of(&answer), tag),
                other => panic!("{other}"),
            }
        }
        assert_eq!(won.len(), 1);
        app.see_all().await;
        assert_eq!(won[0], app.read(&path).await.0);
        assert_eq!(won[0]["version"], round + 1);
    }
}

/// Another replica on the same database, and where it is.
fn replica_of(app: &TestApp) -> String {
    let replica = App::new(Store::open(&app.database.options()).unwrap(), fixed_clock(app));
    let application = Application::build(replica, &http_options()).unwrap();
    let base = format!("http://{}", application.address());
    actix_web::rt::spawn(application.run_until_stopped());
    base
}

/// The clock of a service of the tests stands still; that of its replicas too.
fn fixed_clock(app: &TestApp) -> citizens_charter::app::Clock {
    let now = app.app.now();
    std::sync::Arc::new(move || now)
}

#[actix_web::test]
async fn of_many_one_wins_on_sqlite() {
    of_many_one_wins(Engine::Sqlite).await;
}

#[actix_web::test]
async fn of_many_one_wins_on_postgres() {
    of_many_one_wins(Engine::Postgres).await;
}

on_both_engines! {
    async fn every_fault_is_named_by_its_place(app: TestApp) {
        let token = app.token(Who::Officer).await;
        let create = |body: Value| app.write(Method::POST, "/v1/services", &token, body);
        let with = |change: fn(&mut Value)| {
            let mut service = new_service(8);
            change(&mut service);
            service
        };
        let mut told = faults(create(with(|s| {
            s["name"]["bn"] = json!(" ");
            s["serial"] = json!("eight");
            s["category"] = json!("royal");
            s["colour"] = json!("green");
            s["fee"]["colour"] = json!("green");
            s.as_object_mut().unwrap().remove("documents");
        })).await).await;
        told.sort();
        assert_eq!(told, [
            "/category unknown_value", "/colour unknown_field", "/documents required", "/fee/colour unknown_field",
            "/name/bn blank", "/serial wrong_type",
        ]);
        let told = faults(create(with(|s| {
            s["time_limit"]["kind"] = json!("working_days");
            s["time_limit"]["working_days"] = json!(3);
            s["fee"]["kind"] = json!("fixed");
        })).await).await;
        assert!(told.contains(&"/fee/amount_bdt required".to_owned()), "{told:?}");
        assert!(told.iter().any(|fault| fault.starts_with("/time_limit/")), "{told:?}");
        assert_eq!(faults(create(with(|s| s["serial"] = json!(1))).await).await, ["/serial duplicate"]);
        assert_eq!(faults(create(with(|s| s["id"] = json!(khulna().services[0].id))).await).await, ["/id read_only"]);
        assert_eq!(faults(create(with(|s| { s.as_object_mut().unwrap().remove("office"); })).await).await, ["/office required"]);
        assert_eq!(faults(create(with(|s| s["responsible_officer"]["id"] = json!("00000000-0000-7000-8000-000000000000"))).await).await,
            ["/responsible_officer/id unknown_officer"]);
        assert_eq!(faults(create(with(|s| s["name"]["en"] = json!("a\u{0}b"))).await).await, ["/name/en control_character"]);
        let admin = app.token(Who::Administrator).await;
        let nowhere = app.write(Method::POST, "/v1/services", &admin, with(|s| s["office"] = json!("doict-dhaka"))).await;
        assert_eq!(faults(nowhere).await, ["/office unknown_office"]);

        let raw = |media: &str, body: &str| {
            app.signed(Method::POST, "/v1/services", &token).header("Content-Type", media).body(body.to_owned()).send()
        };
        for body in ["", "{", "nonsense", "{} {}", "[[[[", &"[".repeat(100_000)] {
            assert_eq!(problem(raw("application/json", body).await.unwrap(), 400).await["code"], "invalid_json");
        }
        for media in ["text/plain", "application/xml", "application/x-www-form-urlencoded", "application/merge-patch+json"] {
            assert_eq!(problem(raw(media, "{}").await.unwrap(), 415).await["code"], "unsupported_media_type");
        }
        let charset = raw("application/json; charset=utf-8", &new_service(8).to_string()).await.unwrap();
        assert_eq!(charset.status(), 201);
        let twice = raw("application/json", "{\"serial\": 1, \"serial\": 2}").await.unwrap();
        assert_eq!(faults(twice).await, ["/serial duplicate"]);
        assert_eq!(app.all("/v1/services", 100).await.len(), 27, "nothing is stored half");
    }
}

on_both_engines! {
    async fn an_officer_is_changed_in_one_place_and_shows_in_all(app: TestApp) {
        let token = app.token(Who::Officer).await;
        let path = format!("/v1/officers/{}", khulna().officers[1].id);
        let (mut officer, tag) = app.read(&path).await;
        // Bangla digits, and the form to dial follows
        officer["phone"] = json!("০১৭১১-০০০০০০");
        officer.as_object_mut().unwrap().remove("phone_e164");
        let changed: Value = app.replace(&path, &token, &tag, &officer).await.json().await.unwrap();
        assert_eq!(changed["phone_e164"], "+8801711000000");
        for service in app.all("/v1/services", 100).await {
            assert_eq!(service["alternate_officer"]["phone_e164"], "+8801711000000");
            assert_eq!(service["version"], 2);
        }
        let (_, tag) = app.read(&path).await;
        let named = problem(app.delete(&path, &token, &tag).await, 409).await;
        assert_eq!(named["code"], "conflict");
        assert!(named["detail"].as_str().unwrap().contains("Services name this officer"), "{named}");

        let mut new = json!(khulna().officers[0]);
        new.as_object_mut().unwrap().remove("id");
        new["office"] = json!(OFFICE);
        new["phone"] = json!("no number");
        assert_eq!(faults(app.write(Method::POST, "/v1/officers", &token, new.clone()).await).await, ["/phone invalid_format"]);
        new["phone"] = json!("০১৭১১০০০০০১");
        assert_eq!(faults(app.write(Method::POST, "/v1/officers", &token, new.clone()).await).await, ["/phone_e164 contradicts_phone"]);
        new["phone_e164"] = json!("+8801711000001");
        let created = app.write(Method::POST, "/v1/officers", &token, new).await;
        assert_eq!(created.status(), 201);
        let path = created.headers()["location"].to_str().unwrap().to_owned();
        let tag = tag_of(&created);
        assert_eq!(app.delete(&path, &token, &tag).await.status(), 204);
        app.problem(&path, 404).await;
    }
}

on_both_engines! {
    async fn an_upazila_office_is_kept_alike(app: TestApp) {
        let token = app.token(Who::Officer).await;
        let new = |serial: i32| json!({"office": OFFICE, "serial": serial, "name": {"bn": "নতুন উপজেলা", "en": "New Upazila"}});
        assert_eq!(faults(app.write(Method::POST, "/v1/upazila-offices", &token, new(9)).await).await, ["/serial duplicate"]);
        let created = app.write(Method::POST, "/v1/upazila-offices", &token, new(10)).await;
        assert_eq!(created.status(), 201);
        let path = created.headers()["location"].to_str().unwrap().to_owned();
        let (mut entry, tag) = app.read(&path).await;
        assert!(entry.get("website").is_none());
        entry["website"] = json!("http://new.khulna.gov.bd");
        let changed = app.replace(&path, &token, &tag, &entry).await;
        let tag = tag_of(&changed);
        assert_eq!(changed.json::<Value>().await.unwrap()["website"], "http://new.khulna.gov.bd");
        entry["office"] = json!("doict-jashore");
        assert_eq!(faults(app.replace(&path, &token, &tag, &entry).await).await, ["/office read_only"]);
        assert_eq!(app.delete(&path, &token, &tag).await.status(), 204);
        assert_eq!(app.app.get_charter(OFFICE.into()).await.unwrap(), khulna());
    }
}

#[derive(QueryableByName)]
struct Hand {
    #[diesel(sql_type = Nullable<Text>)]
    changed_by: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    changed_as: Option<String>,
}

on_both_engines! {
    /// Every act records who acted and in which role; the public feed does not tell.
    async fn who_changed_something_is_recorded_and_not_served(app: TestApp) {
        let token = app.token(Who::Officer).await;
        let account = app.app.find_account(&Who::Officer.email()).await.unwrap().id;
        app.write(Method::POST, "/v1/services", &token, new_service(8)).await;
        let query = sql_query("SELECT changed_by, changed_as FROM changes WHERE sequence IN (1, 39) ORDER BY sequence");
        let hands: Vec<Hand> = match app.database.sqlite_connection() {
            Some(mut connection) => query.load(&mut connection).unwrap(),
            None => query.load(&mut PgConnection::establish(&app.database.url).unwrap()).unwrap(),
        };
        assert_eq!((&hands[0].changed_by, &hands[0].changed_as), (&None, &None), "the seed is nobody's");
        assert_eq!(hands[1].changed_by, Some(account.to_string()));
        assert_eq!(hands[1].changed_as.as_deref(), Some("officer"));
        let feed = app.get("/v1/changes?limit=100").await.text().await.unwrap();
        assert!(!feed.contains(&account.to_string()));
    }
}

/// A portal follows while officers write through several replicas: it ends with what is served, nothing missed or twice.
#[actix_web::test]
async fn a_follower_keeps_in_step_with_officers_on_replicas() {
    let app = TestApp::start(TestDatabase::postgres()).await;
    let token = app.token(Who::Officer).await;
    let replicas: Vec<String> = (0..3).map(|_| replica_of(&app)).collect();
    let writers: Vec<_> = (0..6)
        .map(|writer| {
            let (client, base, token) = (app.client.clone(), replicas[writer % 3].clone(), token.clone());
            actix_web::rt::spawn(async move {
                for round in 0..5 {
                    let serial = i32::try_from(100 + writer * 10 + round).unwrap();
                    let request = client.post(format!("{base}/v1/services")).bearer_auth(&token);
                    let created = request.json(&new_service(serial)).send().await.unwrap();
                    assert_eq!(created.status(), 201);
                    let url = format!("{base}{}", created.headers()["location"].to_str().unwrap());
                    let mut tag = tag_of(&created);
                    let mut entry: Value = created.json().await.unwrap();
                    entry["name"]["en"] = json!(format!("By writer {writer} in round {round}"));
                    let put = client
                        .put(&url)
                        .bearer_auth(&token)
                        .header("If-Match", &tag)
                        .json(&entry);
                    let changed = put.send().await.unwrap();
                    assert_eq!(changed.status(), 200);
                    tag = tag_of(&changed);
                    if round % 2 == 0 {
                        let delete = client.delete(&url).bearer_auth(&token).header("If-Match", &tag);
                        assert_eq!(delete.send().await.unwrap().status(), 204);
                    }
                }
            })
        })
        .collect();
    let mut follower = crate::changes::Follower::default();
    let done = join_all(writers);
    futures_util::pin_mut!(done);
    loop {
        follower.poll(&app, "").await;
        if let futures_util::future::Either::Left((finished, _)) =
            futures_util::future::select(&mut done, Box::pin(actix_web::rt::task::yield_now())).await
        {
            finished.into_iter().for_each(|writer| writer.unwrap());
            break;
        }
    }
    app.see_all().await;
    follower.catch_up(&app, "").await;
    let changes = 38 + 6 * (5 + 5 + 3);
    assert_eq!(follower.sequences, (1..=changes).collect::<Vec<i64>>());
    crate::changes::assert_in_step(&follower, &app).await;
}
