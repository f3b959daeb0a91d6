//! What holds for every answer: problems, caching, compression, HEAD, CORS, request ids, security headers.

use std::io::Read as _;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{OFFICE, TestApp, TestDatabase, on_both_engines, problem, snapshot};

on_both_engines! {
    async fn every_failure_is_a_problem(app: TestApp) {
        let unknown = "00000000-0000-7000-8000-000000000000";
        let one_page = app.json("/v1/services?limit=1").await;
        let cursor = one_page["next_cursor"].as_str().unwrap();
        for (name, path, status) in [
            ("unknown_address", "/v1/nothing".to_owned(), 404),
            ("unknown_office", "/v1/offices/doict-dhaka".to_owned(), 404),
            ("parent_without_charter", "/v1/offices/doict".to_owned(), 404),
            ("unknown_charter", "/v1/offices/doict-dhaka/charter".to_owned(), 404),
            ("unknown_service", format!("/v1/services/{unknown}"), 404),
            ("unknown_officer", format!("/v1/officers/{unknown}"), 404),
            ("unknown_upazila_office", format!("/v1/upazila-offices/{unknown}"), 404),
            ("bad_id", "/v1/services/1".to_owned(), 400),
            ("bad_office_code", "/v1/offices/Khulna!".to_owned(), 400),
            ("all_faults_at_once", "/v1/services?limit=0&category=royal&fee=cheap&officer=1&colour=green&office=A".to_owned(), 400),
            ("repeated_parameter", "/v1/services?limit=1&limit=2".to_owned(), 400),
            ("not_a_number", "/v1/services?limit=many".to_owned(), 400),
            ("parameter_where_none_is_known", "/health/live?verbose=1".to_owned(), 400),
            ("nonsense_cursor", "/v1/services?cursor=AAAA".to_owned(), 400),
            ("cursor_of_another_list", format!("/v1/officers?cursor={cursor}"), 400),
            ("cursor_with_other_filters", format!("/v1/services?category=citizen&cursor={cursor}"), 400),
        ] {
            snapshot(&format!("problem_{name}"), &app.problem(&path, status).await);
        }
    }
}

on_both_engines! {
    async fn other_methods_are_told_which_there_are(app: TestApp) {
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS, Method::TRACE] {
            let response = app.request(method.clone(), "/v1/changes").send().await.unwrap();
            assert_eq!(response.headers()["allow"], "GET, HEAD", "{method}");
            assert_eq!(problem(response, 405).await["code"], "method_not_allowed");
        }
        for (path, allowed) in [
            ("/v1/services", "GET, HEAD, POST"),
            ("/v1/services/00000000-0000-7000-8000-000000000000", "GET, HEAD, PUT, DELETE"),
            ("/v1/auth/login", "POST"),
        ] {
            let response = app.request(Method::PATCH, path).send().await.unwrap();
            assert_eq!(response.headers()["allow"], allowed, "{path}");
            assert_eq!(problem(response, 405).await["code"], "method_not_allowed");
        }
    }
}

on_both_engines! {
    async fn what_the_client_has_is_not_sent_again(app: TestApp) {
        let path = format!("/v1/offices/{OFFICE}/charter");
        let first = app.get(&path).await;
        assert_eq!(first.headers()["cache-control"], "public, no-cache");
        assert_eq!(first.headers()["vary"], "Accept, Accept-Encoding");
        let tag = first.headers()["etag"].to_str().unwrap().to_owned();
        assert!(tag.starts_with('"'), "a strong tag");
        for (sent, status) in [
            (tag.clone(), 304),
            (format!("W/{tag}"), 304),
            (format!("\"other\", {tag}"), 304),
            ("*".to_owned(), 304),
            ("\"other\"".to_owned(), 200),
            ("nonsense".to_owned(), 200),
        ] {
            let response = app.request(Method::GET, &path).header("If-None-Match", &sent).send().await.unwrap();
            assert_eq!(response.status(), status, "If-None-Match: {sent}");
            assert_eq!(response.headers()["etag"], tag.as_str());
            assert_eq!(response.bytes().await.unwrap().is_empty(), status == 304);
        }
    }
}

