//! The OpenAPI document: committed as generated, kept by the service, and fit for code generators.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

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
            assert!(has("description") || at.ends_with("/items"), "{at} has no description");
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
    const VERBS: [&str; 19] = [
        "list", "get", "check", "create", "replace", "delete", "open", "refresh", "close", "change", "issue", "test",
        "replay", "disable", "enable", "set", "provide", "withdraw", "give",
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
        let in_part = ["create_service_request", "create_grievance"].contains(&id);
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
            (path.contains('{') && !always_there)
                || [
                    "get_statistics",
                    "list_grievances",
                    "get_grievance_report",
                    "list_grievance_register"
                ]
                .contains(&id),
            "{id}"
        );
        let changes_a_state = ["change_service_request", "change_grievance"].contains(&id)
            || matches!(method, Method::PUT | Method::DELETE)
                && ![
                    "set_account_password",
                    "delete_absence",
                    "delete_blacklist_entry",
                    "delete_webhook",
                ]
                .contains(&id);
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
            // generated clients would give an answer of two forms both types at once
            let forms = operation["responses"][status]["content"].as_object();
            assert!(forms.is_none_or(|forms| forms.len() == 1), "{id} has one form");
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
    assert_eq!(ids.len(), 91);
}

#[test]
fn the_derived_document_is_3_0() {
    let document: Value = serde_json::from_str(&citizens_charter::http::document_3_0()).unwrap();
    assert_eq!(document["openapi"], "3.0.3");
    // generators of Rust know one type for the errors of an operation
    for (path, method, operation) in operations(&document) {
        for (status, response) in operation["responses"].as_object().unwrap() {
            let media: Vec<&String> = response["content"]
                .as_object()
                .into_iter()
                .flat_map(|content| content.keys())
                .collect();
            let is_error = status.starts_with(['4', '5']);
            let alone = media.is_empty() || media == ["application/problem+json"];
            assert!(!is_error || alone, "{method} {path} {status}: {media:?}");
        }
    }
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
