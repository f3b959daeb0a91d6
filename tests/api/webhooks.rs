//! Webhooks: told in order, signed, again and again for three days, by as many replicas as there are.

use std::sync::Arc;

use base64::Engine as _;
use chrono::{DateTime, TimeDelta};
use citizens_charter::app::App;
use citizens_charter::store::{Engine, Store};
use reqwest::Method;
use serde_json::{Value, json};

use crate::case_history::tamper;
use crate::complainants::{about_the_office, form};
use crate::people::{ANOTHER_OFFICE, Who, with_clock};
use crate::service_requests::service_of;
use crate::support::{OFFICE, TestApp, TestDatabase, another_office, courier, khulna};
use crate::webhook_target::{Got, HANGS, Target, signed_by};

/// A webhook with its secret, of somebody.
pub async fn subscribe(app: &TestApp, token: &str, subscription: Value) -> (String, String) {
    let made = app.write(Method::POST, "/v1/webhooks", token, subscription).await;
    assert_eq!(made.status(), 201);
    let made: Value = made.json().await.unwrap();
    let path = format!("/v1/webhooks/{}", made["id"].as_str().unwrap());
    let secret = rotate(app, token, &path).await;
    (path, secret)
}

async fn rotate(app: &TestApp, token: &str, path: &str) -> String {
    let secret = app
        .signed(Method::POST, &format!("{path}/secret"), token)
        .send()
        .await
        .unwrap();
    let secret: Value = secret.json().await.unwrap();
    secret["secret"].as_str().unwrap().to_owned()
}

/// Sends until nothing is due.
async fn send_all(app: &App) -> usize {
    let mut sent = 0;
    loop {
        match app.send_due_messages().await.unwrap() {
            0 => return sent,
            n => sent += n,
        }
    }
}

async fn file_as_client(app: &TestApp, token: &str, days: Option<i32>) -> Value {
    app.file_as(token, json!({"service_id": service_of(days)})).await
}

async fn a_client_is_told_of_its_own_cases_in_order(engine: Engine) {
    let (app, clock) = with_clock(TestDatabase::of(engine)).await;
    let target = Target::default();
    let url = target.start();
    let client = app.token(Who::Client).await;
    let (path, secret) = subscribe(&app, &client, json!({"url": url, "events": ["case_changed"]})).await;
    let receipt = file_as_client(&app, &client, Some(5)).await;
    // not theirs: filed by a citizen, or by somebody who is not to be known
    app.file(json!({})).await;
    let mut unknown = crate::complainants::anonymous();
    unknown["subject"] = json!("Unknown");
    assert_eq!(app.complain_as(&client, unknown).await.status(), 201);
    let officer = app.token(Who::Officer).await;
    app.act(
        &receipt,
        &officer,
        json!({"action": "add_note", "note": "For us only."}),
    )
    .await;
    app.act(
        &receipt,
        &officer,
        json!({"action": "request_information", "message": "Which month?"}),
    )
    .await;
    app.by_code(&receipt, "information", json!({"message": "October, says Rahima."}))
        .await;
    assert_eq!(send_all(&app.app).await, 3);
    let got = target.got();
    let told: Vec<&Value> = got.iter().map(|got| &got.body["data"]["event"]["action"]).collect();
    assert_eq!(told, ["file", "request_information", "provide_information"]);
    for message in &got {
        assert_eq!(
            (&message.body["type"], &message.body["data"]["case_id"]),
            (&json!("case_changed"), &receipt["id"])
        );
        assert_eq!(message.body["data"]["kind"], "service_request");
        assert_eq!(message.timestamp, clock.now().timestamp());
        assert!(signed_by(&secret, message), "{message:?}");
        for private in [
            "Rahima",
            "For us only",
            "রহিমা",
            receipt["tracking_code"].as_str().unwrap(),
        ] {
            assert!(!message.raw.contains(private), "{private}");
        }
    }
    assert_eq!(got[1].body["data"]["event"]["message"], "Which month?");
    // the day moves with the calendar, and the client is told why
    let admin = app.token(Who::Administrator).await;
    let closed = json!({
        "kind": "holiday", "name": {"bn": "ছুটি", "en": "Holiday"}, "source": {"bn": "আদেশ", "en": "Order"},
    });
    let day = "/v1/calendar/days/2026-11-30";
    assert_eq!(app.replace(day, &admin, "*", &closed).await.status(), 200);
    assert_eq!(send_all(&app.app).await, 1);
    let moved = target.got().remove(0);
    assert_eq!(moved.body["data"]["event"]["action"], "due_day_moved");
    assert_eq!(
        moved.body["data"]["event"]["because"]["en"],
        "2026-11-30 is a holiday now (Holiday)."
    );
    // a grievance, and a new secret: both sign for a day
    let by_name = app
        .signed(Method::POST, "/v1/grievances", &client)
        .json(&form(about_the_office()))
        .send()
        .await
        .unwrap();
    assert_eq!(by_name.status(), 201);
    let new_secret = rotate(&app, &client, &path).await;
    assert_eq!(send_all(&app.app).await, 1);
    let filed = target.got().remove(0);
    assert_eq!(filed.body["data"]["kind"], "grievance");
    assert!(signed_by(&secret, &filed) && signed_by(&new_secret, &filed));
    clock.advance(TimeDelta::hours(25));
    let client = again(&app, &client).await;
    let tested = app
        .signed(Method::POST, &format!("{path}/test"), &client)
        .send()
        .await
        .unwrap();
    assert_eq!(tested.status(), 200);
    assert_eq!(send_all(&app.app).await, 1);
    let test = target.got().remove(0);
    assert_eq!((&test.body["type"], &test.body["data"]), (&json!("test"), &json!({})));
    assert!(!signed_by(&secret, &test) && signed_by(&new_secret, &test));
}

