//! What a citizen tells is told to nobody but who handles the case: it is looked for in everything else that the service says.

use citizens_charter::store::Engine;
use reqwest::Method;
use reqwest::blocking::{Client, Response};
use serde_json::{Value, json};

use crate::complainants::form;
use crate::people::application;
use crate::program::{Service, fed, run_with, stdout};
use crate::support::{KEYS, OFFICE, TestDatabase, khulna};

/// What is told, and in which other ways it may be written.
const CANARIES: [&str; 10] = [
    "Canary",
    "canary",
    "CANARY",
    "ক্যানারি",
    "1799887766",
    "১৭৯৯৮৮৭৭৬৬",
    "799-887766",
    "19907766554433221",
    "১৯৯০৭৭৬৬৫৫৪৪৩৩২২১",
    PASSWORD,
];
const PASSWORD: &str = "a word that nobody reads";
const OFFICER: &str = "officer@example.org";

/// Everything that the service has said, with where it said it.
#[derive(Default)]
struct Said(Vec<(String, String)>);

impl Said {
    fn add(&mut self, place: impl Into<String>, answer: Response) -> String {
        let place = place.into();
        let head = format!("{:?}", answer.headers());
        let text = answer.text().unwrap();
        self.0.push((place.clone(), head));
        self.0.push((place, text.clone()));
        text
    }

    fn search(&self, canaries: &[&str]) {
        for (place, text) in &self.0 {
            for canary in canaries {
                assert!(!text.contains(canary), "{place} says {canary}: {text}");
            }
        }
    }
}

/// All that anybody may read, in each of its forms.
fn public() -> Vec<(String, &'static str)> {
    let json = "application/json";
    let mut all: Vec<(String, &str)> = [
        "/v1/offices",
        "/v1/services?limit=100",
        "/v1/officers",
        "/v1/upazila-offices",
        "/v1/grievance-levels",
        "/v1/changes?limit=100",
        "/v1/calendar?from=2026-11-01&to=2026-11-30",
        "/v1/statistics?office=doict-khulna",
        "/metrics",
        "/health/ready",
        "/openapi.json",
        "/open311/v2/services.json",
        "/open311/v2/requests.json",
        "/open311/v2/requests.xml",
        "/open311/v2/discovery.json",
    ]
    .map(|path| (path.to_owned(), json))
    .into();
    for path in [
        "/",
        "/offices/doict-khulna",
        "/offices/doict-khulna/statistics",
        "/track",
    ] {
        all.push((path.to_owned(), "text/html"));
    }
    for path in ["/v1/services", "/v1/officers", "/v1/offices"] {
        all.push((path.to_owned(), "text/csv"));
        all.push((path.to_owned(), "application/x-ndjson"));
    }
    let service = format!("/v1/services/{}", khulna().services[0].id);
    for path in [
        format!("/v1/offices/{OFFICE}/charter"),
        service,
        "/v1/services".to_owned(),
    ] {
        all.push((path.clone(), json));
        all.push((path, "application/ld+json"));
    }
    all
}

