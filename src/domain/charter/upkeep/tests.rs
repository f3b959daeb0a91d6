//! Entries that are added, changed and taken out one by one.

use super::*;
use crate::domain::fault::in_short;
use crate::domain::json_schema;
use serde_json::{Value, json};

fn khulna() -> Charter {
    Charter::read(serde_json::from_str(include_str!("../../../../charters/doict-khulna.json")).unwrap()).unwrap()
}

fn input<T: serde::de::DeserializeOwned + schemars::JsonSchema + 'static>(
    entry: Value,
    change: impl FnOnce(&mut Value),
) -> T {
    let mut entry = entry;
    change(&mut entry);
    json_schema::read(entry).unwrap()
}

fn codes(refusal: Result<(), Refusal>) -> Vec<String> {
    match refusal {
        Ok(()) => Vec::new(),
        Err(Refusal::Faults(faults)) => in_short(faults),
        Err(Refusal::InUse(words)) => vec![words.to_owned()],
    }
}

#[test]
fn what_is_read_can_be_sent_back_and_changes_nothing() {
    let mut charter = khulna();
    for service in khulna().services {
        let sent = input(json!(service), |_| {});
        assert_eq!(
            fixed_faults::<Service>(&sent, Some((service.id, &charter.office.code))),
            []
        );
        assert_eq!(codes(Service::change(&mut charter, service.id, sent)), [""; 0]);
    }
    for officer in khulna().officers {
        let sent = input(json!(officer), |_| {});
        assert_eq!(codes(Officer::change(&mut charter, officer.id, sent)), [""; 0]);
    }
    for upazila_office in khulna().upazila_offices {
        let sent = input(json!(upazila_office), |_| {});
        assert_eq!(
            codes(UpazilaOffice::change(&mut charter, upazila_office.id, sent)),
            [""; 0]
        );
    }
    assert_eq!(charter, khulna());
}

#[test]
fn a_new_service_finds_its_place_and_leaves_a_faultless_charter() {
    let mut charter = khulna();
    let id = Uuid::now_v7();
    let new = input(json!(charter.services[2]), |service| {
        service.as_object_mut().unwrap().remove("id");
        service["serial"] = json!(8);
        service["responsible_officer"] = json!({"id": service["responsible_officer"]["id"]});
    });
    assert_eq!(fixed_faults::<Service>(&new, None).len(), 1, "the office is missing");
    assert_eq!(codes(Service::add(&mut charter, id, new)), [""; 0]);
    assert_eq!(
        charter.services[7].id, id,
        "behind the seventh of the citizens' services"
    );
    assert_eq!(charter.check(), Ok(()));
    assert_eq!(codes(Service::retire(&mut charter, id)), [""; 0]);
    assert_eq!(charter, khulna());
}

#[test]
fn faults_point_into_what_was_written() {
    let mut charter = khulna();
    let id = charter.services[0].id;
    let mut change = |change: fn(&mut Value)| {
        let sent = input(json!(charter.services[0]), change);
        codes(Service::change(&mut charter, id, sent))
    };
    assert_eq!(change(|s| s["serial"] = json!(2)), ["/serial duplicate"]);
    assert_eq!(
        change(|s| s["fee"]["kind"] = json!("fixed")),
        ["/fee/amount_bdt required"]
    );
    assert_eq!(
        change(|s| {
            s["responsible_officer"] = json!({"id": "00000000-0000-7000-8000-000000000000"});
            s["alternate_officer"]["name"]["en"] = json!("Somebody else");
        }),
        [
            "/responsible_officer/id unknown_officer",
            "/alternate_officer contradicts_officer"
        ]
    );
    assert_eq!(
        change(|s| s["alternate_officer"] = s["responsible_officer"].clone()),
        ["/alternate_officer/id same_officer"]
    );
    let upazila_office = charter.upazila_offices[0].id;
    let sent = input(json!(charter.upazila_offices[1]), |_| {});
    assert_eq!(
        codes(UpazilaOffice::change(&mut charter, upazila_office, sent)),
        ["/serial duplicate"]
    );
    let sent = input(json!(charter.officers[0]), |officer| {
        officer["phone"] = json!("০১৭১১০০০০০০")
    });
    let officer = charter.officers[0].id;
    assert_eq!(
        codes(Officer::change(&mut charter, officer, sent)),
        ["/phone_e164 contradicts_phone"]
    );
    assert_eq!(charter, khulna(), "what is faulty changes nothing");
}

#[test]
fn an_officer_changes_everywhere_and_does_not_go_while_named() {
    let mut charter = khulna();
    let id = charter.officers[0].id;
    let sent = input(json!(charter.officers[0]), |officer| {
        officer["phone"] = json!("০১৭১১০০০০০০");
        officer.as_object_mut().unwrap().remove("phone_e164");
    });
    assert_eq!(codes(Officer::change(&mut charter, id, sent)), [""; 0]);
    assert_eq!(
        charter.services[25].responsible_officer.phone_e164.as_str(),
        "+8801711000000"
    );
    assert_eq!(charter.check(), Ok(()));
    assert!(codes(Officer::retire(&mut charter, id))[0].starts_with("Services name"));
    let unused = Uuid::now_v7();
    let new = input(json!(charter.officers[0]), |officer| {
        officer.as_object_mut().unwrap().remove("id");
    });
    assert_eq!(codes(Officer::add(&mut charter, unused, new)), [""; 0]);
    assert_eq!(codes(Officer::retire(&mut charter, unused)), [""; 0]);
    assert_eq!(charter.officers.len(), 2);
}

