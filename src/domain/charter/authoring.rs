//! What the author of a charter file may leave out, because it follows from what is there.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::domain::{delivery, fee, phone, time_limit};

/// Fills in what is missing. What is there is never changed, and what cannot be understood is left to the validation.
pub(super) fn complete(charter: &mut Value, mut new_id: impl FnMut() -> Uuid) {
    for list in ["officers", "services", "upazila_offices"] {
        for entry in entries(charter, list) {
            if !entry.contains_key("id") {
                let id = json!(new_id());
                entry.shift_insert(0, "id".to_owned(), id);
            }
        }
    }
    for officer in entries(charter, "officers") {
        complete_phone(officer);
    }
    for level in entries(charter, "grievance_levels") {
        if let Some(Value::Object(handler)) = level.get_mut("handler") {
            complete_phone(handler);
        }
    }
    let officers = charter["officers"].clone();
    for service in entries(charter, "services") {
        complete_promise(service);
        for role in ["responsible_officer", "alternate_officer"] {
            expand_officer(service, role, &officers);
        }
    }
}

fn entries<'a>(charter: &'a mut Value, list: &str) -> impl Iterator<Item = &'a mut Map<String, Value>> {
    let entries = charter.get_mut(list).and_then(Value::as_array_mut);
    entries.into_iter().flatten().filter_map(Value::as_object_mut)
}

fn complete_phone(contact: &mut Map<String, Value>) {
    if let Some(dialled) = contact.get("phone").and_then(Value::as_str).and_then(phone::to_e164) {
        contact.entry("phone_e164").or_insert(json!(dialled));
    }
}

/// Fills in what the published words of a service say.
fn complete_promise(service: &mut Map<String, Value>) {
    if let Some((delivery, words)) = part(service, "delivery") {
        let channels = delivery::parse(&words);
        if !channels.is_empty() {
            delivery.entry("channels").or_insert(json!(channels));
        }
    }
    if let Some((fee, words)) = part(service, "fee")
        && let Some((kind, amount)) = fee::parse(&words)
        && !fee.contains_key("kind")
    {
        fee.insert("kind".into(), json!(kind));
        if let Some(amount) = amount {
            fee.entry("amount_bdt").or_insert(json!(amount));
        }
    }
    if let Some((limit, words)) = part(service, "time_limit")
        && let Some(parsed) = time_limit::parse(&words)
    {
        if !limit.contains_key("kind") {
            limit.insert("kind".into(), json!(parsed.kind));
            if let Some(days) = parsed.working_days {
                limit.entry("working_days").or_insert(json!(days));
            }
        }
        limit
            .entry("where_applicable")
            .or_insert(json!(parsed.where_applicable));
    }
}

/// A part of a service with the Bangla words it was published in.
fn part<'a>(service: &'a mut Map<String, Value>, name: &str) -> Option<(&'a mut Map<String, Value>, String)> {
    let part = service.get_mut(name)?.as_object_mut()?;
    let words = part.get("text")?.get("bn")?.as_str()?.to_owned();
    Some((part, words))
}

/// Writes an officer out who is named by the id alone.
fn expand_officer(service: &mut Map<String, Value>, role: &str, officers: &Value) {
    let Some(reference) = service.get_mut(role) else {
        return;
    };
    let is_reference = reference
        .as_object()
        .is_some_and(|o| o.len() == 1 && o.contains_key("id"));
    let known = officers
        .as_array()
        .and_then(|officers| officers.iter().find(|officer| officer["id"] == reference["id"]));
    if let (true, Some(officer)) = (is_reference, known) {
        *reference = officer.clone();
    }
}

#[cfg(test)]
mod tests {
    use super::super::Charter;
    use super::*;

    /// The bundled charter without everything that an author may leave out.
    fn sketch() -> Value {
        let mut charter: Value = serde_json::from_str(include_str!("../../../charters/doict-khulna.json")).unwrap();
        for officer in entries(&mut charter, "officers") {
            officer.remove("phone_e164");
        }
        for level in entries(&mut charter, "grievance_levels") {
            level["handler"].as_object_mut().unwrap().remove("phone_e164");
        }
        for office in entries(&mut charter, "upazila_offices") {
            office.remove("id");
        }
        for service in entries(&mut charter, "services") {
            service.remove("id");
            for (part, fields) in [
                ("delivery", &["channels"][..]),
                ("fee", &["kind", "amount_bdt"]),
                ("time_limit", &["kind", "working_days", "where_applicable"]),
            ] {
                for field in fields {
                    service[part].as_object_mut().unwrap().remove(*field);
                }
            }
            for role in ["responsible_officer", "alternate_officer"] {
                service[role] = json!({"id": service[role]["id"]});
            }
        }
        charter
    }

    #[test]
    fn the_words_of_all_26_services_give_what_the_bundled_charter_says() {
        let published: Value = serde_json::from_str(include_str!("../../../charters/doict-khulna.json")).unwrap();
        let published = Charter::read(published).unwrap();
        let mut completed = sketch();
        let ids = published
            .services
            .iter()
            .map(|s| s.id)
            .chain(published.upazila_offices.iter().map(|u| u.id));
        let mut ids = ids.collect::<Vec<_>>().into_iter();
        Charter::complete(&mut completed, || ids.next().unwrap());
        assert_eq!(Charter::read(completed).unwrap(), published);
    }

    #[test]
    fn nothing_that_is_there_changes() {
        let mut charter: Value = serde_json::from_str(include_str!("../../../charters/doict-khulna.json")).unwrap();
        let before = charter.clone();
        complete(&mut charter, || unreachable!("every id is there"));
        assert_eq!(charter, before);
    }

    #[test]
    fn nonsense_is_left_to_the_validation() {
        for mut nonsense in [
            json!(null),
            json!([]),
            json!({"services": 5}),
            json!({"services": [7, {"fee": "x"}]}),
        ] {
            complete(&mut nonsense, Uuid::nil);
            assert!(Charter::read(nonsense).is_err());
        }
    }
}
