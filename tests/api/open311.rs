//! Open311 GeoReport v2, as its specification has it.

use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::people::Who;
use crate::support::{OFFICE, TestApp, TestDatabase, another_office, on_both_engines};
use citizens_charter::app::charter::ImportMode;

const PLACE: &str = "/open311/v2";

impl TestApp {
    async fn report(&self, form: &str) -> Response {
        let request = self.request(Method::POST, &format!("{PLACE}/requests.json"));
        let request = request.header("Content-Type", "application/x-www-form-urlencoded");
        request.body(form.to_owned()).send().await.unwrap()
    }

    async fn listed(&self, path: &str) -> Value {
        self.json(&format!("{PLACE}/{path}")).await
    }

    /// The code and the words of an error.
    async fn refusal(&self, path: &str, status: u16) -> String {
        error(self.get(&format!("{PLACE}/{path}")).await, status).await
    }
}

async fn error(response: Response, status: u16) -> String {
    assert_eq!(response.status(), status);
    assert_eq!(response.headers()["content-type"], "application/json");
    let errors: Value = response.json().await.unwrap();
    assert_eq!(errors[0]["code"], status);
    assert_eq!(errors.as_array().unwrap().len(), 1);
    errors[0]["description"].as_str().unwrap().to_owned()
}

/// A form that is taken, with some of its fields changed.
fn form(changes: &[(&str, &str)]) -> String {
    let mut fields = vec![
        ("first_name", "রহিমা"),
        ("last_name", "খাতুন"),
        ("address_string", "খালিশপুর, খুলনা"),
        ("phone", "০১৭১১-১২৩৪৫৬"),
        ("description", "নাম সংশোধন"),
        ("attribute[documents_confirmed]", "true"),
        ("api_key", "anything"),
    ];
    fields.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    let fields = fields.iter().chain(changes);
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

on_both_engines! {
    async fn a_report_is_filed_and_followed(app: TestApp) {
        let services = app.listed("services.json").await;
        let code = services[0]["service_code"].as_str().unwrap();
        let filed = app.report(&form(&[("service_code", code), ("email", "rahima@example.org")])).await;
        assert_eq!(filed.status(), 201);
        let filed: Value = filed.json().await.unwrap();
        let id = filed[0]["service_request_id"].as_str().unwrap();
        let notice = filed[0]["service_notice"].as_str().unwrap();
        let token = notice.split("ট্র্যাকিং কোড: ").nth(1).unwrap().split(' ').next().unwrap();
        assert!(notice.contains("Promised by 2026-11-24") && notice.contains("প্রতিশ্রুত তারিখ: ২০২৬-১১-২৪"), "{notice}");

        // the office sees what was said
        let officer = app.token(Who::Officer).await;
        let kept = app.seen(&format!("/v1/service-requests/{id}"), &officer).await;
        for (field, value) in [
            ("name", "রহিমা খাতুন"), ("address", "খালিশপুর, খুলনা"), ("mobile", "+8801711123456"),
            ("email", "rahima@example.org"), ("request", "নাম সংশোধন"), ("medium", "website"), ("language", "bn"),
        ] {
            assert_eq!(kept[field], value);
        }
        // and others see what is about nobody
        let expected = json!([{
            "service_request_id": id, "status": "open", "status_notes": kept["state"],
            "service_name": services[0]["service_name"], "service_code": code, "agency_responsible": "জেলা কার্যালয়, খুলনা",
            "requested_datetime": "2026-11-24T04:30:00Z", "updated_datetime": "2026-11-24T04:30:00Z",
            "expected_datetime": "2026-11-24T18:00:00Z",
        }]);
        for path in [
            format!("requests/{id}.json"), "requests.json".into(), format!("requests.json?service_request_id={id}"),
            format!("requests.json?service_code={code}&status=open"), "requests.json?status=open,closed&page_size=1".into(),
            format!("requests.json?jurisdiction_id={OFFICE}&start_date=2026-11-24T04:30:00Z"),
        ] {
            assert_eq!(app.listed(&path).await, expected, "{path}");
        }
        for path in [
            "requests.json?status=closed", "requests.json?page=2", "requests.json?end_date=2026-11-24T04:30:00Z",
            "requests.json?service_code=1", "requests.json?service_request_id=1",
        ] {
            assert_eq!(app.listed(path).await, json!([]), "{path}");
        }
        let found = app.listed(&format!("tokens/{token}.json")).await;
        assert_eq!(found, json!([{"service_request_id": id, "token": token}]));
    }
}

on_both_engines! {
    async fn what_is_the_offices_own_is_not_there(app: TestApp) {
        let officer = app.token(Who::Officer).await;
        let services = app.all("/v1/services", 100).await;
        let internal = services.iter().find(|service| service["category"] == "internal").unwrap()["id"].as_str().unwrap();
        let codes = app.listed("services.json").await.to_string();
        assert!(!codes.contains(internal));
        assert!(app.refusal(&format!("services/{internal}.json"), 404).await.contains("service_code"));
        let refused = app.report(&form(&[("service_code", internal)])).await;
        assert!(error(refused, 404).await.contains("service_code"));
        let inside = app.file_as(&officer, json!({"service_id": internal})).await;
        assert_eq!(app.listed("requests.json").await, json!([]));
        app.refusal(&format!("requests/{}.json", inside["id"].as_str().unwrap()), 404).await;
        // and no grievance, by its id or by its code
        let complaint = app.complain(json!({})).await;
        app.refusal(&format!("requests/{}.json", complaint["id"].as_str().unwrap()), 404).await;
        app.refusal(&format!("tokens/{}.json", complaint["tracking_code"].as_str().unwrap()), 404).await;
    }
}

on_both_engines! {
    async fn every_refusal_has_its_form(app: TestApp) {
        let services = app.listed("services.json").await;
        let code = services[0]["service_code"].as_str().unwrap();
        for (changes, expected) in [
            (&[("address_string", "")][..], "address_string"),
            (&[("phone", "12")], "phone"),
            (&[("first_name", ""), ("last_name", " ")], "first_name"),
            (&[("description", "")], "description"),
            (&[("description", "x\0")], "description"),
            (&[("attribute[documents_confirmed]", "no")], "attribute[documents_confirmed]"),
            (&[("attribute[language]", "fr")], "language"),
            (&[("email", &*"x".repeat(300))], "email"),
        ] {
            let changes = [changes, &[("service_code", code)]].concat();
            let said = error(app.report(&form(&changes)).await, 400).await;
            assert!(said.contains(expected), "{said}");
        }
        assert!(error(app.report(&form(&[])).await, 400).await.contains("service_code was not provided"));
        error(app.report(&form(&[("service_code", "033")])).await, 404).await;
        error(app.report(&form(&[("service_code", code), ("jurisdiction_id", "elsewhere")])).await, 404).await;
        let as_json = app.request(Method::POST, &format!("{PLACE}/requests.json")).json(&json!({})).send().await.unwrap();
        error(as_json, 415).await;

        for (path, status) in [
            ("requests.json?start_date=yesterday", 400), ("requests.json?status=lost", 400), ("requests.json?page_size=0", 400),
            ("requests.json?page=-1", 400), ("services.json?jurisdiction_id=elsewhere", 404), ("services/x.json", 404),
            ("requests.json?start_date=2026-01-01T00:00:00Z&end_date=2026-11-01T00:00:00Z", 400),
            ("requests.json?start_date=2026-11-02T00:00:00Z&end_date=2026-11-01T00:00:00Z", 400),
            ("requests.json?start_date=%2B262142-12-31T23:59:59Z&end_date=%2B262142-12-31T23:59:59Z", 400),
            ("services.json?jurisdiction_id=%00", 404), ("requests.json?jurisdiction_id=%FF", 404), ("requests/x.json", 404), ("tokens/x.json", 404), ("services.yaml", 404), ("nothing.json", 404), ("", 404),
        ] {
            app.refusal(path, status).await;
        }
        let wrong = app.request(Method::DELETE, &format!("{PLACE}/services.json")).send().await.unwrap();
        error(wrong, 405).await;
        let xml = app.get(&format!("{PLACE}/requests/x.xml")).await;
        assert_eq!((xml.status().as_u16(), &xml.headers()["content-type"]), (404, &"application/xml".parse().unwrap()));
        assert!(xml.text().await.unwrap().contains("<errors><error><code>404</code><description>"));

        // with a second office the jurisdiction has to be named
        app.app.import_charter(another_office("doict-dhaka"), ImportMode::Publish).await.unwrap();
        assert!(app.refusal("services.json", 400).await.contains("jurisdiction_id was not provided"));
        let own = app.listed(&format!("services.json?jurisdiction_id={OFFICE}")).await;
        assert_eq!(own, services);
        let other = app.listed("services.json?jurisdiction_id=doict-dhaka").await;
        app.refusal(&format!("services/{}.json?jurisdiction_id={OFFICE}", other[0]["service_code"].as_str().unwrap()), 404).await;
        // a public read as any other: with an ETag, HEAD, and for any page
        let head = app.request(Method::HEAD, &format!("{PLACE}/services.xml?jurisdiction_id={OFFICE}")).send().await.unwrap();
        assert_eq!(head.status(), 200);
        assert!(head.headers().contains_key("etag"));
        assert_eq!(head.headers()["access-control-allow-origin"], "*");
    }
}
