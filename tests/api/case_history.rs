//! Histories that show tampering, due days that move with the calendar, and nothing about a person where it does not belong.

use std::time::Instant;

use citizens_charter::app::system_clock;
use citizens_charter::store::Engine;
use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};
use reqwest::Method;
use serde_json::{Value, json};

use crate::people::Who;
use crate::program::{Service, run, stderr, stdout};
use crate::service_requests::service_of;
use crate::support::{TestApp, TestDatabase, khulna, on_both_engines};

/// Does something to the database behind the service's back.
pub fn tamper(database: &TestDatabase, sql: &str) {
    match database.sqlite_connection() {
        Some(mut connection) => connection.batch_execute(sql).unwrap(),
        None => PgConnection::establish(&database.url)
            .unwrap()
            .batch_execute(sql)
            .unwrap(),
    }
}

async fn every_tampering_is_found(engine: Engine) {
    for (what, sql, number, words) in [
        (
            "an edited row",
            "UPDATE case_events SET role = 'administrator' WHERE case_id = 'CASE' AND number = 2",
            2,
            "was edited",
        ),
        (
            "edited words",
            "UPDATE case_events SET private = '{}' WHERE case_id = 'CASE' AND number = 3",
            3,
            "was edited",
        ),
        (
            "a deleted row",
            "DELETE FROM case_events WHERE case_id = 'CASE' AND number = 3",
            3,
            "is missing",
        ),
        (
            "a cut history",
            "DELETE FROM case_events WHERE case_id = 'CASE' AND number = 5",
            5,
            "is missing",
        ),
        (
            "a history that is gone",
            "DELETE FROM case_events WHERE case_id = 'CASE'",
            1,
            "is missing",
        ),
        (
            "rows that changed places",
            "UPDATE case_events SET number = 102 WHERE case_id = 'CASE' AND number = 2; \
             UPDATE case_events SET number = 2 WHERE case_id = 'CASE' AND number = 3; \
             UPDATE case_events SET number = 3 WHERE case_id = 'CASE' AND number = 102",
            2,
            "does not follow",
        ),
        (
            "another state",
            "UPDATE service_requests SET state = 'completed' WHERE id = 'CASE'",
            5,
            "another state",
        ),
        (
            "another head",
            "UPDATE service_requests SET last_hash = 'x' WHERE id = 'CASE'",
            5,
            "not the one that the case ends with",
        ),
        (
            "a case that is gone",
            "DELETE FROM service_requests WHERE id = 'CASE'",
            1,
            "a case that is gone",
        ),
    ] {
        let app = TestApp::start(TestDatabase::of(engine)).await;
        let officer = app.token(Who::Officer).await;
        let cases = [app.file(json!({})).await, app.file(json!({})).await];
        for case in &cases {
            app.act(case, &officer, json!({"action": "acknowledge"})).await;
            for note in ["one", "two", "three"] {
                app.act(case, &officer, json!({"action": "add_note", "note": note}))
                    .await;
            }
        }
        let whole = stdout(&run(&app.database, &["verify"]));
        assert_eq!(whole, "cases: 2, events: 10; every history is whole\n");
        let case = cases[1]["id"].as_str().unwrap();
        tamper(&app.database, &sql.replace("CASE", case));
        let output = run(&app.database, &["verify"]);
        assert!(!output.status.success(), "{what}");
        let said = stderr(&output);
        assert!(
            said.contains(&format!("case {case}: event {number} ")) && said.contains(words),
            "{what}: {said}"
        );
    }
}

#[actix_web::test]
async fn every_tampering_is_found_on_sqlite() {
    every_tampering_is_found(Engine::Sqlite).await;
}

#[actix_web::test]
async fn every_tampering_is_found_on_postgres() {
    every_tampering_is_found(Engine::Postgres).await;
}

/// Declares a day closed.
async fn close(app: &TestApp, day: &str) {
    let admin = app.token(Who::Administrator).await;
    let path = format!("/v1/calendar/days/{day}");
    let closed = json!({
        "kind": "holiday", "name": {"bn": "নির্বাহী আদেশে ছুটি", "en": "Holiday by executive order"},
        "source": {"bn": "নির্বাহী আদেশ", "en": "Executive order"},
    });
    assert_eq!(app.replace(&path, &admin, "*", &closed).await.status(), 200);
}

