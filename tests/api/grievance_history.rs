//! Histories of grievances that show tampering, and nothing about a complainant where it does not belong.

use citizens_charter::store::Engine;
use reqwest::Method;
use serde_json::{Value, json};

use crate::case_history::tamper;
use crate::complainants::{about_the_office, form};
use crate::people::PASSWORD;
use crate::program::{Service, fed, run, stderr, stdout};
use crate::support::{OFFICE, TestApp, TestDatabase, on_both_engines};

on_both_engines! {
    async fn tampering_with_a_grievance_is_found(app: TestApp) {
        let receipt = app.decided(about_the_office()).await;
        let request = app.completed().await;
        let case = receipt["id"].as_str().unwrap();
        let whole = stdout(&run(&app.database, &["verify"]));
        assert_eq!(whole, "cases: 2, events: 5; every history is whole\n");
        for (sql, back, number, words) in [
            (
                "UPDATE case_events SET public = '{}' WHERE case_id = 'CASE' AND number = 3", "SELECT 1", 3, "was edited",
            ),
            (
                "UPDATE grievances SET state = 'withdrawn' WHERE id = 'CASE'",
                "UPDATE grievances SET state = 'decided' WHERE id = 'CASE'", 3, "another state",
            ),
            (
                "UPDATE grievances SET events = 2 WHERE id = 'CASE'",
                "UPDATE grievances SET events = 3 WHERE id = 'CASE'", 3, "was added",
            ),
        ].into_iter().rev() {
            tamper(&app.database, &sql.replace("CASE", case));
            let output = run(&app.database, &["verify"]);
            assert!(!output.status.success(), "{sql}");
            let said = stderr(&output);
            assert!(said.contains(&format!("case {case}: event {number} ")) && said.contains(words), "{sql}: {said}");
            tamper(&app.database, &back.replace("CASE", case));
        }
        // a grievance that is gone leaves its history, which tells
        tamper(&app.database, &format!(
            "DELETE FROM grievance_stays; DELETE FROM grievance_complainants; DELETE FROM grievances WHERE id = '{case}'"
        ));
        let said = stderr(&run(&app.database, &["verify"]));
        assert!(said.contains(&format!("case {case}: event 1 belongs to a case that is gone")), "{said}");
        assert_ne!(request["id"], receipt["id"]);
    }
}

