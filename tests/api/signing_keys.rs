//! The keys that sign tokens: made once, shown by their public half, rotated without logging anybody out.

use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use citizens_charter::app::{App, system_clock};
use citizens_charter::store::{Engine, Store};
use reqwest::Method;
use serde_json::{Value, json};

use crate::people::{Who, with_clock};
use crate::support::{TestApp, TestDatabase};

/// The key set is enough to verify a token, by whoever knows nothing else.
async fn keys_rotate(engine: Engine) {
    let (app, clock) = with_clock(TestDatabase::of(engine)).await;
    let admin = app.token(Who::Administrator).await;
    let keys = async || {
        app.json("/.well-known/jwks.json").await["keys"]
            .as_array()
            .unwrap()
            .clone()
    };
    let verified_by = |token: &str, key: &Value| {
        let (message, signature) = token.rsplit_once('.').unwrap();
        let x = BASE64_URL_SAFE_NO_PAD.decode(key["x"].as_str().unwrap()).unwrap();
        let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).unwrap();
        UnparsedPublicKey::new(&ED25519, x)
            .verify(message.as_bytes(), &signature)
            .is_ok()
    };
    let before = app.token(Who::Officer).await;
    let [first] = keys().await.try_into().unwrap();
    assert_eq!(
        (&first["kty"], &first["crv"], &first["alg"]),
        (&json!("OKP"), &json!("Ed25519"), &json!("EdDSA"))
    );
    assert!(first.get("d").is_none(), "the private half stays here");
    assert!(verified_by(&before, &first));

    let rotated: Value = app
        .signed(Method::POST, "/v1/keys", &admin)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let [old, new] = keys().await.try_into().unwrap();
    assert_eq!((&old, &new["kid"]), (&first, &rotated["kid"]));
    let after = app.token(Who::Officer).await;
    assert!(verified_by(&after, &new) && !verified_by(&after, &old));
    assert!(app.is_good(&before).await, "the old key still verifies");
    let listed = app.seen("/v1/keys", &app.token(Who::Administrator).await).await;
    assert_eq!(listed["items"][0]["verifies_until"], "2026-11-24T04:45:30Z");
    assert!(listed["items"][1].get("verifies_until").is_none());

    clock.advance(TimeDelta::seconds(15 * 60 + 29));
    assert_eq!(keys().await.len(), 2);
    clock.advance(TimeDelta::seconds(1));
    let [only] = keys().await.try_into().unwrap();
    assert_eq!(only, new, "the last token of the old key has expired");
}

#[actix_web::test]
async fn keys_rotate_on_sqlite() {
    keys_rotate(Engine::Sqlite).await;
}

#[actix_web::test]
async fn keys_rotate_on_postgres() {
    keys_rotate(Engine::Postgres).await;
}

/// Replicas that need the first key at once agree on one; a token of each is good on every other.
#[actix_web::test]
async fn replicas_agree_on_the_first_key() {
    let app = TestApp::start(TestDatabase::postgres()).await;
    let ensure = (0..8).map(|_| {
        let replica = App::new(Store::open(&app.database.options()).unwrap(), system_clock());
        actix_web::rt::spawn(async move { replica.ensure_signing_key().await })
    });
    for ensured in ensure.collect::<Vec<_>>() {
        ensured.await.unwrap().unwrap();
    }
    assert_eq!(
        app.json("/.well-known/jwks.json").await["keys"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}
