//! Whole charters that are replaced, and the calendar that is kept, by those who are signed in.

use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::people::Who;
use crate::support::{OFFICE, TestApp, TestDatabase, another_office, khulna, on_both_engines, problem};

const CHARTER: &str = "/v1/offices/doict-khulna/charter";

async fn pointers(response: Response) -> Vec<String> {
    let problem = problem(response, 422).await;
    let faults = problem["errors"].as_array().unwrap().iter();
    faults
        .map(|fault| fault["pointer"].as_str().unwrap().to_owned())
        .collect()
}

on_both_engines! {
    async fn a_charter_is_replaced_whole(app: TestApp) {
        let token = app.token(Who::Officer).await;
        let (read, tag) = app.read(CHARTER).await;
        assert_eq!(read, json!(khulna()));
        let same = app.replace(CHARTER, &token, &tag, &read).await;
        assert_eq!(same.status(), 200);
        assert_eq!(same.headers()["etag"], tag.as_str(), "nothing differs");
        assert_eq!(same.json::<Value>().await.unwrap(), json!({"dry_run": false, "changes": []}));

        let mut next = read.clone();
        next["vision"]["en"] = json!("A new vision");
        let gone = next["services"].as_array_mut().unwrap().pop().unwrap()["id"].clone();
        let changes = json!([
            {"op": "changed", "kind": "charter", "id": OFFICE},
            {"op": "deleted", "kind": "service", "id": gone},
        ]);
        // a look before needs no condition, and changes nothing
        let dry = app.signed(Method::PUT, &format!("{CHARTER}?dry_run=true"), &token).json(&next).send().await.unwrap();
        assert_eq!(dry.status(), 200);
        assert_eq!(dry.json::<Value>().await.unwrap(), json!({"dry_run": true, "changes": changes}));
        assert_eq!(app.read(CHARTER).await, (read, tag.clone()));

        let without = app.signed(Method::PUT, CHARTER, &token).json(&next).send().await.unwrap();
        assert_eq!(problem(without, 428).await["code"], "precondition_required");
        let done = app.replace(CHARTER, &token, &tag, &next).await;
        assert_eq!(done.status(), 200);
        let second = done.headers()["etag"].to_str().unwrap().to_owned();
        assert_eq!(done.json::<Value>().await.unwrap(), json!({"dry_run": false, "changes": changes}));
        assert_eq!(app.read(CHARTER).await, (next.clone(), second));
        assert_eq!(app.replace(CHARTER, &token, &tag, &next).await.status(), 412);
    }
}

on_both_engines! {
    async fn a_faulty_charter_changes_nothing_and_is_told_all_its_faults(app: TestApp) {
        let token = app.token(Who::Officer).await;
        let (read, tag) = app.read(CHARTER).await;
        let replace = |change: fn(&mut Value)| {
            let mut next = read.clone();
            change(&mut next);
            let (app, token, tag) = (&app, &token, &tag);
            async move { app.replace(CHARTER, token, tag, &next).await }
        };
        let mut told = pointers(replace(|c| {
            c["title"]["bn"] = json!("");
            c["services"][3]["fee"]["kind"] = json!("gratis");
            c["colour"] = json!("green");
        }).await).await;
        told.sort();
        told.dedup();
        assert_eq!(told, ["/colour", "/services/3/fee/kind", "/title/bn"]);
        let told = pointers(replace(|c| {
            c["services"][1]["serial"] = json!(1);
            c["officers"][1]["phone_e164"] = json!("+8801711000000");
        }).await).await;
        assert!(told.contains(&"/services/1/serial".to_owned()) && told.contains(&"/officers/1/phone_e164".to_owned()), "{told:?}");
        assert_eq!(pointers(replace(|c| c["office"]["code"] = json!("doict-jashore")).await).await, ["/office/code"]);
        let moved: fn(&mut Value) = |c| { c["office"].as_object_mut().unwrap().remove("parent"); };
        assert_eq!(pointers(replace(moved).await).await, ["/office/parent"]);
        assert_eq!(app.read(CHARTER).await, (read.clone(), tag.clone()));
        let admin = app.token(Who::Administrator).await;
        let mut next = read.clone();
        moved(&mut next);
        assert_eq!(app.replace(CHARTER, &admin, &tag, &next).await.status(), 200, "who is above an office, an administrator says");
    }
}

