//! Those who sign in, for tests: accounts, clients, their tokens, and a clock that can be set.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use citizens_charter::domain::account::AccountInput;
use citizens_charter::domain::json_schema;
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

use crate::support::{NOW, OFFICE, TestApp, TestDatabase, courier};
use citizens_charter::outbound::Outbound;

/// The password of every account of the tests.
pub const PASSWORD: &str = "correct horse battery staple";

/// The time as the test sets it.
#[derive(Clone)]
pub struct TestClock(Arc<AtomicI64>);

impl TestClock {
    pub fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0.load(Ordering::SeqCst)).unwrap()
    }

    pub fn advance(&self, by: TimeDelta) {
        self.0.fetch_add(by.num_microseconds().unwrap(), Ordering::SeqCst);
    }
}

/// A service whose clock the test sets; it begins at [`NOW`].
pub async fn with_clock(database: TestDatabase) -> (TestApp, TestClock) {
    with_courier(database, courier()).await
}

/// The same, with somebody else who brings messages.
pub async fn with_courier(database: TestDatabase, courier: Arc<Outbound>) -> (TestApp, TestClock) {
    let now: DateTime<Utc> = NOW.parse().unwrap();
    let clock = TestClock(Arc::new(AtomicI64::new(now.timestamp_micros())));
    let told = clock.clone();
    let app = TestApp::start_sending(database, Arc::new(move || told.now()), courier).await;
    (app, clock)
}

/// Somebody who signs in, as the tests name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Who {
    Client,
    AlternateOfficer,
    Officer,
    /// An officer of another office.
    ForeignOfficer,
    AppealOfficer,
    CellOfficer,
    Administrator,
}

/// The other office of the tests.
pub const ANOTHER_OFFICE: &str = "doict-jashore";

impl Who {
    pub const ALL: [Self; 7] = [
        Self::Client,
        Self::AlternateOfficer,
        Self::Officer,
        Self::ForeignOfficer,
        Self::AppealOfficer,
        Self::CellOfficer,
        Self::Administrator,
    ];

    pub fn email(self) -> String {
        format!("{self:?}@example.org").to_lowercase()
    }

    fn account(self) -> Value {
        let (role, office) = match self {
            Self::Client => unreachable!("a client has no account"),
            Self::AlternateOfficer => ("alternate_officer", Some(OFFICE)),
            Self::Officer => ("officer", Some(OFFICE)),
            Self::ForeignOfficer => ("officer", Some(ANOTHER_OFFICE)),
            Self::AppealOfficer => ("appeal_officer", Some("doict")),
            Self::CellOfficer => ("cell_officer", None),
            Self::Administrator => ("administrator", None),
        };
        let mut account = json!({"email": self.email(), "password": PASSWORD, "role": role});
        if let Some(office) = office {
            account["office"] = json!(office);
        }
        account
    }
}

impl TestApp {
    /// Makes an account.
    pub async fn create_account(&self, account: Value) -> Value {
        let account: AccountInput = json_schema::read(account).unwrap();
        self.app.create_account(None, account, None).await.unwrap().entry
    }

    /// The access token of somebody, whose account or client is made for it.
    pub async fn token(&self, who: Who) -> String {
        if who == Who::Client {
            let admin = Box::pin(self.token(Who::Administrator)).await;
            let client = self
                .write(Method::POST, "/v1/clients", &admin, json!({"name": "National Portal"}))
                .await;
            assert_eq!(client.status(), 201);
            let client: Value = client.json().await.unwrap();
            let path = format!("/v1/clients/{}/secret", client["id"].as_str().unwrap());
            let secret: Value = self
                .signed(Method::POST, &path, &admin)
                .send()
                .await
                .unwrap()
                .json()
                .await
                .unwrap();
            let form = format!(
                "grant_type=client_credentials&client_id={}&client_secret={}",
                secret["client_id"].as_str().unwrap(),
                secret["client_secret"].as_str().unwrap()
            );
            let token: Value = self.ask_for_token(&form).send().await.unwrap().json().await.unwrap();
            return token["access_token"].as_str().unwrap().to_owned();
        }
        if self.app.find_account(&who.email()).await.is_err() {
            self.create_account(who.account()).await;
        }
        let tokens = self.tokens(&who.email(), PASSWORD).await;
        tokens["access_token"].as_str().unwrap().to_owned()
    }

    /// Signs in, which has to succeed.
    pub async fn tokens(&self, email: &str, password: &str) -> Value {
        let response = self.log_in(email, password).await;
        assert_eq!(response.status(), 200);
        response.json().await.unwrap()
    }

    pub async fn log_in(&self, email: &str, password: &str) -> Response {
        let credentials = json!({"email": email, "password": password});
        let request = self.request(Method::POST, "/v1/auth/login").json(&credentials);
        request.send().await.unwrap()
    }

    pub async fn refresh(&self, tokens: &Value) -> Response {
        let body = json!({"refresh_token": tokens["refresh_token"]});
        let request = self.request(Method::POST, "/v1/auth/refresh").json(&body);
        request.send().await.unwrap()
    }

