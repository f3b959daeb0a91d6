//! Whatever is sent, each answer to what is faulty is a problem document, nothing is stored half, and memory stays flat.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use reqwest::{Client, Method, Response};
use serde_json::{Value, json};

use crate::behind::content;
use crate::people::{Who, application};
use crate::program::Service;
use crate::service_requests::service_of;
use crate::support::{TestApp, TestDatabase, on_both_engines};

/// Words of SQL, in the places where they would do something.
const SQL: [&str; 5] = [
    "'; DROP TABLE service_requests; --",
    "\" OR 1=1 --",
    "') UNION SELECT secret FROM blacklist_keys --",
    "$1 ? :name @name",
    "%' ESCAPE '\\",
];

/// A problem document, and not the service's own fault.
async fn refused(response: Response, what: &str) -> Value {
    let status = response.status();
    assert!(status.is_client_error(), "{what}: {status}");
    let kind = response
        .headers()
        .get("content-type")
        .map(|kind| kind.to_str().unwrap().to_owned());
    assert_eq!(kind.as_deref(), Some("application/problem+json"), "{what}");
    let problem: Value = response.json().await.unwrap();
    assert_eq!(problem["status"], status.as_u16(), "{what}");
    problem
}

/// Bodies that are no service request.
fn faulty_bodies() -> Vec<(&'static str, Vec<u8>)> {
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(100_000), close.repeat(100_000)).into_bytes();
    let with = |field: &str, value: &str| application(json!({field: value})).to_string().into_bytes();
    let mut twice = application(json!({})).to_string();
    twice.insert_str(1, "\"name\":\"twice\",");
    let mut torn = b"{\"name\":\"\xff\xfe\"".to_vec();
    torn.extend_from_slice(b"}");
    vec![
        ("10 MiB", vec![b'x'; 10 << 20]),
        ("10 MiB of JSON", format!("[{}0]", "0,".repeat(5 << 20)).into_bytes()),
        ("deep lists", deep("[", "]")),
        ("deep objects", deep("{\"a\":", "}")),
        ("half of it", b"{\"name\":".to_vec()),
        ("not UTF-8", torn),
        ("half of a pair", br#"{"name": "\ud83d"}"#.to_vec()),
        ("twice the same", twice.into_bytes()),
        ("NUL", with("name", "a\0b")),
        ("a control character", with("request", "a\u{1b}[31mb")),
        (
            "10,000 combining marks",
            with("name", &format!("a{}", "\u{301}".repeat(10_000))),
        ),
        (
            "nothing but what is not seen",
            with("name", "\u{200b}\u{200c}\u{2060}\u{feff}"),
        ),
        ("a list", b"[]".to_vec()),
        (
            "a number too large",
            application(json!({"documents_confirmed": 1e308}))
                .to_string()
                .into_bytes(),
        ),
        ("a field that is not known", with("state", "completed")),
        ("nothing", Vec::new()),
    ]
}

/// All that is kept but the attempts that failed, which are counted.
fn kept(app: &TestApp) -> Vec<(String, Vec<String>)> {
    let mut content = content(&app.database.url);
    content.retain(|(table, _)| table != "failed_attempts");
    content
}

on_both_engines! {
    async fn what_is_faulty_is_told_and_not_kept(app: TestApp) {
        let before = kept(&app);
        for (what, body) in faulty_bodies() {
            let request = app.request(Method::POST, "/v1/service-requests").header("Content-Type", "application/json");
            refused(request.body(body).send().await.unwrap(), what).await;
        }
        for target in [
            "/v1/services?limit=9223372036854775808", "/v1/services?limit=-1", "/v1/services?limit=0", "/v1/services?limit=1e3",
            "/v1/services?q=%00", "/v1/services?q=%ff%fe", "/v1/services?cursor=%F0%9F%92%A9", "/v1/services?q=a&q=b",
            "/v1/services/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "/v1/services/%00", "/v1/offices/%ff", "/v1/tracking/%00",
            "/v1/services?as_of=99999999999-01-01T00:00:00Z", "/v1/calendar/days/0000-00-00", "/v1/calendar/years/99999999999999999999",
        ] {
            refused(app.request(Method::GET, target).send().await.unwrap(), target).await;
        }
        for ((table, now), (_, before)) in kept(&app).into_iter().zip(before) {
            assert_eq!(now, before, "{table}");
        }
    }
}

