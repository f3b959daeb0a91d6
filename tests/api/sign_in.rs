//! Signing in and out: tokens that go on, end and are throttled.

use chrono::TimeDelta;
use citizens_charter::http::Options;
use citizens_charter::store::Engine;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::people::{PASSWORD, Who, with_clock};
use crate::support::{NOW, OFFICE, TestApp, TestDatabase, faults, http_options, khulna, on_both_engines, problem};

on_both_engines! {
    async fn an_officer_signs_in(app: TestApp) {
        app.token(Who::Officer).await;
        let response = app.log_in("OFFICER@example.org", PASSWORD).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["cache-control"], "no-store");
        let tokens: Value = response.json().await.unwrap();
        assert_eq!((&tokens["token_type"], &tokens["expires_in"], &tokens["role"]), (&json!("Bearer"), &json!(900), &json!("officer")));
        let session = app.seen("/v1/auth/session", tokens["access_token"].as_str().unwrap()).await;
        assert_eq!(session["role"], "officer");
        assert_eq!(session["office"], OFFICE);
        assert_eq!(session["email"], "officer@example.org");
        assert_eq!(session["standing_in_for"], json!([]));
        assert_eq!(session["expires_at"], "2026-12-24T04:30:00Z");
        let without = problem(app.get("/v1/auth/session").await, 401).await;
        assert_eq!(without["code"], "authentication_required");
    }
}

/// What a refusal says, but for what names the request.
async fn refusal(response: Response) -> Value {
    let mut document = problem(response, 401).await;
    document.as_object_mut().unwrap().remove("request_id");
    document
}

on_both_engines! {
    async fn a_wrong_password_and_an_unknown_address_are_alike(app: TestApp) {
        app.token(Who::Officer).await;
        let account = app.app.find_account(&Who::Officer.email()).await.unwrap();
        let wrong = refusal(app.log_in(&Who::Officer.email(), "wrong").await).await;
        assert_eq!(wrong["code"], "invalid_credentials");
        assert_eq!(refusal(app.log_in("nobody@example.org", PASSWORD).await).await, wrong);
        app.app.set_account_disabled(account.id, true).await.unwrap();
        assert_eq!(refusal(app.log_in(&Who::Officer.email(), PASSWORD).await).await, wrong);
        app.app.set_account_disabled(account.id, false).await.unwrap();
        assert_eq!(app.log_in(&Who::Officer.email(), PASSWORD).await.status(), 200);
    }
}

on_both_engines! {
    async fn a_session_goes_on_and_a_copied_token_ends_it(app: TestApp) {
        app.token(Who::Officer).await;
        let first = app.tokens(&Who::Officer.email(), PASSWORD).await;
        let second: Value = app.refresh(&first).await.json().await.unwrap();
        let third: Value = app.refresh(&second).await.json().await.unwrap();
        let token = third["access_token"].as_str().unwrap();
        assert!(app.is_good(token).await && app.is_good(first["access_token"].as_str().unwrap()).await);
        let other = app.tokens(&Who::Officer.email(), PASSWORD).await;
        assert_eq!(problem(app.refresh(&first).await, 401).await["code"], "refresh_token_reused");
        assert!(!app.is_good(token).await, "the whole family has ended");
        assert_eq!(problem(app.refresh(&third).await, 401).await["code"], "invalid_credentials");
        assert!(app.is_good(other["access_token"].as_str().unwrap()).await, "another session goes on");
        assert_eq!(problem(app.refresh(&json!({"refresh_token": "unknown"})).await, 401).await["code"], "invalid_credentials");
    }
}

on_both_engines! {
    /// A thief and the owner use one token at the same moment: never do both get a session that lasts.
    async fn of_two_at_once_one_goes_on_at_most(app: TestApp) {
        app.token(Who::Officer).await;
        let tokens = app.tokens(&Who::Officer.email(), PASSWORD).await;
        let answers = futures_util::future::join_all((0..8).map(|_| app.refresh(&tokens))).await;
        let mut good = 0;
        for answer in answers {
            if answer.status() == 200 {
                good += 1;
            } else {
                problem(answer, 401).await;
            }
        }
        assert_eq!(good, 1);
        assert!(!app.is_good(tokens["access_token"].as_str().unwrap()).await, "the session has ended");
    }
}

