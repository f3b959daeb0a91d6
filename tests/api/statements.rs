//! How many statements a read costs: as many for a long list as for a short one; and what those share that ask at the same time.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::case_history::tamper;
use crate::complainants::about_the_office;
use crate::kept::metric;
use crate::people::Who;
use crate::support::{OFFICE, TestApp, TestDatabase, on_both_engines};

on_both_engines! {
    /// What officers read, and whoever has a tracking code: with whoever signed in looked up, and all that is shown.
    async fn no_read_of_cases_asks_once_for_each(app: TestApp) {
        let mut filed = Vec::new();
        for _ in 0..5 {
            filed.push(app.file(json!({})).await);
        }
        let officer = app.token(Who::Officer).await;
        let alternate = app.token(Who::AlternateOfficer).await;
        for action in ["acknowledge", "request_information"] {
            app.act(&filed[0], &officer, json!({"action": action, "message": "Which year?"})).await;
        }
        let mut complaints = Vec::new();
        for _ in 0..3 {
            complaints.push(app.complain(about_the_office()).await);
        }
        // nothing is written meanwhile
        app.app.store().index_words().await.unwrap();
        let statements = async |target: &str, token: Option<&str>| {
            let before = metric(&app, "charter_db_statements").await;
            match token {
                Some(token) => drop(app.seen(target, token).await),
                None => drop(app.json(target).await),
            }
            metric(&app, "charter_db_statements").await - before
        };
        let text = |receipt: &Value, name: &str| receipt[name].as_str().unwrap().to_owned();
        let id = text(&filed[0], "id");
        for (token, most) in [(&officer, 2), (&alternate, 8)] {
            for list in [
                "/v1/service-requests?".to_owned(),
                "/v1/service-requests?order=urgent&".to_owned(),
                format!("/v1/service-requests?office={OFFICE}&state=submitted&"),
            ] {
                let one = statements(&format!("{list}limit=1"), Some(token)).await;
                let all = statements(&format!("{list}limit=100"), Some(token)).await;
                assert_eq!(one, all, "{list}");
                assert!(all <= most, "{list}: {all}");
            }
            // that it was shown is noted in a transaction of its own
            assert!(statements(&format!("/v1/service-requests/{id}"), Some(token)).await <= most + 3);
            app.app.store().index_words().await.unwrap();
            let events = format!("/v1/service-requests/{id}/events?limit=");
            let one = statements(&format!("{events}1"), Some(token)).await;
            assert_eq!(one, statements(&format!("{events}100"), Some(token)).await);
        }
        let one = statements("/v1/grievances?limit=1", Some(&officer)).await;
        let all = statements("/v1/grievances?limit=100", Some(&officer)).await;
        assert_eq!(one, all);
        assert!(all <= 10, "{all}");
        let tracked = format!("/v1/tracking/{}", text(&filed[0], "tracking_code"));
        assert_eq!(statements(&tracked, None).await, 2);
        let complained = format!("/v1/tracking/{}", text(&complaints[0], "tracking_code"));
        assert!(statements(&complained, None).await <= 6);
    }
}

on_both_engines! {
    /// Cases that are asked for at the same time are looked up together; one that cannot be read is nobody else's trouble.
    async fn what_cannot_be_read_fails_alone(app: TestApp) {
        let filed = join_all((0..6).map(|_| app.file(json!({})))).await;
        let officer = app.token(Who::Officer).await;
        let id = |number: usize| filed[number]["id"].as_str().unwrap();
        tamper(&app.database, &format!("UPDATE service_requests SET assignee = 'x', responsible_officer_id = 'x' WHERE id = '{}'", id(2)));
        let asked = (0..60).map(|number| {
            let (case, target) = match number % 2 {
                0 => (number % 6, format!("/v1/service-requests/{}", id(number % 6))),
                _ => (number % 5, format!("/v1/tracking/{}", filed[number % 5]["tracking_code"].as_str().unwrap())),
            };
            let request = app.signed(Method::GET, &target, &officer);
            async move { (case, request.send().await.unwrap().status().as_u16()) }
        });
        let answers = join_all(asked).await;
        for (case, status) in &answers {
            assert_eq!(*status, if *case == 2 { 500 } else { 200 }, "{case}: {answers:?}");
        }
    }
}
