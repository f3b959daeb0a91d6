//! A creating request that comes again creates nothing more (`Idempotency-Key`).

use chrono::TimeDelta;
use citizens_charter::store::Engine;
use futures_util::future::join_all;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::people::{Who, with_clock};
use crate::support::{TestApp, TestDatabase, khulna, on_both_engines, problem};
use crate::upkeep::new_service;

async fn create(app: &TestApp, token: &str, key: &str, body: &Value) -> Response {
    let request = app.signed(Method::POST, "/v1/services", token);
    request.header("Idempotency-Key", key).json(body).send().await.unwrap()
}

on_both_engines! {
    async fn the_same_request_is_answered_alike(app: TestApp) {
        let token = app.token(Who::Officer).await;
        let first = create(&app, &token, "key-1", &new_service(8)).await;
        assert_eq!(first.status(), 201);
        assert!(!first.headers().contains_key("idempotency-replayed"));
        let headers = |response: &Response| ["location", "etag", "content-type"].map(|name| response.headers()[name].clone());
        let first_headers = headers(&first);
        let first = first.bytes().await.unwrap();
        for _ in 0..3 {
            let again = create(&app, &token, "key-1", &new_service(8)).await;
            assert_eq!(again.status(), 201);
            assert_eq!(again.headers()["idempotency-replayed"], "true");
            assert_eq!(headers(&again), first_headers);
            assert_eq!(again.bytes().await.unwrap(), first);
        }
        assert_eq!(app.all("/v1/services", 100).await.len(), 27);
        let other = create(&app, &token, "key-1", &new_service(9)).await;
        assert_eq!(problem(other, 422).await["code"], "idempotency_key_reused");
        let admin = app.token(Who::Administrator).await;
        let somebody_else = create(&app, &admin, "key-1", &new_service(9)).await;
        assert_eq!(somebody_else.status(), 201, "a key is of one who asks");
        let another_list = app.signed(Method::POST, "/v1/clients", &admin).header("Idempotency-Key", "key-1");
        assert_eq!(another_list.json(&json!({"name": "Portal"})).send().await.unwrap().status(), 201, "and for one thing");
    }
}

on_both_engines! {
    async fn a_request_that_failed_may_be_mended_under_its_key(app: TestApp) {
        let token = app.token(Who::Officer).await;
        assert_eq!(create(&app, &token, "key", &new_service(1)).await.status(), 422);
        assert_eq!(create(&app, &token, "key", &new_service(8)).await.status(), 201);
    }
}

on_both_engines! {
    async fn a_key_is_1_to_255_characters_and_sent_once(app: TestApp) {
        let token = app.token(Who::Officer).await;
        for key in ["", &"k".repeat(256)] {
            let refused = problem(create(&app, &token, key, &new_service(8)).await, 400).await;
            assert_eq!(refused["errors"][0]["pointer"], "/header/Idempotency-Key");
        }
        let twice = app.signed(Method::POST, "/v1/services", &token).header("Idempotency-Key", "a").header("Idempotency-Key", "b");
        assert_eq!(problem(twice.json(&new_service(8)).send().await.unwrap(), 400).await["code"], "invalid_parameter");
        assert_eq!(create(&app, &token, &"k".repeat(255), &new_service(8)).await.status(), 201);
    }
}

on_both_engines! {
    /// A hundred repeats at once create one entry; whoever comes while it is worked on is told to come again.
    async fn a_hundred_repeats_create_one_entry(app: TestApp) {
        let token = app.token(Who::Officer).await;
        let service = new_service(8);
        let answers = join_all((0..100).map(|_| create(&app, &token, "key", &service))).await;
        let mut created = Vec::new();
        for answer in answers {
            if answer.status() == 201 {
                created.push(answer.json::<Value>().await.unwrap()["id"].clone());
            } else {
                assert!(answer.headers().contains_key("retry-after"));
                assert_eq!(problem(answer, 409).await["code"], "request_in_progress");
            }
        }
        created.dedup();
        assert_eq!(created.len(), 1);
        let again: Value = create(&app, &token, "key", &new_service(8)).await.json().await.unwrap();
        assert_eq!(again["id"], created[0]);
        assert_eq!(app.all("/v1/services", 100).await.len(), 27);
    }
}

async fn a_key_is_kept_for_a_day(engine: Engine) {
    let (app, clock) = with_clock(TestDatabase::of(engine)).await;
    let officer = khulna().officers[0].id;
    let record = async || {
        let token = app.token(Who::Officer).await;
        let request = app.signed(Method::POST, &format!("/v1/officers/{officer}/absences"), &token);
        let body = json!({"kind": "absence", "from": "2026-12-01", "to": "2026-12-10"});
        let response = request
            .header("Idempotency-Key", "leave")
            .json(&body)
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), 201);
        response.json::<Value>().await.unwrap()["id"].clone()
    };
    let first = record().await;
    clock.advance(TimeDelta::hours(24) - TimeDelta::seconds(1));
    assert_eq!(record().await, first);
    clock.advance(TimeDelta::seconds(1));
    assert_ne!(record().await, first);
}

#[actix_web::test]
async fn a_key_is_kept_for_a_day_on_sqlite() {
    a_key_is_kept_for_a_day(Engine::Sqlite).await;
}

#[actix_web::test]
async fn a_key_is_kept_for_a_day_on_postgres() {
    a_key_is_kept_for_a_day(Engine::Postgres).await;
}