    /// A request with a token.
    pub fn signed(&self, method: Method, path: &str, token: &str) -> RequestBuilder {
        self.request(method, path).bearer_auth(token)
    }

    /// Sends a body with a token.
    pub async fn write(&self, method: Method, path: &str, token: &str, body: Value) -> Response {
        self.signed(method, path, token).json(&body).send().await.unwrap()
    }

    /// The JSON that somebody is shown, with its ETag.
    pub async fn seen(&self, path: &str, token: &str) -> Value {
        let response = self.signed(Method::GET, path, token).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        response.json().await.unwrap()
    }

    /// The ids on all pages of a list that somebody is shown, three by three.
    pub async fn ids(&self, list: &str, query: &str, token: &str) -> Vec<String> {
        let mut ids = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = self.seen(&format!("{list}?limit=3{query}{cursor}"), token).await;
            let items = page["items"].as_array().unwrap();
            ids.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return ids,
            }
        }
    }

    /// Whether a token is still good.
    pub async fn is_good(&self, token: &str) -> bool {
        let response = self
            .signed(Method::GET, "/v1/auth/session", token)
            .send()
            .await
            .unwrap();
        match response.status().as_u16() {
            200 => true,
            401 => false,
            other => panic!("{other}"),
        }
    }

    /// Files a request for a service of the bundled charter, with fields of its own; gives the receipt.
    pub async fn file(&self, fields: Value) -> Value {
        let response = self.try_to_file(fields).await;
        assert_eq!(response.status(), 201);
        response.json().await.unwrap()
    }

    /// The same by somebody who is signed in.
    pub async fn file_as(&self, token: &str, fields: Value) -> Value {
        let request = self.signed(Method::POST, "/v1/service-requests", token);
        let response = request.json(&application(fields)).send().await.unwrap();
        assert_eq!(response.status(), 201);
        response.json().await.unwrap()
    }

    pub async fn try_to_file(&self, fields: Value) -> Response {
        let request = self
            .request(Method::POST, "/v1/service-requests")
            .json(&application(fields));
        request.send().await.unwrap()
    }

    /// Does something to a request in the version it is in, which has to succeed.
    pub async fn act(&self, receipt: &Value, token: &str, act: Value) -> Value {
        let response = self.try_to_act(receipt, token, act).await;
        let status = response.status();
        assert_eq!(status, 200, "{}", response.text().await.unwrap());
        response.json().await.unwrap()
    }

    pub async fn try_to_act(&self, receipt: &Value, token: &str, act: Value) -> Response {
        let path = format!("/v1/service-requests/{}/transitions", receipt["id"].as_str().unwrap());
        let request = self.signed(Method::POST, &path, token).header("If-Match", "*");
        request.json(&act).send().await.unwrap()
    }

    /// The receipt of a request that was completed.
    pub async fn completed(&self) -> Value {
        let receipt = self.file(json!({})).await;
        let token = self.token(Who::Officer).await;
        self.act(&receipt, &token, json!({"action": "complete"})).await;
        receipt
    }

    /// What everybody sees of a case who has its code.
    pub async fn tracked(&self, receipt: &Value) -> Value {
        self.json(&format!("/v1/tracking/{}", receipt["tracking_code"].as_str().unwrap()))
            .await
    }

    /// Does something by the tracking code.
    pub async fn by_code(&self, receipt: &Value, act: &str, body: Value) -> Response {
        let path = format!("/v1/tracking/{}/{act}", receipt["tracking_code"].as_str().unwrap());
        self.request(Method::POST, &path).json(&body).send().await.unwrap()
    }

    /// A request to the token endpoint.
    pub fn ask_for_token(&self, form: &str) -> RequestBuilder {
        self.request(Method::POST, "/v1/oauth/token")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(form.to_owned())
    }

    /// An entry and the ETag with which it was read.
    pub async fn read(&self, path: &str) -> (Value, String) {
        let response = self.get(path).await;
        assert_eq!(response.status(), 200, "{path}");
        let tag = response.headers()["etag"].to_str().unwrap().to_owned();
        (response.json().await.unwrap(), tag)
    }

    /// Replaces an entry in a state.
    pub async fn replace(&self, path: &str, token: &str, tag: &str, body: &Value) -> Response {
        let request = self.signed(Method::PUT, path, token).header("If-Match", tag).json(body);
        request.send().await.unwrap()
    }

    /// Deletes an entry in a state.
    pub async fn delete(&self, path: &str, token: &str, tag: &str) -> Response {
        let request = self.signed(Method::DELETE, path, token).header("If-Match", tag);
        request.send().await.unwrap()
    }
}

/// An application for a service of the bundled charter, with fields of its own.
pub fn application(fields: Value) -> Value {
    let mut application = json!({
        "service_id": crate::support::khulna().services[0].id, "name": "মোছাঃ রহিমা খাতুন",
        "address": "খালিশপুর, খুলনা", "mobile": "০১৭১১-১২৩৪৫৬", "request": "জন্ম তারিখ সংশোধন করতে চাই।",
        "documents_confirmed": true,
    });
    for (field, value) in fields.as_object().unwrap() {
        application[field] = value.clone();
    }
    application
}
