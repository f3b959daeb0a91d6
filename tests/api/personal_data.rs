//! What tells of a person: sealed where it is kept, masked to who does not need it, and each showing is noted.

use std::sync::Arc;

use citizens_charter::app::{App, Keyring, system_clock};
use citizens_charter::store::{Engine, Store};
use reqwest::Method;
use serde_json::{Value, json};

use crate::people::Who;
use crate::program::{run_with, stderr, stdout};
use crate::support::{KEYS, OFFICE, TestApp, TestDatabase, khulna, on_both_engines};

/// What a complainant and an applicant tell of themselves here.
const TOLD: [&str; 8] = [
    "Canary Lane 7",
    "Canary House",
    "Canary Village",
    "1711987654",
    "1811987654",
    "canary-applicant@example.org",
    "canary-complainant@example.org",
    "19770123456789012",
];

fn application() -> Value {
    json!({"address": TOLD[0], "mobile": format!("0{}", TOLD[3]), "email": TOLD[5]})
}

fn complaint() -> Value {
    json!({
        "permanent_address": TOLD[2], "present_address": TOLD[1], "mobile": format!("0{}", TOLD[4]), "email": TOLD[6],
        "identity": {"kind": "national_id", "number": TOLD[7]},
    })
}

on_both_engines! {
    async fn it_is_sealed_where_it_is_kept(app: TestApp) {
        let officer = app.token(Who::Officer).await;
        let receipt = app.file(application()).await;
        app.act(&receipt, &officer, json!({"action": "request_information", "message": "Which copy?"})).await;
        app.complain(complaint()).await;
        let content = app.database.content();
        assert!(content.contains("Which copy?"), "all of it was looked through");
        for told in TOLD {
            assert!(!content.contains(told), "{told}");
        }
        // whoever handles it reads it all the same
        let case = app.seen(&format!("/v1/service-requests/{}", receipt["id"].as_str().unwrap()), &officer).await;
        assert_eq!((&case["address"], &case["mobile"], &case["email"]), (&json!(TOLD[0]), &json!("+8801711987654"), &json!(TOLD[5])));
    }
}

on_both_engines! {
    async fn it_is_masked_but_for_whoever_handles_the_case(app: TestApp) {
        let officer = app.token(Who::Officer).await;
        let stands_by = app.token(Who::AlternateOfficer).await;
        let receipt = app.file(application()).await;
        let path = format!("/v1/service-requests/{}", receipt["id"].as_str().unwrap());
        let masked = json!(["•••", "+88017••••••54", "c•••@example.org", true]);
        let told = |case: &Value| json!([case["address"], case["mobile"], case["email"], case["masked"]]);
        for token in [&officer, &stands_by] {
            let list = app.seen("/v1/service-requests", token).await;
            assert_eq!(told(&list["items"][0]), masked, "lists are for finding cases");
        }
        let whole = app.signed(Method::GET, "/v1/service-requests", &officer).header("Accept", "text/csv").send().await.unwrap();
        let whole = whole.text().await.unwrap();
        assert!(whole.contains("+88017••••••54") && !whole.contains(TOLD[0]), "{whole}");
        assert_eq!(told(&app.seen(&path, &stands_by).await), masked, "while not standing in");
        let showings = format!("{path}/showings");
        assert_eq!(app.seen(&showings, &officer).await["items"], json!([]), "nobody was shown anything");

        let unmasked = json!([TOLD[0], "+8801711987654", TOLD[5], false]);
        assert_eq!(told(&app.seen(&path, &officer).await), unmasked);
        let redress = khulna().officers[0].id;
        let absence = json!({"kind": "absence", "from": "2026-11-24", "to": "2026-11-24"});
        app.write(Method::POST, &format!("/v1/officers/{redress}/absences"), &officer, absence).await;
        assert_eq!(told(&app.seen(&path, &stands_by).await), unmasked, "while standing in");
        let acted = app.act(&receipt, &officer, json!({"action": "acknowledge"})).await;
        assert_eq!(told(&acted), unmasked, "the answer to an act shows it, too");
        let shown = app.seen(&showings, &officer).await;
        let roles: Vec<&Value> = shown["items"].as_array().unwrap().iter().map(|showing| &showing["role"]).collect();
        assert_eq!(roles, ["officer", "alternate_officer", "officer"]);
        let account = app.app.find_account(&Who::Officer.email()).await.unwrap().id;
        assert_eq!(shown["items"][0], json!({"shown_at": "2026-11-24T04:30:00Z", "shown_to": account, "role": "officer"}));
        let cursor = app.seen(&format!("{showings}?limit=2"), &officer).await;
        assert_eq!(cursor["items"].as_array().unwrap().len(), 2);
        assert!(cursor["next_cursor"].is_string(), "{cursor}");
        // the history is that of the case, and whoever follows it is shown nothing of a person
        assert_eq!(app.tracked(&receipt).await["version"], 2);
    }
}

