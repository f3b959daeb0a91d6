//! What has to hold between the parts of a charter, which no schema can say.

use std::collections::HashMap;
use std::hash::Hash;

use crate::domain::fault::Fault;
use crate::domain::officer::phone_fault;

use super::Charter;

impl Charter {
    /// All faults of meaning, in the order of the document.
    pub(super) fn faults(&self) -> Vec<Fault> {
        let mut faults = self.office_faults();
        faults.extend(self.service_faults());
        faults.extend(self.officer_faults());
        faults.extend(self.upazila_office_faults());
        faults.extend(duplicates(
            self.expectations.iter().map(|expectation| expectation.serial),
            |i| format!("/expectations/{i}/serial"),
        ));
        faults.extend(self.grievance_level_faults());
        faults
    }

    fn office_faults(&self) -> Vec<Fault> {
        match &self.office.parent {
            Some(parent) if parent.code == self.office.code => {
                vec![Fault::new(
                    "/office/parent/code",
                    "own_parent",
                    "an office is not above itself",
                )]
            }
            _ => Vec::new(),
        }
    }

    fn service_faults(&self) -> Vec<Fault> {
        let mut faults = duplicates(self.services.iter().map(|s| s.id), |i| format!("/services/{i}/id"));
        faults.extend(duplicates(
            self.services.iter().map(|service| (service.category, service.serial)),
            |i| format!("/services/{i}/serial"),
        ));
        for (i, service) in self.services.iter().enumerate() {
            faults.extend(service.faults(&self.officers, &format!("/services/{i}")));
        }
        faults
    }

    fn officer_faults(&self) -> Vec<Fault> {
        let mut faults = duplicates(self.officers.iter().map(|o| o.id), |i| format!("/officers/{i}/id"));
        for (i, officer) in self.officers.iter().enumerate() {
            faults.extend(phone_fault(
                &officer.phone,
                &officer.phone_e164,
                &format!("/officers/{i}"),
            ));
        }
        faults
    }

    fn upazila_office_faults(&self) -> Vec<Fault> {
        let mut faults = duplicates(self.upazila_offices.iter().map(|u| u.id), |i| {
            format!("/upazila_offices/{i}/id")
        });
        faults.extend(duplicates(self.upazila_offices.iter().map(|u| u.serial), |i| {
            format!("/upazila_offices/{i}/serial")
        }));
        faults
    }

    fn grievance_level_faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (i, level) in self.grievance_levels.iter().enumerate() {
            let at = format!("/grievance_levels/{i}");
            if usize::try_from(level.level) != Ok(i + 1) {
                faults.push(Fault::new(
                    format!("{at}/level"),
                    "out_of_order",
                    format!("the levels stand in order from 1: this one must be {}", i + 1),
                ));
            }
            if let Some(id) = level.handler.officer_id
                && !self.officers.iter().any(|officer| officer.id == id)
            {
                faults.push(Fault::new(
                    format!("{at}/handler/officer_id"),
                    "unknown_officer",
                    "is not an officer of `/officers`",
                ));
            }
            faults.extend(level.handler.faults(&format!("{at}/handler")));
        }
        faults
    }
}

