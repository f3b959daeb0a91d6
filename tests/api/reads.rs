//! Every public read, with the data of the bundled charter.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::{NOW, OFFICE, TestApp, TestDatabase, another_office, khulna, on_both_engines, snapshot};

fn counted(items: &[Value], key: impl Fn(&Value) -> &Value) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for item in items {
        *counts.entry(key(item).as_str().unwrap().to_owned()).or_default() += 1;
    }
    counts
}

fn counts(expected: &[(&str, usize)]) -> BTreeMap<String, usize> {
    expected
        .iter()
        .map(|(name, count)| ((*name).to_owned(), *count))
        .collect()
}

on_both_engines! {
    async fn the_whole_charter_is_there(app: TestApp) {
        let charter = app.json(&format!("/v1/offices/{OFFICE}/charter")).await;
        let length = |list: &str| charter[list].as_array().unwrap().len();
        assert_eq!(
            ["services", "officers", "upazila_offices", "expectations", "grievance_levels"].map(length),
            [26, 2, 9, 5, 3]
        );
        let services = charter["services"].as_array().unwrap();
        assert_eq!(
            counted(services, |s| &s["category"]),
            counts(&[("citizen", 7), ("institutional", 13), ("internal", 6)])
        );
        assert_eq!(
            counted(services, |s| &s["time_limit"]["kind"]),
            counts(&[("immediate", 19), ("working_days", 5), ("as_directed", 2)])
        );
        assert_eq!(counted(services, |s| &s["fee"]["kind"]), counts(&[("free", 22), ("by_policy", 4)]));
        let file: Value = serde_json::from_str(include_str!("../../charters/doict-khulna.json")).unwrap();
        assert_eq!(charter, file, "what import takes is what is served");
    }
}

on_both_engines! {
    async fn lists_and_entries_are_as_documented(app: TestApp) {
        let service = "01a20ada-2c09-7f10-81ae-f9ca55411c0f";
        let officer = "01a20ada-2c00-728e-bfe3-ce9bc0aefe0b";
        let upazila_office = app.json("/v1/upazila-offices?limit=1").await["items"][0]["id"].as_str().unwrap().to_owned();
        for (name, path) in [
            ("offices", "/v1/offices".to_owned()),
            ("office", format!("/v1/offices/{OFFICE}")),
            ("service", format!("/v1/services/{service}")),
            ("officers", "/v1/officers".to_owned()),
            ("officer", format!("/v1/officers/{officer}")),
            ("upazila_offices", format!("/v1/upazila-offices?office={OFFICE}")),
            ("upazila_office", format!("/v1/upazila-offices/{upazila_office}")),
            ("grievance_levels", format!("/v1/grievance-levels?office={OFFICE}")),
            ("calendar", "/v1/calendar?from=2025-05-15&to=2025-05-24".to_owned()),
        ] {
            snapshot(name, &app.json(&path).await);
        }
    }
}

on_both_engines! {
    async fn a_service_in_a_list_is_the_service_itself(app: TestApp) {
        for service in app.all("/v1/services", 100).await {
            let id = service["id"].as_str().unwrap();
            assert_eq!(app.json(&format!("/v1/services/{id}")).await, service);
            assert_eq!((&service["office"], &service["version"]), (&json!(OFFICE), &json!(1)));
            assert_eq!(service["updated_at"], NOW);
        }
    }
}

on_both_engines! {
    async fn pages_hold_every_entry_once(app: TestApp) {
        for office in ["doict-jashore", "doict-bagerhat"] {
            app.app.import_charter(another_office(office), citizens_charter::app::charter::ImportMode::Publish).await.unwrap();
        }
        for (path, total) in [
            ("/v1/services", 78),
            ("/v1/services?office=doict-jashore", 26),
            ("/v1/services?category=citizen", 21),
            ("/v1/services?q=ict", 78),
            ("/v1/officers", 6),
            ("/v1/upazila-offices", 27),
            ("/v1/grievance-levels", 9),
            ("/v1/offices", 3),
            ("/v1/offices?parent=doict", 3),
            ("/v1/offices?q=jashore", 1),
        ] {
            for limit in [1, 4, 7, 100] {
                let items = app.all(path, limit).await;
                let mut keys: Vec<String> = items.iter().map(|item| item.to_string()).collect();
                keys.sort();
                keys.dedup();
                assert_eq!((items.len(), keys.len()), (total, total), "{path} by {limit}");
            }
        }
    }
}

