//! Grievances, from the complaint to the last word.

use chrono::TimeDelta;
use citizens_charter::store::Engine;
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::complainants::about_the_office;
use crate::people::{ANOTHER_OFFICE, Who, with_clock};
use crate::support::{OFFICE, TestApp, TestDatabase, another_office, code_of, faults, on_both_engines};

fn decide(outcome: &str) -> Value {
    json!({"action": "decide", "outcome": outcome, "message": "The decision."})
}

on_both_engines! {
    async fn three_levels_have_the_last_word_in_turn(app: TestApp) {
        let receipt = app.complain(about_the_office()).await;
        let officer = app.token(Who::Officer).await;
        let seen = app.grievance(&receipt, &officer).await;
        assert_eq!(seen["available_actions"], json!(["accept", "file_without_action", "forward", "send_up", "add_note"]));
        assert_eq!(seen["available_outcomes"], json!([]));
        let accepted = app.redress(&receipt, &officer, json!({"action": "accept", "message": "It is looked into."})).await;
        assert_eq!((&accepted["state"], &accepted["version"]), (&json!("in_progress"), &json!(2)));
        assert_eq!(accepted["available_outcomes"], json!(["service_given", "time_granted", "reply_satisfactory", "service_directed", "referred"]));
        app.redress(&receipt, &officer, json!({"action": "request_information", "message": "Which desk?"})).await;
        assert_eq!(app.tracked(&receipt).await["available_actions"], json!(["provide_information", "withdraw"]));
        assert_eq!(app.by_code(&receipt, "information", json!({"message": "Desk two."})).await.status(), 200);
        let mut decision = decide("reply_satisfactory");
        decision["root_cause"] = json!("Too few hands");
        decision["advice"] = json!("Two desks");
        let decided = app.redress(&receipt, &officer, decision).await;
        assert_eq!((&decided["state"], &decided["outcome"], &decided["decided_level"]), (&json!("decided"), &json!("reply_satisfactory"), &json!(1)));
        assert_eq!((&decided["root_cause"], &decided["advice"]), (&json!("Too few hands"), &json!("Two desks")));
        // seven working days from 24 November, and one month of the calendar
        assert_eq!((&decided["tell_by"], &decided["appeal_until"]), (&json!("2026-12-03"), &json!("2026-12-24")));
        let told = app.redress(&receipt, &officer, json!({"action": "tell_complainant", "note": "By letter."})).await;
        assert_eq!((&told["told_on"], &told["tell_by"]), (&json!("2026-11-24"), &Value::Null));

        let tracked = app.tracked(&receipt).await;
        assert_eq!((&tracked["outcome"], &tracked["appeal_until"]), (&json!("reply_satisfactory"), &json!("2026-12-24")));
        assert_eq!(tracked["available_actions"], json!(["appeal", "feedback"]));
        let appealed = app.by_code(&receipt, "appeals", json!({"message": "It was not the reply that I need."})).await;
        assert_eq!(appealed.status(), 201);
        let appealed: Value = appealed.json().await.unwrap();
        assert_eq!((&appealed["handled_by"]["level"], &appealed["due_on"]), (&json!(2), &json!("2026-12-23")));
        assert_eq!(code_of(app.try_to_redress(&receipt, &officer, json!({"action": "accept"})).await, 403).await, "permission_denied");

        let appeal_officer = app.token(Who::AppealOfficer).await;
        let accepted = app.redress(&receipt, &appeal_officer, json!({"action": "accept"})).await;
        assert_eq!(accepted["available_outcomes"], json!(["upheld", "compliance_directed", "replaced", "departmental_action_recommended", "referred"]));
        assert_eq!((&accepted["outcome"], &accepted["decided_level"]), (&json!("reply_satisfactory"), &json!(1)), "what it is about");
        assert_eq!(faults(app.try_to_redress(&receipt, &appeal_officer, decide("service_given")).await).await, ["/outcome not_available"]);
        app.redress(&receipt, &appeal_officer, decide("upheld")).await;
        assert_eq!(app.by_code(&receipt, "appeals", json!({"message": "Still not."})).await.status(), 201);

        let cell_officer = app.token(Who::CellOfficer).await;
        assert_eq!(code_of(app.try_to_redress(&receipt, &appeal_officer, json!({"action": "accept"})).await, 403).await, "permission_denied");
        app.redress(&receipt, &cell_officer, json!({"action": "accept"})).await;
        let last = app.redress(&receipt, &cell_officer, decide("replaced")).await;
        assert_eq!((&last["level"], &last["state"], &last["appeal_until"]), (&json!(3), &json!("decided"), &Value::Null));
        assert_eq!(code_of(app.by_code(&receipt, "appeals", json!({"message": "Again."})).await, 409).await, "action_not_available");
        assert_eq!(app.by_code(&receipt, "feedback", json!({"rating": 4, "message": "At last."})).await.status(), 200);

        let tracked = app.tracked(&receipt).await;
        let story: Vec<String> = tracked["events"].as_array().unwrap().iter()
            .map(|event| format!("{} {}", event["action"].as_str().unwrap(), event["state"].as_str().unwrap())).collect();
        assert_eq!(story, [
            "file submitted", "accept in_progress", "request_information in_progress", "provide_information in_progress",
            "decide decided", "tell_complainant decided", "appeal submitted", "accept in_progress", "decide decided",
            "appeal submitted", "accept in_progress", "decide decided", "feedback decided",
        ]);
        let text = tracked.to_string();
        for private in ["Desk two", "By letter", "not the reply", "At last", "রহিমা", "Too few"] {
            assert!(!text.contains(private), "{private}");
        }
        let events = app.seen(&format!("/v1/grievances/{}/events?limit=100", receipt["id"].as_str().unwrap()), &cell_officer).await;
        assert_eq!((&events["items"][3]["note"], &events["items"][3]["role"]), (&json!("Desk two."), &json!("applicant")));
        assert_eq!(events["items"][11]["role"], "cell_officer");
        assert_eq!(app.app.verify_histories().await.unwrap().broken, None);
    }
}

