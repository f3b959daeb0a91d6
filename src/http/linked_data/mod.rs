//! Charters as linked data: the Core Public Service Vocabulary Application Profile (CPSV-AP 3.2), and beside it
//! GovernmentService of schema.org, in JSON-LD.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::{Value, json};
use url::Url;

use super::answer::Answer;
use super::format::Format;
use super::problem::Problem;
use crate::app::App;
use crate::domain::charter::Charter;
use crate::domain::contact::{OfficeCode, Website};
use crate::domain::grievance_level::CharterGrievanceLevel;
use crate::domain::office::CharterOffice;
use crate::domain::officer::OfficerContact;
use crate::domain::service::{Category, CharterService};
use crate::domain::text::Text;
use crate::domain::time_limit::TimeLimitKind;

/// What the words of the documents mean: it is part of each, so that nothing else has to be fetched to read one.
static CONTEXT: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("context.json"))
        .unwrap_or_else(|error| unreachable!("the context is JSON: {error}"))
});

/// The country of the offices, as the European Union's list of countries names it.
const COUNTRY: &str = "http://publications.europa.eu/resource/authority/country/BGD";
/// The currency of the fees, as the European Union's list of currencies names it.
const CURRENCY: &str = "http://publications.europa.eu/resource/authority/currency/BDT";
/// The parts that officers have in a service: how a part stands in an identifier, and what it is called.
const RESPONSIBLE: (&str, [&str; 2]) = ("responsible-officer", ["দায়িত্বপ্রাপ্ত কর্মকর্তা", "Responsible officer"]);
const ALTERNATE: (&str, [&str; 2]) = ("alternate-officer", ["বিকল্প কর্মকর্তা", "Alternate officer"]);

/// Where things are found: their identifiers are the addresses of this API.
#[derive(Clone, Copy)]
pub(super) struct Names<'a> {
    /// Where the public reaches the service; empty for identifiers that are relative to where the document was read.
    pub(super) base: &'a str,
}

impl<'a> Names<'a> {
    pub(super) fn of(app: &'a App) -> Self {
        Self { base: app.public_url() }
    }

    fn of_service(self, id: uuid::Uuid) -> String {
        format!("{}/v1/services/{id}", self.base)
    }

    fn of_office(self, code: &str) -> String {
        format!("{}/v1/offices/{code}", self.base)
    }

    fn of_officer(self, id: uuid::Uuid) -> String {
        format!("{}/v1/officers/{id}", self.base)
    }
}

/// The answer with a document of linked data.
pub(super) fn answer(document: &Value) -> Result<Answer, Problem> {
    Ok(Answer::json(document)?.of_type(Format::JsonLd.media_type()))
}

/// Services, with the offices that promise them.
pub(super) fn services<'a>(
    names: Names<'_>,
    services: impl Iterator<Item = (&'a CharterService, &'a CharterOffice)>,
) -> Value {
    let mut offices = BTreeMap::new();
    let mut graph = Vec::new();
    for (entry, office) in services {
        graph.push(service(names, entry, &office.code));
        offices.entry(&office.code).or_insert(office);
    }
    for office in offices.into_values() {
        graph.extend(organisations(names, office));
    }
    document(graph)
}

/// A whole charter: a catalogue of services.
pub(super) fn charter(names: Names<'_>, charter: &Charter) -> Value {
    let office = names.of_office(charter.office.code.as_str());
    let parts: Vec<String> = charter
        .services
        .iter()
        .map(|entry| names.of_service(entry.id))
        .collect();
    let mut graph = vec![json!({
        "@id": format!("{office}/charter"),
        "@type": "Catalog",
        "identifier": charter.office.code,
        "title": charter.title,
        "description": both(&charter.vision, &charter.mission),
        "publisher": office,
        "hasPart": parts,
    })];
    let mut organisations = organisations(names, &charter.office);
    if let Some(own) = organisations.first_mut() {
        own["contactPoint"] = charter
            .grievance_levels
            .iter()
            .map(|level| grievance_level(&office, level))
            .collect();
        own["hasUnit"] = charter
            .upazila_offices
            .iter()
            .map(|unit| json!(format!("{}/v1/upazila-offices/{}", names.base, unit.id)))
            .collect();
    }
    graph.extend(organisations);
    graph.extend(charter.upazila_offices.iter().map(|unit| {
        let id = format!("{}/v1/upazila-offices/{}", names.base, unit.id);
        organisation(&id, &unit.id.to_string(), &unit.name, unit.website.as_ref())
    }));
    graph.extend(
        charter
            .services
            .iter()
            .map(|entry| service(names, entry, &charter.office.code)),
    );
    document(graph)
}

fn document(graph: Vec<Value>) -> Value {
    json!({"@context": *CONTEXT, "@graph": graph})
}

/// An office, and the one above it.
fn organisations(names: Names<'_>, office: &CharterOffice) -> Vec<Value> {
    let id = names.of_office(office.code.as_str());
    let mut own = organisation(&id, office.code.as_str(), &office.name, office.website.as_ref());
    let Some(parent) = &office.parent else {
        return vec![own];
    };
    let above = names.of_office(parent.code.as_str());
    own["subOrganizationOf"] = json!(above);
    vec![own, organisation(&above, parent.code.as_str(), &parent.name, None)]
}

fn organisation(id: &str, identifier: &str, name: &Text, website: Option<&Website>) -> Value {
    let mut organisation = json!({
        "@id": id,
        "@type": ["PublicOrganisation", "GovernmentOrganization"],
        "identifier": identifier,
        "prefLabel": name,
        "name": name,
        "spatial": {"@id": COUNTRY, "@type": "Location"},
    });
    if let Some(address) = website.and_then(iri) {
        organisation["homepage"] = json!({"@id": address, "@type": "Document"});
    }
    organisation
}

