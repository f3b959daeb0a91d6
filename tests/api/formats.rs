//! The formats of others: which one comes when, and what stays the same in all of them.

use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::support::{OFFICE, TestApp, TestDatabase, another_office, on_both_engines};
use citizens_charter::app::charter::ImportMode;

const LINKED: &str = "application/ld+json";

impl TestApp {
    async fn accepting(&self, path: &str, accept: &str) -> Response {
        self.request(Method::GET, path)
            .header("Accept", accept)
            .send()
            .await
            .unwrap()
    }
}

/// The nodes of a type.
fn nodes<'a>(document: &'a Value, kind: &str) -> Vec<&'a Value> {
    let is = |node: &&Value| {
        node["@type"] == kind
            || node["@type"]
                .as_array()
                .is_some_and(|types| types.contains(&json!(kind)))
    };
    document["@graph"].as_array().unwrap().iter().filter(is).collect()
}

on_both_engines! {
    async fn linked_data_comes_where_it_is_wanted(app: TestApp) {
        let services = app.all(&format!("/v1/services?office={OFFICE}"), 100).await;
        let id = services[0]["id"].as_str().unwrap();
        let one = format!("/v1/services/{id}");
        let charter = format!("/v1/offices/{OFFICE}/charter");
        for path in [&*one, &*charter, "/v1/services"] {
            for (accept, expected) in [
                (LINKED, LINKED), ("application/ld+json;q=0.9, application/json;q=0.5", LINKED),
                ("application/json, application/ld+json;q=0.9", "application/json"), ("*/*", "application/json"),
                ("text/turtle, application/ld+json;q=0.1", LINKED), ("text/html", "application/json"),
            ] {
                let answer = app.accepting(path, accept).await;
                assert_eq!(answer.headers()["content-type"], expected, "{path} {accept}");
                assert_eq!(answer.headers()["vary"], "Accept, Accept-Encoding");
            }
            // each form has its own tag, and is known again by it
            let (plain, linked) = (app.get(path).await, app.accepting(path, LINKED).await);
            let tag = linked.headers()["etag"].clone();
            assert_ne!(plain.headers()["etag"], tag);
            let again = app.request(Method::GET, path).header("Accept", LINKED).header("If-None-Match", tag);
            assert_eq!(again.send().await.unwrap().status(), 304);
        }
        let document: Value = app.accepting(&charter, LINKED).await.json().await.unwrap();
        assert_eq!(nodes(&document, "PublicService").len(), services.len());
        assert_eq!(nodes(&document, "Catalog").len(), 1);
        // the office, the one above, and the offices below
        let upazilas = app.all("/v1/upazila-offices", 100).await.len();
        assert_eq!(nodes(&document, "PublicOrganisation").len(), 2 + upazilas);
        let office = nodes(&document, "PublicOrganisation")[0];
        assert_eq!(office["contactPoint"].as_array().unwrap().len(), 3);
        let service = nodes(&document, "GovernmentService")[0];
        assert_eq!((&service["@id"], &service["title"]), (&json!(format!("https://charter.example.gov.bd{one}")), &services[0]["name"]));
        let days = services.iter().find(|entry| entry["time_limit"]["working_days"] == 5).unwrap();
        let path = format!("/v1/services/{}", days["id"].as_str().unwrap());
        let document: Value = app.accepting(&path, LINKED).await.json().await.unwrap();
        assert_eq!(nodes(&document, "PublicService")[0]["processingTime"], "P5D");
        assert_eq!(app.accepting("/v1/services/0", LINKED).await.status(), 400);
    }
}

on_both_engines! {
    async fn a_list_is_walked_in_every_form(app: TestApp) {
        app.app.import_charter(another_office("doict-dhaka"), ImportMode::Publish).await.unwrap();
        let whole: Vec<String> =
            app.all("/v1/services", 100).await.iter().map(|entry| entry["id"].as_str().unwrap().to_owned()).collect();
        for (accept, query) in [(LINKED, ""), ("application/json", "&profile=hsds")] {
            let mut next = format!("/v1/services?limit=20{query}");
            let mut walked = Vec::new();
            let mut organisations = std::collections::BTreeSet::new();
            loop {
                let page = app.accepting(&next, accept).await;
                assert_eq!(page.status(), 200, "{next}");
                let link = page.headers().get("link").map(|link| link.to_str().unwrap().to_owned());
                let page: Value = page.json().await.unwrap();
                if query.is_empty() {
                    let ids = nodes(&page, "PublicService").into_iter().map(|node| node["identifier"].as_str().unwrap().to_owned());
                    walked.extend(ids);
                    organisations.extend(nodes(&page, "PublicOrganisation").iter().map(|node| node["@id"].to_string()));
                } else {
                    assert_eq!(page["first_page"], walked.is_empty());
                    assert_eq!(page["last_page"], link.is_none());
                    for record in page["contents"].as_array().unwrap() {
                        walked.push(record["id"].as_str().unwrap().to_owned());
                        assert_eq!(record["organization"]["id"], record["organization_id"]);
                        organisations.insert(record["organization_id"].to_string());
                    }
                }
                let Some(link) = link else { break };
                next = link.split(['<', '>']).nth(1).unwrap().to_owned();
            }
            assert_eq!(walked, whole, "{accept} {query}");
            assert!(organisations.len() >= 2);
        }
        let none = app.json("/v1/services?profile=hsds&office=nowhere").await;
        assert_eq!((&none["empty"], &none["contents"], none.get("next_cursor")), (&json!(true), &json!([]), None));
        let unknown = app.problem("/v1/services?profile=other", 400).await;
        assert_eq!(unknown["errors"][0]["pointer"], "/query/profile");
    }
}
