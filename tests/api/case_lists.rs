//! Lists of service requests, and what is counted of them.

use chrono::TimeDelta;
use citizens_charter::store::Engine;
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::people::{Who, with_clock};
use crate::service_requests::service_of;
use crate::support::{OFFICE, TestApp, TestDatabase, encoded, khulna, on_both_engines, problem};

/// The ids on all pages of the list, three by three.
async fn ids(app: &TestApp, token: &str, query: &str) -> Vec<String> {
    app.ids("/v1/service-requests", query, token).await
}

fn id(receipt: &Value) -> String {
    receipt["id"].as_str().unwrap().to_owned()
}

async fn lists_come_as_asked(engine: Engine) {
    let (app, clock) = with_clock(TestDatabase::of(engine)).await;
    let token = async || app.token(Who::Officer).await;
    let mut filed = Vec::new();
    // five, three and one working days in turn, a day apart
    for (i, days) in [Some(5), Some(3), None, Some(5), Some(3), None, Some(5), Some(3)]
        .into_iter()
        .enumerate()
    {
        let service = if days.is_none() {
            khulna().services[0].id
        } else {
            service_of(days)
        };
        let name = format!("আবেদনকারী নম্বর-১০{i}");
        filed.push(
            app.file(json!({"service_id": service, "name": name, "request": format!("Request number {i}")}))
                .await,
        );
        clock.advance(TimeDelta::hours(20));
    }
    let all: Vec<String> = filed.iter().map(id).collect();
    let officer = token().await;
    let newest: Vec<String> = all.iter().rev().cloned().collect();
    assert_eq!(ids(&app, &officer, "").await, newest);
    assert_eq!(ids(&app, &officer, "&order=newest").await, newest);

    let mut urgent: Vec<(String, String)> = Vec::new();
    for receipt in &filed {
        urgent.push((receipt["due_on"].as_str().unwrap().to_owned(), id(receipt)));
    }
    urgent.sort_by_key(|(due_on, id)| (due_on.clone(), all.iter().position(|known| known == id)));
    let by_due_day: Vec<String> = urgent.iter().map(|(_, id)| id.clone()).collect();
    assert_eq!(ids(&app, &officer, "&order=urgent").await, by_due_day);

    let today = (clock.now() + TimeDelta::hours(6)).format("%Y-%m-%d").to_string();
    let overdue: Vec<String> = urgent
        .iter()
        .filter(|(due_on, _)| *due_on < today)
        .map(|(_, id)| id.clone())
        .collect();
    assert!(overdue.len() >= 2 && overdue.len() < 8, "{overdue:?}");
    assert_eq!(ids(&app, &officer, "&overdue=true").await, overdue);
    let rest: Vec<String> = by_due_day.iter().filter(|id| !overdue.contains(id)).cloned().collect();
    assert_eq!(ids(&app, &officer, "&overdue=false").await, rest);
    let (day, _) = &urgent[3];
    let on_day: Vec<String> = urgent
        .iter()
        .filter(|(due_on, _)| due_on == day)
        .map(|(_, id)| id.clone())
        .collect();
    assert_eq!(
        ids(&app, &officer, &format!("&due_from={day}&due_to={day}")).await,
        on_day
    );

    let service = service_of(Some(3));
    let of_service = ids(&app, &officer, &format!("&service={service}")).await;
    assert_eq!(of_service, [7, 4, 1].map(|i| all[i].clone()));
    app.act(&filed[4], &officer, json!({"action": "acknowledge"})).await;
    app.act(&filed[1], &officer, json!({"action": "hand_over"})).await;
    app.act(&filed[0], &officer, json!({"action": "reject", "reason": "other"}))
        .await;
    assert_eq!(ids(&app, &officer, "&state=in_progress").await, [all[4].clone()]);
    assert_eq!(
        ids(&app, &officer, &format!("&assignee={}", khulna().officers[1].id)).await,
        [all[1].clone()]
    );
    assert_eq!(
        ids(&app, &officer, &format!("&assignee={}", khulna().officers[0].id))
            .await
            .len(),
        7
    );
    assert_eq!(
        ids(&app, &officer, "&order=urgent").await.len(),
        7,
        "what is decided is not urgent"
    );

    // folded like every search, in both languages and both scripts of digits
    assert_eq!(
        ids(&app, &officer, &format!("&q={}", encoded("আবেদনকারি নম্বর১০৫"))).await,
        [all[5].clone()]
    );
    assert_eq!(ids(&app, &officer, "&q=request+NUMBER").await, newest);
    assert_eq!(
        ids(
            &app,
            &officer,
            &format!("&q=request&state=in_progress&service={service}")
        )
        .await,
        [all[4].clone()]
    );
    let code = filed[2]["tracking_code"].as_str().unwrap();
    assert_eq!(ids(&app, &officer, &format!("&q={code}")).await, [all[2].clone()]);
    assert_eq!(ids(&app, &officer, "&q=request&order=urgent").await.len(), 7);

    for faulty in [
        "state=done",
        "overdue=maybe",
        "order=random",
        "assignee=1",
        "due_from=yesterday",
        "q=%20",
    ] {
        let refused = app
            .signed(Method::GET, &format!("/v1/service-requests?{faulty}"), &officer)
            .send()
            .await
            .unwrap();
        assert_eq!(problem(refused, 400).await["code"], "invalid_parameter", "{faulty}");
    }
    let page = app.seen("/v1/service-requests?limit=3", &officer).await;
    let other_filter = format!(
        "/v1/service-requests?limit=3&order=urgent&cursor={}",
        page["next_cursor"].as_str().unwrap()
    );
    let refused = app.signed(Method::GET, &other_filter, &officer).send().await.unwrap();
    assert_eq!(problem(refused, 400).await["code"], "invalid_cursor");
}