fn nobody_else_is_told(database: TestDatabase) {
    let settings = [
        ("CHARTER_PERSONAL_DATA_KEYS", KEYS),
        ("CHARTER_RATE_LIMIT", "0"),
        ("RUST_LOG", "trace"),
    ];
    let mut service = Service::start_on(&database.url, &settings);
    let base = format!("http://{}", service.address());
    let officer = khulna().services[0].responsible_officer.id.to_string();
    let account = [
        "account",
        "create",
        "--password-stdin",
        "--email",
        OFFICER,
        "--role",
        "officer",
        "--office",
        OFFICE,
        "--officer",
        &officer,
    ];
    stdout(&fed(&database, &account, PASSWORD));
    let client = Client::new();
    let send = |method: Method, path: &str, body: &Value| {
        client
            .request(method, format!("{base}{path}"))
            .json(body)
            .send()
            .unwrap()
    };
    let mut said = Said::default();

    // what is told; the receipts hold the codes, and nothing else of it
    let told = json!({
        "name": "ক্যানারি Canary", "address": "1 Canary Wharf, ক্যানারি", "mobile": "০১৭৯৯৮৮৭৭৬৬", "email": "canary@example.org",
        "request": "CANARY",
    });
    let filing = application(told);
    let receipt = said.add("a receipt", send(Method::POST, "/v1/service-requests", &filing));
    let receipt: Value = serde_json::from_str(&receipt).unwrap();
    assert!(receipt["tracking_code"].is_string(), "{receipt}");
    let complaint = form(json!({
        "service_id": null, "applied_on": null, "office": OFFICE, "name": "Canary", "mobile": "01799-887766", "email": "canary@example.org",
        "identity": {"kind": "national_id", "number": "১৯৯০৭৭৬৬৫৫৪৪৩৩২২১"}, "permanent_address": "CANARY", "present_address": "canary",
        "subject": "Canary", "description": "canary canary",
    }));
    let grievance = said.add(
        "a receipt of a grievance",
        send(Method::POST, "/v1/grievances", &complaint),
    );
    let grievance: Value = serde_json::from_str(&grievance).unwrap();
    assert!(grievance["tracking_code"].is_string(), "{grievance}");

    // what is told in a way that is refused
    for (field, value) in [
        ("mobile", json!("0179988776655443322 Canary")),
        ("email", json!("canary at example")),
        ("service_id", json!("Canary")),
        ("documents_confirmed", json!("Canary")),
        ("name", json!(["Canary"])),
        ("request", json!("CANARY".repeat(10_000))),
    ] {
        let mut faulty = filing.clone();
        faulty[field] = value;
        let answer = send(Method::POST, "/v1/service-requests", &faulty);
        assert!(answer.status().is_client_error(), "{field}");
        said.add(format!("a refusal of {field}"), answer);
    }
    for body in [
        "{\"name\": \"Canary\"",
        "\"Canary\"",
        "{\"name\": \"Canary\", \"name\": \"Canary\"}",
        "Canary",
    ] {
        let request = client
            .post(format!("{base}/v1/grievances"))
            .header("Content-Type", "application/json");
        said.add("a refusal of a body", request.body(body).send().unwrap());
    }
    let wrong = json!({"email": "canary@example.org", "password": "CANARY canary"});
    said.add("a refusal to sign in", send(Method::POST, "/v1/auth/login", &wrong));
    said.add(
        "a refusal of a token",
        client
            .get(format!("{base}/v1/auth/session"))
            .bearer_auth("Canary")
            .send()
            .unwrap(),
    );

    // the officer is shown it, and acts
    let signed_in: Value = send(
        Method::POST,
        "/v1/auth/login",
        &json!({"email": OFFICER, "password": PASSWORD}),
    )
    .json()
    .unwrap();
    let token = signed_in["access_token"].as_str().unwrap();
    let case = format!("{base}/v1/service-requests/{}", receipt["id"].as_str().unwrap());
    let shown = client.get(&case).bearer_auth(token).send().unwrap().text().unwrap();
    assert!(
        shown.contains("+8801799887766") && shown.contains("canary@example.org"),
        "the test looks for the right thing: {shown}"
    );
    let act = client
        .post(format!("{case}/transitions"))
        .bearer_auth(token)
        .header("If-Match", "*");
    let done = act.json(&json!({"action": "acknowledge"})).send().unwrap();
    assert_eq!(done.status(), 200);

    // what everybody is told
    for (path, accept) in public() {
        let answer = client
            .get(format!("{base}{path}"))
            .header("Accept", accept)
            .send()
            .unwrap();
        assert_eq!(answer.status(), 200, "{path} as {accept}");
        said.add(format!("{path} as {accept}"), answer);
    }
    for receipt in [&receipt, &grievance] {
        let code = receipt["tracking_code"].as_str().unwrap();
        said.add(
            "tracking",
            client.get(format!("{base}/v1/tracking/{code}")).send().unwrap(),
        );
        said.add(
            "the page of a case",
            client.get(format!("{base}/track?code={code}")).send().unwrap(),
        );
    }
    said.search(&CANARIES);

    // what leaves the program otherwise, in which nobody is signed in and no code is known either
    let export = stdout(&run_with(&database, &["export", "--office", OFFICE], &settings));
    let verified = stdout(&run_with(&database, &["verify"], &settings));
    service.terminate();
    service.line_with("stopped");
    let log = service.seen.join("\n");
    assert!(
        log.contains("POST /v1/service-requests 201") && log.contains("TRACE"),
        "everything is logged"
    );
    let left = [("an export", export), ("verify", verified), ("the log", log)];
    let left = Said(left.map(|(place, text)| (place.to_owned(), text)).into());
    left.search(&CANARIES);
    let codes = [&receipt, &grievance].map(|receipt| receipt["tracking_code"].as_str().unwrap());
    left.search(&[&codes[..], &[token, OFFICER]].concat());
}

#[test]
fn nobody_else_is_told_on_sqlite() {
    nobody_else_is_told(TestDatabase::of(Engine::Sqlite));
}

#[test]
fn nobody_else_is_told_on_postgres() {
    nobody_else_is_told(TestDatabase::of(Engine::Postgres));
}
