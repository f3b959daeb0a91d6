//! Every operation of the document, and who may do it.

use std::collections::BTreeMap;

use citizens_charter::domain::charter::Charter;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::document::{document, operations};
use crate::people::{ANOTHER_OFFICE, Who};
use crate::support::{OFFICE, TestApp, TestDatabase, another_office, khulna, on_both_engines};

/// The operations, and who may do each to what belongs to the office in Khulna: nobody who is signed in, a client, the
/// alternate officer, the officer, an officer of another office, an appeal officer, an officer of the Cell, an administrator.
const TABLE: &str = "
    list_offices            y y y y y y y y
    get_office              y y y y y y y y
    get_charter             y y y y y y y y
    list_services           y y y y y y y y
    get_service             y y y y y y y y
    list_service_versions   y y y y y y y y
    get_promise             y y y y y y y y
    list_officers           y y y y y y y y
    get_officer             y y y y y y y y
    list_upazila_offices    y y y y y y y y
    get_upazila_office      y y y y y y y y
    list_grievance_levels   y y y y y y y y
    get_calendar            y y y y y y y y
    get_calendar_year       y y y y y y y y
    get_calendar_day        y y y y y y y y
    list_changes            y y y y y y y y
    get_statistics          y y y y y y y y
    create_service_request  y y y y y y y y
    get_tracking            y y y y y y y y
    provide_information     y y y y y y y y
    withdraw_case           y y y y y y y y
    give_feedback           y y y y y y y y
    create_appeal           y y y y y y y y
    create_grievance        y y y y y y y y
    list_grievances         . . y y . y y .
    get_grievance           . . y y . y . .
    list_grievance_events   . . y y . y . .
    list_grievance_showings . . y y . y . .
    change_grievance        . . . y . y . .
    get_grievance_report    . . . y . y y .
    list_grievance_register . . . y . y y .
    list_blacklist_entries  . . . . . y . .
    create_blacklist_entry  . . . . . y . .
    delete_blacklist_entry  . . . . . y . .
    list_service_requests   . . y y . . . .
    get_service_request     . . y y . . . .
    list_service_request_events  . . y y . . . .
    list_service_request_showings . . y y . . . .
    change_service_request  . . y y . . . .
    get_jwks                y y y y y y y y
    get_openapi             y y y y y y y y
    get_openapi_3_0         y y y y y y y y
    check_live              y y y y y y y y
    check_ready             y y y y y y y y
    get_metrics             y y y y y y y y
    open_session            y y y y y y y y
    refresh_session         y y y y y y y y
    issue_token             y y y y y y y y
    get_session             . y y y y y y y
    list_absences           . . y y . . . y
    create_absence          . . . y . . . y
    delete_absence          . . . y . . . y
    replace_charter         . . . y . . . y
    create_service          . . . y . . . y
    replace_service         . . . y . . . y
    delete_service          . . . y . . . y
    create_officer          . . . y . . . y
    replace_officer         . . . y . . . y
    delete_officer          . . . y . . . y
    create_upazila_office   . . . y . . . y
    replace_upazila_office  . . . y . . . y
    delete_upazila_office   . . . y . . . y
    replace_calendar_year   . . . . . . . y
    replace_calendar_day    . . . . . . . y
    delete_calendar_day     . . . . . . . y
    list_webhooks           . y . . . . . y
    create_webhook          . y . . . . . y
    get_webhook             . y . . . . . y
    rotate_webhook_secret   . y . . . . . y
    test_webhook            . y . . . . . y
    disable_webhook         . y . . . . . y
    enable_webhook          . y . . . . . y
    list_webhook_deliveries . y . . . . . y
    replay_webhook_delivery . y . . . . . y
    delete_webhook          . y . . . . . y
    list_accounts           . . . . . . . y
    create_account          . . . . . . . y
    get_account             . . . . . . . y
    disable_account         . . . . . . . y
    enable_account          . . . . . . . y
    set_account_password    . . . . . . . y
    list_clients            . . . . . . . y
    create_client           . . . . . . . y
    get_client              . . . . . . . y
    rotate_client_secret    . . . . . . . y
    disable_client          . . . . . . . y
    enable_client           . . . . . . . y
    list_keys               . . . . . . . y
    rotate_key              . . . . . . . y
    change_password         . . y y y y y y
    close_session           y y y y y y y y
