//! The OpenAPI document: committed as generated, kept by the service, and fit for code generators.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::people::Who;
use crate::support::{OFFICE, TestApp, TestDatabase, khulna, on_both_engines};

pub fn document() -> Value {
    serde_json::from_str(&citizens_charter::http::document()).unwrap()
}

fn committed(file: &str) -> String {
    let path = format!("{}/{file}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn the_committed_documents_are_those_of_the_program() {
    let stale = "is stale: run `cargo run -- openapi` and commit what it writes";
    assert!(
        committed("openapi/openapi.json") == citizens_charter::http::document(),
        "openapi.json {stale}"
    );
    assert!(
        committed("openapi/openapi-3.0.json") == citizens_charter::http::document_3_0(),
        "openapi-3.0.json {stale}"
    );
}

/// Every node of the document with its JSON Pointer.
fn walk<'a>(value: &'a Value, at: String, visit: &mut impl FnMut(&str, &'a Value)) {
    visit(&at, value);
    match value {
        Value::Object(object) => {
            for (key, child) in object {
                walk(
                    child,
                    format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")),
                    visit,
                );
            }
        }
        Value::Array(items) => {
            for (i, child) in items.iter().enumerate() {
                walk(child, format!("{at}/{i}"), visit);
            }
        }
        _ => {}
    }
}

/// Whether a pointer leads into an example, which is data.
fn in_example(at: &str) -> bool {
    at.contains("/example/") || at.contains("/examples/") || at.ends_with("/example")
}

#[test]
fn every_reference_leads_somewhere_and_every_schema_is_used() {
    for text in [
        citizens_charter::http::document(),
        citizens_charter::http::document_3_0(),
    ] {
        let document: Value = serde_json::from_str(&text).unwrap();
        let mut used = BTreeSet::new();
        walk(&document, String::new(), &mut |at, value| {
            if let (Some(reference), false) = (value["$ref"].as_str(), in_example(at)) {
                assert!(document.pointer(&reference[1..]).is_some(), "{reference} at {at}");
                used.insert(reference.rsplit('/').next().unwrap().to_owned());
            }
        });
        for group in ["schemas", "responses", "parameters", "headers"] {
            for name in document["components"][group].as_object().unwrap().keys() {
                assert!(used.contains(name), "{group}/{name} is not used");
            }
        }
    }
}

#[test]
fn every_schema_is_bounded_and_simple() {
    walk(&document(), String::new(), &mut |at, schema| {
        let is_schema = at.contains("/schema") && !in_example(at) && !at.ends_with("/properties");
        if !is_schema || !schema.is_object() {
            return;
        }
        for hard in ["oneOf", "anyOf", "allOf", "not", "nullable", "const"] {
            assert!(schema.get(hard).is_none(), "{hard} at {at}: generators stumble over it");
        }
        let has = |key: &str| schema.get(key).is_some();
        match schema["type"].as_str() {
            Some("string") => {
                assert!(has("enum") || has("maxLength"), "{at} has no greatest length");
                assert!(has("enum") || has("pattern") || has("format"), "{at} has no form");
            }
            Some("integer" | "number") => {
                assert!(has("minimum") && has("maximum") && has("format"), "{at} has no bounds");
            }
            Some("array") => assert!(has("maxItems"), "{at} has no greatest length"),
            _ => assert!(!schema["type"].is_array(), "{at} has several types"),
        }
        if at.contains("/properties/") && matches!(schema["type"].as_str(), Some("string" | "integer" | "boolean")) {
            assert!(has("examples") || at.ends_with("/items"), "{at} has no example");
            assert!(has("description"), "{at} has no description");
        }
    });
}

/// Every operation of a document with its path and method.
pub fn operations(document: &Value) -> Vec<(String, Method, Value)> {
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let method = method.to_uppercase().parse().unwrap();
            operations.push((path.clone(), method, operation.clone()));
        }
    }
    operations
}

