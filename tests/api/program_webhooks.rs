//! The program and its webhooks: what was committed is told, whatever happens to the process.

use citizens_charter::store::Engine;
use reqwest::{Client, Method, Response};
use serde_json::{Value, json};

use crate::people::PASSWORD;
use crate::program::{Service, fed};
use crate::support::{OFFICE, TestDatabase, khulna};
use crate::webhook_target::{Target, signed_by};

async fn ask(base: &str, method: Method, path: &str, token: &str, body: Option<Value>) -> Response {
    let mut request = Client::new().request(method, format!("http://{base}{path}"));
    if !token.is_empty() {
        request = request.bearer_auth(token);
    }
    if let Some(body) = body {
        request = request.json(&body).header("If-Match", "*");
    }
    let answer = request.send().await.unwrap();
    assert!(answer.status().is_success(), "{path}: {}", answer.status());
    answer
}

/// The server is killed between the commit and the delivery: the one that is started next delivers.
async fn a_kill_loses_no_message(engine: Engine) {
    let database = TestDatabase::of(engine);
    let target = Target::default();
    let url = target.start();
    let mut service = Service::start(&database);
    let base = service.address();
    let administrator = [
        "account",
        "create",
        "--email",
        "admin@example.org",
        "--role",
        "administrator",
    ];
    let arguments: Vec<&str> = administrator.into_iter().chain(["--password-stdin"]).collect();
    assert!(fed(&database, &arguments, PASSWORD).status.success());
    let login = json!({"email": "admin@example.org", "password": PASSWORD});
    let session: Value = ask(&base, Method::POST, "/v1/auth/login", "", Some(login))
        .await
        .json()
        .await
        .unwrap();
    let token = session["access_token"].as_str().unwrap();
    let subscription = json!({"url": url, "events": ["charter_changed"], "office": OFFICE});
    let webhook = ask(&base, Method::POST, "/v1/webhooks", token, Some(subscription)).await;
    let webhook: Value = webhook.json().await.unwrap();
    let path = format!("/v1/webhooks/{}", webhook["id"].as_str().unwrap());
    // without a secret nothing is sent: the message stays between its commit and its delivery
    let service_path = format!("/v1/services/{}", khulna().services[0].id);
    let mut entry: Value = ask(&base, Method::GET, &service_path, "", None)
        .await
        .json()
        .await
        .unwrap();
    entry["name"]["en"] = json!("Renamed");
    ask(&base, Method::PUT, &service_path, token, Some(entry)).await;
    service.kill();
    assert_eq!(target.got().len(), 0);

    let mut service = Service::start(&database);
    let base = service.address();
    let secret: Value = ask(&base, Method::POST, &format!("{path}/secret"), token, None)
        .await
        .json()
        .await
        .unwrap();
    let got = loop {
        match target.got().pop() {
            Some(got) => break got,
            None => tokio::time::sleep(std::time::Duration::from_millis(50)).await,
        }
    };
    assert_eq!(got.body["data"]["service"]["name"]["en"], "Renamed");
    assert!(signed_by(secret["secret"].as_str().unwrap(), &got));
}

#[actix_web::test]
async fn a_kill_loses_no_message_on_sqlite() {
    a_kill_loses_no_message(Engine::Sqlite).await;
}

#[actix_web::test]
async fn a_kill_loses_no_message_on_postgres() {
    a_kill_loses_no_message(Engine::Postgres).await;
}