on_both_engines! {
    async fn a_page_stays_stable_while_entries_are_added(app: TestApp) {
        let first = app.json("/v1/services?limit=20").await;
        app.app.import_charter(another_office("doict-jashore"), citizens_charter::app::charter::ImportMode::Publish).await.unwrap();
        let cursor = first["next_cursor"].as_str().unwrap();
        let rest = app.all(&format!("/v1/services?cursor={cursor}"), 100).await;
        // `all` begins again with its own cursor: the rest is what the first page left
        let ids: Vec<&Value> = rest.iter().map(|service| &service["id"]).collect();
        assert_eq!(rest.len(), 6 + 26);
        for seen in first["items"].as_array().unwrap() {
            assert!(!ids.contains(&&seen["id"]));
        }
    }
}

on_both_engines! {
    async fn filters_combine(app: TestApp) {
        let first = &khulna().officers[0].id;
        let second = &khulna().officers[1].id;
        for (query, total) in [
            (String::new(), 26),
            (format!("office={OFFICE}"), 26),
            ("office=doict-dhaka".to_owned(), 0),
            ("category=citizen".to_owned(), 7),
            ("category=institutional".to_owned(), 13),
            ("category=internal".to_owned(), 6),
            ("fee=free".to_owned(), 22),
            ("fee=by_policy".to_owned(), 4),
            ("fee=fixed".to_owned(), 0),
            ("channel=e_nothi".to_owned(), 10),
            ("channel=requisition".to_owned(), 4),
            ("channel=letter".to_owned(), 1),
            (format!("officer={first}"), 26),
            (format!("officer={second}"), 26),
            ("officer=00000000-0000-7000-8000-000000000000".to_owned(), 0),
            ("category=institutional&fee=by_policy".to_owned(), 2),
            ("category=institutional&channel=e_nothi&fee=free".to_owned(), 7),
            (format!("office={OFFICE}&category=internal&channel=online&officer={second}&fee=free&q=training"), 1),
        ] {
            let items = app.all(&format!("/v1/services?{query}"), 100).await;
            assert_eq!(items.len(), total, "{query}");
        }
    }
}

on_both_engines! {
    async fn the_calendar_shows_what_is_declared(app: TestApp) {
        let kinds = |span: &Value| -> Vec<String> {
            span["items"].as_array().unwrap().iter().map(|day| day["kind"].as_str().unwrap().to_owned()).collect()
        };
        let june = app.json("/v1/calendar?from=2025-06-04&to=2025-06-15").await;
        assert_eq!(kinds(&june)[0], "working");
        assert!(kinds(&june)[1..11].iter().all(|kind| kind == "holiday"));
        assert_eq!(kinds(&june)[11], "working");
        let today = app.json("/v1/calendar").await;
        assert_eq!((&today["from"], &today["to"]), (&json!("2026-11-24"), &json!("2026-12-24")));
        assert_eq!(today["items"].as_array().unwrap().len(), 31);
        assert_eq!(app.json("/v1/calendar?from=2024-01-01&to=2024-12-31").await["items"].as_array().unwrap().len(), 366);
        for (query, pointer) in [
            ("from=2026-02-01&to=2026-01-31", "/query/to"),
            ("from=2026-01-01&to=2027-01-02", "/query/to"),
            ("from=1999-12-31&to=2000-01-02", "/query/from"),
            ("from=2026-02-30", "/query/from"),
            ("to=tomorrow", "/query/to"),
        ] {
            let problem = app.problem(&format!("/v1/calendar?{query}"), 400).await;
            assert_eq!(problem["errors"][0]["pointer"], pointer, "{query}");
        }
    }
}
