//! Whole lists in the formats of data tools.

use citizens_charter::app::charter::ImportMode;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::complainants::about_the_office;
use crate::people::Who;
use crate::support::{OFFICE, TestApp, TestDatabase, another_office, encoded, on_both_engines, problem};

const CSV: &str = "text/csv";
const NDJSON: &str = "application/x-ndjson";

impl TestApp {
    async fn as_format(&self, path: &str, accept: &str) -> Response {
        let request = self.request(Method::GET, path).header("Accept", accept);
        request.send().await.unwrap()
    }
}

/// The entries of a list as lines of JSON.
async fn lines(app: &TestApp, path: &str) -> Vec<Value> {
    let response = app.as_format(path, NDJSON).await;
    assert_eq!(response.status(), 200, "{path}");
    assert_eq!(response.headers()["content-type"], NDJSON);
    let text = response.text().await.unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A table: its columns and its rows.
async fn table(app: &TestApp, path: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let response = app.as_format(path, CSV).await;
    assert_eq!(response.status(), 200, "{path}");
    assert_eq!(response.headers()["content-type"], "text/csv; charset=utf-8");
    let bytes = response.bytes().await.unwrap();
    let text = bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap();
    let mut reader = csv::Reader::from_reader(text);
    let columns = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows = reader
        .records()
        .map(|row| row.unwrap().iter().map(str::to_owned).collect());
    (columns, rows.collect())
}

on_both_engines! {
    async fn a_list_comes_whole_in_every_format(app: TestApp) {
        // more than is read at once
        for i in 0..25 {
            app.app.import_charter(another_office(&format!("office-{i}")), ImportMode::Publish).await.unwrap();
        }
        for path in ["/v1/services", "/v1/officers", "/v1/upazila-offices", "/v1/offices", "/v1/grievance-levels"] {
            let pages = app.all(path, 100).await;
            assert!(pages.len() >= 26, "{path}");
            assert_eq!(lines(&app, path).await, pages, "{path}");
            let (columns, rows) = table(&app, path).await;
            assert_eq!(rows.len(), pages.len(), "{path}");
            let name = columns.iter().position(|column| ["name_bn", "title_bn"].contains(&&**column)).unwrap();
            for (row, entry) in rows.iter().zip(&pages) {
                let expected = entry["name"]["bn"].as_str().or(entry["title"]["bn"].as_str()).unwrap();
                assert_eq!(row[name], expected);
            }
        }
        assert_eq!(lines(&app, "/v1/services").await.len(), 26 * 26);
        // filters, words and cursors as ever
        let own = format!("/v1/services?office={OFFICE}&category=citizen");
        assert_eq!(lines(&app, &own).await, app.all(&own, 100).await);
        let words = format!("/v1/services?office={OFFICE}&q={}", encoded("সাইবার"));
        let (columns, rows) = table(&app, &words).await;
        assert_eq!(rows.len(), app.all(&words, 100).await.len());
        let of = |name: &str| columns.iter().position(|column| column == name).unwrap();
        assert_eq!((&*rows[0][of("office")], &*rows[0][of("responsible_officer_phone_e164")]), (OFFICE, "+8802478845392"));
        assert!(rows[0][of("delivery_channels")].split("; ").count() >= 1);
        // a limit asks for a page, with a link to the next one
        let mut next = "/v1/services?limit=400".to_owned();
        let refused = app.as_format(&next, NDJSON).await;
        assert_eq!(problem(refused, 400).await["errors"][0]["pointer"], "/query/limit");
        next = "/v1/services?limit=100".to_owned();
        let mut count = 0;
        loop {
            let page = app.as_format(&next, NDJSON).await;
            let link = page.headers().get("link").map(|link| link.to_str().unwrap().to_owned());
            count += page.text().await.unwrap().lines().count();
            match link {
                Some(link) => next = link.trim_start_matches('<').split('>').next().unwrap().to_owned(),
                None => break,
            }
        }
        assert_eq!(count, 26 * 26);
    }
}

on_both_engines! {
    async fn who_asks_for_nothing_else_gets_json(app: TestApp) {
        for (accept, expected) in [
            ("*/*", "application/json"), ("application/json, text/csv", "application/json"), ("text/html", "application/json"),
            ("text/csv;q=0.5, application/x-ndjson", NDJSON), ("text/csv", "text/csv; charset=utf-8"), ("nonsense", "application/json"),
        ] {
            let answer = app.as_format("/v1/officers", accept).await;
            assert_eq!(answer.headers()["content-type"], expected, "{accept}");
            assert_eq!(answer.headers()["vary"], "Accept, Accept-Encoding");
            assert_eq!(answer.headers()["cache-control"], "public, no-cache");
        }
        let head = app.request(Method::HEAD, "/v1/services").header("Accept", NDJSON).send().await.unwrap();
        assert_eq!((head.status().as_u16(), &head.headers()["content-type"]), (200, &NDJSON.parse().unwrap()));
        assert!(head.text().await.unwrap().is_empty());
        let elsewhere = app.as_format("/v1/services?cursor=AQAAAAAAAAAyV0mYqJ3sT2c", CSV).await;
        assert_eq!(problem(elsewhere, 400).await["code"], "invalid_cursor");
    }
}

on_both_engines! {
    async fn an_office_takes_its_cases_into_a_spreadsheet(app: TestApp) {
        let officer = app.token(Who::Officer).await;
        for number in 0..3 {
            app.file(json!({"name": format!("=1+{number}"), "request": "দুই\nলাইন, \"কমা\" সহ"})).await;
        }
        app.complain(about_the_office()).await;
        for (path, count) in [("/v1/service-requests", 3), ("/v1/grievances", 1)] {
            let as_format = async |accept: &str, query: &str| {
                let request = app.signed(Method::GET, &format!("{path}{query}"), &officer).header("Accept", accept);
                request.send().await.unwrap()
            };
            let page = app.seen(path, &officer).await;
            let answer = as_format(NDJSON, "").await;
            assert_eq!((&answer.headers()["content-type"], &answer.headers()["cache-control"]), (
                &NDJSON.parse().unwrap(), &"no-store".parse().unwrap()
            ));
            let text = answer.text().await.unwrap();
            let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            assert_eq!(json!(lines), page["items"]);
            assert_eq!(lines.len(), count);
            let table = as_format(CSV, "").await.bytes().await.unwrap();
            let mut reader = csv::Reader::from_reader(table.strip_prefix("\u{FEFF}".as_bytes()).unwrap());
            let columns = reader.headers().unwrap().clone();
            let column = |name: &str| columns.iter().position(|column| column == name).unwrap();
            let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
            assert_eq!(rows.len(), count);
            assert_eq!(&rows[0][column("tracking_code")], page["items"][0]["tracking_code"].as_str().unwrap());
            if path == "/v1/service-requests" {
                // no spreadsheet takes a name for a formula
                assert_eq!(&rows[0][column("name")], "'=1+2");
                assert_eq!(&rows[0][column("request")], "দুই\nলাইন, \"কমা\" সহ");
                let one = as_format(NDJSON, "?limit=1&order=newest").await;
                assert!(one.headers().contains_key("link"));
                assert_eq!(one.text().await.unwrap().lines().count(), 1);
            }
            let nobody = app.as_format(path, CSV).await;
            assert_eq!(problem(nobody, 401).await["code"], "authentication_required");
            assert_eq!(problem(as_format(CSV, "?office=elsewhere").await, 403).await["code"], "permission_denied");
        }
    }
}
