//! Service requests, from the application to the feedback.

use chrono::TimeDelta;
use citizens_charter::store::Engine;
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::people::{PASSWORD, Who, with_clock};
use crate::support::{OFFICE, TestApp, TestDatabase, code_of, encoded, faults, khulna, on_both_engines, problem};

/// A service of the bundled charter with a time limit of so many working days.
pub fn service_of(working_days: Option<i32>) -> uuid::Uuid {
    let services = khulna().services;
    services
        .iter()
        .find(|service| service.time_limit.working_days == working_days)
        .unwrap()
        .id
}

/// A service of the bundled charter without a time limit.
pub fn as_directed() -> uuid::Uuid {
    let services = khulna().services;
    services
        .iter()
        .find(|service| json!(service.time_limit.kind) == "as_directed")
        .unwrap()
        .id
}

on_both_engines! {
    async fn an_application_gets_a_receipt(app: TestApp) {
        let response = app.try_to_file(json!({"service_id": service_of(Some(5)), "email": "rahima@example.org"})).await;
        assert_eq!(response.status(), 201);
        let location = response.headers()["location"].to_str().unwrap().to_owned();
        let receipt: Value = response.json().await.unwrap();
        let code = receipt["tracking_code"].as_str().unwrap();
        assert_eq!(location, format!("/v1/tracking/{code}"));
        assert_eq!((&receipt["state"], &receipt["due_on"], &receipt["filed_on"]), (&json!("submitted"), &json!("2026-12-01"), &json!("2026-11-24")));
        assert_eq!(receipt["responsible_officer"], json!(khulna().officers[0]), "whom to turn to, in both languages");
        assert_eq!(receipt["alternate_officer"], json!(khulna().officers[1]));
        let officer = app.token(Who::Officer).await;
        let case = app.seen(&format!("/v1/service-requests/{}", receipt["id"].as_str().unwrap()), &officer).await;
        assert_eq!((&case["mobile"], &case["medium"], &case["language"]), (&json!("+8801711123456"), &json!("website"), &json!("bn")));
        assert_eq!((&case["service"]["version"], &case["version"]), (&json!(1), &json!(1)));
        let immediate = app.file(json!({})).await;
        assert_eq!(immediate["due_on"], "2026-11-24");
        let officer = app.token(Who::Officer).await;
        let directed = app.file_as(&officer, json!({"service_id": as_directed()})).await;
        assert!(directed.get("due_on").is_none(), "no day until the officer names one");
        let promised = app.act(&directed, &officer, json!({"action": "set_promise", "due_on": "2026-12-15"})).await;
        assert_eq!(promised["due_on"], "2026-12-15");
    }
}

on_both_engines! {
    async fn a_faulty_application_is_told_all_its_faults(app: TestApp) {
        let nothing = app.request(Method::POST, "/v1/service-requests").json(&json!({})).send().await.unwrap();
        let mut told = faults(nothing).await;
        told.sort();
        assert_eq!(told, ["/address required", "/documents_confirmed required", "/mobile required", "/name required", "/request required", "/service_id required"]);
        let unknown = json!({"service_id": "00000000-0000-7000-8000-000000000000", "documents_confirmed": false, "mobile": "0"});
        assert!(faults(app.try_to_file(unknown).await).await.contains(&"/mobile invalid_format".to_owned()));
        let unknown = json!({"service_id": "00000000-0000-7000-8000-000000000000", "documents_confirmed": false, "medium": "conventional"});
        assert_eq!(faults(app.try_to_file(unknown).await).await,
            ["/documents_confirmed not_confirmed", "/medium not_allowed", "/service_id unknown_service"]);
        // nothing can be smuggled in
        assert_eq!(faults(app.try_to_file(json!({"state": "completed"})).await).await, ["/state unknown_field"]);
    }
}