on_both_engines! {
    async fn an_administrator_publishes_the_first_charter_of_an_office(app: TestApp) {
        let admin = app.token(Who::Administrator).await;
        let path = "/v1/offices/doict-jashore/charter";
        let new = json!(another_office("doict-jashore"));
        assert_eq!(app.replace(path, &admin, "*", &new).await.status(), 412, "there is none to replace");
        let publish = || app.signed(Method::PUT, path, &admin).header("If-None-Match", "*").json(&new).send();
        let published = publish().await.unwrap();
        assert_eq!(published.status(), 201);
        assert_eq!(published.json::<Value>().await.unwrap()["changes"].as_array().unwrap().len(), 38);
        assert_eq!(app.json(path).await, new);
        let taken = app.read(CHARTER).await.0;
        let mut stolen = taken.clone();
        stolen["office"]["code"] = json!("doict-satkhira");
        let stolen = app.signed(Method::PUT, "/v1/offices/doict-satkhira/charter", &admin).header("If-None-Match", "*").json(&stolen);
        let told = pointers(stolen.send().await.unwrap()).await;
        assert_eq!(told.len(), 37, "every id belongs to another office's entry");
        assert_eq!(publish().await.unwrap().status(), 412);
    }
}

#[actix_web::test]
async fn only_a_signed_in_import_may_be_large() {
    let app = TestApp::start(TestDatabase::sqlite()).await;
    let token = app.token(Who::Officer).await;
    let (mut charter, tag) = app.read(CHARTER).await;
    for service in charter["services"].as_array_mut().unwrap() {
        service["documents"]["text"]["en"] = json!("x".repeat(4000));
        service["name"]["bn"] = json!("সেবা ".repeat(700));
        service["name"]["en"] = json!("x".repeat(4000));
        service["delivery"]["text"]["en"] = json!("x".repeat(4000));
    }
    assert!(charter.to_string().len() > 400_000);
    assert_eq!(app.replace(CHARTER, &token, &tag, &charter).await.status(), 200);
    let nobody = app
        .request(Method::PUT, CHARTER)
        .header("If-Match", &tag)
        .json(&charter)
        .send()
        .await
        .unwrap();
    assert_eq!(problem(nobody, 413).await["code"], "payload_too_large");
    let elsewhere = app
        .signed(Method::PUT, "/v1/officers/x", &token)
        .json(&charter)
        .send()
        .await
        .unwrap();
    assert_eq!(problem(elsewhere, 413).await["code"], "payload_too_large");
    let endless = app
        .signed(Method::PUT, CHARTER, &token)
        .body(" ".repeat(8 * 1024 * 1024 + 1))
        .send()
        .await
        .unwrap();
    assert_eq!(problem(endless, 413).await["code"], "payload_too_large");
}