on_both_engines! {
    async fn what_is_directed_is_done_or_investigated(app: TestApp) {
        let officer = app.token(Who::Officer).await;
        let receipt = app.complain(about_the_office()).await;
        let without_a_day = decide("service_directed");
        app.redress(&receipt, &officer, json!({"action": "accept"})).await;
        assert_eq!(faults(app.try_to_redress(&receipt, &officer, without_a_day).await).await, ["/due_on required"]);
        let mut directed = decide("service_directed");
        directed["due_on"] = json!("2026-12-01");
        let waits = app.redress(&receipt, &officer, directed).await;
        assert_eq!((&waits["state"], &waits["due_on"], &waits["closed_at"]), (&json!("awaiting_compliance"), &json!("2026-12-01"), &Value::Null));
        assert_eq!(waits["available_actions"], json!(["open_investigation", "confirm_compliance", "note_root_cause", "tell_complainant", "add_note"]));
        // it is not done: 30 working days and 10 more, from 24 November
        let open = json!({"action": "open_investigation", "investigators": ["অতিরিক্ত জেলা প্রশাসক"]});
        let investigated = app.redress(&receipt, &officer, open.clone()).await;
        assert_eq!((&investigated["state"], &investigated["due_on"], &investigated["outcome"]), (&json!("in_progress"), &json!("2027-01-20"), &Value::Null));
        assert_eq!(investigated["investigation"], json!({"opened_on": "2026-11-24", "investigators": ["অতিরিক্ত জেলা প্রশাসক"]}));
        assert_eq!(investigated["report_by"], "2026-12-23", "20 working days");
        for not_now in [open, decide("service_given")] {
            let expected = if not_now["action"] == "decide" { "the report comes first" } else { "once" };
            assert_eq!(code_of(app.try_to_redress(&receipt, &officer, not_now).await, 409).await, "action_not_available", "{expected}");
        }
        let reported = app.redress(&receipt, &officer, json!({"action": "report_investigation", "note": "Misconduct was found."})).await;
        assert!(reported["available_outcomes"].as_array().unwrap().contains(&json!("departmental_action_recommended")));
        assert_eq!(reported["report_by"], Value::Null);
        let recommended = app.redress(&receipt, &officer, json!({"action": "recommend_departmental_action", "note": "For neglect."})).await;
        assert_eq!(recommended["departmental_action"], true);
        let mut granted = decide("time_granted");
        granted["due_on"] = json!("2026-12-10");
        app.redress(&receipt, &officer, granted).await;
        let closed = app.redress(&receipt, &officer, json!({"action": "confirm_compliance", "message": "It was given."})).await;
        assert_eq!((&closed["state"], &closed["overdue"]), (&json!("decided"), &json!(false)));
        let mut referred = decide("referred");
        assert_eq!(code_of(app.try_to_redress(&receipt, &officer, json!({"action": "accept"})).await, 409).await, "action_not_available");
        let another = app.complain(about_the_office()).await;
        app.redress(&another, &officer, json!({"action": "accept"})).await;
        assert_eq!(faults(app.try_to_redress(&another, &officer, referred.clone()).await).await, ["/referred_to required"]);
        referred["referred_to"] = json!("জেলা প্রশাসক, খুলনা");
        assert_eq!(app.redress(&another, &officer, referred).await["referred_to"], "জেলা প্রশাসক, খুলনা");
    }
}

