//! Who sees a grievance and acts on it; what those see whom it is about; the blacklist.

use reqwest::Method;
use serde_json::{Value, json};

use crate::complainants::{about_the_office, anonymous, form};
use crate::people::{ANOTHER_OFFICE, PASSWORD, Who};
use crate::support::{OFFICE, TestApp, TestDatabase, another_office, code_of, faults, khulna, on_both_engines};

/// Somebody with a role at an office, whose account is that of an officer of its charter.
async fn sign_in(app: &TestApp, role: &str, office: &str, officer: Option<uuid::Uuid>) -> String {
    let email = format!("{}@example.org", uuid::Uuid::new_v4());
    let mut account = json!({"email": email, "password": PASSWORD, "role": role, "office": office});
    if let Some(officer) = officer {
        account["officer"] = json!(officer);
    }
    app.create_account(account).await;
    app.tokens(&email, PASSWORD).await["access_token"]
        .as_str()
        .unwrap()
        .to_owned()
}

on_both_engines! {
    async fn those_whom_it_is_about_do_not_see_who_complained(app: TestApp) {
        let [redress, alternate] = [0, 1].map(|i| khulna().officers[i].id);
        let by_name = sign_in(&app, "officer", OFFICE, Some(redress)).await;
        let by_office = app.token(Who::Officer).await;
        let appeal_officer = app.token(Who::AppealOfficer).await;
        // the redress officer answers for the service
        let receipt = app.complain(json!({"email": "rahima@example.org"})).await;
        for token in [&by_name, &by_office] {
            let seen = app.grievance(&receipt, token).await;
            assert_eq!((&seen["complainant"], &seen["tracking_code"], &seen["anonymous"]), (&Value::Null, &Value::Null, &json!(false)));
            assert_eq!(seen["description"], "নির্ধারিত সময়সীমা পার হলেও সেবা দেওয়া হয়নি।", "what is to be answered");
            assert_eq!(seen["available_actions"], json!([]), "no opinion was asked for");
            assert!(!seen.to_string().contains("রহিমা"));
            let listed = app.seen("/v1/grievances", token).await.to_string();
            assert!(!listed.contains("রহিমা") && !listed.contains("1711123456"));
            for act in [json!({"action": "accept"}), json!({"action": "add_note", "note": "x"})] {
                assert_eq!(code_of(app.try_to_redress(&receipt, token, act).await, 403).await, "about_oneself");
            }
        }
        let handled = app.grievance(&receipt, &appeal_officer).await;
        assert_eq!((&handled["complainant"]["name"], &handled["tracking_code"]), (&json!("মোছাঃ রহিমা খাতুন"), &receipt["tracking_code"]));

        app.redress(&receipt, &appeal_officer, json!({"action": "accept"})).await;
        app.redress(&receipt, &appeal_officer, json!({"action": "add_note", "note": "Rahima says it was the desk."})).await;
        app.redress(&receipt, &appeal_officer, json!({"action": "ask_opinion", "due_on": "2026-12-01", "note": "Was the desk open?"})).await;
        let asked = app.grievance(&receipt, &by_name).await;
        assert_eq!((&asked["available_actions"], &asked["opinion_due_on"]), (&json!(["give_opinion"]), &json!("2026-12-01")));
        app.redress(&receipt, &by_name, json!({"action": "give_opinion", "note": "It was a holiday."})).await;
        assert_eq!(code_of(app.try_to_redress(&receipt, &by_name, json!({"action": "give_opinion", "note": "And more."})).await, 409).await, "action_not_available");
        let events = format!("/v1/grievances/{}/events", receipt["id"].as_str().unwrap());
        let shown = app.seen(&events, &by_name).await.to_string();
        assert!(!shown.contains("Rahima") && shown.contains("Was the desk open?") && shown.contains("It was a holiday."), "{shown}");
        let handlers = app.seen(&events, &appeal_officer).await.to_string();
        assert!(handlers.contains("Rahima") && handlers.contains("It was a holiday."));
        // the officer may appeal, and is not at the mercy of the decision
        let decision = json!({"action": "decide", "outcome": "reply_satisfactory", "message": "It was a holiday."});
        app.redress(&receipt, &appeal_officer, decision).await;
        assert_eq!(app.grievance(&receipt, &by_name).await["available_actions"], json!(["appeal"]));
        let appealed = app.redress(&receipt, &by_name, json!({"action": "appeal", "note": "It should be struck."})).await;
        assert_eq!((&appealed["level"], &appealed["available_actions"]), (&json!(3), &json!([])));

        // at level 1 the redress officer hears what is about another, who does not see who complained
        let mut about_alternate = about_the_office();
        about_alternate["officer_id"] = json!(alternate);
        let receipt = app.complain(about_alternate).await;
        let accused = sign_in(&app, "alternate_officer", OFFICE, Some(alternate)).await;
        assert_eq!(app.grievance(&receipt, &accused).await["complainant"], Value::Null);
        assert_eq!(code_of(app.try_to_redress(&receipt, &accused, json!({"action": "accept"})).await, 403).await, "about_oneself");
        let unnamed = app.token(Who::AlternateOfficer).await;
        assert_eq!(code_of(app.try_to_redress(&receipt, &unnamed, json!({"action": "accept"})).await, 403).await, "about_oneself");
        assert_eq!(app.grievance(&receipt, &by_name).await["complainant"]["name"], "মোছাঃ রহিমা খাতুন");
        app.redress(&receipt, &by_name, json!({"action": "accept"})).await;
        // another officer of the office looks on
        let charter = app.app.get_charter(OFFICE.into()).await.unwrap();
        let mut other = charter.officers[0].clone();
        other.id = uuid::Uuid::now_v7();
        let admin = app.token(Who::Administrator).await;
        let mut entry = json!(other);
        entry.as_object_mut().unwrap().remove("id");
        entry["office"] = json!(OFFICE);
        let created: Value = app.write(Method::POST, "/v1/officers", &admin, entry).await.json().await.unwrap();
        let third = sign_in(&app, "officer", OFFICE, created["id"].as_str().unwrap().parse().ok()).await;
        let seen = app.grievance(&receipt, &third).await;
        assert_eq!((&seen["complainant"], &seen["available_actions"]), (&Value::Null, &json!([])));
        assert_eq!(code_of(app.try_to_redress(&receipt, &third, json!({"action": "add_note", "note": "x"})).await, 403).await, "permission_denied");
    }
}