on_both_engines! {
    async fn an_internal_service_is_open_to_staff_only(app: TestApp) {
        let internal = khulna().services.iter().find(|s| json!(s.category) == "internal").unwrap().id;
        assert_eq!(code_of(app.try_to_file(json!({"service_id": internal})).await, 401).await, "authentication_required");
        let body = json!({
            "service_id": internal, "name": "a", "address": "b", "mobile": "01711123456", "request": "c", "documents_confirmed": true,
            "medium": "conventional",
        });
        let client = app.token(Who::Client).await;
        let mut by_client = body.clone();
        by_client["medium"] = json!("website");
        assert_eq!(code_of(app.write(Method::POST, "/v1/service-requests", &client, by_client).await, 403).await, "permission_denied");
        let officer = app.token(Who::Officer).await;
        assert_eq!(app.write(Method::POST, "/v1/service-requests", &officer, body).await.status(), 201);
    }
}

async fn a_life_from_application_to_feedback(engine: Engine) {
    let (app, clock) = with_clock(TestDatabase::of(engine)).await;
    let receipt = app.file(json!({"service_id": service_of(Some(5))})).await;
    let token = async || app.token(Who::Officer).await;
    let case = app
        .act(
            &receipt,
            &token().await,
            json!({"action": "acknowledge", "note": "Looks fine."}),
        )
        .await;
    assert_eq!(
        (&case["state"], &case["version"], &case["due_on"]),
        (&json!("in_progress"), &json!(2), &json!("2026-12-01"))
    );
    clock.advance(TimeDelta::days(2));
    let asked = json!({"action": "request_information", "message": "Please send the certificate."});
    let case = app.act(&receipt, &token().await, asked).await;
    assert_eq!(
        (&case["state"], case.get("due_on"), &case["working_days_left"]),
        (&json!("awaiting_applicant"), None, &json!(3))
    );
    let tracked = app.tracked(&receipt).await;
    assert_eq!(tracked["available_actions"], json!(["provide_information", "withdraw"]));
    assert_eq!(tracked["events"][2]["message"], "Please send the certificate.");
    clock.advance(TimeDelta::days(14));
    assert_eq!(app.tracked(&receipt).await["overdue"], false, "the clock stands");
    let answered = app
        .by_code(&receipt, "information", json!({"message": "Here it is, of Rahima."}))
        .await;
    assert_eq!(answered.status(), 200);
    let answered: Value = answered.json().await.unwrap();
    assert_eq!(
        (&answered["state"], &answered["due_on"]),
        (&json!("in_progress"), &json!("2026-12-15"))
    );
    assert!(
        !answered.to_string().contains("Rahima"),
        "the applicant's words are for the office"
    );
    let appointment = json!({"action": "set_appointment", "at": "2026-12-13T05:00:00Z", "place": "কক্ষ ২০৩"});
    app.act(&receipt, &token().await, appointment).await;
    assert_eq!(
        app.tracked(&receipt).await["appointment"],
        json!({"at": "2026-12-13T05:00:00Z", "place": "কক্ষ ২০৩"})
    );
    clock.advance(TimeDelta::days(3));
    let done = app
        .act(
            &receipt,
            &token().await,
            json!({"action": "complete", "message": "Corrected."}),
        )
        .await;
    assert_eq!(
        (&done["state"], &done["overdue"], &done["available_actions"]),
        (&json!("completed"), &json!(false), &json!(["add_note"]))
    );
    assert_eq!(app.tracked(&receipt).await["available_actions"], json!(["feedback"]));
    for (rating, status) in [(0, 422), (6, 422), (5, 200), (4, 409)] {
        let rated = app
            .by_code(&receipt, "feedback", json!({"rating": rating, "message": "ধন্যবাদ"}))
            .await;
        assert_eq!(rated.status(), status, "{rating}");
    }
    let events = app
        .seen(
            &format!("/v1/service-requests/{}/events", receipt["id"].as_str().unwrap()),
            &token().await,
        )
        .await;
    let events = events["items"].as_array().unwrap();
    let actions: Vec<&str> = events.iter().map(|event| event["action"].as_str().unwrap()).collect();
    assert_eq!(
        actions,
        [
            "file",
            "acknowledge",
            "request_information",
            "provide_information",
            "set_appointment",
            "complete",
            "feedback"
        ]
    );
    let roles: Vec<&str> = events.iter().map(|event| event["role"].as_str().unwrap()).collect();
    assert_eq!(
        roles,
        [
            "applicant",
            "officer",
            "officer",
            "applicant",
            "officer",
            "officer",
            "applicant"
        ]
    );
    assert_eq!(
        (&events[1]["note"], &events[3]["note"]),
        (&json!("Looks fine."), &json!("Here it is, of Rahima."))
    );
    assert_eq!(app.app.verify_histories().await.unwrap().events, 7);
}