on_both_engines! {
    async fn who_complained_is_masked_but_for_whoever_redresses(app: TestApp) {
        let appeals = app.token(Who::AppealOfficer).await;
        let receipt = app.complain(complaint()).await;
        let path = format!("/v1/grievances/{}", receipt["id"].as_str().unwrap());
        let told = |grievance: &Value| {
            let who = &grievance["complainant"];
            json!([who["identity"]["number"], who["permanent_address"], who["present_address"], who["mobile"], who["email"], who["masked"]])
        };
        let masked = json!(["•••••••••••••••12", "•••", "•••", "+88018••••••54", "c•••@example.org", true]);
        let unmasked = json!([TOLD[7], TOLD[2], TOLD[1], "+8801811987654", TOLD[6], false]);
        let list = app.seen("/v1/grievances", &appeals).await;
        assert_eq!(told(&list["items"][0]), masked);
        assert_eq!(app.seen(&format!("{path}/showings"), &appeals).await["items"], json!([]));
        assert_eq!(told(&app.seen(&path, &appeals).await), unmasked);
        let accepted = app.redress(&receipt, &appeals, json!({"action": "accept"})).await;
        assert_eq!(told(&accepted), unmasked);
        // a register has what its form asks for
        let register = app.seen(&format!("/v1/grievance-registers?month=2026-11&office={OFFICE}"), &appeals).await;
        assert_eq!(register["items"][0]["mobile"], "+8801811987654", "{register}");
        let shown = app.seen(&format!("{path}/showings"), &appeals).await;
        assert_eq!(shown["items"].as_array().unwrap().len(), 3, "by itself, after an act, and in a register: {shown}");
    }
}

const OLD: &str = "old=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
const NEW: &str = "new=ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=";

fn with_keys(database: &TestDatabase, keys: &str) -> App {
    let keys: Keyring = keys.parse().unwrap();
    App::new(Store::open(&database.options()).unwrap(), system_clock()).sealing_by(keys)
}

/// How many rows are sealed by a key.
fn sealed_by(database: &TestDatabase, key: &str) -> usize {
    let rows = "SELECT personal_key AS line FROM service_requests UNION ALL SELECT personal_key AS line FROM grievance_complainants";
    database.lines(rows).iter().filter(|by| *by == key).count()
}

/// A key takes the place of another, and each refuses to go on without what it needs.
async fn keys_change(engine: Engine) {
    let app = TestApp::start(TestDatabase::of(engine)).await;
    let database = &app.database;
    app.file(application()).await;
    app.complain(complaint()).await;
    assert_eq!(sealed_by(database, "test"), 2);
    // what was kept before there were keys
    let plain = with_keys(database, "");
    plain.ensure_personal_data_keys().await.unwrap();
    assert!(
        plain
            .reseal()
            .await
            .unwrap_err()
            .to_string()
            .contains("no key to seal by")
    );

    let both = format!("{OLD},{KEYS}");
    with_keys(database, &both).ensure_personal_data_keys().await.unwrap();
    for (keys, words) in [
        ("", "by the key `old`, which is not there"),
        (NEW, "by the key `old`, which is not there"),
        (&*NEW.replace("new", "old"), "the key `old` is another one"),
    ] {
        let refused = with_keys(database, keys).ensure_personal_data_keys().await.unwrap_err();
        assert!(refused.to_string().contains(words), "{refused}");
    }
    let said = stdout(&run_with(
        database,
        &["reseal"],
        &[("CHARTER_PERSONAL_DATA_KEYS", &both)],
    ));
    assert_eq!(said, "sealed anew: 2; all is sealed by `old`\n");
    assert_eq!((sealed_by(database, "old"), sealed_by(database, "test")), (2, 0));
    let next = format!("{NEW},{OLD}");
    let said = stdout(&run_with(
        database,
        &["reseal"],
        &[("CHARTER_PERSONAL_DATA_KEYS", &next)],
    ));
    assert_eq!(said, "sealed anew: 2; all is sealed by `new`\n");
    // the one before is needed no more
    let now = with_keys(database, NEW);
    now.ensure_personal_data_keys().await.unwrap();
    assert_eq!(now.reseal().await.unwrap(), 0);
    let refused = run_with(
        database,
        &["serve"],
        &[("CHARTER_PERSONAL_DATA_KEYS", OLD), ("RUST_LOG", "off")],
    );
    assert!(!refused.status.success());
    assert_eq!(
        stderr(&refused),
        "citizens-charter: personal data is sealed by the key `new`, which is not there\n"
    );
    assert_eq!(
        now.verify_histories().await.unwrap().broken,
        None,
        "no history is touched"
    );
}

