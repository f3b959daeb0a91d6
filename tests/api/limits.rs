//! What a request may cost.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use citizens_charter::http::{Options, RateLimit};
use reqwest::Method;

use crate::support::{TestApp, TestDatabase, http_options, problem};

async fn app_with(change: impl FnOnce(&mut Options)) -> TestApp {
    let mut options = http_options();
    change(&mut options);
    TestApp::start_with(TestDatabase::sqlite(), crate::support::NOW, &options).await
}

/// Sends bytes on a connection of its own, and reads until the service closes it.
async fn raw(app: &TestApp, head: String) -> String {
    let address = app.base.trim_start_matches("http://").to_owned();
    let read = move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    actix_web::web::block(read).await.unwrap()
}

#[actix_web::test]
async fn a_body_that_trickles_in_gets_408_and_is_closed() {
    let app = app_with(|options| options.request_timeout = Duration::from_secs(1)).await;
    for method in ["POST", "GET", "PUT"] {
        let head = format!(
            "{method} /v1/services HTTP/1.1\r\nHost: x\r\nX-Request-Id: slow\r\nContent-Length: 100\r\n\r\nabc"
        );
        let answer = raw(&app, head).await;
        assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
        assert!(
            answer.contains("application/problem+json") && answer.contains("\"code\":\"request_timeout\""),
            "{answer}"
        );
        assert!(answer.contains("\"request_id\":\"slow\""), "{answer}");
    }
}

/// A refusal does not wait for a body that may never end, whatever it is refused for.
#[actix_web::test]
async fn an_endless_body_does_not_hold_the_connection() {
    let app = app_with(|options| options.request_timeout = Duration::from_secs(1)).await;
    for (line, header, status) in [
        ("POST /v1/services", "Authorization: Bearer x", "401"),
        ("POST /v1/services", "Content-Encoding: gzip", "415"),
        ("POST /v1/services", "X-Nothing: 1", "408"),
        ("GET /v1/services", "X-Nothing: 1", "408"),
        (
            "OPTIONS /v1/services",
            "Origin: http://x\r\nAccess-Control-Request-Method: GET",
            "408",
        ),
    ] {
        let head = format!("{line} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n{header}\r\n\r\n1\r\nx\r\n");
        let answer = raw(&app, head).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
    }
}

#[actix_web::test]
async fn a_head_that_trickles_in_is_closed() {
    let app = app_with(|options| options.request_timeout = Duration::from_secs(1)).await;
    let answer = raw(&app, "GET /v1/services HTTP/1.1\r\nHost: x\r\n".into()).await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
}

#[actix_web::test]
async fn a_body_that_is_too_large_is_not_read() {
    let app = app_with(|_| {}).await;
    // announced: refused before a byte of it is read
    let head = "POST /v1/services HTTP/1.1\r\nHost: x\r\nContent-Length: 262145\r\n\r\n".to_owned();
    let answer = raw(&app, head).await;
    assert!(
        answer.starts_with("HTTP/1.1 413 ") && answer.contains("payload_too_large"),
        "{answer}"
    );
    // unannounced: refused where it passes the limit
    let mut body = "POST /v1/services HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".to_owned();
    body.push_str(&format!("10000\r\n{}\r\n", "x".repeat(0x1_0000)).repeat(5));
    let answer = raw(&app, body).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    // just right: the address has no POST
    let response = app
        .request(Method::POST, "/v1/changes")
        .body("x".repeat(262_144))
        .send()
        .await
        .unwrap();
    assert_eq!(problem(response, 405).await["code"], "method_not_allowed");
}

#[actix_web::test]
async fn what_no_operation_could_take_is_refused_early() {
    let app = app_with(|_| {}).await;
    let long = app.problem(&format!("/v1/services?q={}", "x".repeat(9000)), 414).await;
    assert_eq!(long["code"], "uri_too_long");
    for (length, status) in [(8192, 200), (8193, 400)] {
        // also where the answer is in memory by now
        let condition = app
            .request(Method::GET, "/v1/services")
            .header("If-None-Match", "0".repeat(length));
        assert_eq!(condition.send().await.unwrap().status(), status, "{length}");
    }
    let packed = app
        .request(Method::POST, "/v1/services")
        .header("Content-Encoding", "gzip")
        .body("x");
    assert_eq!(
        problem(packed.send().await.unwrap(), 415).await["code"],
        "unsupported_content_encoding"
    );
    let token = app
        .request(Method::GET, "/v1/services")
        .header("Authorization", "Bearer x")
        .send()
        .await
        .unwrap();
    assert_eq!(token.headers()["www-authenticate"], "Bearer error=\"invalid_token\"");
    assert_eq!(problem(token, 401).await["code"], "invalid_token");
}

fn five_at_once(options: &mut Options) {
    options.rate_limit = Some(RateLimit {
        per_second: 1.try_into().unwrap(),
        burst: 5.try_into().unwrap(),
    });
}

#[actix_web::test]
async fn an_address_is_held_to_its_share_and_told_about_it() {
    let app = app_with(|options| {
        five_at_once(options);
        options.trusted_proxies = "127.0.0.1".parse().unwrap();
    })
    .await;
    let get = |path: &str, client: &str| app.request(Method::GET, path).header("X-Forwarded-For", client).send();
    for left in (0..5).rev() {
        let response = get("/v1/offices", "198.51.100.1").await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["ratelimit"], format!("\"requests\";r={left};t=1"));
        assert_eq!(response.headers()["ratelimit-policy"], "\"requests\";q=5;w=5");
    }
    let response = get("/v1/offices", "198.51.100.1").await.unwrap();
    assert!(response.headers().contains_key("retry-after"));
    assert!(response.headers()["ratelimit"].to_str().unwrap().contains("r=0"));
    assert_eq!(problem(response, 429).await["code"], "too_many_requests");
    assert_eq!(
        get("/v1/offices", "198.51.100.2").await.unwrap().status(),
        200,
        "another address"
    );
    assert_eq!(
        get("/health/live", "198.51.100.1").await.unwrap().status(),
        200,
        "probes have a share of their own"
    );
}

/// A proxy on the machine itself that names no clients speaks for all of them.
#[actix_web::test]
async fn the_machine_itself_is_not_held_to_one_share() {
    let app = app_with(five_at_once).await;
    for _ in 0..20 {
        let response = app
            .request(Method::GET, "/v1/offices")
            .header("X-Forwarded-For", "198.51.100.1")
            .send()
            .await;
        let response = response.unwrap();
        assert_eq!(response.status(), 200);
        assert!(
            response.headers()["ratelimit"]
                .to_str()
                .unwrap()
                .starts_with("\"local\";")
        );
    }
}

#[actix_web::test]
async fn no_limit_means_no_limit() {
    let app = app_with(|options| options.rate_limit = None).await;
    assert!(!app.get("/v1/offices").await.headers().contains_key("ratelimit"));
}
