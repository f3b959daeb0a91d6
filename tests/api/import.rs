//! Import and export: nothing lost, nothing renamed, nothing half done.

use citizens_charter::app::Error;
use citizens_charter::app::charter::ImportMode::{DryRun, Publish};
use citizens_charter::domain::text::Text;
use serde_json::Value;

use crate::support::{OFFICE, TestApp, TestDatabase, another_office, khulna, on_both_engines};

fn ids(items: &[Value]) -> Vec<String> {
    items
        .iter()
        .map(|item| item["id"].as_str().unwrap().to_owned())
        .collect()
}

on_both_engines! {
    async fn the_same_charter_again_changes_nothing(app: TestApp) {
        let before = app.all("/v1/services", 100).await;
        assert_eq!(app.app.import_charter(khulna(), Publish).await.unwrap(), []);
        assert_eq!(app.all("/v1/services", 100).await, before);
        assert_eq!(app.app.get_charter(OFFICE.into()).await.unwrap(), khulna());
    }
}

on_both_engines! {
    async fn ids_survive_new_serials_and_a_new_order(app: TestApp) {
        let before = app.all("/v1/services", 100).await;
        let mut charter = khulna();
        charter.services[..7].reverse();
        for (serial, service) in (1..).zip(&mut charter.services[..7]) {
            service.serial = serial;
        }
        charter.officers.reverse();
        charter.upazila_offices.rotate_left(2);
        let changes = app.app.import_charter(charter.clone(), Publish).await.unwrap();
        // the fourth of seven keeps its serial
        assert_eq!(changes.len(), 6, "{changes:?}");
        assert_eq!(ids(&app.all("/v1/services", 100).await), ids(&before), "ids and the order of pages stay");
        assert_eq!(app.app.get_charter(OFFICE.into()).await.unwrap(), charter, "the published order is the new one");
        for service in app.all("/v1/services", 100).await {
            let changed = service["category"] == "citizen" && service["serial"] != 4;
            assert_eq!(service["version"], if changed { 2 } else { 1 }, "{}", service["name"]["en"]);
        }
    }
}

on_both_engines! {
    async fn only_what_differs_changes(app: TestApp) {
        let mut charter = khulna();
        let deleted = charter.services.remove(25).id;
        charter.upazila_offices.pop();
        charter.vision = Text::new("নতুন ভিশন", "A new vision");
        charter.services[0].name.en = "Correction of vaccination data".into();
        let mut lines: Vec<String> =
            app.app.import_charter(charter.clone(), Publish).await.unwrap().iter().map(ToString::to_string).collect();
        lines.sort();
        let last_upazila_office = khulna().upazila_offices[8].id;
        assert_eq!(lines, [
            format!("changed charter {OFFICE}"),
            format!("changed service {}", charter.services[0].id),
            format!("deleted service {deleted}"),
            format!("deleted upazila_office {last_upazila_office}"),
        ]);
        assert_eq!(app.app.get_charter(OFFICE.into()).await.unwrap(), charter);
        assert_eq!(app.json(&format!("/v1/offices/{OFFICE}")).await["version"], 2);
        app.problem(&format!("/v1/services/{deleted}"), 404).await;
        assert_eq!(app.all("/v1/services?q=vaccination", 100).await.len(), 1, "search follows");
        assert_eq!(app.all("/v1/services?q=Surokkha", 100).await.len(), 0, "search forgets");
    }
}

on_both_engines! {
    async fn an_officer_who_moves_on_is_replaced_everywhere(app: TestApp) {
        let mut charter = khulna();
        let old = charter.officers[1].id;
        let mut successor = charter.officers[1].clone();
        successor.id = uuid::Uuid::now_v7();
        successor.name = Text::new("জনাব নতুন কর্মকর্তা", "Mr. New Officer");
        charter.officers[1] = successor.clone();
        for service in &mut charter.services {
            service.alternate_officer = successor.clone();
        }
        app.app.import_charter(charter, Publish).await.unwrap();
        app.problem(&format!("/v1/officers/{old}"), 404).await;
        assert_eq!(app.all(&format!("/v1/services?officer={}", successor.id), 100).await.len(), 26);
        assert_eq!(app.all("/v1/services?q=new+officer", 100).await.len(), 26);
    }
}