on_both_engines! {
    async fn due_days_move_with_the_calendar(app: TestApp) {
        let officer = app.token(Who::Officer).await;
        let running = app.file(json!({"service_id": service_of(Some(5))})).await;
        let stands = app.file(json!({"service_id": service_of(Some(5))})).await;
        let decided = app.file(json!({"service_id": service_of(Some(5))})).await;
        let today = app.file(json!({})).await;
        app.act(&stands, &officer, json!({"action": "request_information", "message": "Please."})).await;
        app.act(&decided, &officer, json!({"action": "complete"})).await;
        close(&app, "2026-11-30").await;
        let moved = app.tracked(&running).await;
        assert_eq!(moved["due_on"], "2026-12-02");
        let event = moved["events"].as_array().unwrap().last().unwrap();
        assert_eq!((&event["action"], &event["due_on"], &event["state"]), (&json!("due_day_moved"), &json!("2026-12-02"), &json!("submitted")));
        assert_eq!(event["because"], json!({
            "bn": "২০২৬-১১-৩০ এখন ছুটি (নির্বাহী আদেশে ছুটি)।", "en": "2026-11-30 is a holiday now (Holiday by executive order).",
        }));
        assert_eq!(app.tracked(&today).await["version"], 1, "what the day does not touch stays");
        assert_eq!(app.tracked(&decided).await["due_on"], "2026-12-01");
        // a clock that stands goes on by the new calendar
        let answered: Value = app.by_code(&stands, "information", json!({"message": "Here."})).await.json().await.unwrap();
        assert_eq!(answered["due_on"], "2026-12-02");
        // the day of filing itself is closed after the fact
        close(&app, "2026-11-24").await;
        assert_eq!(app.tracked(&today).await["due_on"], "2026-11-25");
        let admin = app.token(Who::Administrator).await;
        for day in ["2026-11-24", "2026-11-30"] {
            app.delete(&format!("/v1/calendar/days/{day}"), &admin, "*").await;
        }
        assert_eq!(app.tracked(&running).await["due_on"], "2026-12-01");
        assert_eq!(app.tracked(&today).await["due_on"], "2026-11-24");
        // the list is in step with the days
        let list = app.seen("/v1/service-requests?due_from=2026-12-01&due_to=2026-12-01", &officer).await;
        assert_eq!(list["items"].as_array().unwrap().len(), 2);
        // acts go on from the version that the move left
        app.act(&running, &officer, json!({"action": "acknowledge"})).await;
        assert_eq!(app.app.verify_histories().await.unwrap().broken, None);
    }
}

/// Ten thousand open cases move in one transaction: a reader sees all of them before or all of them after.
async fn ten_thousand_cases_move_at_once(engine: Engine) {
    const CASES: i64 = 10_000;
    let app = TestApp::start(TestDatabase::of(engine)).await;
    app.file(json!({"service_id": service_of(Some(5))})).await;
    // the same request many times over: histories of one row each
    // what is sealed opens for its own case only
    let plain =
        r#"UPDATE service_requests SET personal_key = '', personal = '{"address": "x", "mobile": "+8801711123456"}'"#;
    tamper(&app.database, plain);
    let digits = "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)";
    let columns = "office, service_id, service_version, service_sequence, service_name_bn, service_name_en, state, is_open, \
         medium, language, name, personal, personal_key, request, filed_at, filed_on, filed_by, filed_as, \
         responsible_officer_id, alternate_officer_id, handed_over, assignee, awaits_promise, clock_from, clock_days, \
         days_stood, due_on, urgency, search, events, last_hash, version, updated_at";
    tamper(
        &app.database,
        &format!(
            "INSERT INTO service_requests (id, tracking_code, {columns}) {digits} \
             SELECT '00000000-0000-7000-8000-' || substr('000000000000' || n.i, -12), 'code-' || n.i, {columns} \
             FROM n CROSS JOIN (SELECT * FROM service_requests) AS first",
        )
        .replace(
            "substr('000000000000' || n.i, -12)",
            match engine {
                Engine::Sqlite => "substr('000000000000' || n.i, -12)",
                Engine::Postgres => "lpad(n.i::text, 12, '0')",
            },
        ),
    );
    let officer = app.token(Who::Officer).await;
    let admin = app.token(Who::Administrator).await;
    let count = async |day: &str| {
        let from = format!("/v1/statistics?office=doict-khulna&from={day}&to={day}");
        app.json(&from).await["total"]["received"].as_i64().unwrap_or(0)
    };
    assert_eq!(count("2026-11-24").await, CASES);
    let path = "/v1/calendar/days/2026-11-30";
    let closed = json!({
        "kind": "holiday", "name": {"bn": "ছুটি", "en": "Holiday"}, "source": {"bn": "আদেশ", "en": "Order"},
    });
    let began = Instant::now();
    let write = app
        .signed(Method::PUT, path, &admin)
        .header("If-Match", "*")
        .json(&closed)
        .send();
    let mut write = Box::pin(write);
    let due = |day: &str| format!("/v1/service-requests?limit=1&due_from={day}&due_to={day}");
    let mut looks = 0;
    let answer = loop {
        let page = async {
            let before = app.seen(&due("2026-12-01"), &officer).await;
            let after = app.seen(&due("2026-12-02"), &officer).await;
            (
                before["items"].as_array().unwrap().len(),
                after["items"].as_array().unwrap().len(),
            )
        };
        match futures_util::future::select(&mut write, Box::pin(page)).await {
            futures_util::future::Either::Left((answer, _)) => break answer.unwrap(),
            futures_util::future::Either::Right(((before, after), _)) => {
                looks += 1;
                // the second look may come after the move that the first one came before
                assert!(before + after >= 1 && before <= 1 && after <= 1);
            }
        }
    };
    assert_eq!(answer.status(), 200);
    println!(
        "{engine}: {CASES} cases moved in {:?}, {looks} looks meanwhile",
        began.elapsed()
    );
    let old = app.seen(&due("2026-12-01"), &officer).await;
    assert_eq!(old["items"], json!([]), "none was left behind");
    let replica = citizens_charter::app::App::new(app.app.store().clone(), system_clock());
    let found = replica.verify_histories().await.unwrap();
    // the copies have no first row: only the original's history is whole
    assert_eq!(found.broken.map(|(_, broken)| broken.number), Some(1));
    assert!(found.cases >= 2 && found.events >= 2);
}

