//! Filing grievances: where they begin, and when they may not be filed.

use chrono::TimeDelta;
use citizens_charter::store::Engine;
use reqwest::Method;
use serde_json::{Value, json};

use crate::complainants::{about_the_office, anonymous, form};
use crate::people::{Who, with_clock};
use crate::service_requests::{as_directed, service_of};
use crate::support::{OFFICE, TestApp, TestDatabase, code_of, faults, khulna, on_both_engines, problem};

on_both_engines! {
    /// In Khulna the Grievance Redress Officer answers for all services: nobody complains to him about himself.
    async fn every_service_of_khulna_begins_with_the_appeal_officer(app: TestApp) {
        let charter = khulna();
        for service in &charter.services {
            let response = app.try_to_complain(json!({"service_id": service.id, "applied_on": "2026-09-01"})).await;
            assert_eq!(response.status(), 201, "{}", service.name.en);
            let location = response.headers()["location"].to_str().unwrap().to_owned();
            let receipt: Value = response.json().await.unwrap();
            assert_eq!(location, format!("/v1/tracking/{}", receipt["tracking_code"].as_str().unwrap()));
            assert_eq!((&receipt["level"], &receipt["state"]), (&json!(2), &json!("submitted")));
            assert_eq!(receipt["handled_by"]["title"], json!({"bn": "আপিল কর্মকর্তা", "en": "Appeal Officer"}));
            assert_eq!(receipt["handled_by"]["handler"], json!(charter.grievance_levels[1].handler));
            // 20 working days from 24 November: 16 December is a holiday
            assert_eq!((&receipt["filed_on"], &receipt["due_on"]), (&json!("2026-11-24"), &json!("2026-12-23")));
            assert_eq!(receipt["service"]["name"], json!(service.name));
        }
        assert_eq!(charter.services.len(), 26);
    }
}

on_both_engines! {
    async fn nobody_judges_a_grievance_about_oneself(app: TestApp) {
        let charter = khulna();
        let [redress, alternate] = [0, 1].map(|i| charter.officers[i].id);
        let with = |fields: Value| {
            let mut whole = about_the_office();
            whole.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
            whole
        };
        for (about, level) in [
            (with(json!({})), 1),
            (with(json!({"officer_id": alternate})), 1),
            (with(json!({"officer_id": redress})), 2),
            (with(json!({"about_handler": "grievance_redress_officer"})), 2),
            (with(json!({"about_handler": "appeal_officer"})), 3),
            (json!({"about_handler": "appeal_officer"}), 3),
            (json!({"office": OFFICE}), 2),
            (anonymous(), 1),
        ] {
            let receipt = app.complain(about.clone()).await;
            assert_eq!(receipt["level"], level, "{about}");
            assert_eq!(receipt["handled_by"]["level"], level);
            assert_eq!(receipt["handled_by"]["title"], json!(charter.grievance_levels[level - 1].title));
            let tracked = app.tracked(&receipt).await;
            assert_eq!((&tracked["kind"], &tracked["handled_by"]), (&json!("grievance"), &receipt["handled_by"]));
            assert_eq!(tracked["events"][0]["level"], level);
            assert_eq!(tracked["available_actions"], json!(["withdraw"]));
        }
    }
}