on_both_engines! {
    async fn signing_out_ends_the_session_at_once(app: TestApp) {
        app.token(Who::Officer).await;
        for by in ["refresh token", "access token", "both", "an expired access token"] {
            let tokens = app.tokens(&Who::Officer.email(), PASSWORD).await;
            let token = tokens["access_token"].as_str().unwrap();
            let request = app.request(Method::POST, "/v1/auth/logout");
            let body = json!({"refresh_token": tokens["refresh_token"]});
            let request = match by {
                "refresh token" => request.json(&body),
                "access token" => request.bearer_auth(token),
                "both" => request.bearer_auth(token).json(&body),
                _ => request.bearer_auth("stale").json(&body),
            };
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), 204, "{by}");
            assert!(!app.is_good(token).await, "{by}");
            assert_eq!(app.refresh(&tokens).await.status(), 401, "{by}");
        }
        let nobody = app.request(Method::POST, "/v1/auth/logout").send().await.unwrap();
        assert_eq!(problem(nobody, 401).await["code"], "authentication_required");
        let again = app.request(Method::POST, "/v1/auth/logout").json(&json!({"refresh_token": "gone"}));
        assert_eq!(again.send().await.unwrap().status(), 204, "what has ended already is no fault");
    }
}

on_both_engines! {
    async fn a_disabled_account_and_a_changed_password_end_their_tokens_at_once(app: TestApp) {
        let admin = app.token(Who::Administrator).await;
        let token = app.token(Who::Officer).await;
        let account = app.app.find_account(&Who::Officer.email()).await.unwrap().id;
        assert!(app.is_good(&token).await);
        let disabled = app.signed(Method::POST, &format!("/v1/accounts/{account}/disable"), &admin).send().await.unwrap();
        assert_eq!(disabled.json::<Value>().await.unwrap()["disabled"], true);
        assert!(!app.is_good(&token).await);
        app.signed(Method::POST, &format!("/v1/accounts/{account}/enable"), &admin).send().await.unwrap();
        assert!(!app.is_good(&token).await, "what has ended stays ended");

        let tokens = app.tokens(&Who::Officer.email(), PASSWORD).await;
        let token = tokens["access_token"].as_str().unwrap();
        let path = format!("/v1/accounts/{account}/password");
        let set = app.write(Method::PUT, &path, &admin, json!({"password": "another correct horse"})).await;
        assert_eq!(set.status(), 204);
        assert!(!app.is_good(token).await);
        assert_eq!(app.refresh(&tokens).await.status(), 401);
        assert_eq!(app.log_in(&Who::Officer.email(), PASSWORD).await.status(), 401);

        let tokens = app.tokens(&Who::Officer.email(), "another correct horse").await;
        let token = tokens["access_token"].as_str().unwrap();
        let change = |current: &str| json!({"current_password": current, "new_password": PASSWORD});
        let wrong = app.write(Method::POST, "/v1/auth/password", token, change("wrong")).await;
        assert_eq!(problem(wrong, 401).await["code"], "invalid_credentials");
        assert!(app.is_good(token).await);
        let right = app.write(Method::POST, "/v1/auth/password", token, change("another correct horse")).await;
        assert_eq!(right.status(), 204);
        assert!(!app.is_good(token).await);
        assert_eq!(app.log_in(&Who::Officer.email(), PASSWORD).await.status(), 200);
    }
}

async fn tokens_expire(engine: Engine) {
    let (app, clock) = with_clock(TestDatabase::of(engine)).await;
    app.token(Who::Officer).await;
    let mut tokens = app.tokens(&Who::Officer.email(), PASSWORD).await;
    let good = async |tokens: &Value| app.is_good(tokens["access_token"].as_str().unwrap()).await;
    clock.advance(TimeDelta::seconds(899));
    assert!(good(&tokens).await);
    clock.advance(TimeDelta::seconds(1));
    assert!(!good(&tokens).await, "fifteen minutes are over");
    // a session that rests for less than seven days goes on, and ends after thirty
    for _ in 0..4 {
        clock.advance(TimeDelta::days(6));
        let next = app.refresh(&tokens).await;
        assert_eq!(next.status(), 200);
        tokens = next.json().await.unwrap();
        assert!(good(&tokens).await);
    }
    clock.advance(TimeDelta::days(6));
    assert_eq!(app.refresh(&tokens).await.status(), 401, "thirty days are over");
    let tokens = app.tokens(&Who::Officer.email(), PASSWORD).await;
    clock.advance(TimeDelta::days(7));
    assert_eq!(app.refresh(&tokens).await.status(), 401, "it rested for seven days");
}