on_both_engines! {
    /// Words of SQL are words, wherever they stand.
    async fn words_of_sql_are_words(app: TestApp) {
        let officer = app.token(Who::Officer).await;
        for words in SQL {
            let receipt = app.file(json!({"name": words, "address": words, "request": words})).await;
            let case = app.seen(&format!("/v1/service-requests/{}", receipt["id"].as_str().unwrap()), &officer).await;
            assert_eq!((&case["name"], &case["address"], &case["request"]), (&json!(words), &json!(words), &json!(words)));
            let word: String = form_urlencoded::byte_serialize(words.as_bytes()).collect();
            for target in [
                format!("/v1/services?q={word}"), format!("/v1/offices?q={word}"), format!("/v1/officers?q={word}"),
                format!("/v1/services?office={word}"), format!("/v1/services?category={word}"), format!("/v1/services?cursor={word}"),
                format!("/v1/services/{word}"), format!("/v1/offices/{word}/charter"), format!("/v1/tracking/{word}"),
                format!("/v1/changes?cursor={word}"), format!("/open311/v2/services.json?jurisdiction_id={word}"),
                format!("/v1/statistics?office={word}"), format!("/v1/grievance-levels?office={word}"),
            ] {
                let response = app.request(Method::GET, &target).send().await.unwrap();
                assert!(!response.status().is_server_error(), "{target}: {}", response.status());
            }
            for target in [format!("/v1/service-requests?q={word}"), format!("/v1/service-requests?office={word}"), format!("/v1/grievances?q={word}"), format!("/v1/grievances?office={word}&q={word}"), format!("/v1/service-requests?service={word}")] {
                let response = app.signed(Method::GET, &target, &officer).send().await.unwrap();
                assert!(!response.status().is_server_error(), "{target}: {}", response.status());
            }
            let login = json!({"email": format!("{words}@example.org"), "password": words});
            let login = app.request(Method::POST, "/v1/auth/login").json(&login).send().await.unwrap();
            assert!(login.status().is_client_error());
        }
        assert_eq!(app.seen("/v1/service-requests?limit=100", &officer).await["items"].as_array().unwrap().len(), SQL.len());
        assert_eq!(app.app.verify_histories().await.unwrap().broken, None);
    }
}

on_both_engines! {
    /// Text comes back as it was sent, whatever it is composed of, and is found in any of its forms.
    async fn text_comes_back_as_it_was_sent(app: TestApp) {
        let officer = app.token(Who::Officer).await;
        for name in ["Ame\u{301}lie", "Am\u{e9}lie", "\u{202e}evil\u{202c}", "রহি\u{200d}মা", "\u{9dc}\u{9be}\u{981}", "\u{9a1}\u{9bc}\u{9be}\u{981}", "🇧🇩👩‍👩‍👧"] {
            let receipt = app.file(json!({"name": name})).await;
            let case = app.seen(&format!("/v1/service-requests/{}", receipt["id"].as_str().unwrap()), &officer).await;
            assert_eq!(case["name"], name);
        }
        for form in ["Am%C3%A9lie", "Ame%CC%81lie"] {
            let found = app.seen(&format!("/v1/service-requests?q={form}"), &officer).await;
            assert_eq!(found["items"].as_array().unwrap().len(), 2, "{form}");
        }
    }
}

/// The memory that a process has at hand, in KiB.
fn memory(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// What is large, deep or packed costs no memory, and the service answers others meanwhile.
#[actix_web::test]
async fn memory_stays_flat() {
    let database = TestDatabase::sqlite();
    let mut service = Service::start_on(&database.url, &[("CHARTER_RATE_LIMIT", "0")]);
    let base = format!("http://{}", service.address());
    let client = Client::new();
    let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
    for _ in 0..100 {
        bomb.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    let bomb = bomb.finish().unwrap();
    let bodies = faulty_bodies();
    let all = async || {
        for (_, body) in &bodies {
            let sent = client
                .post(format!("{base}/v1/service-requests"))
                .body(body.clone())
                .send()
                .await;
            // whoever sends too much may be cut off before the answer is read
            assert!(sent.is_err() || sent.unwrap().status().is_client_error());
        }
        for kind in ["gzip", "deflate", "br"] {
            let sent = client
                .post(format!("{base}/v1/service-requests"))
                .header("Content-Encoding", kind);
            let answer = sent.body(bomb.clone()).send().await.unwrap();
            refused(answer, kind).await;
        }
        let long = client
            .get(format!("{base}/v1/services?q={}", "x".repeat(60_000)))
            .send()
            .await
            .unwrap();
        assert_eq!(long.status(), 414);
        // longer than what any head may be: refused by the server itself
        let longer = client
            .get(format!("{base}/v1/services?q={}", "x".repeat(120_000)))
            .send()
            .await;
        assert!(longer.is_err() || longer.unwrap().status().is_client_error());
    };
    all().await;
    let before = memory(service.id());
    for _ in 0..10 {
        all().await;
    }
    let after = memory(service.id());
    assert!(after < before + 32 * 1024, "{before} KiB before, {after} KiB after");
    let whole = json!({"service_id": service_of(None)});
    let filed = client
        .post(format!("{base}/v1/service-requests"))
        .json(&application(whole))
        .send()
        .await
        .unwrap();
    assert_eq!(filed.status(), 201, "and it goes on");
}