";

fn table() -> BTreeMap<&'static str, Vec<bool>> {
    let rows = TABLE.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        Some((words.next()?, words.map(|word| word == "y").collect()))
    });
    rows.collect()
}

/// An operation as somebody calls it, on what belongs to the office in Khulna.
pub struct Call {
    pub id: String,
    /// The statuses that are documented.
    pub statuses: Vec<String>,
    method: Method,
    url: String,
    /// The example of the body, with its media type.
    pub body: Option<(String, Value)>,
    has_condition: bool,
}

impl Call {
    /// Each operation, on these cases; those that end a session come last.
    pub fn all(receipt: &Value, grievance: &Value) -> Vec<Self> {
        let (charter, document) = (khulna(), document());
        let mut calls: Vec<Self> = operations(&document)
            .into_iter()
            .map(|(path, method, operation)| {
                let id = operation["operationId"].as_str().unwrap().to_owned();
                let nil = uuid::Uuid::nil().to_string();
                let entry = match path.split('/').nth(2) {
                    Some("services") => charter.services[0].id.to_string(),
                    Some("officers") => charter.officers[0].id.to_string(),
                    Some("upazila-offices") => charter.upazila_offices[0].id.to_string(),
                    Some("service-requests") => receipt["id"].as_str().unwrap().to_owned(),
                    Some("grievances") => grievance["id"].as_str().unwrap().to_owned(),
                    _ => nil.clone(),
                };
                let url = path.replace("{office}", OFFICE).replace("{id}", &entry);
                let url = url.replace("{tracking_code}", receipt["tracking_code"].as_str().unwrap());
                let url = url.replace("{message}", "msg_1").replace("{absence}", &nil);
                let url = url.replace("{year}", "2027").replace("{date}", "2026-12-17");
                // the list of the office in Khulna, whoever asks
                let url = match &*id {
                    "list_service_requests" | "list_grievances" | "get_statistics" => format!("{url}?office={OFFICE}"),
                    "get_grievance_report" | "list_grievance_register" => {
                        format!("{url}?office={OFFICE}&month=2026-11")
                    }
                    _ => url,
                };
                let responses = operation["responses"].as_object().unwrap();
                let content = operation["requestBody"]["content"].as_object();
                let body = content.and_then(|content| content.iter().next());
                Self {
                    id,
                    statuses: responses.keys().cloned().collect(),
                    method,
                    url,
                    body: body.map(|(media, body)| (media.clone(), body["example"].clone())),
                    has_condition: responses.contains_key("412"),
                }
            })
            .collect();
        calls.sort_by_key(|call| match &*call.id {
            "change_password" => 1,
            "close_session" => 2,
            _ => 0,
        });
        calls
    }

    /// The request with the example of its body, or with another body.
    pub fn request(&self, app: &TestApp, another: Option<&Value>) -> RequestBuilder {
        let mut request = app.request(self.method.clone(), &self.url);
        // who may is asked before in what state something is
        if self.has_condition {
            request = request.header("If-Match", "\"another-state\"");
        }
        if let Some((media, body)) = &self.body {
            let body = another.unwrap_or(body);
            request = request.header("Content-Type", media).body(body.to_string());
        }
        request
    }
}

/// The status of an answer, and the code of the problem where it is one.
pub async fn outcome(request: RequestBuilder) -> (u16, String) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let code = match status {
        // OAuth has errors of its own, without a code
        400.. => response.json::<Value>().await.unwrap()["code"]
            .as_str()
            .unwrap_or_default()
            .to_owned(),
        _ => "done".to_owned(),
    };
    (status, code)
}