on_both_engines! {
    async fn answers_are_compressed_as_the_client_likes(app: TestApp) {
        let path = format!("/v1/offices/{OFFICE}/charter");
        let plain = app.get(&path).await;
        let plain_tag = plain.headers()["etag"].clone();
        assert!(!plain.headers().contains_key("content-encoding"));
        let plain = plain.bytes().await.unwrap();
        for (accepted, encoding) in [
            ("gzip", "gzip"),
            ("br", "br"),
            ("gzip, br", "br"),
            ("br;q=0.1, gzip;q=0.9", "gzip"),
            ("zstd, gzip;q=0.5", "gzip"),
        ] {
            // twice: the second answer is the one that was kept
            for _ in 0..2 {
                let request = app.request(Method::GET, &path).header("Accept-Encoding", accepted);
                let response = request.send().await.unwrap();
                assert_eq!(response.headers()["content-encoding"], encoding, "{accepted}");
                assert_ne!(response.headers()["etag"], plain_tag, "other bytes, another tag");
                assert!(response.headers().contains_key("content-length"));
                let sent = response.bytes().await.unwrap();
                assert!(sent.len() * 4 < plain.len(), "{} of {} bytes", sent.len(), plain.len());
                let mut unpacked = Vec::new();
                match encoding {
                    "br" => brotli::Decompressor::new(&*sent, 4096).read_to_end(&mut unpacked).unwrap(),
                    _ => flate2::read::GzDecoder::new(&*sent).read_to_end(&mut unpacked).unwrap(),
                };
                assert_eq!(unpacked, plain);
            }
        }
        for accepted in ["identity", "zstd", "gzip;q=0, br;q=0", ""] {
            let request = app.request(Method::GET, &path).header("Accept-Encoding", accepted);
            assert_eq!(request.send().await.unwrap().bytes().await.unwrap(), plain, "{accepted}");
        }
    }
}

on_both_engines! {
    async fn head_is_get_without_the_body(app: TestApp) {
        for path in ["/v1/services", "/v1/offices/doict-khulna/charter", "/v1/services/1", "/health/live", "/openapi.json"] {
            let get = app.get(path).await;
            let head = app.request(Method::HEAD, path).send().await.unwrap();
            assert_eq!(head.status(), get.status(), "{path}");
            for name in ["content-type", "content-length", "etag", "cache-control"] {
                assert_eq!(head.headers().get(name), get.headers().get(name), "{name} of {path}");
            }
            assert!(head.bytes().await.unwrap().is_empty());
        }
    }
}

on_both_engines! {
    async fn the_next_page_is_linked(app: TestApp) {
        let response = app.get("/v1/services?limit=25&category=citizen").await;
        assert!(!response.headers().contains_key("link"), "all seven are on the page");
        let response = app.get("/v1/services?limit=5&q=%E0%A6%B8%E0%A6%BE&category=citizen").await;
        let link = response.headers()["link"].to_str().unwrap().to_owned();
        let page: Value = response.json().await.unwrap();
        assert!(link.ends_with("; rel=\"next\""), "{link}");
        let next = link[1..].split('>').next().unwrap();
        assert!(next.contains(&format!("cursor={}", page["next_cursor"].as_str().unwrap())));
        let rest = app.json(next).await;
        assert_ne!(rest["items"][0]["id"], page["items"][0]["id"]);
    }
}