#[actix_web::test]
async fn keys_change_on_sqlite() {
    keys_change(Engine::Sqlite).await;
}

#[actix_web::test]
async fn keys_change_on_postgres() {
    keys_change(Engine::Postgres).await;
}

/// The application as it is some days later.
fn in_days(app: &TestApp, days: i64) -> App {
    let then = app.app.now() + chrono::TimeDelta::days(days);
    let store = Store::open(&app.database.options()).unwrap();
    App::new(store, Arc::new(move || then)).sealing_by(KEYS.parse().unwrap())
}

on_both_engines! {
    async fn what_was_told_long_ago_is_forgotten(app: TestApp) {
        let officer = app.token(Who::Officer).await;
        let appeals = app.token(Who::AppealOfficer).await;
        // whatever somebody writes in the place of a name, it is forgotten
        let mut nameless = application();
        nameless["name"] = json!("•••");
        let closed_nameless = app.file(nameless).await;
        app.act(&closed_nameless, &officer, json!({"action": "complete"})).await;
        let closed = app.file(application()).await;
        app.by_code(&closed, "information", json!({"message": "x"})).await;
        app.act(&closed, &officer, json!({"action": "add_note", "note": "Canary Lane is hard to find."})).await;
        app.act(&closed, &officer, json!({"action": "complete"})).await;
        let open = app.file(application()).await;
        let complained = app.complain(complaint()).await;
        app.redress(&complained, &appeals, json!({"action": "accept"})).await;
        let decision = json!({"action": "decide", "outcome": "reply_satisfactory", "message": "It was sent."});
        app.redress(&complained, &appeals, decision).await;
        let statistics = app.json(&format!("/v1/statistics?office={OFFICE}")).await;
        let keys = [("CHARTER_PERSONAL_DATA_KEYS", KEYS)];
        let purged = |older_than: &'static str| run_with(&app.database, &["purge", "--older-than", older_than], &keys);
        for (faulty, words) in [("5", "such as 1825d"), ("59d", "at least 60 days"), ("1000000000y", "at most"), ("y", "such as")] {
            assert!(stderr(&purged(faulty)).contains(words), "{faulty}");
        }
        // the program goes by the clock of the machine, which may be at any day after that of the tests
        assert_eq!(stdout(&purged("100y")), "forgotten: what people told in 0 cases\n");
        assert_eq!(in_days(&app, 100).purge(60).await.unwrap(), 3);
        assert_eq!(in_days(&app, 100).purge(60).await.unwrap(), 0, "nothing is left to forget");

        let path = |receipt: &Value| format!("/v1/service-requests/{}", receipt["id"].as_str().unwrap());
        let case = app.seen(&path(&closed), &officer).await;
        assert_eq!((&case["name"], &case["mobile"], &case["request"]), (&json!("•••"), &json!("••••••••"), &json!("•••")));
        assert_eq!((&case["state"], &case["filed_on"]), (&json!("completed"), &json!("2026-11-24")));
        assert_eq!(app.seen(&path(&open), &officer).await["address"], TOLD[0], "what is open is not forgotten");
        let grievance = app.grievance(&complained, &appeals).await;
        assert_eq!((&grievance["subject"], &grievance["anonymous"]), (&json!("•••"), &json!(false)));
        assert_eq!(grievance["complainant"]["name"], "•••");
        assert!(!app.database.content().contains("hard to find"), "notes are forgotten as well");
        assert_eq!(app.tracked(&closed).await["state"], "completed");
        assert_eq!(app.json(&format!("/v1/statistics?office={OFFICE}")).await, statistics);
        assert_eq!(app.app.verify_histories().await.unwrap().broken, None);
        let by_name = app.seen("/v1/service-requests?q=%E0%A6%B0%E0%A6%B9%E0%A6%BF%E0%A6%AE%E0%A6%BE", &officer).await;
        assert_eq!(by_name["items"].as_array().unwrap().len(), 1, "only the open one is found by its words");
    }
}