#[actix_web::test]
async fn a_life_from_application_to_feedback_on_sqlite() {
    a_life_from_application_to_feedback(Engine::Sqlite).await;
}

#[actix_web::test]
async fn a_life_from_application_to_feedback_on_postgres() {
    a_life_from_application_to_feedback(Engine::Postgres).await;
}

on_both_engines! {
    async fn what_cannot_be_done_is_told_and_changes_nothing(app: TestApp) {
        let token = app.token(Who::Officer).await;
        let receipt = app.file(json!({})).await;
        for (act, code) in [
            (json!({"action": "provide_information", "message": "x"}), "action_not_available"),
            (json!({"action": "withdraw"}), "action_not_available"),
            (json!({"action": "set_promise", "due_on": "2026-12-15"}), "action_not_available"),
        ] {
            assert_eq!(code_of(app.try_to_act(&receipt, &token, act).await, 409).await, code);
        }
        assert_eq!(faults(app.try_to_act(&receipt, &token, json!({"action": "reject"})).await).await, ["/reason required"]);
        assert_eq!(faults(app.try_to_act(&receipt, &token, json!({"action": "abolish"})).await).await, ["/action unknown_value"]);
        assert_eq!(code_of(app.by_code(&receipt, "feedback", json!({"rating": 5})).await, 409).await, "action_not_available");
        assert_eq!(app.tracked(&receipt).await["version"], 1);
        let rejected = app.act(&receipt, &token, json!({"action": "reject", "reason": "not_eligible", "message": "Not yours."})).await;
        assert_eq!(rejected["reason"], "not_eligible");
        let tracked = app.tracked(&receipt).await;
        assert_eq!((&tracked["events"][1]["reason"], &tracked["available_actions"]), (&json!("not_eligible"), &json!([])));
        assert_eq!(app.by_code(&receipt, "withdrawal", json!({})).await.status(), 409);
        let withdrawn = app.file(json!({})).await;
        assert_eq!(app.by_code(&withdrawn, "withdrawal", json!({})).await.status(), 200);
        assert_eq!(app.tracked(&withdrawn).await["state"], "withdrawn");
    }
}

on_both_engines! {
    /// Two officers act at once, many times over: one wins, the other is told, nothing is half done.
    async fn of_two_officers_at_once_one_wins(app: TestApp) {
        let token = app.token(Who::Officer).await;
        let receipt = app.file(json!({"service_id": service_of(Some(5))})).await;
        let path = format!("/v1/service-requests/{}", receipt["id"].as_str().unwrap());
        let act = |tag: &str, act: Value| {
            app.signed(Method::POST, &format!("{path}/transitions"), &token).header("If-Match", tag).json(&act).send()
        };
        for round in 1..=4 {
            let read = app.signed(Method::GET, &path, &token).send().await.unwrap();
            let tag = read.headers()["etag"].to_str().unwrap().to_owned();
            assert_eq!(tag, format!("\"{round}\""));
            let answers = join_all((0..10).map(|i| act(&tag, json!({"action": "add_note", "note": format!("note {i}")})))).await;
            let mut won = 0;
            for answer in answers {
                let answer = answer.unwrap();
                if answer.status() == 200 {
                    assert_eq!(answer.headers()["etag"], format!("\"{}\"", round + 1).as_str());
                    won += 1;
                } else {
                    assert_eq!(answer.headers()["etag"], format!("\"{}\"", round + 1).as_str(), "the version of now");
                    assert_eq!(code_of(answer, 412).await, "version_mismatch");
                }
            }
            assert_eq!(won, 1);
        }
        let transitions = format!("{path}/transitions");
        let without = app.write(Method::POST, &transitions, &token, json!({"action": "acknowledge"})).await;
        assert_eq!(code_of(without, 428).await, "precondition_required");
        let stale = app.write(Method::POST, &transitions, &token, json!({"action": "acknowledge", "version": 1})).await;
        assert_eq!(code_of(stale, 412).await, "version_mismatch");
        let right = app.write(Method::POST, &transitions, &token, json!({"action": "acknowledge", "version": 5})).await;
        assert_eq!(right.status(), 200);
        let found = app.app.verify_histories().await.unwrap();
        assert_eq!((found.cases, found.events, found.broken), (1, 6, None));
    }
}

