//! Services as records of the Human Services Data Specification (HSDS 3.0): <https://docs.openreferral.org/>.
//!
//! HSDS has one language a record: names are given in Bangla, with the English as the alternate name, and longer words in
//! both, one below the other.

use std::collections::HashMap;

use chrono::SecondsFormat;
use serde_json::{Value, json};
use uuid::Uuid;

use super::linked_data::description;
use crate::app::office::OfficeProfile;
use crate::domain::contact::OfficeCode;
use crate::domain::officer::OfficerContact;
use crate::domain::service::Service;
use crate::domain::text::Text;
use crate::store::page::Page;

/// A page of services, as HSDS has pages, with the cursor of this API for the next one.
pub(super) fn page(
    page: &Page<Service>,
    offices: &HashMap<OfficeCode, OfficeProfile>,
    next_cursor: Option<&str>,
    is_first: bool,
) -> Value {
    let records: Vec<Value> = page
        .items
        .iter()
        .map(|service| record(service, offices.get(&service.office)))
        .collect();
    let mut document = json!({
        "size": records.len(),
        "first_page": is_first,
        "last_page": page.next.is_none(),
        "empty": records.is_empty(),
        "contents": records,
    });
    if let Some(cursor) = next_cursor {
        document["next_cursor"] = json!(cursor);
    }
    document
}

fn record(entry: &Service, profile: Option<&OfficeProfile>) -> Value {
    let service = &entry.service;
    let part = |name: &str| Uuid::new_v5(&service.id, name.as_bytes());
    let mut record = json!({
        "id": service.id,
        "organization_id": office_id(&entry.office),
        "name": service.name.bn,
        "alternate_name": service.name.en,
        "description": both(&description(service)),
        "email": service.responsible_officer.email,
        "status": "active",
        "application_process": both(&service.delivery.text),
        "fees_description": both(&service.fee.text),
        "last_modified": entry.updated_at.to_rfc3339_opts(SecondsFormat::Millis, true),
        "required_documents": [{
            "id": part("documents"),
            "service_id": service.id,
            "document": both(&service.documents.text),
        }],
        "contacts": [
            contact(service.id, "responsible officer", &service.responsible_officer),
            contact(service.id, "alternate officer", &service.alternate_officer),
        ],
        "attributes": [{
            "id": part("category"),
            "link_id": service.id,
            "link_type": "category",
            "link_entity": "service",
            "value": service.category.as_str(),
        }, {
            "id": part("time_limit"),
            "link_id": service.id,
            "link_type": "time_limit",
            "link_entity": "service",
            "value": both(&service.time_limit.text),
        }],
    });
    if let Some(amount) = service.fee.taka() {
        record["cost_options"] = json!([{
            "id": part("fee"),
            "service_id": service.id,
            "currency": "BDT",
            "amount": amount,
            "amount_description": both(&service.fee.text),
        }]);
    }
    if let Some(profile) = profile {
        let office = &profile.office.office;
        record["organization"] = json!({
            "id": office_id(&office.code),
            "name": office.name.bn,
            "alternate_name": office.name.en,
            "description": both(&profile.mission),
        });
        if let Some(website) = &office.website {
            record["url"] = json!(website);
            record["organization"]["website"] = json!(website);
        }
        if let Some(parent) = &office.parent {
            record["organization"]["parent_organization_id"] = json!(office_id(&parent.code));
        }
    }
    record
}

fn contact(service: Uuid, role: &str, officer: &OfficerContact) -> Value {
    let id = Uuid::new_v5(&service, role.as_bytes());
    json!({
        "id": id,
        "service_id": service,
        "name": format!("{} ({})", officer.name.bn, officer.name.en),
        "title": format!("{} ({}), {role}", officer.designation.bn, officer.designation.en),
        "email": officer.email,
        "phones": [{
            "id": Uuid::new_v5(&id, b"phone"),
            "contact_id": id,
            "number": officer.phone_e164,
            "type": "voice",
        }],
    })
}

/// HSDS wants a UUID where an office has a code: made of the code, it stays the same for ever.
fn office_id(code: &OfficeCode) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("/v1/offices/{code}").as_bytes())
}

fn both(text: &Text) -> String {
    format!("{}\n{}", text.bn, text.en)
}