on_both_engines! {
    async fn the_alternate_officer_acts_while_standing_in(app: TestApp) {
        let receipt = app.complain(about_the_office()).await;
        let named = sign_in(&app, "alternate_officer", OFFICE, Some(khulna().officers[1].id)).await;
        let unnamed = app.token(Who::AlternateOfficer).await;
        for token in [&named, &unnamed] {
            let seen = app.grievance(&receipt, token).await;
            assert_eq!(seen["available_actions"], json!([]));
            assert_eq!(code_of(app.try_to_redress(&receipt, token, json!({"action": "accept"})).await, 403).await, "not_standing_in");
        }
        let officer = app.token(Who::Officer).await;
        let redress = khulna().officers[0].id;
        let path = format!("/v1/officers/{redress}/absences");
        let leave = app.write(Method::POST, &path, &officer, json!({"kind": "absence", "from": "2026-11-24", "to": "2026-11-24"})).await;
        assert_eq!(leave.status(), 201);
        app.redress(&receipt, &named, json!({"action": "accept"})).await;
        app.redress(&receipt, &unnamed, json!({"action": "add_note", "note": "Both were heard."})).await;
        let events = format!("/v1/grievances/{}/events", receipt["id"].as_str().unwrap());
        let events = app.seen(&events, &officer).await;
        for i in [1, 2] {
            assert_eq!((&events["items"][i]["role"], &events["items"][i]["for_officer"]), (&json!("alternate_officer"), &json!(redress)));
        }
        // for a respondent who is away, the alternate officer answers, and does not see who complained either
        let about_service = app.complain(json!({})).await;
        let appeal_officer = app.token(Who::AppealOfficer).await;
        app.redress(&about_service, &appeal_officer, json!({"action": "accept"})).await;
        app.redress(&about_service, &appeal_officer, json!({"action": "ask_opinion", "due_on": "2026-12-01"})).await;
        let seen = app.grievance(&about_service, &named).await;
        assert_eq!((&seen["complainant"], &seen["available_actions"]), (&Value::Null, &json!(["give_opinion"])));
        let listed = app.seen("/v1/grievances", &named).await;
        assert_eq!(listed["items"].as_array().unwrap().len(), 2);
    }
}

