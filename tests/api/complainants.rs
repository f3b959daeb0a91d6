//! Those who complain, and those who redress, for tests.

use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::people::Who;
use crate::support::{OFFICE, TestApp, khulna};

/// Form ক-১ filled in, about the first service of the bundled charter, with fields of its own; a field that is null is left out.
pub fn form(fields: Value) -> Value {
    let mut form = json!({
        "service_id": khulna().services[0].id, "applied_on": "2026-11-02", "name": "মোছাঃ রহিমা খাতুন",
        "identity": {"kind": "national_id", "number": "১৯৯০৪৭১২৩৪৫৬৭৮৯০১"}, "permanent_address": "দাকোপ, খুলনা",
        "present_address": "খালিশপুর, খুলনা", "mobile": "০১৭১১-১২৩৪৫৬", "subject": "সময়মতো সেবা পাইনি",
        "description": "নির্ধারিত সময়সীমা পার হলেও সেবা দেওয়া হয়নি।", "declared_true": true,
    });
    for (field, value) in fields.as_object().unwrap() {
        form[field] = value.clone();
    }
    form.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    form
}

/// A grievance about the office and nobody in it: it begins at level 1.
pub fn about_the_office() -> Value {
    json!({"service_id": null, "applied_on": null, "office": OFFICE})
}

/// The same, and nobody knows who complains.
pub fn anonymous() -> Value {
    json!({
        "service_id": null, "applied_on": null, "office": OFFICE, "anonymous": true, "name": null, "identity": null,
        "permanent_address": null, "present_address": null, "mobile": null,
    })
}

impl TestApp {
    /// Files a grievance, which has to succeed; gives the receipt.
    pub async fn complain(&self, fields: Value) -> Value {
        let response = self.try_to_complain(fields).await;
        let status = response.status();
        let text = response.text().await.unwrap();
        assert_eq!(status, 201, "{text}");
        serde_json::from_str(&text).unwrap()
    }

    pub async fn try_to_complain(&self, fields: Value) -> Response {
        let request = self.request(Method::POST, "/v1/grievances").json(&form(fields));
        request.send().await.unwrap()
    }

    /// The same by somebody who is signed in.
    pub async fn complain_as(&self, token: &str, fields: Value) -> Response {
        let request = self.signed(Method::POST, "/v1/grievances", token);
        request.json(&form(fields)).send().await.unwrap()
    }

    /// Does something to a grievance in the version it is in, which has to succeed.
    pub async fn redress(&self, receipt: &Value, token: &str, act: Value) -> Value {
        let words = act.to_string();
        let response = self.try_to_redress(receipt, token, act).await;
        let status = response.status();
        let text = response.text().await.unwrap();
        assert_eq!(status, 200, "{words}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    pub async fn try_to_redress(&self, receipt: &Value, token: &str, act: Value) -> Response {
        let path = format!("/v1/grievances/{}/transitions", receipt["id"].as_str().unwrap());
        let request = self.signed(Method::POST, &path, token).header("If-Match", "*");
        request.json(&act).send().await.unwrap()
    }

    /// A grievance as somebody sees it.
    pub async fn grievance(&self, receipt: &Value, token: &str) -> Value {
        self.seen(&format!("/v1/grievances/{}", receipt["id"].as_str().unwrap()), token)
            .await
    }

    /// The receipt of a grievance that was decided by its handler, at the level at which it began.
    pub async fn decided(&self, fields: Value) -> Value {
        let receipt = self.complain(fields).await;
        let who = match receipt["level"].as_i64() {
            Some(1) => Who::Officer,
            Some(2) => Who::AppealOfficer,
            _ => Who::CellOfficer,
        };
        let token = self.token(who).await;
        self.redress(&receipt, &token, json!({"action": "accept"})).await;
        let decision = json!({"action": "decide", "outcome": "service_given", "message": "The service was given."});
        self.redress(&receipt, &token, decision).await;
        receipt
    }

    /// The receipt of a grievance whose complainant the Grievance Redress Officer has recommended for the blacklist.
    pub async fn recommended(&self) -> Value {
        let receipt = self.complain(about_the_office()).await;
        let officer = self.token(Who::Officer).await;
        let dismissed = json!({"action": "file_without_action", "reason": "other", "message": "It did not happen."});
        self.redress(&receipt, &officer, dismissed).await;
        let recommended = json!({"action": "recommend_blacklisting", "note": "The third false one this year."});
        self.redress(&receipt, &officer, recommended).await;
        receipt
    }
}
