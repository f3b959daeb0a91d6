//! The monthly report and the registers: figures that add up, for programs and for people.

use chrono::TimeDelta;
use citizens_charter::store::Engine;
use reqwest::Method;
use serde_json::{Value, json};

use crate::complainants::{about_the_office, anonymous};
use crate::people::{Who, with_clock};
use crate::support::{OFFICE, TestApp, TestDatabase, on_both_engines, problem};

/// A report in a language, or a register, as a spreadsheet gets it: its rows.
async fn table(app: &TestApp, token: &str, path: &str) -> Vec<Vec<String>> {
    let response = app
        .signed(Method::GET, path, token)
        .header("Accept", "text/csv")
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200, "{path}");
    assert_eq!(response.headers()["content-type"], "text/csv; charset=utf-8");
    assert_eq!(response.headers()["cache-control"], "no-store");
    let bytes = response.bytes().await.unwrap();
    let text = std::str::from_utf8(&bytes).unwrap();
    let text = text.strip_prefix('\u{FEFF}').unwrap();
    let lines = text.strip_suffix("\r\n").unwrap().split("\r\n");
    lines.map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

fn count(figures: &Value, name: &str) -> i64 {
    figures[name].as_i64().unwrap_or_else(|| panic!("{name} of {figures}"))
}

/// Half a year of grievances that are filed, decided, appealed, directed, forgotten and withdrawn: every month adds up, and goes
/// on where the one before ended.
async fn the_figures_of_half_a_year_add_up(engine: Engine) {
    let (app, clock) = with_clock(TestDatabase::of(engine)).await;
    let mut filed: Vec<Value> = Vec::new();
    let decision = |outcome: &str, due_on: Option<String>| {
        let mut decision = json!({"action": "decide", "outcome": outcome, "message": "Decided."});
        if let Some(due_on) = due_on {
            decision["due_on"] = json!(due_on);
        }
        decision
    };
    for turn in 0..60_usize {
        let fields = match turn % 4 {
            0 => json!({"applied_on": null}),
            1 => about_the_office(),
            2 => anonymous(),
            _ => json!({"service_id": null, "applied_on": null, "office": OFFICE, "about_handler": "appeal_officer"}),
        };
        filed.push(app.complain(fields).await);
        let now = (clock.now() + TimeDelta::hours(6)).date_naive();
        // one of those before is taken a step further: acts that are not available now do nothing
        let case = &filed[turn / 2];
        for who in [Who::Officer, Who::AppealOfficer, Who::CellOfficer] {
            let token = app.token(who).await;
            let act = match (turn % 2, turn / 2 % 6) {
                (0, 5) => json!({"action": "send_up", "note": "About whoever handles it."}),
                (0, _) => json!({"action": "accept"}),
                (_, 0 | 1) => decision("service_given", None),
                (_, 2) => decision("service_directed", Some((now + chrono::Days::new(5)).to_string())),
                (_, 3) => json!({"action": "take_up"}),
                _ => decision("upheld", None),
            };
            app.try_to_redress(case, &token, act).await;
            if turn % 7 == 0 {
                app.try_to_redress(case, &token, json!({"action": "confirm_compliance"}))
                    .await;
            }
        }
        let earlier = &filed[turn / 3];
        app.by_code(earlier, "appeals", json!({"message": "No."})).await;
        if turn % 11 == 0 {
            app.by_code(earlier, "withdrawal", json!({})).await;
        }
        clock.advance(TimeDelta::days(3));
    }
    let officer = app.token(Who::Officer).await;
    let mut before: Option<[i64; 2]> = None;
    let (mut received, mut disposed, mut appealed) = (0, 0, 0);
    for month in [
        "2026-10", "2026-11", "2026-12", "2027-01", "2027-02", "2027-03", "2027-04", "2027-05",
    ] {
        let report = app
            .seen(&format!("/v1/grievance-reports?month={month}"), &officer)
            .await;
        for (i, kind) in ["grievances", "appeals"].into_iter().enumerate() {
            let figures = &report[kind];
            let of = |name: &str| count(figures, name);
            assert_eq!(
                of("carried_over") + of("received"),
                of("disposed") + of("pending"),
                "{month}: {figures}"
            );
            assert_eq!(of("pending"), of("pending_within_limit") + of("pending_past_limit"));
            if let Some(before) = before {
                assert_eq!(
                    of("carried_over"),
                    before[i],
                    "{month} goes on where the one before ended"
                );
            }
        }
        before = Some(["grievances", "appeals"].map(|kind| count(&report[kind], "pending")));
        received += count(&report["grievances"], "received");
        disposed += count(&report["grievances"], "disposed") + count(&report["appeals"], "disposed");
        appealed += count(&report["appeals"], "received");
        // the register has a line for each
        for (kind, appeals) in [("grievances", false), ("appeals", true)] {
            let register = format!("/v1/grievance-registers?month={month}&appeals={appeals}");
            let lines = table(&app, &officer, &register).await;
            assert_eq!(
                lines.len() as i64 - 1,
                count(&report[kind], "received"),
                "{month} {kind}"
            );
        }
        let listed = report["disposed"].as_array().unwrap().len() as i64;
        assert_eq!(
            listed,
            count(&report["grievances"], "disposed") + count(&report["appeals"], "disposed")
        );
    }
    assert!(
        received >= 60 && disposed > 10 && appealed > 5,
        "{received} {disposed} {appealed}"
    );
    assert_eq!(app.app.verify_histories().await.unwrap().broken, None);
}