/// Publishes the charter of another office.
pub async fn publish_another(app: &TestApp, admin: &str) -> Charter {
    let another = another_office(ANOTHER_OFFICE);
    let path = format!("/v1/offices/{ANOTHER_OFFICE}/charter");
    let published = app.signed(Method::PUT, &path, admin).header("If-None-Match", "*");
    assert_eq!(published.json(&another).send().await.unwrap().status(), 201);
    another
}

on_both_engines! {
    async fn every_operation_asks_who_may(app: TestApp) {
        let admin = app.token(Who::Administrator).await;
        let another = publish_another(&app, &admin).await;
        let mut tokens = BTreeMap::new();
        for who in Who::ALL {
            tokens.insert(who, app.token(who).await);
        }
        let receipt = app.file(json!({})).await;
        let grievance = app.complain(json!({})).await;
        // the alternate officer stands in, so that nothing but the role is asked here
        let path = format!("/v1/officers/{}/absences", khulna().officers[0].id);
        let leave = app.write(Method::POST, &path, &tokens[&Who::Officer], json!({"kind": "absence", "from": "2026-11-24"})).await;
        assert_eq!(leave.status(), 201);
        let mut table = table();
        for call in Call::all(&receipt, &grievance) {
            let id = &call.id;
            let allowed = table.remove(&**id).unwrap_or_else(|| panic!("{id} is not in the table"));
            assert_eq!(allowed.len(), 8, "{id}");
            for (who, allowed) in [None].into_iter().chain(Who::ALL.map(Some)).zip(allowed) {
                let mut request = call.request(&app, None);
                if let Some(who) = who {
                    request = request.bearer_auth(&tokens[&who]);
                }
                let (status, code) = outcome(request).await;
                let expected = match (allowed, who) {
                    (true, _) => None,
                    (false, None) => Some((401, "authentication_required")),
                    (false, Some(_)) => Some((403, "permission_denied")),
                };
                match expected {
                    Some(refusal) => assert_eq!((status, &*code), refusal, "{id} by {who:?}"),
                    None => {
                        let refused = ["authentication_required", "permission_denied", "invalid_token"];
                        // nobody at all can sign out only by a token in the body
                        assert!(!refused.contains(&&*code), "{id} by {who:?}: {code}");
                        assert!(call.statuses.contains(&status.to_string()), "{id} by {who:?} does not say {status}");
                    }
                }
            }
        }
        assert!(table.is_empty(), "{:?} are no operations", table.keys());
        assert_eq!(app.app.get_charter(ANOTHER_OFFICE.into()).await.unwrap(), another, "the other office is as it was");
    }
}

on_both_engines! {
    /// What only the own office's officer may do, the other way round.
    async fn an_officer_reaches_the_own_office_only(app: TestApp) {
        let admin = app.token(Who::Administrator).await;
        let another = another_office(ANOTHER_OFFICE);
        let path = format!("/v1/offices/{ANOTHER_OFFICE}/charter");
        let publish = |token: &str| {
            app.signed(Method::PUT, &path, token).header("If-None-Match", "*").json(&another).send()
        };
        let early = app.token(Who::Officer).await;
        assert_eq!(publish(&early).await.unwrap().status(), 403, "the first charter is published by an administrator");
        assert_eq!(publish(&admin).await.unwrap().status(), 201);
        assert_eq!(publish(&admin).await.unwrap().status(), 412, "it is there by now");
        let (own, foreign) = (app.token(Who::ForeignOfficer).await, app.token(Who::Officer).await);
        let service = format!("/v1/services/{}", another.services[0].id);
        let (mut entry, tag) = app.read(&service).await;
        entry["name"]["en"] = json!("Renamed");
        assert_eq!(app.replace(&service, &foreign, &tag, &entry).await.status(), 403);
        assert_eq!(app.replace(&service, &own, &tag, &entry).await.status(), 200);
        let (charter, tag) = app.read(&path).await;
        assert_eq!(app.replace(&path, &foreign, &tag, &charter).await.status(), 403);
        assert_eq!(app.replace(&path, &own, &tag, &charter).await.status(), 200);
    }
}
