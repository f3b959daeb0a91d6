//! Answers are what the document says of them, and whoever copies one of its examples succeeds.

use std::collections::BTreeMap;

use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::document::{document, operations};
use crate::people::Who;
use crate::support::{OFFICE, TestApp, TestDatabase, khulna, on_both_engines};

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
        let subscription = json!({"url": "https://127.0.0.1/hook", "events": ["charter_changed"]});
        let webhook = app.write(Method::POST, "/v1/webhooks", &admin, subscription).await;
        let webhook = webhook.json::<Value>().await.unwrap()["id"].as_str().unwrap().to_owned();
        let officer = app.token(Who::Officer).await;
        let receipt = app.file(json!({})).await;
        let grievance = app.complain(json!({})).await;
        let appeal_officer = app.token(Who::AppealOfficer).await;
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
                Some("webhooks") => webhook.clone(),
                Some("service-requests") => receipt["id"].as_str().unwrap().to_owned(),
                Some("grievances") => grievance["id"].as_str().unwrap().to_owned(),
                _ => charter.upazila_offices[0].id.to_string(),
            };
            let url = path.replace("{office}", OFFICE).replace("{id}", &id);
            let url = url.replace("{year}", "2026").replace("{date}", "2026-12-16");
            let url = url.replace("{tracking_code}", receipt["tracking_code"].as_str().unwrap());
            let url = match &*path {
                "/v1/statistics" => format!("{url}?office={OFFICE}"),
                "/v1/grievance-reports" | "/v1/grievance-registers" => format!("{url}?office={OFFICE}&month=2026-11"),
                _ => url,
            };
            let token = match path.split('/').nth(2) {
                Some("service-requests") => &officer,
                Some(noun) if noun.starts_with("grievance") || noun == "blacklist-entries" => &appeal_officer,
                _ => &admin,
            };
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
        let appeal_officer = app.token(Who::AppealOfficer).await;
        for id in [
            "create_service_request", "change_service_request", "provide_information", "withdraw_case",
            "create_grievance", "change_grievance", "create_appeal", "create_blacklist_entry", "delete_blacklist_entry",
            "create_service", "replace_service", "delete_service", "create_officer", "replace_officer", "delete_officer",
            "create_upazila_office", "replace_upazila_office", "delete_upazila_office", "create_absence", "delete_absence",
            "replace_calendar_year", "replace_calendar_day", "delete_calendar_day", "create_account", "disable_account",
            "enable_account", "set_account_password", "create_client", "rotate_client_secret", "disable_client",
            "enable_client", "create_webhook", "rotate_webhook_secret", "test_webhook", "replay_webhook_delivery", "disable_webhook",
            "enable_webhook", "delete_webhook", "rotate_key", "open_session", "refresh_session", "change_password", "close_session",
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
                "change_grievance" => made("create_grievance"),
                id if id.contains("webhook") && id != "create_webhook" => made("create_webhook"),
                "delete_blacklist_entry" => made("create_blacklist_entry"),
                id if id.ends_with("_account") || id == "set_account_password" => done.get("create_account").map_or_else(String::new, |a| a["id"].as_str().unwrap().to_owned()),
                id if id.contains("client") && id != "create_client" => made("create_client"),
                _ => String::new(),
            };
            let absence = done.get("create_absence").map_or_else(String::new, |a| a["id"].as_str().unwrap().to_owned());
            let message = done.get("test_webhook").map_or_else(String::new, |m| m["id"].as_str().unwrap().to_owned());
            let url = path.replace("{office}", OFFICE).replace("{id}", &entry).replace("{absence}", &absence).replace("{message}", &message);
            let url = url.replace("{year}", "2027").replace("{date}", "2026-12-17");
            let receipt = match id {
                "give_feedback" => app.completed().await,
                "create_appeal" => app.decided(json!({})).await,
                _ => done.get("create_service_request").cloned().unwrap_or_default(),
            };
            let url = url.replace("{tracking_code}", receipt["tracking_code"].as_str().unwrap_or_default());
            let mut request = app.request(method, &url);
            if operation["security"] != json!([{}]) {
                let token = match id {
                    "change_password" => done["refresh_session"]["access_token"].as_str().unwrap(),
                    "change_service_request" => &*officer,
                    "change_grievance" | "create_blacklist_entry" | "delete_blacklist_entry" => &*appeal_officer,
                    _ => &*admin,
                };
                request = request.bearer_auth(token);
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
                // no name is looked up by the tests
                ("create_webhook", Some(mut example)) => {
                    example["url"] = json!("https://127.0.0.1/hooks/charter");
                    request.json(&example)
                }
                ("create_blacklist_entry", Some(mut example)) => {
                    example["grievance_id"] = app.recommended().await["id"].clone();
                    request.json(&example)
                }
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