async fn a_grievance_waits_for_the_time_limit(engine: Engine) {
    let (app, clock) = with_clock(TestDatabase::of(engine)).await;
    let early = async |fields: Value| {
        let refused = problem(app.try_to_complain(fields).await, 409).await;
        assert_eq!(refused["code"], "too_early");
        refused["file_from"].as_str().unwrap().to_owned()
    };
    // on paper: five working days from Tuesday 24 November end on Tuesday 1 December
    let on_paper = |applied_on: &str| json!({"service_id": service_of(Some(5)), "applied_on": applied_on});
    assert_eq!(early(on_paper("2026-11-24")).await, "2026-12-02");
    app.complain(on_paper("2026-11-16")).await;
    let mut decided = on_paper("2026-11-24");
    decided["decision_made"] = json!(true);
    app.complain(decided).await;
    // nothing is promised, or nothing is known of when it was applied for
    app.complain(json!({"service_id": as_directed(), "applied_on": "2026-11-24"}))
        .await;
    app.complain(json!({"service_id": service_of(Some(5)), "applied_on": null}))
        .await;

    let request = app.file(json!({"service_id": service_of(Some(5))})).await;
    let about = |request: &Value| {
        json!({
            "service_id": null, "applied_on": null,
            "service_request": request["tracking_code"].as_str().unwrap().to_lowercase().replace('-', ""),
        })
    };
    assert_eq!(early(about(&request)).await, "2026-12-02");
    let officer = app.token(Who::Officer).await;
    let stands = app.file(json!({"service_id": service_of(Some(5))})).await;
    let question = json!({"action": "request_information", "message": "Which one?"});
    app.act(&stands, &officer, question).await;
    assert_eq!(
        early(about(&stands)).await,
        "2026-12-02",
        "as if it were answered today"
    );
    let refused = app.file(json!({"service_id": service_of(Some(5))})).await;
    app.act(&refused, &officer, json!({"action": "reject", "reason": "other"}))
        .await;
    let receipt = app.complain(about(&refused)).await;
    assert_eq!(
        (&receipt["level"], &receipt["service"]),
        (&json!(2), &refused["service"])
    );
    let appeal_officer = app.token(Who::AppealOfficer).await;
    let seen = app.grievance(&receipt, &appeal_officer).await;
    assert_eq!(
        (&seen["service_request_id"], &seen["applied_on"]),
        (&refused["id"], &json!("2026-11-24"))
    );
    clock.advance(TimeDelta::days(7));
    assert_eq!(
        early(about(&request)).await,
        "2026-12-02",
        "the last day has not passed"
    );
    clock.advance(TimeDelta::days(1));
    app.complain(about(&request)).await;
}

#[actix_web::test]
async fn a_grievance_waits_for_the_time_limit_on_sqlite() {
    a_grievance_waits_for_the_time_limit(Engine::Sqlite).await;
}

#[actix_web::test]
async fn a_grievance_waits_for_the_time_limit_on_postgres() {
    a_grievance_waits_for_the_time_limit(Engine::Postgres).await;
}

on_both_engines! {
    async fn what_is_not_admissible_is_refused(app: TestApp) {
        for field in ["before_court", "about_right_to_information", "legal_remedy"] {
            assert_eq!(code_of(app.try_to_complain(json!({field: true})).await, 422).await, "not_admissible");
            app.complain(json!({field: false})).await;
        }
        let charter = khulna();
        let request = app.file(json!({})).await;
        for (fields, expected) in [
            (json!({"service_id": null}), vec!["/office required"]),
            (json!({"service_id": null, "office": "no-such-office"}), vec!["/office no_grievance_levels"]),
            (json!({"office": "no-such-office"}), vec!["/service_id contradiction", "/office no_grievance_levels"]),
            (json!({"service_id": uuid::Uuid::nil(), "office": OFFICE}), vec!["/service_id unknown_service"]),
            (json!({"officer_id": uuid::Uuid::nil()}), vec!["/officer_id unknown_officer"]),
            (json!({"service_request": "7ZK3-9QWM-04TD-XB2R"}), vec!["/service_request unknown_service_request"]),
            (json!({"service_request": "nonsense"}), vec!["/service_request unknown_service_request"]),
            (json!({"service_request": request["tracking_code"], "service_id": charter.services[1].id}), vec!["/service_id contradiction"]),
            (json!({"name": null, "mobile": "12", "declared_true": false}), vec!["/name required", "/mobile invalid_format", "/declared_true not_confirmed"]),
            (json!({"anonymous": true}), vec!["/name not_allowed", "/identity not_allowed", "/permanent_address not_allowed", "/present_address not_allowed", "/mobile not_allowed"]),
            (json!({"medium": "conventional"}), vec!["/medium not_allowed"]),
            (json!({"attachments": [{"title": "x", "url": "file:///etc/passwd"}]}), vec!["/attachments/0/url invalid_format"]),
        ] {
            let mut found = faults(app.try_to_complain(fields.clone()).await).await;
            found.sort();
            let mut expected: Vec<String> = expected.into_iter().map(str::to_owned).collect();
            expected.sort();
            assert_eq!(found, expected, "{fields}");
        }
        let whole = app.complain(json!({
            "attachments": [{"title": "আবেদনের কপি", "url": "https://example.org/application.pdf"}],
            "relation": "parent", "served_name": "মোঃ আব্দুল করিম", "complainant_kind": "official", "email": "rahima@example.org",
        })).await;
        let appeal_officer = app.token(Who::AppealOfficer).await;
        let seen = app.grievance(&whole, &appeal_officer).await;
        assert_eq!(seen["attachments"][0]["title"], "আবেদনের কপি");
        assert_eq!(seen["complainant"], json!({
            "name": "মোছাঃ রহিমা খাতুন", "identity": {"kind": "national_id", "number": "১৯৯০৪৭১২৩৪৫৬৭৮৯০১"},
            "permanent_address": "দাকোপ, খুলনা", "present_address": "খালিশপুর, খুলনা", "mobile": "+8801711123456",
            "email": "rahima@example.org", "masked": false, "relation": "parent", "served_name": "মোঃ আব্দুল করিম",
        }));
        assert_eq!((&seen["complainant_kind"], &seen["medium"]), (&json!("official"), &json!("website")));
    }
}