on_both_engines! {
    async fn appeals_come_from_the_offices_below_only(app: TestApp) {
        let admin = app.token(Who::Administrator).await;
        let mut another = another_office(ANOTHER_OFFICE);
        another.office.parent = None;
        let published = app.signed(Method::PUT, &format!("/v1/offices/{ANOTHER_OFFICE}/charter"), &admin)
            .header("If-None-Match", "*").json(&another).send().await.unwrap();
        assert_eq!(published.status(), 201);
        let receipt = app.complain(json!({})).await;
        let elsewhere = app.complain(json!({"service_id": another.services[0].id})).await;
        let (ours, theirs) = (app.token(Who::AppealOfficer).await, sign_in(&app, "appeal_officer", ANOTHER_OFFICE, None).await);
        let path = |receipt: &Value| format!("/v1/grievances/{}", receipt["id"].as_str().unwrap());
        for (token, own, foreign) in [(&ours, &receipt, &elsewhere), (&theirs, &elsewhere, &receipt)] {
            assert_eq!(app.seen("/v1/grievances", token).await["items"][0]["id"], own["id"]);
            assert_eq!(app.seen("/v1/grievances", token).await["items"].as_array().unwrap().len(), 1);
            let refused = app.signed(Method::GET, &path(foreign), token).send().await.unwrap();
            assert_eq!(code_of(refused, 403).await, "permission_denied");
            assert_eq!(app.try_to_redress(foreign, token, json!({"action": "accept"})).await.status(), 403);
        }
        for (office, status) in [(OFFICE, 200), (ANOTHER_OFFICE, 403), ("no-such-office", 404)] {
            let list = format!("/v1/grievances?office={office}");
            assert_eq!(app.signed(Method::GET, &list, &ours).send().await.unwrap().status(), status, "{office}");
        }
        let cell_officer = app.token(Who::CellOfficer).await;
        assert_eq!(app.seen("/v1/grievances", &cell_officer).await["items"], json!([]));
        let low = app.signed(Method::GET, "/v1/grievances?level=1", &cell_officer).send().await.unwrap();
        assert_eq!(low.status(), 403);
        assert_eq!(app.signed(Method::GET, &path(&receipt), &cell_officer).send().await.unwrap().status(), 403);
        // whom a grievance about the Appeal Officer passes by
        let about_appeal_officer = app.complain(json!({"about_handler": "appeal_officer"})).await;
        let seen = app.grievance(&about_appeal_officer, &ours).await;
        assert_eq!((&seen["complainant"], &seen["available_actions"]), (&Value::Null, &json!([])));
        assert_eq!(app.grievance(&about_appeal_officer, &cell_officer).await["complainant"]["name"], "মোছাঃ রহিমা খাতুন");
    }
}

on_both_engines! {
    async fn nobody_knows_who_complained_anonymously(app: TestApp) {
        let client = app.token(Who::Client).await;
        let request = app.signed(Method::POST, "/v1/grievances", &client).header("Idempotency-Key", "my own key");
        let filed = request.json(&form(anonymous())).send().await.unwrap();
        assert_eq!(filed.status(), 201);
        let receipt: Value = filed.json().await.unwrap();
        let officer = app.token(Who::Officer).await;
        let seen = app.grievance(&receipt, &officer).await;
        assert_eq!((&seen["anonymous"], &seen["complainant"], &seen["level"]), (&json!(true), &Value::Null, &json!(1)));
        let client = app.seen("/v1/auth/session", &client).await["subject"].as_str().unwrap().to_owned();
        for query in [
            "SELECT coalesce(filed_by, '') || filed_as AS line FROM grievances",
            "SELECT coalesce(actor, '') || role AS line FROM case_events",
            "SELECT scope AS line FROM idempotency_keys WHERE key = 'my own key'",
            "SELECT name AS line FROM grievance_complainants",
        ] {
            for line in app.database.lines(query) {
                assert!(!line.contains(&client), "{query}: {line}");
            }
        }
        assert_eq!(app.database.lines("SELECT filed_as AS line FROM grievances"), ["applicant"]);
        assert!(app.database.lines("SELECT name AS line FROM grievance_complainants").is_empty());
        // acted on or not, by kind and gravity
        let not_anonymous = app.complain(about_the_office()).await;
        let dismissed = json!({"action": "file_without_action", "reason": "anonymous", "message": "Nothing to act on."});
        assert_eq!(faults(app.try_to_redress(&not_anonymous, &officer, dismissed.clone()).await).await, ["/reason not_available"]);
        let filed = app.redress(&receipt, &officer, dismissed).await;
        assert_eq!((&filed["state"], &filed["reason"], &filed["tell_by"]), (&json!("filed_without_action"), &json!("anonymous"), &Value::Null));
        let tracked = app.tracked(&receipt).await;
        assert_eq!((&tracked["events"][1]["reason"], &tracked["available_actions"]), (&json!("anonymous"), &json!(["appeal"])));
        assert_eq!(code_of(app.try_to_redress(&receipt, &officer, json!({"action": "recommend_blacklisting", "note": "x"})).await, 409).await, "action_not_available");
        // what staff type in for somebody who stays unknown, they answer for
        let typed = app.complain_as(&officer, {
            let mut typed = anonymous();
            typed["medium"] = json!("conventional");
            typed
        }).await;
        assert_eq!(typed.status(), 201);
        assert!(app.database.lines("SELECT filed_as AS line FROM grievances").contains(&"officer".to_owned()));
    }
}