#[actix_web::test]
async fn the_figures_of_half_a_year_add_up_on_sqlite() {
    the_figures_of_half_a_year_add_up(Engine::Sqlite).await;
}

#[actix_web::test]
async fn the_figures_of_half_a_year_add_up_on_postgres() {
    the_figures_of_half_a_year_add_up(Engine::Postgres).await;
}

on_both_engines! {
    async fn the_forms_come_in_both_languages(app: TestApp) {
        let officer = app.token(Who::Officer).await;
        let given = app.decided(about_the_office()).await;
        app.complain(anonymous()).await;
        let about_redress = app.complain(json!({"email": "rahima@example.org"})).await;
        let mut letter = about_the_office();
        letter["medium"] = json!("conventional");
        letter["subject"] = json!("=1+1");
        assert_eq!(app.complain_as(&officer, letter).await.status(), 201);

        let bangla = table(&app, &officer, "/v1/grievance-reports?month=2026-11").await;
        assert_eq!(bangla[0], ["মাসিক প্রতিবেদন (ফরম গ-১)", "\"জেলা কার্যালয়", " খুলনা\"", "২০২৬-১১"]);
        assert_eq!(bangla[1], ["বিবরণ", "অভিযোগ", "আপিল"]);
        assert_eq!(bangla[2], ["প্রাপ্ত: ওয়েবসাইট", "৩", "০"]);
        assert_eq!(bangla[13], ["নিষ্পত্তির হার (%)", "২৫.০০", "-"]);
        assert_eq!(bangla[15][..6], ["১", "অভিযোগ", "সময়মতো সেবা পাইনি", "২০২৬-১১-২৪", "২০২৬-১১-২৪", "সেবা প্রদান করা হয়েছে"]);
        let english = table(&app, &officer, "/v1/grievance-reports?month=2026-11&language=en").await;
        assert_eq!(english[2], ["Received: website", "3", "0"]);
        assert_eq!(english[13], ["Rate of disposal (%)", "25.00", "-"]);
        assert_eq!(english[15][5], "Service given since");
        let report = app.seen("/v1/grievance-reports?month=2026-11", &officer).await;
        assert_eq!((&report["as_of"], &report["name"]["bn"], &report["grievances"]["disposal_rate"]), (&json!("2026-11-24"), &json!("জেলা কার্যালয়, খুলনা"), &json!(25.0)));
        assert_eq!(report["disposed"][0]["outcome"], "service_given");

        let register = table(&app, &officer, "/v1/grievance-registers?month=2026-11").await;
        assert_eq!(register.len(), 5);
        assert_eq!(register[0][..3], ["অভিযোগ নম্বর", "প্রাপ্তির তারিখ", "অভিযোগকারীর নাম"]);
        assert_eq!(register[1][..7], [
            given["tracking_code"].as_str().unwrap(), "২০২৬-১১-২৪", "মোছাঃ রহিমা খাতুন", "+৮৮০১৭১১১২৩৪৫৬", "", "ওয়েবসাইট", "নাগরিক",
        ]);
        assert_eq!(register[2][2..4], ["", ""], "anonymous");
        // it is about whoever looks at it
        assert_eq!(register[3][..4], [about_redress["id"].as_str().unwrap(), "২০২৬-১১-২৪", "", ""]);
        assert_eq!((&*register[4][5], &*register[4][8]), ("প্রচলিত পদ্ধতি", "'=1+1"), "nobody's formula");
        let appeal_officer = app.token(Who::AppealOfficer).await;
        let of_the_office = format!("/v1/grievance-registers?month=2026-11&office={OFFICE}&limit=1");
        let page = app.seen(&of_the_office, &appeal_officer).await;
        assert_eq!(page["items"][0]["complainant"], "মোছাঃ রহিমা খাতুন");
        assert_eq!((&page["items"][0]["id"], &page["next_cursor"]), (&about_redress["id"], &Value::Null), "what came to level 2");
        let mut ids = Vec::new();
        let mut next = "/v1/grievance-registers?month=2026-11&limit=1".to_owned();
        loop {
            let page = app.seen(&next, &officer).await;
            ids.push(page["items"][0]["id"].clone());
            match page["next_cursor"].as_str() {
                Some(cursor) => next = format!("/v1/grievance-registers?month=2026-11&limit=1&cursor={cursor}"),
                None => break,
            }
        }
        assert_eq!(ids.len(), 4);
        // what was decided about an appeal does not rewrite what was reported before
        assert_eq!(app.by_code(&given, "appeals", json!({"message": "No."})).await.status(), 201);
        app.redress(&given, &appeal_officer, json!({"action": "accept"})).await;
        app.redress(&given, &appeal_officer, json!({"action": "decide", "outcome": "replaced", "message": "Anew."})).await;
        let report = app.seen("/v1/grievance-reports?month=2026-11", &officer).await;
        let told: Vec<(&Value, &Value)> = report["disposed"].as_array().unwrap().iter().map(|line| (&line["appeal"], &line["outcome"])).collect();
        assert_eq!(told, [(&json!(false), &json!("service_given")), (&json!(true), &json!("replaced"))]);
        let bad = app.signed(Method::GET, "/v1/grievance-reports?month=2026-13", &officer).send().await.unwrap();
        assert_eq!(problem(bad, 400).await["errors"][0]["pointer"], "/query/month");
        let whose = app.signed(Method::GET, "/v1/grievance-reports?month=2026-11", &appeal_officer).send().await.unwrap();
        assert_eq!(problem(whose, 400).await["errors"][0]["pointer"], "/query/office");
    }
}
