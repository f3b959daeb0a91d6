//! Answers that are kept in memory: the same as those that are made anew, and never of yesterday.

use std::collections::BTreeMap;
use std::time::Duration;

use citizens_charter::app::charter::ImportMode::Publish;
use citizens_charter::app::{App, system_clock};
use citizens_charter::domain::text::Text;
use citizens_charter::http::{Options, RateLimit};
use citizens_charter::store::Store;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::people::Who;
use crate::support::{
    NOW, OFFICE, TestApp, TestDatabase, another_office, http_options, khulna, on_both_engines, problem,
};

/// The value of a metric.
pub async fn metric(app: &TestApp, name: &str) -> u64 {
    let text = app.get("/metrics").await.text().await.unwrap();
    let line = text.lines().find(|line| line.starts_with(&format!("{name} ")));
    line.unwrap().rsplit(' ').next().unwrap().parse().unwrap()
}

/// How many answers were given from memory.
async fn kept(app: &TestApp) -> u64 {
    metric(app, "charter_http_kept_answers_total").await
}

/// An answer that is given from memory. It may take a few attempts: while this machine is so busy that nobody could look for
/// changes in time, nothing is.
async fn from_memory(app: &TestApp, ask: impl AsyncFn() -> Response) -> Response {
    loop {
        let before = kept(app).await;
        let answer = ask().await;
        if kept(app).await > before {
            return answer;
        }
    }
}

/// Everything of an answer but what is of the moment.
async fn whole(response: Response) -> (u16, BTreeMap<String, String>, Vec<u8>) {
    let status = response.status().as_u16();
    let of_moment = ["date", "ratelimit", "x-request-id"];
    let headers = response.headers().iter();
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    let headers = headers.filter(|(name, _)| !of_moment.contains(&&**name)).collect();
    (status, headers, response.bytes().await.unwrap().to_vec())
}

/// What a portal reads, all of it about one office's charter.
async fn targets(app: &TestApp) -> Vec<String> {
    let charter = app.json("/v1/offices/doict-khulna/charter").await;
    let id = |list: &str| charter[list][0]["id"].as_str().unwrap().to_owned();
    let mut targets: Vec<String> = [
        "/v1/offices",
        "/v1/offices/doict-khulna",
        "/v1/offices/doict-khulna/charter",
        "/v1/services?limit=20",
        "/v1/services?q=%E0%A6%B8%E0%A6%BE%E0%A6%87%E0%A6%AC%E0%A6%BE%E0%A6%B0",
        "/v1/services?office=doict-khulna&category=citizen",
        "/v1/services?profile=hsds",
        "/v1/officers",
        "/v1/upazila-offices?office=doict-khulna",
        "/v1/grievance-levels?office=doict-khulna",
        "/v1/changes?limit=50",
        "/",
        "/offices/doict-khulna",
    ]
    .map(str::to_owned)
    .into();
    targets.push(format!("/v1/services/{}", id("services")));
    targets.push(format!("/v1/services/{}/versions", id("services")));
    targets.push(format!("/v1/services/{}/promise?applied_on=2026-11-24", id("services")));
    targets.push(format!("/v1/officers/{}", id("officers")));
    targets.push(format!("/v1/upazila-offices/{}", id("upazila_offices")));
    targets
}

on_both_engines! {
    /// The second answer comes from memory, and is the first one again: plain and compressed, whole and as `304`, to GET and
    /// to HEAD, in every format.
    async fn an_answer_that_is_kept_is_the_answer(app: TestApp) {
        for target in targets(&app).await {
            for encoding in ["identity", "gzip", "br"] {
                let ask = |method: Method, header: (&'static str, String)| {
                    let request = app.request(method, &target).header("Accept-Encoding", encoding);
                    let request = request.header(header.0, header.1);
                    async move { request.send().await.unwrap() }
                };
                let none = || ("X-Nothing", "1".to_owned());
                let first = whole(ask(Method::GET, none()).await).await;
                let again = from_memory(&app, async || ask(Method::GET, none()).await).await;
                assert_eq!(whole(again).await, first, "{target}");

                let head = from_memory(&app, async || ask(Method::HEAD, none()).await).await;
                let head = whole(head).await;
                assert_eq!((head.0, &head.1), (200, &first.1), "{target}");
                let tag = first.1["etag"].clone();
                for sent in [tag.clone(), format!("\"other\", {tag}"), format!("W/{tag}"), "*".to_owned()] {
                    let known = async || ask(Method::GET, ("If-None-Match", sent.clone())).await;
                    let known = whole(from_memory(&app, known).await).await;
                    let mut headers = first.1.clone();
                    for of_body in ["content-type", "content-encoding", "content-length"] {
                        headers.remove(of_body);
                    }
                    assert_eq!(known, (304, headers, Vec::new()), "{target}");
                }
                let other = ask(Method::GET, ("If-None-Match", "\"other\"".to_owned())).await;
                assert_eq!(other.status(), 200);
            }
        }
    }
}