#[test]
fn an_officer_of_a_grievance_level_stays() {
    let mut charter = khulna();
    let id = charter.officers[0].id;
    charter.services.clear();
    assert!(codes(Officer::retire(&mut charter, id))[0].starts_with("A grievance level names"));
    charter.grievance_levels.clear();
    assert_eq!(codes(Officer::retire(&mut charter, id)), [""; 0]);
    let mut charter = khulna();
    for service in &mut charter.services {
        std::mem::swap(&mut service.responsible_officer, &mut service.alternate_officer);
    }
    charter.grievance_levels.clear();
    assert!(
        codes(Officer::retire(&mut charter, id))[0].starts_with("Services name"),
        "as the alternate"
    );
}

#[test]
fn an_upazila_office_finds_its_place() {
    let mut charter = khulna();
    let serials = |charter: &Charter| -> Vec<i32> { charter.upazila_offices.iter().map(|each| each.serial).collect() };
    let all = serials(&charter);
    let third = charter.upazila_offices[2].clone();
    assert_eq!(codes(UpazilaOffice::retire(&mut charter, third.id)), [""; 0]);
    assert_eq!(charter.upazila_offices.len(), all.len() - 1);
    let again = |serial: i32| {
        input::<UpazilaOfficeInput>(json!(third), |office| {
            office.as_object_mut().unwrap().remove("id");
            office["serial"] = json!(serial);
        })
    };
    let new = Uuid::now_v7();
    assert_eq!(
        codes(UpazilaOffice::add(&mut charter, new, again(all[1]))),
        ["/serial duplicate"]
    );
    assert_eq!(codes(UpazilaOffice::add(&mut charter, new, again(all[2]))), [""; 0]);
    assert_eq!(serials(&charter), all);
    assert_eq!(charter.upazila_offices[2].id, new);
    let changed = input::<UpazilaOfficeInput>(json!(charter.upazila_offices[2]), |office| {
        office["name"]["en"] = json!("Elsewhere");
    });
    assert_eq!(codes(UpazilaOffice::change(&mut charter, new, changed)), [""; 0]);
    let named: Vec<bool> = charter
        .upazila_offices
        .iter()
        .map(|each| each.name.en == "Elsewhere")
        .collect();
    assert_eq!(named.iter().filter(|named| **named).count(), 1);
    assert!(named[2]);
    charter.upazila_offices.clear();
    assert_eq!(codes(UpazilaOffice::add(&mut charter, new, again(5))), [""; 0]);
    assert_eq!(serials(&charter), [5]);
}

#[test]
fn a_charter_is_full_at_some_point() {
    assert_eq!(full(999, 1000, "services"), Ok(()));
    for there in [1000, 1001] {
        assert_eq!(full(there, 1000, "services").unwrap_err()[0].code, "too_many");
    }
    let mut charter = khulna();
    let new = |charter: &Charter| {
        input::<OfficerInput>(json!(charter.officers[0]), |officer| {
            officer.as_object_mut().unwrap().remove("id");
        })
    };
    while charter.officers.len() < 200 {
        let officer = new(&charter);
        assert_eq!(codes(Officer::add(&mut charter, Uuid::now_v7(), officer)), [""; 0]);
    }
    let officer = new(&charter);
    assert_eq!(
        codes(Officer::add(&mut charter, Uuid::now_v7(), officer)),
        [" too_many"]
    );
}

#[test]
fn entries_are_of_an_office() {
    let office = OfficeCode::from("doict-khulna");
    let charter = khulna();
    let service = Service {
        service: charter.services[0].clone(),
        office: office.clone(),
        version: 1,
        updated_at: chrono::DateTime::UNIX_EPOCH,
    };
    assert_eq!(Entry::office(&service), &office);
    let named = |entry: Value| {
        let (id, office) = (Uuid::from_u128(7), json!("doict-khulna"));
        move |written: &mut Value| {
            *written = entry;
            written["id"] = json!(id);
            written["office"] = office;
        }
    };
    let service: ServiceInput = input(Value::Null, named(json!(charter.services[0])));
    let officer: OfficerInput = input(Value::Null, named(json!(charter.officers[0])));
    let upazila_office: UpazilaOfficeInput = input(Value::Null, named(json!(charter.upazila_offices[0])));
    assert_eq!(
        [
            Service::id_of(&service),
            Officer::id_of(&officer),
            UpazilaOffice::id_of(&upazila_office)
        ],
        [Some(Uuid::from_u128(7)); 3]
    );
    assert_eq!(
        [
            Service::office_of(&service),
            Officer::office_of(&officer),
            UpazilaOffice::office_of(&upazila_office)
        ],
        [Some(&office); 3]
    );
}

#[test]
fn what_never_changes_is_told() {
    let charter = khulna();
    let (id, office) = (charter.services[0].id, charter.office.code.clone());
    let sent = input(json!(charter.services[1]), |service| {
        service["office"] = json!("doict-jashore")
    });
    let faults = fixed_faults::<Service>(&sent, Some((id, &office)));
    let pointers: Vec<&str> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
    assert_eq!(pointers, ["/id", "/office"]);
    let faults = fixed_faults::<Service>(&sent, None);
    assert_eq!(faults[0].pointer, "/id", "a new service is given its id");
}