on_both_engines! {
    async fn who_harasses_by_habit_is_not_heard_online(app: TestApp) {
        let appeal_officer = app.token(Who::AppealOfficer).await;
        let officer = app.token(Who::Officer).await;
        let enter = async |body: Value| app.write(Method::POST, "/v1/blacklist-entries", &appeal_officer, body).await;
        let entry = |receipt: &Value, by: &str| json!({"grievance_id": receipt["id"], "by": by, "reason": "The third false one."});
        let not_recommended = app.decided(about_the_office()).await;
        assert_eq!(faults(enter(entry(&not_recommended, "mobile")).await).await, ["/grievance_id not_recommended"]);
        let recommended = app.recommended().await;
        let waiting = app.seen("/v1/grievances?blacklisting_recommended=true", &appeal_officer).await;
        assert_eq!(waiting["items"][0]["id"], recommended["id"]);
        assert_eq!(waiting["items"].as_array().unwrap().len(), 1);
        let by_officer = app.write(Method::POST, "/v1/blacklist-entries", &officer, entry(&recommended, "mobile")).await;
        assert_eq!(by_officer.status(), 403, "the Appeal Officer decides");
        let entered = enter(entry(&recommended, "mobile")).await;
        assert_eq!(entered.status(), 201);
        let entered: Value = entered.json().await.unwrap();
        assert_eq!((&entered["office"], &entered["by"]), (&json!("doict"), &json!("mobile")));
        assert_eq!(code_of(enter(entry(&recommended, "mobile")).await, 409).await, "conflict");

        // by mobile, in whatever spelling; another mobile is another person until the identity is entered
        let other_mobile = json!({"mobile": "01811223344"});
        assert_eq!(code_of(app.try_to_complain(json!({"mobile": "+880 1711 123456"})).await, 403).await, "blacklisted");
        assert_eq!(app.try_to_complain(other_mobile.clone()).await.status(), 201);
        assert_eq!(enter(entry(&recommended, "identity_number")).await.status(), 201);
        assert_eq!(code_of(app.try_to_complain(other_mobile).await, 403).await, "blacklisted");
        let ascii = json!({"mobile": "01811223344", "identity": {"kind": "national_id", "number": "1990 4712 3456 78901"}});
        assert_eq!(code_of(app.try_to_complain(ascii).await, 403).await, "blacklisted");
        // by letter it is taken, and may be filed without action
        let mut letter = about_the_office();
        letter["medium"] = json!("conventional");
        let letter = app.complain_as(&officer, letter).await;
        assert_eq!(letter.status(), 201);
        let dismissed = json!({"action": "file_without_action", "reason": "blacklisted", "message": "Not heard any more."});
        app.redress(&letter.json().await.unwrap(), &officer, dismissed.clone()).await;
        let somebody_else = app.complain(json!({
            "service_id": null, "applied_on": null, "office": OFFICE, "mobile": "01911223344",
            "identity": {"kind": "passport", "number": "BX0123456"},
        })).await;
        assert_eq!(faults(app.try_to_redress(&somebody_else, &officer, dismissed).await).await, ["/reason not_available"]);

        // nobody's number stands in it
        for line in app.database.lines("SELECT digest || reason || recognised_by AS line FROM blacklist_entries") {
            assert!(!line.contains("1711123456") && !line.contains("19904712"), "{line}");
        }
        let list = app.seen("/v1/blacklist-entries", &appeal_officer).await;
        assert_eq!(list["items"].as_array().unwrap().len(), 2);
        for item in list["items"].as_array().unwrap() {
            let path = format!("/v1/blacklist-entries/{}", item["id"].as_str().unwrap());
            let foreign = sign_in(&app, "appeal_officer", OFFICE, None).await;
            assert_eq!(app.signed(Method::DELETE, &path, &foreign).send().await.unwrap().status(), 403);
            assert_eq!(app.signed(Method::DELETE, &path, &appeal_officer).send().await.unwrap().status(), 204);
            assert_eq!(app.signed(Method::DELETE, &path, &appeal_officer).send().await.unwrap().status(), 404);
        }
        app.complain(json!({})).await;
    }
}