on_both_engines! {
    async fn a_new_telephone_number_is_found_at_once(app: TestApp) {
        let mut charter = khulna();
        let change = |officer: &mut citizens_charter::domain::officer::OfficerContact| {
            officer.phone = "০১৭১১০০০০০০".into();
            officer.phone_e164 = "+8801711000000".into();
        };
        change(&mut charter.officers[1]);
        charter.services.iter_mut().for_each(|service| change(&mut service.alternate_officer));
        let changes = app.app.import_charter(charter, Publish).await.unwrap();
        assert_eq!(changes.len(), 1 + 26, "the officer changes, and with him the services he is served with: {changes:?}");
        assert_eq!(app.all("/v1/services?q=01711000000", 100).await.len(), 26);
        assert_eq!(app.all("/v1/services?q=01737996867", 100).await.len(), 0);
    }
}

on_both_engines! {
    async fn a_dry_run_changes_nothing(app: TestApp) {
        let mut charter = khulna();
        charter.services.clear();
        let changes = app.app.import_charter(charter, DryRun).await.unwrap();
        assert_eq!(changes.len(), 26);
        assert_eq!(app.app.get_charter(OFFICE.into()).await.unwrap(), khulna());
    }
}

on_both_engines! {
    async fn what_belongs_to_another_office_is_refused_whole(app: TestApp) {
        let mut charter = another_office("doict-jashore");
        charter.services[3].id = khulna().services[0].id;
        charter.upazila_offices[0].id = khulna().upazila_offices[5].id;
        charter.office.parent.as_mut().unwrap().name.en = "Another department".into();
        let Err(Error::Invalid(faults)) = app.app.import_charter(charter, Publish).await else {
            panic!("the import is refused");
        };
        let pointers: Vec<&str> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
        assert_eq!(pointers, ["/office/parent/name", "/services/3/id", "/upazila_offices/0/id"]);
        app.problem("/v1/offices/doict-jashore", 404).await;
        assert_eq!(app.all("/v1/officers", 100).await.len(), 2, "nothing is stored half");
    }
}

on_both_engines! {
    async fn a_parent_can_publish_a_charter_of_its_own(app: TestApp) {
        let mut charter = another_office("doict");
        charter.office.name = khulna().office.parent.unwrap().name;
        charter.office.parent = None;
        app.app.import_charter(charter.clone(), Publish).await.unwrap();
        assert_eq!(app.app.get_charter("doict".into()).await.unwrap(), charter);
        assert_eq!(app.all("/v1/offices", 100).await.len(), 2);
        assert_eq!(app.all("/v1/offices?parent=doict", 100).await.len(), 1);
    }
}

on_both_engines! {
    /// Twenty imports at once, each with another title: each is kept whole, and none is lost.
    async fn imports_at_once_follow_one_another(app: TestApp) {
        let imports = (0..20).map(|i| {
            let mut charter = khulna();
            charter.title.en = format!("Charter {i}");
            charter.services[0].name.en = format!("Service of charter {i}");
            let app = app.app.clone();
            actix_web::rt::spawn(async move { app.import_charter(charter, Publish).await })
        });
        for import in imports.collect::<Vec<_>>() {
            assert_eq!(import.await.unwrap().unwrap().len(), 2);
        }
        let office = app.json(&format!("/v1/offices/{OFFICE}")).await;
        assert_eq!(office["version"], 21);
        let charter = app.app.get_charter(OFFICE.into()).await.unwrap();
        let (_, number) = charter.title.en.rsplit_once(' ').unwrap();
        assert_eq!(charter.services[0].name.en, format!("Service of charter {number}"));
    }
}