/// The client's token later on: one lasts a quarter of an hour.
async fn again(app: &TestApp, token: &str) -> String {
    let claims = token.split('.').nth(1).unwrap();
    let claims = base64::prelude::BASE64_URL_SAFE_NO_PAD.decode(claims).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    let id = claims["sub"].as_str().unwrap();
    let admin = app.token(Who::Administrator).await;
    let secret = app
        .signed(Method::POST, &format!("/v1/clients/{id}/secret"), &admin)
        .send()
        .await
        .unwrap();
    let secret: Value = secret.json().await.unwrap();
    let form = format!(
        "grant_type=client_credentials&client_id={id}&client_secret={}",
        secret["client_secret"].as_str().unwrap()
    );
    let token: Value = app.ask_for_token(&form).send().await.unwrap().json().await.unwrap();
    token["access_token"].as_str().unwrap().to_owned()
}

async fn what_is_not_taken_is_sent_again(engine: Engine) {
    let (app, clock) = with_clock(TestDatabase::of(engine)).await;
    let target = Target::default();
    let url = target.start();
    let client = app.token(Who::Client).await;
    let (path, _) = subscribe(&app, &client, json!({"url": url, "events": ["case_changed"]})).await;
    let first = file_as_client(&app, &client, Some(5)).await;
    let other = file_as_client(&app, &client, Some(5)).await;
    app.by_code(&first, "withdrawal", json!({})).await;
    // a target that fails holds up its own case, and no other; redirects lead nowhere, and who hangs is hung up on
    target.will_answer(&[500, 204, 302, HANGS]);
    assert_eq!(send_all(&app.app).await, 2);
    let got = target.got();
    let case = |got: &Got| got.body["data"]["case_id"].clone();
    let mut cases: Vec<Value> = got.iter().map(case).collect();
    cases.sort_by_key(Value::to_string);
    let mut both = vec![first["id"].clone(), other["id"].clone()];
    both.sort_by_key(Value::to_string);
    assert_eq!(cases, both);
    assert_eq!(send_all(&app.app).await, 0, "it pauses");
    let held = got[0].clone();
    for (pause, failure) in [
        (5, "The target did not take it."),
        (30, "The target did not answer in time."),
    ] {
        clock.advance(TimeDelta::seconds(pause));
        assert_eq!(send_all(&app.app).await, 1);
        let again = target.got().remove(0);
        assert_eq!((&again.id, &again.raw), (&held.id, &held.raw), "the same message");
        let shown = app.seen(&format!("{path}/deliveries"), &client).await;
        let shown = shown["items"].as_array().unwrap().iter();
        let pending = shown.clone().find(|item| item["id"] == *held.id).unwrap();
        assert_eq!(
            (&pending["state"], &pending["failure"]),
            (&json!("pending"), &json!(failure))
        );
    }
    clock.advance(TimeDelta::seconds(120));
    let sent = send_all(&app.app).await;
    let told: Vec<String> = target
        .got()
        .iter()
        .map(|got| got.body["data"]["event"]["action"].as_str().unwrap().to_owned())
        .collect();
    // what was held up is taken, and what waited behind it follows
    assert!(told.contains(&"file".to_owned()), "{sent} {told:?}");
    if held.body["data"]["case_id"] == first["id"] {
        assert_eq!(told, ["file", "withdraw"]);
    }
    // replayed at will
    let replay = format!("{path}/deliveries/{}/replay", held.id);
    let replayed = app.signed(Method::POST, &replay, &client).send().await.unwrap();
    assert_eq!(replayed.status(), 200);
    assert_eq!(send_all(&app.app).await, 1);
    assert_eq!(target.got()[0].raw, held.raw);
    // what cannot be told any more holds up nobody
    let (gone, next) = (
        file_as_client(&app, &client, Some(5)).await,
        file_as_client(&app, &client, Some(5)).await,
    );
    tamper(
        &app.database,
        &format!(
            "DELETE FROM case_events WHERE case_id = '{}'",
            gone["id"].as_str().unwrap()
        ),
    );
    assert_eq!(send_all(&app.app).await, 1);
    assert_eq!(target.got()[0].body["data"]["case_id"], next["id"]);
    let shown = app.seen(&format!("{path}/deliveries"), &client).await;
    let lost = shown["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|item| item["topic"] == gone["id"])
        .unwrap();
    assert_eq!(
        (&lost["state"], &lost["failure"]),
        (&json!("failed"), &json!("What it told of is gone."))
    );
    let unknown = format!("{path}/deliveries/msg_999999/replay");
    assert_eq!(
        app.signed(Method::POST, &unknown, &client)
            .send()
            .await
            .unwrap()
            .status(),
        404
    );
}

async fn after_three_days_it_is_given_up(engine: Engine) {
    let (app, clock) = with_clock(TestDatabase::of(engine)).await;
    let target = Target::default();
    let url = target.start();
    let client = app.token(Who::Client).await;
    let (path, _) = subscribe(&app, &client, json!({"url": url, "events": ["case_changed"]})).await;
    let receipt = file_as_client(&app, &client, Some(5)).await;
    app.by_code(&receipt, "withdrawal", json!({})).await;
    let began = clock.now();
    let mut tries = 0;
    loop {
        target.will_answer(&[503]);
        if app.app.send_due_messages().await.unwrap() == 0 {
            break;
        }
        tries += 1;
        let client = again(&app, &client).await;
        let shown = app.seen(&format!("{path}/deliveries"), &client).await;
        let first = shown["items"].as_array().unwrap().last().unwrap().clone();
        match first["next_attempt_at"].as_str() {
            None => {
                assert_eq!((&first["state"], &first["status"]), (&json!("failed"), &json!(503)));
                break;
            }
            Some(next) => {
                let next: DateTime<chrono::Utc> = next.parse().unwrap();
                clock.advance(next - clock.now());
            }
        }
    }
    assert!((10..30).contains(&tries), "{tries}");
    assert!(clock.now() - began <= TimeDelta::days(3));
    let client = again(&app, &client).await;
    let disabled = app.seen(&path, &client).await;
    assert_eq!(
        (&disabled["disabled"], &disabled["disabled_reason"]),
        (&json!(true), &json!("A message was not taken for 3 days."))
    );
    assert_eq!(send_all(&app.app).await, 0);
    // enabled again it goes on with what waited
    target.got();
    target.answers.lock().unwrap().clear();
    let enabled = app
        .signed(Method::POST, &format!("{path}/enable"), &client)
        .send()
        .await
        .unwrap();
    let enabled: Value = enabled.json().await.unwrap();
    assert_eq!(
        (&enabled["disabled"], &enabled["disabled_reason"]),
        (&json!(false), &Value::Null)
    );
    assert_eq!(send_all(&app.app).await, 1);
    assert_eq!(target.got()[0].body["data"]["event"]["action"], "withdraw");
    // a target that is gone says so once
    let another = file_as_client(&app, &client, Some(5)).await;
    target.will_answer(&[410]);
    assert_eq!(send_all(&app.app).await, 1);
    assert_eq!(
        app.seen(&path, &client).await["disabled_reason"],
        "The target said that it is gone."
    );
    app.by_code(&another, "withdrawal", json!({})).await;
    assert_eq!(send_all(&app.app).await, 0);
}

/// Three replicas work off one outbox: each message is sent once, and those about one thing in their order.
async fn replicas_share_the_work(engine: Engine) {
    let (app, _) = with_clock(TestDatabase::of(engine)).await;
    let target = Target::default();
    let url = target.start();
    let admin = app.token(Who::Administrator).await;
    let subscription = json!({"url": url, "events": ["charter_changed"]});
    subscribe(&app, &admin, subscription).await;
    let only = json!({"url": url, "events": ["charter_changed"], "office": OFFICE});
    let (path, _) = subscribe(&app, &admin, only).await;
    let published = app
        .signed(Method::PUT, &format!("/v1/offices/{ANOTHER_OFFICE}/charter"), &admin)
        .header("If-None-Match", "*")
        .json(&another_office(ANOTHER_OFFICE))
        .send()
        .await
        .unwrap();
    assert_eq!(published.status(), 201);
    let service = format!("/v1/services/{}", khulna().services[0].id);
    let (mut entry, tag) = app.read(&service).await;
    entry["name"]["en"] = json!("Renamed");
    assert_eq!(app.replace(&service, &admin, &tag, &entry).await.status(), 200);
    let replica = || {
        let store = match engine {
            // one file has one writer
            Engine::Sqlite => app.app.store().clone(),
            Engine::Postgres => Store::open(&app.database.options()).unwrap(),
        };
        let now = app.app.now();
        App::new(store, Arc::new(move || now)).sending_by(courier())
    };
    let replicas = [replica(), replica(), replica()];
    let sent: usize = futures_util::future::join_all(replicas.iter().map(send_all))
        .await
        .into_iter()
        .sum();
    // its charter's own texts, 2 officers, 26 services, 9 upazila offices; and one service, told twice
    assert_eq!(sent, 38 + 2);
    let got = target.got();
    assert_eq!(got.len(), sent);
    let mut ids: Vec<&str> = got.iter().map(|got| &*got.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), sent, "none twice");
    let of_jashore = got.iter().filter(|got| got.body["data"]["office"] == ANOTHER_OFFICE);
    let sequences: Vec<i64> = of_jashore
        .map(|got| got.body["data"]["sequence"].as_i64().unwrap())
        .collect();
    assert!(sequences.is_sorted() && sequences.len() == 38, "{sequences:?}");
    // the same items as the feed's
    let renamed = got.iter().find(|got| got.body["data"]["office"] == OFFICE).unwrap();
    let feed = app.json("/v1/changes?limit=100").await;
    assert_eq!(feed["items"].as_array().unwrap().last().unwrap(), &renamed.body["data"]);
    let deliveries = app.seen(&format!("{path}/deliveries"), &admin).await;
    assert_eq!(deliveries["items"].as_array().unwrap().len(), 1);
}

/// A test of each engine.
macro_rules! on_engines {
    ($($check:ident: $sqlite:ident, $postgres:ident;)*) => {
        $(
            #[actix_web::test]
            async fn $sqlite() {
                $check(Engine::Sqlite).await;
            }

            #[actix_web::test]
            async fn $postgres() {
                $check(Engine::Postgres).await;
            }
        )*
    };
}

on_engines! {
    a_client_is_told_of_its_own_cases_in_order: told_on_sqlite, told_on_postgres;
    what_is_not_taken_is_sent_again: again_on_sqlite, again_on_postgres;
    after_three_days_it_is_given_up: given_up_on_sqlite, given_up_on_postgres;
    replicas_share_the_work: shared_on_sqlite, shared_on_postgres;
}
