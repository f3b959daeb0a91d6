//! Accounts, clients and absences: those who sign in, and who stands in for whom.

use citizens_charter::store::Engine;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::people::{PASSWORD, Who};
use crate::support::{OFFICE, TestApp, TestDatabase, http_options, khulna, on_both_engines, problem};

async fn faults(response: Response) -> Vec<String> {
    let problem = problem(response, 422).await;
    let faults = problem["errors"].as_array().unwrap().iter();
    let mut told: Vec<String> = faults
        .map(|f| format!("{} {}", f["pointer"].as_str().unwrap(), f["code"].as_str().unwrap()))
        .collect();
    told.sort();
    told
}

on_both_engines! {
    async fn accounts_are_made_for_people(app: TestApp) {
        let admin = app.token(Who::Administrator).await;
        let officer = khulna().officers[0].id;
        let create = |body: Value| app.write(Method::POST, "/v1/accounts", &admin, body);
        let new = json!({"email": "Officer@Example.ORG", "password": PASSWORD, "role": "officer", "office": OFFICE, "officer": officer});
        let created = create(new.clone()).await;
        assert_eq!(created.status(), 201);
        let path = created.headers()["location"].to_str().unwrap().to_owned();
        let created: Value = created.json().await.unwrap();
        assert_eq!((&created["email"], &created["disabled"]), (&json!("officer@example.org"), &json!(false)));
        assert!(created.get("password").is_none() && created.get("password_hash").is_none());
        assert_eq!(app.seen(&path, &admin).await, created);
        assert_eq!(app.seen("/v1/accounts?limit=1", &admin).await["items"][0]["role"], "administrator");
        let page = app.seen("/v1/accounts", &admin).await;
        assert_eq!(page["items"][1], created);
        assert_eq!(problem(create(new).await, 409).await["code"], "conflict");

        let faulty = |email: &str, password: &str, role: &str| json!({"email": email, "password": password, "role": role});
        assert_eq!(faults(create(faulty("nobody", "short", "client")).await).await,
            ["/email invalid_format", "/password too_short", "/role unknown_value"]);
        assert_eq!(faults(create(faulty("a@example.org", PASSWORD, "officer")).await).await, ["/office required"]);
        let mut elsewhere = faulty("a@example.org", PASSWORD, "officer");
        elsewhere["office"] = json!("doict");
        elsewhere["officer"] = json!(officer);
        assert_eq!(faults(create(elsewhere.clone()).await).await, ["/officer unknown_officer"]);
        elsewhere["office"] = json!("doict-nowhere");
        assert_eq!(faults(create(elsewhere).await).await, ["/office unknown_office", "/officer unknown_officer"]);
        // nobody gives himself what is not his to give
        let mut extra = faulty("a@example.org", PASSWORD, "administrator");
        extra["disabled"] = json!(false);
        extra["id"] = json!(officer);
        assert_eq!(faults(create(extra).await).await, ["/disabled unknown_field", "/id unknown_field"]);
        let unknown = "/v1/accounts/00000000-0000-7000-8000-000000000000";
        for (method, path) in [(Method::GET, unknown.to_owned()), (Method::POST, format!("{unknown}/disable"))] {
            assert_eq!(app.signed(method, &path, &admin).send().await.unwrap().status(), 404);
        }
    }
}

on_both_engines! {
    async fn a_client_signs_in_as_oauth_clients_do(app: TestApp) {
        let admin = app.token(Who::Administrator).await;
        let created = app.write(Method::POST, "/v1/clients", &admin, json!({"name": "National Portal"})).await;
        let created: Value = created.json().await.unwrap();
        assert_eq!(created["has_secret"], false);
        let id = created["id"].as_str().unwrap();
        let secret = async || {
            let answer = app.signed(Method::POST, &format!("/v1/clients/{id}/secret"), &admin).send().await.unwrap();
            assert_eq!(answer.headers()["cache-control"], "no-store");
            answer.json::<Value>().await.unwrap()["client_secret"].as_str().unwrap().to_owned()
        };
        let first = secret().await;
        assert!(first.len() >= 43);
        let grant = "grant_type=client_credentials";
        let in_form = format!("{grant}&client_id={id}&client_secret={first}");
        let answer = app.ask_for_token(&in_form).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["cache-control"], "no-store");
        let answer: Value = answer.json().await.unwrap();
        assert_eq!((&answer["token_type"], &answer["expires_in"]), (&json!("Bearer"), &json!(900)));
        assert!(answer.get("refresh_token").is_none());
        let token = answer["access_token"].as_str().unwrap();
        let session = app.seen("/v1/auth/session", token).await;
        assert_eq!((&session["role"], &session["name"]), (&json!("client"), &json!("National Portal")));
        let basic = app.ask_for_token(grant).basic_auth(id, Some(&first)).send().await.unwrap();
        assert_eq!(basic.status(), 200);

        let refused = async |request: reqwest::RequestBuilder, status: u16, error: &str| {
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), status, "{error}");
            assert_eq!(answer.headers()["content-type"], "application/json");
            assert_eq!(answer.headers().contains_key("www-authenticate"), status == 401);
            assert_eq!(answer.json::<Value>().await.unwrap()["error"], error);
        };
        let unknown = "00000000-0000-7000-8000-000000000000";
        for (form, status, error) in [
            (format!("{grant}&client_id={id}&client_secret=wrong"), 401, "invalid_client"),
            (format!("{grant}&client_id={unknown}&client_secret={first}"), 401, "invalid_client"),
            (format!("{grant}&client_id=../../etc&client_secret={first}"), 401, "invalid_client"),
            (format!("{grant}&client_id={id}"), 401, "invalid_client"),
            (grant.to_owned(), 401, "invalid_client"),
            ("grant_type=password&username=a&password=b".to_owned(), 400, "unsupported_grant_type"),
            (format!("client_id={id}&client_secret={first}"), 400, "invalid_request"),
            (format!("{in_form}&{grant}"), 400, "invalid_request"),
            (String::new(), 400, "invalid_request"),
        ] {
            refused(app.ask_for_token(&form), status, error).await;
        }
        refused(app.ask_for_token(&in_form).basic_auth(id, Some(&first)), 400, "invalid_request").await;
        refused(app.ask_for_token(grant).basic_auth(id, Some("wrong")), 401, "invalid_client").await;
        refused(app.request(Method::POST, "/v1/oauth/token").json(&json!({"grant_type": "client_credentials"})), 400, "invalid_request").await;
        assert_eq!(app.ask_for_token(&format!("{in_form}&scope=charters&resource=x")).send().await.unwrap().status(), 200);

        let second = secret().await;
        assert!(!app.is_good(token).await, "a new secret ends what the old one gave");
        refused(app.ask_for_token(&in_form), 401, "invalid_client").await;
        let in_form = format!("{grant}&client_id={id}&client_secret={second}");
        let token: Value = app.ask_for_token(&in_form).send().await.unwrap().json().await.unwrap();
        let disabled = app.signed(Method::POST, &format!("/v1/clients/{id}/disable"), &admin).send().await.unwrap();
        assert_eq!(disabled.json::<Value>().await.unwrap()["disabled"], true);
        assert!(!app.is_good(token["access_token"].as_str().unwrap()).await);
        refused(app.ask_for_token(&in_form), 401, "invalid_client").await;
        assert_eq!(app.seen("/v1/clients", &admin).await["items"].as_array().unwrap().len(), 1);
    }
}