/// Plants words about a complainant wherever they can be sent, and looks for them wherever they do not belong.
async fn nothing_about_a_complainant_leaks(engine: Engine) {
    const CANARY: &str = "Canarybird";
    const NUMBERS: [&str; 2] = ["99887766", "5544332211"];
    let database = TestDatabase::of(engine);
    let account = [
        "account",
        "create",
        "--email",
        "appeals@example.org",
        "--role",
        "appeal_officer",
        "--office",
        "doict",
    ];
    let account: Vec<&str> = account.into_iter().chain(["--password-stdin"]).collect();
    // the office is there once the service has started
    let mut first = Service::start(&database);
    first.address();
    first.terminate();
    first.line_with("stopped");
    assert!(fed(&database, &account, PASSWORD).status.success());
    let mut service = Service::start(&database);
    let base = format!("http://{}", service.address());
    let client = reqwest::Client::new();
    let url = |path: &str| format!("{base}{path}");
    let send = async |method: Method, path: &str, token: &str, body: Option<Value>| {
        let mut request = client.request(method, url(path));
        if !token.is_empty() {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(&body).header("If-Match", "*");
        }
        request.send().await.unwrap().text().await.unwrap()
    };
    let whole = form(json!({
        "applied_on": null, "name": format!("{CANARY} name"), "permanent_address": format!("{CANARY} village"),
        "identity": {"kind": "passport", "number": format!("{CANARY} {}", NUMBERS[1])},
        "present_address": format!("{CANARY} street"), "mobile": format!("017{}", NUMBERS[0]),
        "email": format!("{CANARY}@example.org"), "relation": "parent", "served_name": format!("{CANARY} mother"),
        "subject": format!("{CANARY} subject"), "description": format!("{CANARY} description"),
        "attachments": [{"title": CANARY, "url": format!("https://{CANARY}.example.org")}],
    }));
    let receipt = send(Method::POST, "/v1/grievances", "", Some(whole.clone())).await;
    let parsed: Value = serde_json::from_str(&receipt).unwrap();
    let code = parsed["tracking_code"]
        .as_str()
        .unwrap_or_else(|| panic!("{receipt}"))
        .to_owned();
    let mut shown = vec![receipt];
    for (field, value) in [
        ("declared_true", json!(CANARY)),
        ("office", json!(CANARY)),
        ("service_request", json!(CANARY)),
        ("identity", json!({"kind": CANARY, "number": CANARY})),
        ("email", json!(format!("{CANARY} at home"))),
    ] {
        let mut faulty = whole.clone();
        faulty[field] = value;
        shown.push(send(Method::POST, "/v1/grievances", "", Some(faulty)).await);
    }
    let login = json!({"email": "appeals@example.org", "password": PASSWORD});
    let tokens = send(Method::POST, "/v1/auth/login", "", Some(login)).await;
    let tokens: Value = serde_json::from_str(&tokens).unwrap();
    let token = tokens["access_token"].as_str().unwrap();
    let acts = format!("/v1/grievances/{}/transitions", parsed["id"].as_str().unwrap());
    // what the handler is shown is the handler's: only what others are shown is looked at
    for act in [
        json!({"action": "accept", "note": CANARY}),
        json!({"action": "request_information", "message": "Please."}),
        json!({"action": "decide", "outcome": "reply_satisfactory", "message": "Yes.", "root_cause": CANARY, "advice": CANARY, "note": CANARY}),
    ] {
        let handled = send(Method::POST, &acts, token, Some(act)).await;
        assert!(handled.contains(&format!("{CANARY} name")), "{handled}");
        if handled.contains("\"information_asked\":true") {
            let answer = send(
                Method::POST,
                &format!("/v1/tracking/{code}/information"),
                "",
                Some(json!({"message": CANARY})),
            )
            .await;
            shown.push(answer);
        }
    }
    for (path, body) in [
        ("feedback", json!({"rating": 1, "message": CANARY})),
        ("appeals", json!({"message": CANARY})),
        ("withdrawal", json!({"message": CANARY})),
    ] {
        shown.push(send(Method::POST, &format!("/v1/tracking/{code}/{path}"), "", Some(body)).await);
    }
    assert!(shown.last().unwrap().contains("withdrawn"), "{shown:?}");
    for path in [
        &*format!("/v1/tracking/{code}"),
        &*format!("/v1/statistics?office={OFFICE}"),
        "/v1/changes?limit=100",
        "/v1/grievances",
        &*format!("/v1/grievances?q={CANARY}"),
        &*format!("/v1/grievance-registers?month=2026-11&office={CANARY}"),
        "/metrics",
    ] {
        shown.push(send(Method::GET, path, "", None).await);
    }
    service.terminate();
    service.line_with("stopped");
    shown.push(service.seen.join("\n"));
    for text in &shown {
        for canary in [CANARY, NUMBERS[0], NUMBERS[1]] {
            assert!(!text.contains(canary), "{canary} in {text}");
        }
    }
    assert!(
        !service.seen.join("\n").contains(&code),
        "whoever reads the log could act for the complainant"
    );
}

#[actix_web::test]
async fn nothing_about_a_complainant_leaks_on_sqlite() {
    nothing_about_a_complainant_leaks(Engine::Sqlite).await;
}

#[actix_web::test]
async fn nothing_about_a_complainant_leaks_on_postgres() {
    nothing_about_a_complainant_leaks(Engine::Postgres).await;
}