#[actix_web::test]
async fn an_answer_from_memory_is_counted_under_its_own_method() {
    let app = TestApp::start(TestDatabase::sqlite()).await;
    let counted = async |method: &str| {
        let labels = format!("{{method=\"{method}\",route=\"/v1/offices\",status=\"200\"}}");
        metric(&app, &format!("charter_http_requests_total{labels}")).await
    };
    app.get("/v1/offices").await;
    from_memory(&app, async || app.get("/v1/offices").await).await;
    let gets = counted("GET").await;
    let head = async || app.request(Method::HEAD, "/v1/offices").send().await.unwrap();
    from_memory(&app, head).await;
    assert!(counted("HEAD").await > 0);
    assert_eq!(counted("GET").await, gets);
}

on_both_engines! {
    /// Whoever asks first with a tag that is still good lets the whole answer be kept for others.
    async fn an_answer_that_somebody_has_already_is_kept_for_others(app: TestApp) {
        let target = "/v1/offices/doict-khulna/charter";
        let ask = || app.request(Method::GET, target).header("Accept-Encoding", "br");
        let insisting = ask().header("Cache-Control", "no-cache").send().await.unwrap();
        let first = whole(insisting).await;
        let known = async || ask().header("If-None-Match", &first.1["etag"]).send().await.unwrap();
        // nobody has asked for the whole of it
        assert_eq!(from_memory(&app, known).await.status(), 304);
        let again = from_memory(&app, async || ask().send().await.unwrap()).await;
        assert_eq!(whole(again).await, first);
    }
}

on_both_engines! {
    /// Whatever was kept of a charter is gone once a change of it is answered; what is about other offices stays.
    async fn a_change_shows_at_once(app: TestApp) {
        app.app.import_charter(another_office("doict-jashore"), Publish).await.unwrap();
        let token = app.token(Who::Officer).await;
        let service = app.json("/v1/services?office=doict-khulna&limit=1").await["items"][0].clone();
        let path = format!("/v1/services/{}", service["id"].as_str().unwrap());
        let elsewhere = "/v1/offices/doict-jashore/charter";
        for name in ["One name", "Another name", "A third one"] {
            for target in targets(&app).await.iter().chain([&elsewhere.to_owned()]) {
                app.get(target).await;
                app.get(target).await;
            }
            let (mut read, tag) = app.read(&path).await;
            read["name"]["en"] = json!(name);
            assert_eq!(app.replace(&path, &token, &tag, &read).await.status(), 200);

            let before = kept(&app).await;
            assert_eq!(app.json(&path).await["name"]["en"], name);
            for list in ["/v1/services?limit=20", "/v1/services?office=doict-khulna&category=citizen"] {
                assert_eq!(app.json(list).await["items"][0]["name"]["en"], name, "{list}");
            }
            let charter = app.json("/v1/offices/doict-khulna/charter").await;
            assert_eq!(charter["services"][0]["name"]["en"], name);
            let page = app.get("/offices/doict-khulna").await.text().await.unwrap();
            assert!(page.contains(name));
            let promise = app.json(&format!("{path}/promise?applied_on=2026-11-24")).await;
            assert_eq!(promise["service_id"], service["id"]);
            assert_eq!(kept(&app).await, before, "nothing of it was given from memory");
            from_memory(&app, async || app.get(elsewhere).await).await;
        }
    }
}

on_both_engines! {
    /// What the feed does not tell of shows at once, too: the order of a charter's lists, and the calendar.
    async fn an_untold_change_shows_at_once(app: TestApp) {
        let charter = "/v1/offices/doict-khulna/charter";
        app.get(charter).await;
        let mut turned = khulna();
        turned.services.reverse();
        assert_eq!(app.app.import_charter(turned.clone(), Publish).await.unwrap(), []);
        assert_eq!(app.json(charter).await, json!(turned));

        let admin = app.token(Who::Administrator).await;
        let day = "/v1/calendar/days/2026-12-07";
        let promise = "/v1/services/01a20ada-2c09-7f10-81ae-f9ca55411c0f/promise?applied_on=2026-12-02";
        let (before, due) = (app.read(day).await, app.json(promise).await["due_on"].clone());
        let holiday = json!({
            "kind": "holiday", "name": {"bn": "ছুটি", "en": "A holiday"}, "source": {"bn": "গেজেট", "en": "Gazette"},
        });
        assert_eq!(app.replace(day, &admin, &before.1, &holiday).await.status(), 200);
        assert_eq!(app.json(day).await["kind"], "holiday");
        assert_ne!(app.json(promise).await["due_on"], due);
    }
}