#[actix_web::test]
async fn ten_thousand_cases_move_at_once_on_sqlite() {
    ten_thousand_cases_move_at_once(Engine::Sqlite).await;
}

#[actix_web::test]
async fn ten_thousand_cases_move_at_once_on_postgres() {
    ten_thousand_cases_move_at_once(Engine::Postgres).await;
}

/// Plants words about a person wherever they can be sent, and looks for them wherever they do not belong.
async fn nothing_about_a_person_leaks(engine: Engine) {
    const CANARY: &str = "Canarybird";
    let database = TestDatabase::of(engine);
    let mut service = Service::start(&database);
    let base = format!("http://{}", service.address());
    let client = reqwest::Client::new();
    let application = json!({
        "service_id": khulna().services[0].id, "name": format!("{CANARY} name"), "address": format!("{CANARY} address"),
        "mobile": "01799887766", "email": format!("{CANARY}@example.org"), "request": format!("{CANARY} request"),
        "documents_confirmed": true,
    });
    let url = |path: &str| format!("{base}{path}");
    let filed = client
        .post(url("/v1/service-requests"))
        .json(&application)
        .send()
        .await
        .unwrap();
    assert_eq!(filed.status(), 201);
    let receipt = filed.text().await.unwrap();
    let parsed: Value = serde_json::from_str(&receipt).unwrap();
    let code = parsed["tracking_code"].as_str().unwrap().to_owned();
    let mut shown = vec![receipt];
    let mut faulty = application.clone();
    for (field, value) in [
        ("documents_confirmed", json!(format!("{CANARY}"))),
        ("medium", json!(CANARY)),
        (CANARY, json!(CANARY)),
        ("email", json!(format!("{CANARY} at home"))),
        ("service_id", json!(CANARY)),
    ] {
        faulty[field] = value;
        let refused = client
            .post(url("/v1/service-requests"))
            .json(&faulty)
            .send()
            .await
            .unwrap();
        assert_eq!(refused.status(), 422);
        // a field's own name is where the fault stands; nothing of its value is
        shown.push(refused.text().await.unwrap().replace(&format!("\"/{CANARY}\""), ""));
    }
    for (path, body) in [
        ("information", json!({"message": CANARY})),
        ("feedback", json!({"rating": 9, "message": CANARY})),
        ("withdrawal", json!({"message": CANARY})),
    ] {
        let answer = client
            .post(url(&format!("/v1/tracking/{code}/{path}")))
            .json(&body)
            .send()
            .await
            .unwrap();
        shown.push(answer.text().await.unwrap());
    }
    for path in [
        &*format!("/v1/tracking/{code}"),
        &*format!("/v1/tracking/{CANARY}"),
        "/v1/changes?limit=100",
        "/v1/offices/doict-khulna/charter",
        "/v1/services?q=Canarybird",
        "/v1/statistics?office=doict-khulna",
        "/v1/service-requests",
        "/v1/service-requests?q=Canarybird",
        "/metrics",
    ] {
        shown.push(client.get(url(path)).send().await.unwrap().text().await.unwrap());
    }
    service.terminate();
    service.line_with("stopped");
    shown.push(service.seen.join("\n"));
    for text in shown {
        for canary in [CANARY, "99887766"] {
            assert!(!text.contains(canary), "{canary} in {text}");
        }
    }
    let log = service.seen.join("\n");
    assert!(
        !log.contains(&code),
        "whoever reads the log could act for the applicant: {log}"
    );
}

#[actix_web::test]
async fn nothing_about_a_person_leaks_on_sqlite() {
    nothing_about_a_person_leaks(Engine::Sqlite).await;
}

#[actix_web::test]
async fn nothing_about_a_person_leaks_on_postgres() {
    nothing_about_a_person_leaks(Engine::Postgres).await;
}
