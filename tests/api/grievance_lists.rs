//! Lists of grievances, as each of those sees them who redress.

use chrono::TimeDelta;
use citizens_charter::store::Engine;
use serde_json::{Value, json};

use crate::complainants::about_the_office;
use crate::people::{Who, with_clock};
use crate::service_requests::service_of;
use crate::support::{OFFICE, TestApp, TestDatabase, encoded};

/// The ids on all pages of the list, three by three.
async fn ids(app: &TestApp, token: &str, query: &str) -> Vec<String> {
    app.ids("/v1/grievances", query, token).await
}

async fn lists_come_as_asked(engine: Engine) {
    let (app, clock) = with_clock(TestDatabase::of(engine)).await;
    let mut filed: Vec<(Value, String)> = Vec::new();
    for i in 0..8 {
        let mut fields = match i % 2 {
            0 => about_the_office(),
            _ => json!({"service_id": service_of(Some(5)), "applied_on": "2026-09-01"}),
        };
        fields["name"] = json!(format!("অভিযোগকারী নম্বর-১০{i}"));
        fields["subject"] = json!(format!("Grievance number {i}"));
        let receipt = app.complain(fields).await;
        let id = receipt["id"].as_str().unwrap().to_owned();
        filed.push((receipt, id));
        clock.advance(TimeDelta::hours(20));
    }
    let officer = app.token(Who::Officer).await;
    let appeal_officer = app.token(Who::AppealOfficer).await;
    let newest = |keep: &dyn Fn(usize) -> bool| -> Vec<String> {
        let kept = filed.iter().enumerate().filter(|(i, _)| keep(*i));
        kept.map(|(_, (_, id))| id.clone()).rev().collect()
    };
    assert_eq!(ids(&app, &officer, "").await, newest(&|_| true));
    assert_eq!(ids(&app, &officer, "&level=1").await, newest(&|i| i % 2 == 0));
    assert_eq!(ids(&app, &officer, "&level=2").await, newest(&|i| i % 2 == 1));
    assert_eq!(ids(&app, &appeal_officer, "").await, newest(&|i| i % 2 == 1));
    assert_eq!(
        ids(&app, &appeal_officer, &format!("&office={OFFICE}")).await,
        newest(&|i| i % 2 == 1)
    );
    let about_service = format!("&service={}", service_of(Some(5)));
    assert_eq!(ids(&app, &officer, &about_service).await, newest(&|i| i % 2 == 1));
    // 20 working days run out before 30
    let mut urgent: Vec<(&str, usize)> = Vec::new();
    for (i, (receipt, _)) in filed.iter().enumerate() {
        urgent.push((receipt["due_on"].as_str().unwrap(), i));
    }
    urgent.sort_unstable();
    let by_due_day: Vec<String> = urgent.iter().map(|(_, i)| filed[*i].1.clone()).collect();
    assert_eq!(ids(&app, &officer, "&order=urgent").await, by_due_day);
    let day = urgent[3].0;
    let on_day: Vec<String> = urgent
        .iter()
        .filter(|(due_on, _)| *due_on == day)
        .map(|(_, i)| filed[*i].1.clone())
        .collect();
    assert_eq!(
        ids(&app, &officer, &format!("&due_from={day}&due_to={day}")).await,
        on_day
    );
    app.redress(&filed[2].0, &officer, json!({"action": "accept"})).await;
    assert_eq!(ids(&app, &officer, "&state=in_progress").await, [filed[2].1.clone()]);
    assert_eq!(ids(&app, &officer, "&state=submitted").await, newest(&|i| i != 2));
    // in any spelling; an alternate officer sees what stands behind the own services
    for words in ["নম্বর-১০৪", "অভিযোগকারি নম্বর-104", "GRIEVANCE নম্বর-১০৪"]
    {
        let found = ids(&app, &officer, &format!("&q={}", encoded(words))).await;
        assert_eq!(found, [filed[4].1.clone()], "{words}");
    }
    let code = filed[4].0["tracking_code"].as_str().unwrap();
    assert_eq!(ids(&app, &officer, &format!("&q={code}")).await, [filed[4].1.clone()]);
    clock.advance(TimeDelta::days(30));
    let officer = app.token(Who::Officer).await;
    let today = (clock.now() + TimeDelta::hours(6)).format("%Y-%m-%d").to_string();
    let (overdue, rest): (Vec<_>, Vec<_>) = urgent.iter().partition(|(due_on, _)| **due_on < *today);
    let of = |part: &[&(&str, usize)]| -> Vec<String> { part.iter().map(|(_, i)| filed[*i].1.clone()).collect() };
    assert!(!overdue.is_empty() && !rest.is_empty());
    assert_eq!(ids(&app, &officer, "&overdue=true").await, of(&overdue));
    assert_eq!(ids(&app, &officer, "&overdue=false").await, of(&rest));
}

#[actix_web::test]
async fn lists_come_as_asked_on_sqlite() {
    lists_come_as_asked(Engine::Sqlite).await;
}

#[actix_web::test]
async fn lists_come_as_asked_on_postgres() {
    lists_come_as_asked(Engine::Postgres).await;
}