/// A fault for every key that stands in an earlier place already.
fn duplicates<K: Eq + Hash>(keys: impl Iterator<Item = K>, at: impl Fn(usize) -> String) -> Vec<Fault> {
    let mut first = HashMap::new();
    let mut faults = Vec::new();
    for (i, key) in keys.enumerate() {
        if let Some(earlier) = first.get(&key) {
            faults.push(Fault::new(
                at(i),
                "duplicate",
                format!("stands at {} already", at(*earlier)),
            ));
        } else {
            first.insert(key, i);
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fault::in_short;
    use serde_json::{Value, json};

    fn khulna() -> Value {
        serde_json::from_str(include_str!("../../../charters/doict-khulna.json")).unwrap()
    }

    fn faults_after(change: impl FnOnce(&mut Value)) -> Vec<String> {
        let mut document = khulna();
        change(&mut document);
        in_short(Charter::read(document).expect_err("the change makes the charter faulty"))
    }

    #[test]
    fn the_bundled_charter_is_faultless_and_canonical() {
        let charter = Charter::read(khulna()).unwrap();
        assert_eq!(
            charter.to_canonical_json().unwrap(),
            include_str!("../../../charters/doict-khulna.json")
        );
    }

    #[test]
    fn faults_of_form_come_all_at_once() {
        let faults = faults_after(|charter| {
            charter["title"] = json!({"bn": "", "en": 5});
            charter["services"][3]["category"] = json!("royal");
            charter["services"][4].as_object_mut().unwrap().remove("fee");
            charter["officers"][0]["id"] = json!("1");
            charter["colour"] = json!("green");
        });
        for expected in [
            "/title/bn too_short",
            "/title/en wrong_type",
            "/services/3/category unknown_value",
            "/services/4/fee required",
            "/officers/0/id invalid_format",
            "/colour unknown_field",
        ] {
            assert!(faults.iter().any(|fault| fault == expected), "{expected} in {faults:?}");
        }
    }

    #[test]
    fn faults_of_meaning_come_all_at_once() {
        let faults = faults_after(|charter| {
            charter["office"]["parent"]["code"] = json!("doict-khulna");
            charter["services"][1]["id"] = charter["services"][0]["id"].clone();
            charter["services"][1]["serial"] = json!(1);
            charter["services"][7]["time_limit"]["working_days"] = json!(3);
            charter["services"][8]["fee"]["kind"] = json!("fixed");
            charter["services"][9]["responsible_officer"]["phone"] = json!("০১৭৩৭৯৯৬৮৬৮");
            charter["services"][10]["alternate_officer"] = charter["officers"][0].clone();
            charter["officers"][1]["phone_e164"] = json!("+8801737996868");
            charter["upazila_offices"][8]["serial"] = json!(1);
            charter["grievance_levels"][0]["level"] = json!(2);
            charter["grievance_levels"][1]["handler"] = json!({"website": "http://www.doict.gov.bd"});
        });
        for expected in [
            "/office/parent/code own_parent",
            "/services/1/id duplicate",
            "/services/1/serial duplicate",
            "/services/7/time_limit/working_days contradicts_text",
            "/services/8/fee/amount_bdt required",
            "/services/9/responsible_officer contradicts_officer",
            "/services/10/alternate_officer/id same_officer",
            "/officers/1/phone_e164 contradicts_phone",
            "/upazila_offices/8/serial duplicate",
            "/grievance_levels/0/level out_of_order",
            "/grievance_levels/1/handler required",
        ] {
            assert!(faults.iter().any(|fault| fault == expected), "{expected} in {faults:?}");
        }
    }

    #[test]
    fn what_stands_twice_and_who_is_not_there_is_told() {
        let faults = faults_after(|charter| {
            charter["officers"][1] = charter["officers"][0].clone();
            charter["upazila_offices"][1]["id"] = charter["upazila_offices"][0]["id"].clone();
            charter["expectations"][1]["serial"] = charter["expectations"][0]["serial"].clone();
            charter["services"][0]["alternate_officer"]["id"] = json!("00000000-0000-7000-8000-000000000000");
            charter["grievance_levels"][0]["handler"]["officer_id"] = json!("00000000-0000-7000-8000-000000000000");
        });
        for expected in [
            "/officers/1/id duplicate",
            "/upazila_offices/1/id duplicate",
            "/expectations/1/serial duplicate",
            "/services/0/alternate_officer/id unknown_officer",
            "/grievance_levels/0/handler/officer_id unknown_officer",
        ] {
            assert!(faults.iter().any(|fault| fault == expected), "{expected} in {faults:?}");
        }
        assert!(
            !faults.iter().any(|fault| fault.starts_with("/officers/0")),
            "{faults:?}"
        );
    }
}