/// Asks until an answer is this one. What another process changed is seen a little later, by nobody's doing but time's.
async fn comes_to(app: &TestApp, target: &str, at: &str, value: &Value) {
    while app.json(target).await.pointer(at) != Some(value) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

on_both_engines! {
    /// What another process changes is seen without anybody telling this one.
    async fn a_change_by_another_process_is_seen(app: TestApp) {
        let charter = "/v1/offices/doict-khulna/charter";
        app.get(charter).await;
        app.get("/v1/calendar/years/2026").await;
        let elsewhere = App::new(Store::open(&app.database.options()).unwrap(), system_clock());
        let mut changed = khulna();
        changed.vision = Text::new("নতুন রূপকল্প", "A new vision");
        elsewhere.import_charter(changed, Publish).await.unwrap();
        comes_to(&app, charter, "/vision/en", &json!("A new vision")).await;
    }
}

/// A portal that reads the lists after it asked where the feed ends misses nothing, whichever replica answers.
#[actix_web::test]
async fn the_end_of_the_feed_is_told_once_no_replica_shows_anything_older() {
    let app = TestApp::start(TestDatabase::postgres()).await;
    let other = TestApp::replica_of(&app).await;
    let charter = "/v1/offices/doict-khulna/charter";
    for vision in ["One", "Two", "Three"] {
        other.get(charter).await;
        let mut changed = khulna();
        changed.vision = Text::new(vision, vision);
        app.app.import_charter(changed, Publish).await.unwrap();
        let cursor = app.json("/v1/changes?start=latest").await["next_cursor"].clone();
        assert_eq!(other.json(charter).await["vision"]["en"], vision);
        let news = app
            .json(&format!("/v1/changes?cursor={}", cursor.as_str().unwrap()))
            .await;
        assert_eq!(news["items"], json!([]));
    }
}

#[actix_web::test]
async fn memory_answers_nobody_whom_the_service_would_not() {
    let options = Options {
        rate_limit: Some(RateLimit {
            per_second: 1.try_into().unwrap(),
            burst: 3.try_into().unwrap(),
        }),
        trusted_proxies: "127.0.0.1".parse().unwrap(),
        ..http_options()
    };
    let app = TestApp::start_with(TestDatabase::sqlite(), NOW, &options).await;
    let ask = || {
        app.request(Method::GET, "/v1/offices")
            .header("X-Forwarded-For", "203.0.113.9")
    };
    for left in ["2", "1", "0"] {
        let answer = ask().send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let told = answer.headers()["ratelimit"].to_str().unwrap();
        assert!(told.contains(&format!("r={left};")), "{told}");
    }
    assert_eq!(
        problem(ask().send().await.unwrap(), 429).await["code"],
        "too_many_requests"
    );

    let forged = app
        .request(Method::GET, "/v1/offices")
        .header("Authorization", "Bearer x");
    assert_eq!(
        problem(forged.send().await.unwrap(), 401).await["code"],
        "invalid_token"
    );
    assert_eq!(app.get("/v1/offices?colour=green").await.status(), 400);
}

#[actix_web::test]
async fn memory_is_bounded_and_can_be_left_out() {
    let options = Options {
        kept_bytes: 200_000,
        ..http_options()
    };
    let app = TestApp::start_with(TestDatabase::sqlite(), NOW, &options).await;
    for number in 0..100 {
        app.get(&format!("/v1/services?limit=5&q=a{number}")).await;
        app.get(&format!("/v1/services?limit={}", number % 50 + 1)).await;
    }
    let bytes = metric(&app, "charter_http_kept_bytes").await;
    assert!((1..=200_000).contains(&bytes), "{bytes}");

    let options = Options {
        kept_bytes: 0,
        ..http_options()
    };
    let app = TestApp::start_with(TestDatabase::sqlite(), NOW, &options).await;
    let offices = app.json("/v1/offices").await;
    assert_eq!(app.json("/v1/offices").await, offices);
    assert_eq!(
        (kept(&app).await, metric(&app, "charter_http_kept_bytes").await),
        (0, 0)
    );
}

on_both_engines! {
    /// A list costs as many statements as one of its entries, whatever its length.
    async fn no_read_asks_once_for_each_entry(app: TestApp) {
        let statements = |target: String| {
            let app = &app;
            async move {
                let before = metric(app, "charter_db_statements").await;
                let answer = app.request(Method::GET, &target).header("Cache-Control", "no-cache").send().await.unwrap();
                assert_eq!(answer.status(), 200, "{target}");
                metric(app, "charter_db_statements").await - before
            }
        };
        let nothing = statements("/health/live".into()).await;
        assert_eq!(nothing, 0);
        for target in targets(&app).await.into_iter().filter(|target| target.starts_with("/v1/")) {
            let (path, query) = target.split_once('?').unwrap_or((&target, ""));
            let statements_of_target = statements(target.clone()).await;
            let is_list = !path.contains("/01a") && !path.contains(OFFICE) && !path.ends_with("changes");
            if is_list && !query.contains("profile") {
                let with = |limit: &str| format!("{path}?limit={limit}");
                assert_eq!(statements(with("1")).await, statements(with("100")).await, "{path}");
            }
            let most = match path {
                "/v1/offices" => 5,
                _ if path.ends_with("/charter") => 12,
                _ if path.ends_with("/promise") || query.contains("profile") || path.ends_with("doict-khulna") => 6,
                "/v1/changes" | "/v1/grievance-levels" => 4,
                _ if path.ends_with("/versions") => 3,
                // nearby, whether anything is further off, and there
                _ if query.contains("q=") => 3,
                _ => 1,
            };
            assert!(statements_of_target <= most, "{target}: {statements_of_target}");
        }
    }
}