on_both_engines! {
    async fn a_day_is_declared_and_taken_back(app: TestApp) {
        let admin = app.token(Who::Administrator).await;
        let path = "/v1/calendar/days/2026-12-17";
        let (day, tag) = app.read(path).await;
        assert_eq!(day, json!({"date": "2026-12-17", "kind": "working"}));
        let service = app.all("/v1/services", 100).await.into_iter().find(|s| s["time_limit"]["working_days"] == 3).unwrap();
        let promise = format!("/v1/services/{}/promise?applied_on=2026-12-15", service["id"].as_str().unwrap());
        assert_eq!(app.json(&promise).await["due_on"], "2026-12-21");
        let closed = json!({
            "kind": "holiday", "name": {"bn": "নির্বাহী আদেশে ছুটি", "en": "Holiday by executive order"},
            "source": {"bn": "নির্বাহী আদেশ", "en": "Executive order"},
        });
        assert_eq!(app.write(Method::PUT, path, &admin, closed.clone()).await.status(), 428);
        let declared = app.replace(path, &admin, &tag, &closed).await;
        assert_eq!(declared.status(), 200);
        let second = declared.headers()["etag"].to_str().unwrap().to_owned();
        assert_eq!(app.read(path).await, (declared.json().await.unwrap(), second.clone()));
        assert_eq!(app.json(&promise).await["due_on"], "2026-12-22", "the promise moves at once");
        assert_eq!(app.replace(path, &admin, &tag, &closed).await.status(), 412);
        let mut read = app.json(path).await;
        read["kind"] = json!("working");
        assert_eq!(pointers(app.replace(path, &admin, &second, &read).await).await, ["/kind"], "a Thursday works anyhow");
        read["kind"] = json!("holiday");
        read["date"] = json!("2026-12-18");
        assert_eq!(pointers(app.replace(path, &admin, &second, &read).await).await, ["/date"]);
        assert_eq!(app.delete(path, &admin, &tag).await.status(), 412);
        assert_eq!(app.delete(path, &admin, &second).await.status(), 204);
        assert_eq!(app.read(path).await, (day, tag));
        let never = app.get("/v1/calendar/days/1999-12-31").await;
        assert_eq!(problem(never, 400).await["errors"][0]["pointer"], "/path/date");
    }
}

on_both_engines! {
    async fn a_year_is_entered_as_its_gazette_says(app: TestApp) {
        let admin = app.token(Who::Administrator).await;
        let path = "/v1/calendar/years/2027";
        let (mut year, tag) = app.read(path).await;
        assert_eq!((&year["year"], &year["complete"]), (&json!(2027), &json!(false)));
        let text = |bn: &str, en: &str| json!({"bn": bn, "en": en});
        let day = |date: &str, kind: &str| json!({"date": date, "kind": kind, "name": text("দিন", "Day"), "source": text("প্রজ্ঞাপন", "Gazette")});
        let before = year["days"].as_array().unwrap().len();
        year["days"].as_array_mut().unwrap().extend([day("2027-03-10", "holiday"), day("2027-03-13", "working")]);
        year["complete"] = json!(true);
        let entered = app.replace(path, &admin, &tag, &year).await;
        assert_eq!(entered.status(), 200);
        let second = entered.headers()["etag"].to_str().unwrap().to_owned();
        let (kept, _) = app.read(path).await;
        assert_eq!(kept["days"].as_array().unwrap().len(), before + 2);
        let march = app.json("/v1/calendar?from=2027-03-10&to=2027-03-13").await;
        assert_eq!(march["complete"], true);
        let kinds: Vec<&Value> = march["items"].as_array().unwrap().iter().map(|day| &day["kind"]).collect();
        assert_eq!(kinds, ["holiday", "working", "weekend", "working"]);

        let mut faulty = kept.clone();
        faulty["days"] = json!([day("2027-03-10", "holiday"), day("2027-03-10", "holiday"), day("2028-01-01", "holiday"), day("2027-03-11", "working")]);
        let mut told = pointers(app.replace(path, &admin, &second, &faulty).await).await;
        told.sort();
        assert_eq!(told, ["/days/1/date", "/days/2/date", "/days/3/kind"]);
        assert_eq!(app.read(path).await.0, kept);

        app.problem("/v1/calendar/years/2029", 404).await;
        let new = json!({"year": 2029, "complete": false, "note": text("আংশিক", "In part"), "days": []});
        let put = |condition: &'static str| app.signed(Method::PUT, "/v1/calendar/years/2029", &admin).header(condition, "*").json(&new).send();
        assert_eq!(put("If-Match").await.unwrap().status(), 412);
        assert_eq!(put("If-None-Match").await.unwrap().status(), 201);
        assert_eq!(put("If-None-Match").await.unwrap().status(), 412);
        assert_eq!(app.json("/v1/calendar/years/2029").await, new);
    }
}