on_both_engines! {
    async fn absences_are_recorded_listed_and_taken_back(app: TestApp) {
        let token = app.token(Who::Officer).await;
        let path = format!("/v1/officers/{}/absences", khulna().officers[0].id);
        let record = |body: Value| app.write(Method::POST, &path, &token, body);
        for (kind, from, to) in [("absence", "2026-12-01", Some("2026-12-10")), ("vacancy", "2027-01-01", None), ("hand_over", "2026-11-24", Some("2026-11-24"))] {
            let mut absence = json!({"kind": kind, "from": from});
            if let Some(to) = to {
                absence["to"] = json!(to);
            }
            let created = record(absence).await;
            assert_eq!(created.status(), 201, "{kind}");
            assert_eq!(created.json::<Value>().await.unwrap()["recorded_at"], "2026-11-24T04:30:00Z");
        }
        let faulty = record(json!({"kind": "holiday", "from": "tomorrow"})).await;
        assert!(faults(faulty).await.contains(&"/kind unknown_value".to_owned()));
        assert_eq!(faults(record(json!({"kind": "absence", "from": "2026-12-02", "to": "2026-12-01"})).await).await, ["/to out_of_range"]);
        let listed = app.seen(&path, &token).await;
        assert_eq!(listed["items"].as_array().unwrap().len(), 3);
        let page = app.seen(&format!("{path}?limit=2"), &token).await;
        let rest = app.seen(&format!("{path}?limit=2&cursor={}", page["next_cursor"].as_str().unwrap()), &token).await;
        assert_eq!(rest["items"][0], listed["items"][2]);
        let one = format!("{path}/{}", listed["items"][0]["id"].as_str().unwrap());
        let other_officer = one.replace(&khulna().officers[0].id.to_string(), &khulna().officers[1].id.to_string());
        assert_eq!(app.signed(Method::DELETE, &other_officer, &token).send().await.unwrap().status(), 404);
        assert_eq!(app.signed(Method::DELETE, &one, &token).send().await.unwrap().status(), 204);
        assert_eq!(app.signed(Method::DELETE, &one, &token).send().await.unwrap().status(), 404);
        let alternate = app.token(Who::AlternateOfficer).await;
        assert_eq!(app.seen(&path, &alternate).await["items"].as_array().unwrap().len(), 2);
    }
}

/// Databases keep microseconds, clocks tell nanoseconds: what is answered is what is read later.
#[actix_web::test]
async fn what_is_created_is_answered_as_it_is_kept() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let now = "2026-11-24T04:30:00.123456789Z";
        let app = TestApp::start_with(TestDatabase::of(engine), now, &http_options()).await;
        let admin = app.token(Who::Administrator).await;
        let account = json!({"email": "a@example.org", "password": PASSWORD, "role": "administrator"});
        let absences = format!("/v1/officers/{}/absences", khulna().officers[0].id);
        for (list, body) in [
            ("/v1/accounts", account),
            ("/v1/clients", json!({"name": "Portal"})),
            (&*absences, json!({"kind": "vacancy", "from": "2026-12-01"})),
            ("/v1/services", crate::upkeep::new_service(8)),
        ] {
            let created = app.write(Method::POST, list, &admin, body).await;
            assert_eq!(created.status(), 201, "{list}");
            let created: Value = created.json().await.unwrap();
            let listed = app.seen(&format!("{list}?limit=100"), &admin).await;
            assert_eq!(listed["items"].as_array().unwrap().last(), Some(&created));
        }
    }
}
