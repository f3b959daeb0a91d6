//! The OpenAPI document: committed as generated, kept by the service, and fit for code generators.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{OFFICE, TestApp, TestDatabase, on_both_engines};

fn document() -> Value {
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

#[test]
fn every_operation_is_documented_whole() {
    let document = document();
    let mut ids = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let operation = &item["get"];
        let id = operation["operationId"].as_str().unwrap();
        assert!(ids.insert(id.to_owned()), "{id} stands twice");
        let verb = id.split('_').next().unwrap();
        assert!(["list", "get", "check"].contains(&verb), "{id} is no verb_noun");
        for key in ["summary", "description"] {
            assert!(
                operation[key].as_str().is_some_and(|text| text.len() > 5),
                "{id} has no {key}"
            );
        }
        assert_eq!(operation["tags"].as_array().unwrap().len(), 1, "{id}");
        assert_eq!(operation["security"], json!([{}]), "{id} needs no token");
        for status in ["200", "400", "401", "408", "413", "414", "415", "429", "500", "503"] {
            assert!(
                operation["responses"].get(status).is_some(),
                "{id} does not say {status}"
            );
        }
        assert_eq!(operation["responses"].get("404").is_some(), path.contains('{'), "{id}");
        let json = &operation["responses"]["200"]["content"]["application/json"];
        let is_document = id.contains("openapi");
        assert!(
            is_document || json.is_null() || json.get("example").is_some(),
            "{id} has no example"
        );
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let described =
                parameter.get("$ref").is_some() || parameter["description"].as_str().is_some_and(|d| d.len() > 5);
            assert!(described, "{id}: {parameter}");
        }
    }
    assert_eq!(ids.len(), 19);
}

/// A JSON Schema that checks what an operation answers against the document.
fn validator(document: &Value, path: &str) -> Option<jsonschema::Validator> {
    let schema = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"].get("schema")?;
    let mut whole = schema.clone();
    whole["components"] = document["components"].clone();
    Some(
        jsonschema::options()
            .should_validate_formats(true)
            .build(&whole)
            .unwrap(),
    )
}

on_both_engines! {
    async fn every_documented_operation_answers_as_documented(app: TestApp) {
        let document = document();
        let id = |list: &str| {
            let app = &app;
            let path = format!("/v1/{list}?limit=1");
            async move { app.json(&path).await["items"][0]["id"].as_str().unwrap().to_owned() }
        };
        let (service, officer, upazila_office) = (id("services").await, id("officers").await, id("upazila-offices").await);
        for path in document["paths"].as_object().unwrap().keys() {
            let id = match path {
                path if path.starts_with("/v1/services/") => &service,
                path if path.starts_with("/v1/officers/") => &officer,
                _ => &upazila_office,
            };
            let url = path.replace("{office}", OFFICE).replace("{id}", id);
            let response = app.get(&url).await;
            assert_eq!(response.status(), 200, "{path}");
            let documented = &document["paths"][path]["get"]["responses"]["200"];
            for header in documented["headers"].as_object().unwrap().keys().filter(|name| *name != "Link") {
                assert!(response.headers().contains_key(header.to_lowercase()), "{header} of {path}");
            }
            let media = response.headers()["content-type"].to_str().unwrap().split(';').next().unwrap().to_owned();
            assert!(documented["content"].get(&media).is_some(), "{media} of {path}");
            if let Some(validator) = validator(&document, path) {
                let answer: Value = response.json().await.unwrap();
                let faults: Vec<String> = validator.iter_errors(&answer).map(|e| format!("{} {e}", e.instance_path())).collect();
                assert!(faults.is_empty(), "{path}: {faults:#?}");
                let example = &documented["content"]["application/json"]["example"];
                assert!(example.is_null() || validator.is_valid(example), "the example of {path}");
            }
            let (unknown, status) = (app.get(&format!("{url}?no_such=1")).await, "400");
            assert_eq!(unknown.status(), 400, "{path}");
            assert!(document["paths"][path]["get"]["responses"].get(status).is_some());
        }
        assert_eq!(app.json("/openapi.json").await, document);
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
