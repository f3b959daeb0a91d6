//! The day by which a service is promised.

use citizens_charter::app::charter::ImportMode;
use citizens_charter::domain::text::Text;
use citizens_charter::domain::time_limit::{TimeLimit, TimeLimitKind};
use serde_json::{Value, json};

use crate::support::{OFFICE, TestApp, TestDatabase, http_options, khulna, on_both_engines, snapshot};

async fn service_with(app: &TestApp, kind: &str, working_days: Option<i64>) -> String {
    let services = app.all(&format!("/v1/services?office={OFFICE}"), 100).await;
    let found = services.iter().find(|service| {
        let limit = &service["time_limit"];
        limit["kind"] == kind && limit.get("working_days").and_then(Value::as_i64) == working_days
    });
    found.unwrap()["id"].as_str().unwrap().to_owned()
}

on_both_engines! {
    async fn every_kind_of_time_limit_is_counted(app: TestApp) {
        for (kind, days, applied_on, due_on) in [
            ("immediate", None, "2026-11-24", json!("2026-11-24")),
            ("immediate", None, "2026-11-27", json!("2026-11-29")),
            ("working_days", Some(5), "2026-11-24", json!("2026-12-01")),
            ("working_days", Some(3), "2026-12-15", json!("2026-12-21")),
            ("as_directed", None, "2026-11-24", Value::Null),
        ] {
            let id = service_with(&app, kind, days).await;
            let promise = app.json(&format!("/v1/services/{id}/promise?applied_on={applied_on}")).await;
            assert_eq!(promise["due_on"], due_on, "{kind} {days:?} from {applied_on}");
            assert_eq!(promise["applied_on"], applied_on);
        }
        let id = service_with(&app, "working_days", Some(5)).await;
        snapshot("promise", &app.json(&format!("/v1/services/{id}/promise?applied_on=2026-12-14")).await);
    }
}

on_both_engines! {
    /// The check vector of the working days' rules, through the API: 30 working days over Eid-ul-Azha 2025.
    async fn the_eid_of_2025_is_counted_as_it_was(app: TestApp) {
        let mut charter = khulna();
        charter.services[0].time_limit = TimeLimit {
            kind: TimeLimitKind::WorkingDays,
            working_days: Some(30),
            where_applicable: false,
            text: Text::new("৩০ কার্যদিবস", "30 working days"),
        };
        let id = charter.services[0].id;
        app.app.import_charter(charter, ImportMode::Publish).await.unwrap();
        let promise = app.json(&format!("/v1/services/{id}/promise?applied_on=2025-05-07")).await;
        assert_eq!(promise["due_on"], "2025-06-25");
        let last = promise["days"].as_array().unwrap().last().unwrap();
        assert_eq!((&last["date"], &last["working_day"]), (&json!("2025-06-25"), &json!(30)));
    }
}

/// Without a day it counts from right now: five in the afternoon in Dhaka is too late for today.
#[actix_web::test]
async fn right_now_is_the_default() {
    for (now, due_on) in [
        ("2026-11-24T10:59:59Z", "2026-11-24"),
        ("2026-11-24T11:00:00Z", "2026-11-25"),
        ("2026-11-26T19:00:00Z", "2026-11-29"),
    ] {
        let app = TestApp::start_with(TestDatabase::sqlite(), now, &http_options()).await;
        let id = service_with(&app, "immediate", None).await;
        assert_eq!(
            app.json(&format!("/v1/services/{id}/promise")).await["due_on"],
            due_on,
            "at {now}"
        );
    }
}

on_both_engines! {
    async fn what_cannot_be_counted_is_refused(app: TestApp) {
        let id = service_with(&app, "immediate", None).await;
        for day in ["2026-02-30", "24.11.2026", "1999-12-31", "9999-12-31", "২০২৬-১১-২৪"] {
            let problem = app.problem(&format!("/v1/services/{id}/promise?applied_on={day}"), 400).await;
            assert_eq!(problem["errors"][0]["pointer"], "/query/applied_on", "{day}");
        }
        let unknown = "00000000-0000-7000-8000-000000000000";
        assert_eq!(app.problem(&format!("/v1/services/{unknown}/promise"), 404).await["code"], "not_found");
    }
}
