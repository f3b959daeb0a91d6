//! The OpenAPI document, made of the routes, the handlers' documentation and the schemas that check what comes in.

mod examples;
mod grievance_examples;
mod parameters;
mod responses;
mod v3_0;

use serde_json::{Map, Value, json};
use utoipa::OpenApi;
use utoipa::openapi::path::{HttpMethod, PathItem};

use super::body::FORM;
use super::calendar::CalendarSpan;
use super::change::ChangePage;
use super::charter::CharterReplacement;
use super::health::Health;
use super::metrics::MetricsText;
use super::oauth::OAuthError;
use super::operation::Operation;
use super::page::{
    AbsencePage, AccountPage, BlacklistEntryPage, CaseEventPage, ClientPage, GrievanceLevelPage, GrievancePage,
    OfficePage, OfficerPage, RegisterEntryPage, ServicePage, ServiceRequestPage, ServiceVersionPage, ShowingPage,
    SigningKeyPage, UpazilaOfficePage, WebhookDeliveryPage, WebhookPage,
};
use super::problem::ProblemDocument;
use super::schemas::Charter;
use super::{routes, schemas};
use crate::domain::permission::{Permission, Reach, Role};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Citizen's Charter",
        description = "Publishes the Citizen's Charters (সেবা প্রদান প্রতিশ্রুতি) of government offices: their services, who \
            answers for them, by when they are promised in working days, and whom to turn to when a promise is not kept.\n\n\
            Every text comes in Bangla (`bn`), which is the authority, and in English (`en`). Instants are RFC 3339 in UTC; \
            days are days in Dhaka. A field without a value is absent, never null; later versions may add fields, and \
            values to strings that are not marked as an enum. Lists are pages: follow `next_cursor` until it is absent. \
            Every GET answers HEAD too. Every failure is a problem document (RFC 9457) whose `code` is for programs.\n\n\
            Reading needs no token. Writes of charter data name the state that they replace in `If-Match`; requests that create \
            something may be sent again under the same `Idempotency-Key`.",
        contact(name = "Department of Information and Communication Technology", url = "http://www.doict.gov.bd"),
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    servers((url = "/", description = "This deployment, production or local")),
    components(schemas(
        ChangePage, ServiceVersionPage, AccountPage, ClientPage, AbsencePage, SigningKeyPage, CharterReplacement, OAuthError,
        ServiceRequestPage, CaseEventPage, ShowingPage, GrievancePage, RegisterEntryPage, BlacklistEntryPage, WebhookPage, WebhookDeliveryPage,
        OfficePage, ServicePage, OfficerPage, UpazilaOfficePage, GrievanceLevelPage, CalendarSpan, Health, MetricsText,
        ProblemDocument
    )),
    tags(
        (name = "offices", description = "The offices that publish a charter."),
        (name = "charters", description = "Whole charters."),
        (name = "services", description = "What offices promise, to whom, and by when."),
        (name = "officers", description = "Who answers for a service, and who stands in."),
        (name = "upazila offices", description = "The offices under a district office."),
        (name = "grievance levels", description = "Whom to turn to when a promise is not kept."),
        (name = "calendar", description = "Working days, weekends and holidays."),
        (name = "service requests", description = "Applications for services, and how the promises were kept."),
        (name = "grievances", description = "Complaints about broken promises, and how three levels redress them."),
        (name = "tracking", description = "What an applicant or a complainant sees and does by the tracking code."),
        (name = "sessions", description = "Signing in and out."),
        (name = "webhooks", description = "Being told what happens, by the Standard Webhooks specification."),
        (name = "accounts", description = "The people who sign in."),
        (name = "clients", description = "The systems that sign in."),
        (name = "keys", description = "The keys that sign access tokens."),
        (name = "changes", description = "Staying in step with everything that offices change."),
        (name = "operations", description = "Running the service, and this document."),
    )
)]
struct Skeleton;

/// The document in OpenAPI 3.1, as it is served and committed.
pub fn document() -> String {
    pretty(&value())
}

/// The same document in OpenAPI 3.0.3, for generators that take no 3.1.
pub fn document_3_0() -> String {
    pretty(&v3_0::derive(value()))
}

fn pretty(document: &Value) -> String {
    let json = serde_json::to_string_pretty(document);
    json.unwrap_or_else(|error| unreachable!("a JSON value is JSON: {error}")) + "\n"
}

fn value() -> Value {
    let operations = routes::all();
    let charter = examples::charter();
    let mut skeleton = Skeleton::openapi();
    for operation in &operations {
        let item = PathItem::new(operation.method.clone(), operation.documentation.clone());
        match skeleton.paths.paths.get_mut(&operation.path) {
            Some(known) => known.merge_operations(item),
            None => {
                skeleton.paths.paths.insert(operation.path.clone(), item);
            }
        }
    }
    let mut document =
        serde_json::to_value(&skeleton).unwrap_or_else(|error| unreachable!("the skeleton is JSON: {error}"));
    for operation in &operations {
        complete(
            &mut document["paths"][&operation.path][method(operation)],
            operation,
            &charter,
        );
    }
    document["servers"][0]["x-internal"] = json!(false);
    complete_components(&mut document["components"], &operations);
    document
}

/// The key of an operation within its path.
const fn method(operation: &Operation) -> &'static str {
    match operation.method {
        HttpMethod::Post => "post",
        HttpMethod::Put => "put",
        HttpMethod::Delete => "delete",
        _ => "get",
    }
}