#[test]
fn every_operation_is_documented_whole() {
    const VERBS: [&str; 17] = [
        "list", "get", "check", "create", "replace", "delete", "open", "refresh", "close", "change", "issue",
        "disable", "enable", "set", "provide", "withdraw", "give",
    ];
    let document = document();
    let mut ids = BTreeSet::new();
    for (path, method, operation) in operations(&document) {
        let id = operation["operationId"].as_str().unwrap();
        assert!(ids.insert(id.to_owned()), "{id} stands twice");
        let verb = id.split('_').next().unwrap();
        assert!(VERBS.contains(&verb) || verb == "rotate", "{id} is no verb_noun");
        for key in ["summary", "description"] {
            assert!(
                operation[key].as_str().is_some_and(|text| text.len() > 5),
                "{id} has no {key}"
            );
        }
        assert_eq!(operation["tags"].as_array().unwrap().len(), 1, "{id}");
        let responses = operation["responses"].as_object().unwrap();
        for status in ["400", "401", "408", "413", "414", "415", "429", "500", "503"] {
            assert!(responses.contains_key(status), "{id} does not say {status}");
        }
        let public = operation["security"] == json!([{}]);
        assert!(public || operation["security"] == json!([{"access_token": []}]), "{id}");
        // an internal service is applied for by staff only
        let in_part = id == "create_service_request";
        assert_eq!(
            responses.contains_key("403"),
            !public || in_part,
            "{id} says who may not"
        );
        assert_eq!(
            operation["description"].as_str().unwrap().contains("Permission `"),
            !public,
            "{id} says who may"
        );
        // every day of the calendar is one, and what is replaced whole may not be there yet
        let always_there = path.contains("/calendar/days/")
            || (path.contains('{') && operation["parameters"].to_string().contains("IfNoneMatchAny"));
        assert_eq!(
            responses.contains_key("404"),
            (path.contains('{') && !always_there) || id == "get_statistics",
            "{id}"
        );
        let changes_a_state = id == "change_service_request"
            || matches!(method, Method::PUT | Method::DELETE)
                && !["set_account_password", "delete_absence"].contains(&id);
        assert_eq!(
            responses.contains_key("412") && responses.contains_key("428"),
            changes_a_state,
            "{id}"
        );
        assert_eq!(
            responses.contains_key("201") && method == Method::POST,
            id.starts_with("create_"),
            "{id}"
        );
        let example_of = |media: &Value| media.is_null() || media.get("example").is_some();
        for status in ["200", "201"] {
            let media = &operation["responses"][status]["content"]["application/json"];
            assert!(
                id.contains("openapi") || example_of(media),
                "the answer of {id} has no example"
            );
        }
        if let Some(body) = operation.get("requestBody") {
            for media in body["content"].as_object().unwrap().values() {
                assert!(example_of(media), "the body of {id} has no example");
            }
        }
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let described =
                parameter.get("$ref").is_some() || parameter["description"].as_str().is_some_and(|d| d.len() > 5);
            assert!(described, "{id}: {parameter}");
        }
    }
    assert_eq!(ids.len(), 68);
}

/// A JSON Schema that checks what an operation answers against the document.
fn validator(document: &Value, response: &Value) -> Option<jsonschema::Validator> {
    let schema = response["content"]["application/json"].get("schema")?;
    let mut whole = schema.clone();
    whole["components"] = document["components"].clone();
    Some(
        jsonschema::options()
            .should_validate_formats(true)
            .build(&whole)
            .unwrap(),
    )
}