#[actix_web::test]
async fn tokens_expire_on_sqlite() {
    tokens_expire(Engine::Sqlite).await;
}

#[actix_web::test]
async fn tokens_expire_on_postgres() {
    tokens_expire(Engine::Postgres).await;
}

/// A service behind a proxy that names its clients.
async fn behind_a_proxy(engine: Engine) -> TestApp {
    let options = Options {
        trusted_proxies: "127.0.0.1".parse().unwrap(),
        ..http_options()
    };
    TestApp::start_with(TestDatabase::of(engine), NOW, &options).await
}

async fn log_in_from(app: &TestApp, address: &str, email: &str, password: &str) -> Response {
    let request = app.request(Method::POST, "/v1/auth/login");
    let request = request.header("X-Forwarded-For", address);
    let request = request.json(&json!({"email": email, "password": password}));
    request.send().await.unwrap()
}

async fn guessing_is_throttled(engine: Engine) {
    let app = behind_a_proxy(engine).await;
    app.token(Who::Officer).await;
    let email = Who::Officer.email();
    let (home, stranger) = ("198.51.100.1", "203.0.113.7");
    assert_eq!(log_in_from(&app, home, &email, PASSWORD).await.status(), 200);
    let mut verified = 0;
    for guess in 0..20 {
        // each guess from another address: the account itself has a share
        let from = format!("203.0.113.{guess}");
        let answer = log_in_from(&app, &from, &email, "a guess").await;
        if answer.status() == 401 {
            verified += 1;
            continue;
        }
        let wait: u64 = answer.headers()["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=900).contains(&wait), "{wait}");
        assert_eq!(problem(answer, 429).await["code"], "too_many_attempts");
    }
    assert_eq!(verified, 5);
    let right = log_in_from(&app, stranger, &email, PASSWORD).await;
    assert_eq!(right.status(), 429, "not even the right password is tried");
    assert_eq!(
        log_in_from(&app, home, &email, PASSWORD).await.status(),
        200,
        "strangers do not lock the officer out"
    );
    for _ in 0..5 {
        assert_eq!(log_in_from(&app, home, &email, "a guess").await.status(), 401);
    }
    assert_eq!(
        log_in_from(&app, home, &email, PASSWORD).await.status(),
        429,
        "ten guesses in all"
    );
    let unknown = "nobody@example.org";
    for _ in 0..5 {
        assert_eq!(log_in_from(&app, stranger, unknown, "a guess").await.status(), 401);
    }
    assert_eq!(
        log_in_from(&app, stranger, unknown, "a guess").await.status(),
        429,
        "an unknown address is throttled alike"
    );
}

#[actix_web::test]
async fn guessing_is_throttled_on_sqlite() {
    guessing_is_throttled(Engine::Sqlite).await;
}

#[actix_web::test]
async fn guessing_is_throttled_on_postgres() {
    guessing_is_throttled(Engine::Postgres).await;
}

on_both_engines! {
    /// One address that tries many accounts; also where a proxy names no clients.
    async fn an_address_is_throttled_over_all_accounts(app: TestApp) {
        let attempts = (0..40).map(|i| app.app.log_in(
            serde_json::from_value(json!({"email": format!("somebody-{i}@example.org"), "password": "a guess"})).unwrap(),
            Some("203.0.113.7".parse().unwrap()),
        ));
        let mut verified = 0;
        for attempt in attempts {
            match attempt.await {
                Err(citizens_charter::app::Error::InvalidCredentials) => verified += 1,
                Err(citizens_charter::app::Error::TooManyAttempts(wait)) => assert!((1..=900).contains(&wait)),
                other => panic!("{:?}", other.map(|_| "signed in")),
            }
        }
        assert_eq!(verified, 30);
    }
}

async fn a_share_comes_back(engine: Engine) {
    let (app, clock) = with_clock(TestDatabase::of(engine)).await;
    app.token(Who::Officer).await;
    let email = Who::Officer.email();
    let guess = async || app.log_in(&email, "a guess").await.status().as_u16();
    for _ in 0..3 {
        assert_eq!(guess().await, 401);
    }
    clock.advance(TimeDelta::minutes(10));
    assert_eq!([guess().await, guess().await, guess().await], [401, 401, 429]);
    // the share slides: three attempts are fifteen minutes old by now, two are not
    clock.advance(TimeDelta::minutes(5));
    assert_eq!(
        [guess().await, guess().await, guess().await, guess().await],
        [401, 401, 401, 429]
    );
    clock.advance(TimeDelta::minutes(15));
    assert_eq!(app.log_in(&email, PASSWORD).await.status(), 200);
}

#[actix_web::test]
async fn a_share_comes_back_on_sqlite() {
    a_share_comes_back(Engine::Sqlite).await;
}

#[actix_web::test]
async fn a_share_comes_back_on_postgres() {
    a_share_comes_back(Engine::Postgres).await;
}

on_both_engines! {
    /// Many guesses at one moment find no more than the share.
    async fn guesses_at_once_are_counted_one_by_one(app: TestApp) {
        app.token(Who::Officer).await;
        let email = Who::Officer.email();
        let answers = futures_util::future::join_all((0..20).map(|_| app.log_in(&email, "a guess"))).await;
        let verified = answers.iter().filter(|answer| answer.status() == 401).count();
        assert_eq!(verified, 5);
        assert!(answers.iter().all(|answer| matches!(answer.status().as_u16(), 401 | 429)));
    }
}

on_both_engines! {
    async fn an_alternate_officer_is_told_for_whom_he_stands_in(app: TestApp) {
        let charter = khulna();
        let (responsible, alternate) = (&charter.officers[0], &charter.officers[1]);
        app.create_account(json!({
            "email": "alternate@example.org", "password": PASSWORD, "role": "alternate_officer", "office": OFFICE,
            "officer": alternate.id,
        })).await;
        let tokens = app.tokens("alternate@example.org", PASSWORD).await;
        let token = tokens["access_token"].as_str().unwrap();
        assert_eq!(app.seen("/v1/auth/session", token).await["standing_in_for"], json!([]));
        let officer = app.token(Who::Officer).await;
        let path = format!("/v1/officers/{}/absences", responsible.id);
        let leave = json!({"kind": "absence", "from": "2026-11-24", "to": "2026-11-24"});
        assert_eq!(app.write(Method::POST, &path, &officer, leave).await.status(), 201);
        let session = app.seen("/v1/auth/session", token).await;
        assert_eq!(session["standing_in_for"], json!([responsible]));
        assert_eq!(session["officer"], json!(alternate.id));
    }
}

on_both_engines! {
    /// What a guesser tries first is no password, whoever sets it.
    async fn a_password_that_is_easy_to_guess_is_refused(app: TestApp) {
        let admin = app.token(Who::Administrator).await;
        let officer = app.token(Who::Officer).await;
        let account = app.app.find_account(&Who::Officer.email()).await.unwrap().id;
        for guessable in ["Password123", "qwertyuiop12", "officer@example.org"] {
            let created = json!({"email": "new@example.org", "password": guessable, "role": "administrator"});
            let created = app.write(Method::POST, "/v1/accounts", &admin, created).await;
            let set = app.write(Method::PUT, &format!("/v1/accounts/{account}/password"), &admin, json!({"password": guessable})).await;
            let changed = json!({"current_password": PASSWORD, "new_password": guessable});
            let changed = app.write(Method::POST, "/v1/auth/password", &officer, changed).await;
            if guessable != "officer@example.org" {
                assert_eq!(faults(created).await, ["/password guessable"], "{guessable}");
            }
            assert_eq!(faults(set).await, ["/password guessable"], "{guessable}");
            assert_eq!(faults(changed).await, ["/new_password guessable"], "{guessable}");
        }
        assert!(app.is_good(&officer).await, "nothing was changed");
    }
}