#[actix_web::test]
async fn lists_come_as_asked_on_sqlite() {
    lists_come_as_asked(Engine::Sqlite).await;
}

#[actix_web::test]
async fn lists_come_as_asked_on_postgres() {
    lists_come_as_asked(Engine::Postgres).await;
}

async fn promises_are_counted(engine: Engine) {
    let (app, clock) = with_clock(TestDatabase::of(engine)).await;
    let path = format!("/v1/statistics?office={OFFICE}");
    assert!(app.json(&path).await.get("total").is_none(), "nothing, and so few");
    let mut filed = Vec::new();
    for _ in 0..8 {
        filed.push(app.file(json!({"service_id": service_of(Some(3))})).await);
    }
    let few = app.file(json!({})).await;
    clock.advance(TimeDelta::days(1));
    let officer = app.token(Who::Officer).await;
    for receipt in &filed[..4] {
        app.act(receipt, &officer, json!({"action": "complete"})).await;
        app.by_code(receipt, "feedback", json!({"rating": 4})).await;
    }
    app.act(&few, &officer, json!({"action": "complete"})).await;
    clock.advance(TimeDelta::days(6));
    let officer = app.token(Who::Officer).await;
    app.act(&filed[4], &officer, json!({"action": "complete"})).await;
    app.by_code(&filed[4], "feedback", json!({"rating": 1})).await;
    app.act(&filed[5], &officer, json!({"action": "reject", "reason": "other"}))
        .await;
    app.by_code(&filed[6], "withdrawal", json!({})).await;

    let statistics = app.json(&path).await;
    assert_eq!(
        (&statistics["from"], &statistics["to"]),
        (&json!("2026-11-02"), &json!("2026-12-01"))
    );
    let total = &statistics["total"];
    assert_eq!(
        *total,
        json!({
            "received": 9, "completed": 6, "rejected": 1, "withdrawn": 1, "pending_within_limit": 0, "pending_past_limit": 1,
            // seven were decided with a day to be decided by: five of them in time
            "on_time_rate": 0.571, "median_working_days": 1, "p90_working_days": 5, "satisfaction": 3.4,
        })
    );
    let services = statistics["services"].as_array().unwrap();
    assert_eq!(services.len(), 2);
    assert!(
        services.iter().all(|service| service.get("figures").is_none()),
        "one service had one request, and the other one would tell it by subtraction"
    );
    let december = app.json(&format!("{path}&from=2026-12-01&to=2026-12-31")).await;
    assert!(
        december.get("total").is_none_or(|total| total["received"] == 0),
        "{december}"
    );
    for (query, status) in [
        ("office=doict-nowhere", 404),
        ("", 400),
        ("office=doict-khulna&from=2026-12-01&to=2026-11-01", 400),
        ("office=doict-khulna&from=2020-01-01", 400),
    ] {
        app.problem(&format!("/v1/statistics?{query}"), status).await;
    }
}