async fn a_missed_limit_shows_by_itself_and_opens_the_next_level(engine: Engine) {
    let (app, clock) = with_clock(TestDatabase::of(engine)).await;
    let mut filed = Vec::new();
    for _ in 0..6 {
        filed.push(app.complain(about_the_office()).await);
    }
    let token = async |who| app.token(who).await;
    let cases = async |who, query: &str| {
        let token = token(who).await;
        let list = app.seen(&format!("/v1/grievances?limit=100{query}"), &token).await;
        list["items"].as_array().unwrap().len()
    };
    let breaches = async || {
        let statistics = app.json(&format!("/v1/statistics?office={OFFICE}")).await;
        statistics["grievances"]["pending_past_limit"].as_i64().unwrap()
    };
    // 30 working days from 24 November end on 6 January: 16 December is a holiday
    assert_eq!(filed[0]["due_on"], "2027-01-06");
    clock.advance(TimeDelta::days(43));
    assert_eq!(cases(Who::Officer, "&overdue=true").await, 0);
    assert_eq!(cases(Who::AppealOfficer, "&level=1").await, 0);
    assert_eq!(breaches().await, 0);
    let early = app.by_code(&filed[0], "appeals", json!({"message": "Too slow."})).await;
    assert_eq!(code_of(early, 409).await, "action_not_available");
    let look = app
        .signed(
            Method::GET,
            &format!("/v1/grievances/{}", filed[0]["id"].as_str().unwrap()),
            &token(Who::AppealOfficer).await,
        )
        .send()
        .await
        .unwrap();
    assert_eq!(code_of(look, 403).await, "permission_denied");
    clock.advance(TimeDelta::days(1));
    // the limit has passed, and nothing else has happened
    assert_eq!(cases(Who::Officer, "&overdue=true").await, 6);
    assert_eq!(cases(Who::AppealOfficer, "&level=1").await, 6);
    assert_eq!(cases(Who::AppealOfficer, "").await, 0);
    assert_eq!(breaches().await, 6);
    assert_eq!(app.tracked(&filed[0]).await["overdue"], true);
    let appeal_officer = token(Who::AppealOfficer).await;
    let seen = app.grievance(&filed[0], &appeal_officer).await;
    assert_eq!(seen["available_actions"], json!(["take_up"]));
    let taken = app
        .redress(
            &filed[0],
            &appeal_officer,
            json!({"action": "take_up", "message": "It is heard now."}),
        )
        .await;
    assert_eq!((&taken["level"], &taken["state"]), (&json!(2), &json!("in_progress")));
    assert!(
        taken["available_outcomes"]
            .as_array()
            .unwrap()
            .contains(&json!("service_directed")),
        "nobody has decided it yet"
    );
    let appealed = app.by_code(&filed[1], "appeals", json!({"message": "Too slow."})).await;
    assert_eq!(appealed.status(), 201);
    assert_eq!(cases(Who::AppealOfficer, "").await, 2);
    // what went up undecided is not off the office's account
    assert_eq!(breaches().await, 6);
    // and so on to the Cell
    clock.advance(TimeDelta::days(40));
    assert_eq!(cases(Who::CellOfficer, "&level=2").await, 2);
    let cell_officer = token(Who::CellOfficer).await;
    let taken = app
        .redress(&filed[1], &cell_officer, json!({"action": "take_up"}))
        .await;
    assert_eq!(taken["level"], 3);
    assert_eq!(cases(Who::CellOfficer, "").await, 1);
    let decision = json!({"action": "decide", "outcome": "service_given", "message": "It was given."});
    app.redress(&filed[1], &cell_officer, decision).await;
    // told within seven working days, or it shows
    assert_eq!(cases(Who::CellOfficer, "&telling_overdue=true").await, 0);
    clock.advance(TimeDelta::days(14));
    assert_eq!(cases(Who::CellOfficer, "&telling_overdue=true").await, 1);
    let cell_officer = token(Who::CellOfficer).await;
    let untold = app.grievance(&filed[1], &cell_officer).await;
    assert_eq!(untold["telling_overdue"], true);
    app.redress(&filed[1], &cell_officer, json!({"action": "tell_complainant"}))
        .await;
    assert_eq!(cases(Who::CellOfficer, "&telling_overdue=true").await, 0);
}