on_both_engines! {
    async fn an_alternate_officer_acts_while_standing_in(app: TestApp) {
        let charter = khulna();
        let officer = app.token(Who::Officer).await;
        app.create_account(json!({
            "email": "alternate@example.org", "password": PASSWORD, "role": "alternate_officer", "office": OFFICE,
            "officer": charter.officers[1].id,
        })).await;
        let tokens = app.tokens("alternate@example.org", PASSWORD).await;
        let alternate = tokens["access_token"].as_str().unwrap();
        let receipt = app.file(json!({})).await;
        let path = format!("/v1/service-requests/{}", receipt["id"].as_str().unwrap());
        let acknowledge = || json!({"action": "acknowledge"});
        assert_eq!(app.seen(&path, alternate).await["available_actions"], json!([]));
        assert_eq!(code_of(app.try_to_act(&receipt, alternate, acknowledge()).await, 403).await, "not_standing_in");
        let absences = format!("/v1/officers/{}/absences", charter.officers[0].id);
        for (kind, from, to) in [("absence", "2026-11-25", "2026-11-30"), ("absence", "2026-11-20", "2026-11-23")] {
            app.write(Method::POST, &absences, &officer, json!({"kind": kind, "from": from, "to": to})).await;
        }
        assert_eq!(code_of(app.try_to_act(&receipt, alternate, acknowledge()).await, 403).await, "not_standing_in", "not on this day");
        let today = app.write(Method::POST, &absences, &officer, json!({"kind": "vacancy", "from": "2026-11-24"})).await;
        let today: Value = today.json().await.unwrap();
        let done = app.act(&receipt, alternate, acknowledge()).await;
        assert!(done["available_actions"].as_array().unwrap().contains(&json!("complete")));
        let events = app.seen(&format!("{path}/events"), &officer).await;
        let event = &events["items"][1];
        assert_eq!((&event["role"], &event["for_officer"]), (&json!("alternate_officer"), &json!(charter.officers[0].id)));
        app.signed(Method::DELETE, &format!("{absences}/{}", today["id"].as_str().unwrap()), &officer).send().await.unwrap();
        let complete = || json!({"action": "complete"});
        assert_eq!(app.try_to_act(&receipt, alternate, complete()).await.status(), 403);
        let handed = app.act(&receipt, &officer, json!({"action": "hand_over", "note": "Please go on."})).await;
        assert_eq!(handed["handed_over"], true);
        assert_eq!(app.act(&receipt, alternate, complete()).await["state"], "completed");
        // one who stands behind nobody here sees nothing
        app.create_account(json!({
            "email": "other@example.org", "password": PASSWORD, "role": "alternate_officer", "office": OFFICE,
            "officer": charter.officers[0].id,
        })).await;
        let other = app.tokens("other@example.org", PASSWORD).await;
        let other = other["access_token"].as_str().unwrap();
        assert_eq!(app.signed(Method::GET, &path, other).send().await.unwrap().status(), 403);
        assert_eq!(app.seen("/v1/service-requests", other).await["items"], json!([]));
    }
}