#[actix_web::test]
async fn promises_are_counted_on_sqlite() {
    promises_are_counted(Engine::Sqlite).await;
}

#[actix_web::test]
async fn promises_are_counted_on_postgres() {
    promises_are_counted(Engine::Postgres).await;
}

on_both_engines! {
    /// Open requests follow their service to its officers of now; the version that was promised stays.
    async fn requests_follow_the_officers_and_keep_the_promise(app: TestApp) {
        let officer = app.token(Who::Officer).await;
        let receipt = app.file(json!({"service_id": service_of(Some(5))})).await;
        let closed = app.completed().await;
        let mut charter = app.app.get_charter(OFFICE.into()).await.unwrap();
        let mut successor = charter.officers[0].clone();
        successor.id = uuid::Uuid::now_v7();
        let old = charter.officers[0].id;
        charter.officers.push(successor.clone());
        for service in &mut charter.services {
            service.responsible_officer = successor.clone();
            if service.time_limit.working_days == Some(5) {
                service.time_limit.working_days = Some(3);
                service.time_limit.text = citizens_charter::domain::text::Text::new("৩ কার্যদিবস", "3 working days");
            }
        }
        app.app.import_charter(charter, citizens_charter::app::charter::ImportMode::Publish).await.unwrap();
        let path = |receipt: &Value| format!("/v1/service-requests/{}", receipt["id"].as_str().unwrap());
        let case = app.seen(&path(&receipt), &officer).await;
        assert_eq!(case["responsible_officer"], json!(successor.id));
        assert_eq!((&case["due_on"], &case["service"]["version"]), (&json!("2026-12-01"), &json!(1)), "what was promised then");
        assert_eq!(app.seen(&path(&closed), &officer).await["responsible_officer"], json!(old), "what is decided was his");
        assert_eq!(ids(&app, &officer, &format!("&assignee={}", successor.id)).await.len(), 1);
        assert_eq!(app.app.verify_histories().await.unwrap().broken, None);
    }
}

on_both_engines! {
    /// The last cases are looked through; what was filed before them is found by the index of words, however lately.
    async fn what_was_filed_long_ago_is_found_as_well(app: TestApp) {
        let needle = app.file(json!({"request": "Needle in a haystack"})).await;
        for number in 0..17 {
            join_all((0..30).map(|_| app.file(json!({"request": format!("Straw {number}")})))).await;
        }
        let officer = app.token(Who::Officer).await;
        let last = app.file(json!({"request": "Needle again"})).await;
        assert_eq!(ids(&app, &officer, "&q=needle").await, [id(&last), id(&needle)]);
        assert_eq!(ids(&app, &officer, "&q=haystack+needle").await, [id(&needle)]);
        assert_eq!(ids(&app, &officer, "&q=needle&order=urgent").await, [id(&needle), id(&last)]);
        let code = needle["tracking_code"].as_str().unwrap();
        assert_eq!(ids(&app, &officer, &format!("&q={code}")).await, [id(&needle)]);
        assert_eq!(ids(&app, &officer, "&q=straw").await.len(), 510);
        assert!(ids(&app, &officer, "&q=straw+needle").await.is_empty());
    }
}