#[actix_web::test]
async fn public_data_may_be_read_from_any_page() {
    let app = TestApp::start(TestDatabase::sqlite()).await;
    let response = app
        .request(Method::GET, "/v1/services")
        .header("Origin", "https://portal.example")
        .send()
        .await
        .unwrap();
    assert_eq!(response.headers()["access-control-allow-origin"], "*");
    let exposed = response.headers()["access-control-expose-headers"]
        .to_str()
        .unwrap()
        .to_lowercase();
    assert!(exposed.contains("etag") && exposed.contains("link"), "{exposed}");
    let preflight = app
        .request(Method::OPTIONS, "/v1/services")
        .header("Origin", "https://portal.example")
        .header("Access-Control-Request-Method", "GET")
        .header("Access-Control-Request-Headers", "if-none-match, x-request-id");
    let preflight = preflight.send().await.unwrap();
    assert_eq!(preflight.status(), 200);
    assert_eq!(preflight.headers()["access-control-allow-origin"], "*");
}

#[actix_web::test]
async fn every_answer_has_a_request_id_and_is_safe_to_show() {
    let app = TestApp::start(TestDatabase::sqlite()).await;
    for path in [
        "/v1/services",
        "/v1/nothing",
        "/v1/services/1",
        "/health/live",
        "/docs/",
    ] {
        let response = app.get(path).await;
        assert_eq!(response.headers()["x-request-id"], "test", "{path}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("access-control-allow-origin", "*"),
        ] {
            assert_eq!(response.headers()[name], value, "{name} of {path}");
        }
        assert!(response.headers().contains_key("content-security-policy"));
        assert!(response.headers().contains_key("strict-transport-security"));
    }
    for unfit in ["", "a b", "x\"y", &"x".repeat(65)] {
        let response = app
            .client
            .get(format!("{}/health/live", app.base))
            .header("X-Request-Id", unfit);
        let id = response.send().await.unwrap().headers()["x-request-id"]
            .to_str()
            .unwrap()
            .to_owned();
        assert!(id.parse::<uuid::Uuid>().is_ok(), "a new id in the place of {unfit:?}");
    }
}

on_both_engines! {
    async fn the_service_tells_how_it_is(app: TestApp) {
        let healthy = json!({"status": "ok", "version": env!("CARGO_PKG_VERSION")});
        assert_eq!(app.json("/health/live").await, healthy);
        assert_eq!(app.json("/health/ready").await, healthy);
        assert_eq!(app.get("/health/ready").await.headers()["cache-control"], "no-store");
        app.json("/v1/services?q=secret-words").await;
        app.problem("/v1/services/1", 400).await;
        let metrics = app.get("/metrics").await.text().await.unwrap();
        for expected in [
            "charter_http_requests_total{method=\"GET\",route=\"/v1/services\",status=\"200\"} 1",
            "charter_http_requests_total{method=\"GET\",route=\"/v1/services/{id}\",status=\"400\"} 1",
            "charter_http_request_duration_seconds_count{method=\"GET\",route=\"/v1/services\"} 1",
            "charter_db_connections_in_use 0",
        ] {
            assert!(metrics.contains(expected), "{expected} in\n{metrics}");
        }
        assert!(!metrics.contains("secret-words"));
    }
}

#[actix_web::test]
async fn the_page_for_people_needs_nothing_from_elsewhere() {
    let app = TestApp::start(TestDatabase::sqlite()).await;
    let redirect = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let redirect = redirect.get(format!("{}/docs", app.base)).send().await.unwrap();
    assert_eq!(
        (
            redirect.status().as_u16(),
            redirect.headers()["location"].to_str().unwrap()
        ),
        (308, "/docs/")
    );
    let page = app.get("/docs/").await.text().await.unwrap();
    assert!(page.contains("swagger-ui"));
    assert!(!page.contains("http://") && !page.contains("https://"), "{page}");
    let script = app.get("/docs/swagger-initializer.js").await.text().await.unwrap();
    assert!(
        script.contains("/openapi.json") && script.contains("\"validatorUrl\": \"none\""),
        "{script}"
    );
    for file in [
        "swagger-ui.css",
        "swagger-ui-bundle.js",
        "swagger-ui-standalone-preset.js",
    ] {
        assert_eq!(app.get(&format!("/docs/{file}")).await.status(), 200, "{file}");
    }
}