#[actix_web::test]
async fn a_missed_limit_shows_by_itself_on_sqlite() {
    a_missed_limit_shows_by_itself_and_opens_the_next_level(Engine::Sqlite).await;
}

#[actix_web::test]
async fn a_missed_limit_shows_by_itself_on_postgres() {
    a_missed_limit_shows_by_itself_and_opens_the_next_level(Engine::Postgres).await;
}

on_both_engines! {
    async fn it_goes_to_whom_it_concerns_and_keeps_its_code(app: TestApp) {
        let admin = app.token(Who::Administrator).await;
        let published = app.signed(Method::PUT, &format!("/v1/offices/{ANOTHER_OFFICE}/charter"), &admin)
            .header("If-None-Match", "*").json(&another_office(ANOTHER_OFFICE)).send().await.unwrap();
        assert_eq!(published.status(), 201);
        let (officer, foreign) = (app.token(Who::Officer).await, app.token(Who::ForeignOfficer).await);
        let receipt = app.complain(about_the_office()).await;
        for (office, expected) in [(OFFICE, "/office not_allowed"), ("no-such-office", "/office no_grievance_levels")] {
            let nowhere = json!({"action": "forward", "office": office});
            assert_eq!(faults(app.try_to_redress(&receipt, &officer, nowhere).await).await, [expected]);
        }
        let path = format!("/v1/grievances/{}", receipt["id"].as_str().unwrap());
        let before = app.signed(Method::GET, &path, &foreign).send().await.unwrap();
        assert_eq!(before.status(), 403);
        let forwarded = json!({"action": "forward", "office": ANOTHER_OFFICE, "message": "It concerns Jashore."});
        let forwarded = app.redress(&receipt, &officer, forwarded).await;
        assert_eq!((&forwarded["office"], &forwarded["due_on"], &forwarded["state"]), (&json!(ANOTHER_OFFICE), &receipt["due_on"], &json!("submitted")));
        assert_eq!(app.signed(Method::GET, &path, &officer).send().await.unwrap().status(), 403, "it is theirs now");
        assert_eq!(app.tracked(&receipt).await["office"], ANOTHER_OFFICE);
        app.redress(&receipt, &foreign, json!({"action": "accept"})).await;
        // what turns out to be about whoever handles it goes up
        let other = app.complain(about_the_office()).await;
        let too_low = json!({"action": "send_up", "note": "It is about me.", "level": 1});
        assert_eq!(faults(app.try_to_redress(&other, &officer, too_low).await).await, ["/level out_of_range"]);
        let up = app.redress(&other, &officer, json!({"action": "send_up", "note": "It is about me."})).await;
        assert_eq!((&up["level"], &up["due_on"]), (&json!(2), &json!("2026-12-23")));
        let appeal_officer = app.token(Who::AppealOfficer).await;
        let up = app.redress(&other, &appeal_officer, json!({"action": "send_up", "note": "It is about me, too."})).await;
        assert_eq!(up["level"], 3);
    }
}