/// Adds to an operation what follows from its route.
fn complete(documented: &mut Value, operation: &Operation, charter: &Charter) {
    let id = documented["operationId"].as_str().unwrap_or_default().to_owned();
    // utoipa gives them in no order
    for extension in ["x-media-types", "x-profiles"] {
        if let Some(object) = documented.as_object_mut()
            && let Some(value) = object.shift_remove(extension)
        {
            object.insert(extension.to_owned(), value);
        }
    }
    let mut parameters = parameters::of(&(operation.path_parameters)(), "path");
    parameters.extend(parameters::of(&(operation.query)(), "query"));
    let headers = parameters::headers_of(operation);
    parameters.extend(
        headers
            .iter()
            .map(|name| json!({"$ref": format!("#/components/parameters/{name}")})),
    );
    if !parameters.is_empty() {
        documented["parameters"] = Value::Array(parameters);
    }
    if let Some(input) = operation.body {
        let mut media = json!({"schema": {"$ref": format!("#/components/schemas/{}", (input.name)())}});
        if let Some(example) = examples::of_body(&id, charter) {
            media["example"] = example;
        }
        let is_form = (input.name)() == "TokenRequest";
        let media_type = if is_form { FORM } else { "application/json" };
        documented["requestBody"] = json!({
            "required": id != "close_session",
            "content": {media_type: media},
        });
    }
    documented["tags"] = json!([operation.tag]);
    documented["security"] = match operation.permission {
        Some(permission) => {
            let description = documented["description"].as_str().unwrap_or_default();
            documented["description"] = json!(format!("{description}\n\n{}", who_may(permission)));
            json!([{"access_token": []}])
        }
        None => json!([{}]),
    };
    responses::complete(&mut documented["responses"], operation);
    let Some(example) = examples::of(&id, charter) else {
        return;
    };
    for status in ["200", "201"] {
        let content = documented.pointer_mut(&format!("/responses/{status}/content"));
        for media in content
            .and_then(Value::as_object_mut)
            .into_iter()
            .flat_map(Map::values_mut)
        {
            media["example"] = example.clone();
        }
    }
}

/// Who may do something, in a sentence.
fn who_may(permission: Permission) -> String {
    let with = |reach: Reach| -> Vec<String> {
        let roles = Role::ALL.iter().filter(|role| permission.reach(**role) == reach);
        roles.map(|role| format!("`{}`", role.as_str())).collect()
    };
    let (own, everywhere) = (with(Reach::Own), with(Reach::Everywhere));
    let own = own.join(" and ");
    let who = match (permission, everywhere.is_empty()) {
        (Permission::SeeOwnSession | Permission::ChangeOwnPassword, _) => {
            "whoever is signed in, about oneself".to_owned()
        }
        (Permission::SeeGrievances | Permission::ActOnGrievances | Permission::SeeGrievanceReports, _) => {
            let own = own.replace(" and `appeal_officer`", "");
            let cell = everywhere.join(", ");
            format!("{own} at the own office, `appeal_officer` for the offices below, {cell} for all")
        }
        (Permission::KeepWebhooks, _) => format!("{own}, each for one's own"),
        (Permission::KeepBlacklist, _) => format!("{own} for the offices below"),
        (_, true) => format!("{own} at the own office"),
        (_, false) if own.is_empty() => everywhere.join(", "),
        (_, false) => format!("{own} at the own office, {} everywhere", everywhere.join(", ")),
    };
    format!("Permission `{}`: {who}.", permission.as_str())
}

fn complete_components(components: &mut Value, operations: &[Operation]) {
    let mut schemas: Map<String, Value> = components["schemas"].as_object().cloned().unwrap_or_default();
    schemas.extend(schemas::definitions());
    schemas.extend(parameters::definitions(operations));
    let inputs = schemas::inputs(operations, &schemas);
    schemas.extend(inputs);
    schemas::open_enums(&mut schemas);
    for schema in schemas.values_mut() {
        tidy(schema);
    }
    schemas.sort_keys();
    components["schemas"] = Value::Object(schemas);
    components["parameters"] = parameters::shared();
    components["headers"] = responses::headers();
    components["responses"] = responses::shared(operations);
    components["securitySchemes"] = json!({
        "access_token": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "An access token of `open_session`, `refresh_session` or `issue_token`: a JSON Web Token signed with \
                Ed25519, made and checked as RFC8725 and RFC9068 say. It lasts 15 minutes, and ends at once with its session.",
        },
    });
}

/// Makes what utoipa and schemars write alike: no titles that repeat the name, one form of examples.
fn tidy(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            object.remove("title");
            if let Some(example) = object.remove("example") {
                object.insert("examples".into(), json!([example]));
            }
            for (key, value) in object.iter_mut() {
                match value {
                    // the keys of this object are the names of fields, not of schema keywords
                    Value::Object(fields) if key == "properties" => fields.values_mut().for_each(tidy),
                    value => tidy(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(tidy),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use utoipa::{PartialSchema, ToSchema};

    #[test]
    fn the_placeholders_of_domain_types_are_all_replaced() {
        let definitions = schemas::definitions();
        assert!(definitions.contains_key(&*schemas::Service::name()));
        assert_ne!(
            definitions["Service"],
            serde_json::to_value(schemas::Service::schema()).unwrap()
        );
    }
}