fn service(names: Names<'_>, service: &CharterService, office: &OfficeCode) -> Value {
    let id = names.of_service(service.id);
    let office = names.of_office(office.as_str());
    let channels: Vec<Value> = service
        .delivery
        .channels
        .iter()
        .map(|channel| {
            json!({
                "@id": format!("{id}#channel-{}", channel.as_str()),
                "@type": ["Channel", "ServiceChannel"],
                "identifier": channel.as_str(),
            })
        })
        .collect();
    let description = description(service);
    let mut node = json!({
        "@id": id,
        "@type": ["PublicService", "GovernmentService"],
        "identifier": service.id,
        "title": service.name,
        "name": service.name,
        "description": description,
        "schema:description": description,
        "isClassifiedBy": category(names, service.category),
        "hasCompetentAuthority": office,
        "serviceOperator": office,
        "hasChannel": channels.iter().map(|channel| channel["@id"].clone()).collect::<Vec<_>>(),
        "availableChannel": channels,
        "hasInput": {
            "@id": format!("{id}#documents"),
            "@type": "Evidence",
            "identifier": format!("{}-documents", service.id),
            "title": Text::new("প্রয়োজনীয় কাগজপত্র", "Required documents"),
            "description": service.documents.text,
        },
        "hasCost": cost(&id, service),
        "offers": format!("{id}#fee"),
        "contactPoint": [
            contact_point(names, &id, &service.responsible_officer, RESPONSIBLE),
            contact_point(names, &id, &service.alternate_officer, ALTERNATE),
        ],
        "termsOfService": service.time_limit.text,
    });
    // the vocabulary has durations only: a limit that is no number of days is told in words alone
    if let (TimeLimitKind::WorkingDays, Some(days)) = (service.time_limit.kind, service.time_limit.working_days) {
        node["processingTime"] = json!(format!("P{days}D"));
    }
    node
}

/// Whom the service is for, as a concept.
fn category(names: Names<'_>, category: Category) -> Value {
    json!({
        "@id": format!("{}/v1/services?category={}", names.base, category.as_str()),
        "@type": "Concept",
        "prefLabel": category.title(),
    })
}

fn cost(id: &str, service: &CharterService) -> Value {
    let mut cost = json!({
        "@id": format!("{id}#fee"),
        "@type": ["Cost", "Offer"],
        "identifier": format!("{}-fee", service.id),
        "description": service.fee.text,
    });
    if let Some(amount) = service.fee.taka() {
        cost["value"] = json!(amount.to_string());
        cost["currency"] = json!({"@id": CURRENCY, "@type": "Concept"});
        cost["price"] = json!(amount);
        cost["priceCurrency"] = json!("BDT");
    }
    cost
}

fn contact_point(names: Names<'_>, id: &str, officer: &OfficerContact, part: (&str, [&str; 2])) -> Value {
    let (part, [bn, en]) = part;
    json!({
        "@id": format!("{id}#{part}"),
        "@type": ["ContactPoint", "schema:ContactPoint"],
        "contactType": Text::new(bn, en),
        "name": officer.name,
        "schema:description": officer.designation,
        "email": officer.email,
        "telephone": officer.phone_e164,
        "seeAlso": names.of_officer(officer.id),
    })
}

/// A level of grievance redress, as somewhere to turn to.
fn grievance_level(office: &str, level: &CharterGrievanceLevel) -> Value {
    let handler = &level.handler;
    let mut point = json!({
        "@id": format!("{office}#grievance-level-{}", level.level),
        "@type": ["ContactPoint", "schema:ContactPoint"],
        "contactType": level.title,
        "schema:description": level.when,
    });
    if let Some(name) = handler
        .name
        .as_ref()
        .or(handler.designation.as_ref())
        .or(handler.organisation.as_ref())
    {
        point["name"] = json!(name);
    }
    if let Some(email) = &handler.email {
        point["email"] = json!(email);
    }
    if let Some(phone) = &handler.phone_e164 {
        point["telephone"] = json!(phone);
    }
    if let Some(address) = handler.website.as_ref().and_then(iri) {
        point["contactPage"] = json!({"@id": address, "@type": "Document"});
    }
    point
}

/// What the charter says of a service in its columns.
pub(super) fn description(service: &CharterService) -> Text {
    let columns = [
        (("সেবা প্রদান পদ্ধতি", "Delivery"), &service.delivery.text),
        (("প্রয়োজনীয় কাগজপত্র", "Documents"), &service.documents.text),
        (("সেবার মূল্য", "Fee"), &service.fee.text),
        (("সেবা প্রদানের সময়সীমা", "Time limit"), &service.time_limit.text),
    ];
    let line = |label: &str, words: &str| format!("{label}: {words}");
    let bn: Vec<String> = columns.iter().map(|((bn, _), text)| line(bn, &text.bn)).collect();
    let en: Vec<String> = columns.iter().map(|((_, en), text)| line(en, &text.en)).collect();
    Text::new(bn.join("; "), en.join("; "))
}

fn both(first: &Text, second: &Text) -> Text {
    Text::new(
        format!("{}\n{}", first.bn, second.bn),
        format!("{}\n{}", first.en, second.en),
    )
}

/// An address on the web as an IRI: what cannot stand in one is escaped.
fn iri(website: &Website) -> Option<String> {
    Url::parse(website.as_str()).ok().map(String::from)
}