on_both_engines! {
    async fn of_many_who_act_at_once_one_wins(app: TestApp) {
        let officer = app.token(Who::Officer).await;
        let receipt = app.complain(about_the_office()).await;
        let path = format!("/v1/grievances/{}/transitions", receipt["id"].as_str().unwrap());
        let without = app.write(Method::POST, &path, &officer, json!({"action": "accept"})).await;
        assert_eq!(code_of(without, 428).await, "precondition_required");
        let acts = (0..20).map(|i| {
            let note = json!({"action": "add_note", "note": format!("{i}"), "version": 1});
            app.write(Method::POST, &path, &officer, note)
        });
        let mut statuses: Vec<u16> = join_all(acts).await.into_iter().map(|answer| answer.status().as_u16()).collect();
        statuses.sort_unstable();
        assert_eq!((statuses[0], statuses[1], statuses[19]), (200, 412, 412));
        let stale = app.write(Method::POST, &path, &officer, json!({"action": "accept", "version": 1})).await;
        assert_eq!(stale.headers()["etag"], "\"2\"");
        // of two appeals at once one is taken, and of a replayed one there is one
        let decided = app.decided(about_the_office()).await;
        let appeals = (0..8).map(|_| app.by_code(&decided, "appeals", json!({"message": "No."})));
        let taken = join_all(appeals).await.into_iter().filter(|answer| answer.status() == 201).count();
        assert_eq!(taken, 1);
        assert_eq!(app.app.verify_histories().await.unwrap().broken, None);
    }
}

on_both_engines! {
    async fn due_days_of_grievances_move_with_the_calendar(app: TestApp) {
        let officer = app.token(Who::Officer).await;
        let running = app.complain(about_the_office()).await;
        let directed = app.complain(about_the_office()).await;
        app.redress(&directed, &officer, json!({"action": "accept"})).await;
        let mut decision = decide("service_directed");
        decision["due_on"] = json!("2026-12-10");
        app.redress(&directed, &officer, decision).await;
        let decided = app.decided(about_the_office()).await;
        let admin = app.token(Who::Administrator).await;
        let closed = json!({
            "kind": "holiday", "name": {"bn": "ছুটি", "en": "Holiday"}, "source": {"bn": "আদেশ", "en": "Order"},
        });
        assert_eq!(app.replace("/v1/calendar/days/2026-11-30", &admin, "*", &closed).await.status(), 200);
        let moved = app.tracked(&running).await;
        assert_eq!((&running["due_on"], &moved["due_on"]), (&json!("2027-01-06"), &json!("2027-01-07")));
        let event = moved["events"].as_array().unwrap().last().unwrap();
        assert_eq!((&event["action"], &event["because"]["en"]), (&json!("due_day_moved"), &json!("2026-11-30 is a holiday now (Holiday).")));
        assert_eq!(app.tracked(&directed).await["due_on"], "2026-12-10", "a day that was set stays");
        assert_eq!(app.tracked(&decided).await["version"], 3, "what is decided stays");
        // what follows from the calendar follows it: the telling
        assert_eq!(app.grievance(&decided, &officer).await["tell_by"], "2026-12-06");
        app.redress(&running, &officer, json!({"action": "accept"})).await;
        assert_eq!(app.app.verify_histories().await.unwrap().broken, None);
    }
}