on_both_engines! {
    async fn a_code_is_all_that_an_applicant_needs(app: TestApp) {
        let receipt = app.file(json!({"name": "Canary Name", "email": "canary@example.org"})).await;
        let code = receipt["tracking_code"].as_str().unwrap();
        let tracked = app.tracked(&receipt).await;
        for spelling in [code.to_lowercase(), code.replace('-', ""), code.replace('0', "O").replace('1', "l"), code.replace('-', " ")] {
            let path = format!("/v1/tracking/{}", encoded(&spelling).replace('+', "%20"));
            assert_eq!(app.json(&path).await, tracked, "{spelling}");
        }
        assert_eq!(tracked["kind"], "service_request");
        for canary in ["Canary", "canary", "খালিশপুর", "123456", khulna().officers[0].email.as_str()] {
            assert!(!tracked.to_string().contains(canary), "{canary} in {tracked}");
        }
        // one that nobody has and one that is none are alike
        let mut answers: Vec<Value> = Vec::new();
        for unknown in ["0000-0000-0000-0000", "nonsense", "%F0%9F%98%80", "%00", "a%0Ab", &"x".repeat(256)] {
            let response = app.get(&format!("/v1/tracking/{unknown}")).await;
            assert_eq!(response.headers()["cache-control"], "no-store");
            answers.push(problem(response, 404).await);
            let act = app.request(Method::POST, &format!("/v1/tracking/{unknown}/withdrawal")).json(&json!({}));
            answers.push(problem(act.send().await.unwrap(), 404).await);
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "{answers:?}");
    }
}

on_both_engines! {
    async fn an_address_that_tries_many_codes_is_throttled(app: TestApp) {
        let receipt = app.file(json!({})).await;
        let from = |address: &str| Some(address.parse().unwrap());
        let mut missed = 0;
        for _ in 0..110 {
            match app.app.track("0000-0000-0000-0000", from("203.0.113.7")).await {
                Err(citizens_charter::app::Error::NotFound(_)) => missed += 1,
                Err(citizens_charter::app::Error::TooManyAttempts(wait)) => assert!((1..=900).contains(&wait)),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(missed, 100);
        let code = receipt["tracking_code"].as_str().unwrap();
        assert!(app.app.track(code, from("203.0.113.7")).await.is_err(), "not even a right one");
        assert!(app.app.track(code, from("203.0.113.8")).await.is_ok(), "others go on");
    }
}

on_both_engines! {
    async fn a_hundred_repeats_file_one_request(app: TestApp) {
        let body = json!({
            "service_id": khulna().services[0].id, "name": "a", "address": "b", "mobile": "01711123456", "request": "c",
            "documents_confirmed": true,
        });
        let file = || {
            let request = app.request(Method::POST, "/v1/service-requests").header("Idempotency-Key", "from-the-bus");
            request.json(&body).send()
        };
        let mut receipts = Vec::new();
        for answer in join_all((0..100).map(|_| file())).await {
            let answer = answer.unwrap();
            if answer.status() == 201 {
                receipts.push(answer.json::<Value>().await.unwrap());
            } else {
                assert_eq!(code_of(answer, 409).await, "request_in_progress");
            }
        }
        receipts.push(file().await.unwrap().json().await.unwrap());
        receipts.dedup();
        assert_eq!(receipts.len(), 1);
        let officer = app.token(Who::Officer).await;
        assert_eq!(app.seen("/v1/service-requests", &officer).await["items"].as_array().unwrap().len(), 1);
        // an act comes through twice as well
        let withdraw = || {
            let path = format!("/v1/tracking/{}/withdrawal", receipts[0]["tracking_code"].as_str().unwrap());
            app.request(Method::POST, &path).header("Idempotency-Key", "again").json(&json!({})).send()
        };
        let first = withdraw().await.unwrap();
        assert!(!first.headers().contains_key("idempotency-replayed"));
        let again = withdraw().await.unwrap();
        assert_eq!(again.headers()["idempotency-replayed"], "true");
        assert_eq!(again.json::<Value>().await.unwrap(), first.json::<Value>().await.unwrap());
    }
}