/// Checks an answer against what the document says of it: status, headers, media type, schema. Gives its JSON.
async fn as_documented(document: &Value, operation: &Value, response: Response) -> Value {
    let id = operation["operationId"].as_str().unwrap();
    let documented = &operation["responses"][response.status().as_str()];
    assert!(documented.is_object(), "{id} does not say {}", response.status());
    for header in documented["headers"].as_object().unwrap().keys() {
        let optional = ["Link", "Idempotency-Replayed"].contains(&header.as_str());
        assert!(
            optional || response.headers().contains_key(header.to_lowercase()),
            "{header} of {id}"
        );
    }
    if response.status() == 204 {
        return Value::Null;
    }
    let media = response.headers()["content-type"].to_str().unwrap();
    let media = media.split(';').next().unwrap().to_owned();
    assert!(documented["content"].get(&media).is_some(), "{media} of {id}");
    let Some(validator) = validator(document, documented) else {
        return Value::Null;
    };
    let answer: Value = response.json().await.unwrap();
    let faults: Vec<String> = validator
        .iter_errors(&answer)
        .map(|e| format!("{} {e}", e.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{id}: {faults:#?}");
    let example = &documented["content"]["application/json"]["example"];
    assert!(example.is_null() || validator.is_valid(example), "the example of {id}");
    answer
}

on_both_engines! {
    async fn every_documented_read_answers_as_documented(app: TestApp) {
        let document = document();
        let admin = app.token(Who::Administrator).await;
        let account = app.app.find_account(&Who::Administrator.email()).await.unwrap().id;
        let client = app.write(Method::POST, "/v1/clients", &admin, json!({"name": "Portal"})).await;
        let client = client.json::<Value>().await.unwrap()["id"].as_str().unwrap().to_owned();
        let officer = app.token(Who::Officer).await;
        let receipt = app.file(json!({})).await;
        let charter = khulna();
        for (path, method, operation) in operations(&document) {
            if method != Method::GET {
                continue;
            }
            let id = match path.split('/').nth(2) {
                Some("services") => charter.services[0].id.to_string(),
                Some("officers") => charter.officers[0].id.to_string(),
                Some("accounts") => account.to_string(),
                Some("clients") => client.clone(),
                Some("service-requests") => receipt["id"].as_str().unwrap().to_owned(),
                _ => charter.upazila_offices[0].id.to_string(),
            };
            let url = path.replace("{office}", OFFICE).replace("{id}", &id);
            let url = url.replace("{year}", "2026").replace("{date}", "2026-12-16");
            let url = url.replace("{tracking_code}", receipt["tracking_code"].as_str().unwrap());
            let url = if path == "/v1/statistics" { format!("{url}?office={OFFICE}") } else { url };
            let token = if path.starts_with("/v1/service-requests") { &officer } else { &admin };
            let request = |url: &str| {
                let request = app.request(Method::GET, url);
                if operation["security"] == json!([{}]) { request } else { request.bearer_auth(token) }
            };
            let response = request(&url).send().await.unwrap();
            assert_eq!(response.status(), 200, "{path}");
            as_documented(&document, &operation, response).await;
            let unknown = request(&format!("{url}{}no_such=1", if url.contains('?') { '&' } else { '?' })).send().await.unwrap();
            assert_eq!(unknown.status(), 400, "{path}");
        }
        assert_eq!(app.json("/openapi.json").await, document);
    }
}

on_both_engines! {
    /// Sends the documented example of every write, and gets what is documented: whoever copies an example succeeds.
    async fn every_documented_write_answers_as_documented(app: TestApp) {
        let document = document();
        let mut left: BTreeMap<String, (String, Method, Value)> = operations(&document)
            .into_iter()
            .filter(|(_, method, _)| *method != Method::GET)
            .map(|(path, method, operation)| (operation["operationId"].as_str().unwrap().to_owned(), (path, method, operation)))
            .collect();
        let admin = app.token(Who::Administrator).await;
        let charter = khulna();
        let mut done: BTreeMap<&str, Value> = BTreeMap::new();
        let officer = app.token(Who::Officer).await;
        for id in [
            "create_service_request", "change_service_request", "provide_information", "withdraw_request",
            "create_service", "replace_service", "delete_service", "create_officer", "replace_officer", "delete_officer",
            "create_upazila_office", "replace_upazila_office", "delete_upazila_office", "create_absence", "delete_absence",
            "replace_calendar_year", "replace_calendar_day", "delete_calendar_day", "create_account", "disable_account",
            "enable_account", "set_account_password", "create_client", "rotate_client_secret", "disable_client",
            "enable_client", "rotate_key", "open_session", "refresh_session", "change_password", "close_session",
            "issue_token", "give_feedback", "replace_charter",
        ] {
            let (path, method, operation) = left.remove(id).unwrap();
            let made = |by: &str| done[by]["id"].as_str().unwrap().to_owned();
            let entry = match id {
                "replace_service" => charter.services[0].id.to_string(),
                "delete_service" => charter.services[25].id.to_string(),
                "replace_officer" | "create_absence" | "delete_absence" => charter.officers[0].id.to_string(),
                "delete_officer" => made("create_officer"),
                "replace_upazila_office" => charter.upazila_offices[0].id.to_string(),
                "delete_upazila_office" => made("create_upazila_office"),
                "change_service_request" => made("create_service_request"),
                id if id.ends_with("_account") || id == "set_account_password" => done.get("create_account").map_or_else(String::new, |a| a["id"].as_str().unwrap().to_owned()),
                id if id.contains("client") && id != "create_client" => made("create_client"),
                _ => String::new(),
            };
            let absence = done.get("create_absence").map_or_else(String::new, |a| a["id"].as_str().unwrap().to_owned());
            let url = path.replace("{office}", OFFICE).replace("{id}", &entry).replace("{absence}", &absence);
            let url = url.replace("{year}", "2027").replace("{date}", "2026-12-17");
            let receipt = match id {
                "give_feedback" => app.completed().await,
                _ => done.get("create_service_request").cloned().unwrap_or_default(),
            };
            let url = url.replace("{tracking_code}", receipt["tracking_code"].as_str().unwrap_or_default());
            let mut request = app.request(method, &url);
            if operation["security"] != json!([{}]) {
                let own = done.get("refresh_session").filter(|_| id == "change_password");
                request = request.bearer_auth(own.map_or(if id == "change_service_request" { &*officer } else { &*admin }, |tokens| tokens["access_token"].as_str().unwrap()));
            }
            if operation["responses"].get("428").is_some() {
                request = request.header("If-Match", "*");
            }
            let example = operation["requestBody"]["content"].as_object().map(|content| content.values().next().unwrap()["example"].clone());
            request = match (id, example) {
                ("issue_token", _) => request
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .body(format!(
                        "grant_type=client_credentials&client_id={}&client_secret={}",
                        done["rotate_client_secret"]["client_id"].as_str().unwrap(),
                        done["rotate_client_secret"]["client_secret"].as_str().unwrap(),
                    )),
                ("refresh_session", _) => request.json(&json!({"refresh_token": done["open_session"]["refresh_token"]})),
                (_, Some(example)) => request.json(&example),
                (_, None) => request,
            };
            let response = request.send().await.unwrap();
            let status = response.status();
            assert!(status.is_success(), "{id}: {status} {}", response.text().await.unwrap());
            let answer = as_documented(&document, &operation, response).await;
            done.insert(id, answer);
        }
        assert!(left.is_empty(), "{:?} are not walked", left.keys());
        assert_eq!(app.json(&format!("/v1/offices/{OFFICE}/charter")).await["services"].as_array().unwrap().len(), 1);
    }
}

#[test]
fn the_derived_document_is_3_0() {
    let document: Value = serde_json::from_str(&citizens_charter::http::document_3_0()).unwrap();
    assert_eq!(document["openapi"], "3.0.3");
    walk(&document, String::new(), &mut |at, value| {
        if in_example(at) {
            return;
        }
        if value.get("$ref").is_some() {
            assert_eq!(
                value.as_object().unwrap().len(),
                1,
                "{at}: 3.0 knows nothing beside a reference"
            );
        }
        let is_schema = at.contains("/schema") && !at.ends_with("/properties");
        assert!(
            !(is_schema && value["examples"].is_array()),
            "{at}: 3.0 knows one example"
        );
    });
}