on_both_engines! {
    async fn a_code_cannot_be_guessed_by_complaining(app: TestApp) {
        for _ in 0..100 {
            let guess = json!({"service_request": "7ZK3-9QWM-04TD-XB2R"});
            assert_eq!(app.try_to_complain(guess).await.status(), 422);
        }
        let request = app.file(json!({})).await;
        let known = app.try_to_complain(json!({"service_request": request["tracking_code"]})).await;
        assert!(known.headers().contains_key("retry-after"));
        assert_eq!(code_of(known, 429).await, "too_many_attempts");
    }
}

on_both_engines! {
    async fn whoever_files_for_others_is_signed_in(app: TestApp) {
        let tokens = [app.token(Who::Client).await, app.token(Who::Officer).await];
        for (medium, allowed) in [
            ("website", [true, true]), ("mobile_app", [true, true]), ("call_centre", [true, true]),
            ("conventional", [false, true]), ("own_motion", [false, true]),
        ] {
            for (token, allowed) in tokens.iter().zip(allowed) {
                let status = app.complain_as(token, json!({"medium": medium})).await.status();
                assert_eq!(status, if allowed { 201 } else { 422 }, "{medium}");
            }
        }
    }
}

on_both_engines! {
    async fn a_lost_answer_is_asked_for_again(app: TestApp) {
        let send = async |body: &Value| {
            let request = app.request(Method::POST, "/v1/grievances").header("Idempotency-Key", "once");
            request.json(body).send().await.unwrap()
        };
        let body = form(json!({}));
        let (first, second) = futures_util::future::join(send(&body), send(&body)).await;
        let statuses = [first.status().as_u16(), second.status().as_u16()];
        assert!(statuses.iter().all(|status| [201, 409].contains(status)) && statuses.contains(&201), "{statuses:?}");
        let again = send(&body).await;
        assert_eq!((again.status().as_u16(), &again.headers()["idempotency-replayed"]), (201, &"true".parse().unwrap()));
        let receipt: Value = again.json().await.unwrap();
        let appeal_officer = app.token(Who::AppealOfficer).await;
        let list = app.seen("/v1/grievances", &appeal_officer).await;
        assert_eq!(list["items"].as_array().unwrap().len(), 1);
        assert_eq!(list["items"][0]["id"], receipt["id"]);
        assert_eq!(code_of(send(&form(json!({"subject": "অন্য বিষয়"}))).await, 422).await, "idempotency_key_reused");
    }
}
