//! The OpenAPI document, made of the routes, the handlers' documentation and the schemas that check what comes in.

mod examples;
mod parameters;
mod responses;
mod v3_0;

use serde_json::{Map, Value, json};
use utoipa::OpenApi;
use utoipa::openapi::path::{HttpMethod, PathItem};

use super::calendar::CalendarSpan;
use super::change::ChangePage;
use super::health::Health;
use super::metrics::MetricsText;
use super::operation::Operation;
use super::page::{GrievanceLevelPage, OfficePage, OfficerPage, ServicePage, ServiceVersionPage, UpazilaOfficePage};
use super::problem::ProblemDocument;
use super::schemas::Charter;
use super::{routes, schemas};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Citizen's Charter",
        description = "Publishes the Citizen's Charters (সেবা প্রদান প্রতিশ্রুতি) of government offices: their services, who \
            answers for them, by when they are promised in working days, and whom to turn to when a promise is not kept.\n\n\
            Every text comes in Bangla (`bn`), which is the authority, and in English (`en`). Instants are RFC 3339 in UTC; \
            days are days in Dhaka. A field without a value is absent, never null; later versions may add fields, and \
            values to strings that are not marked as an enum. Lists are pages: follow `next_cursor` until it is absent. \
            Every GET answers HEAD too. Every failure is a problem document (RFC 9457) whose `code` is for programs.",
        contact(name = "Department of Information and Communication Technology", url = "http://www.doict.gov.bd"),
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    servers((url = "/", description = "This deployment, production or local")),
    components(schemas(
        ChangePage, ServiceVersionPage,
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
        let item = PathItem::new(HttpMethod::Get, operation.documentation.clone());
        skeleton.paths.paths.insert(operation.path.clone(), item);
    }
    let mut document =
        serde_json::to_value(&skeleton).unwrap_or_else(|error| unreachable!("the skeleton is JSON: {error}"));
    for operation in &operations {
        complete(&mut document["paths"][&operation.path]["get"], operation, &charter);
    }
    document["servers"][0]["x-internal"] = json!(false);
    complete_components(&mut document["components"], &operations);
    document
}

/// Adds to an operation what follows from its route.
fn complete(documented: &mut Value, operation: &Operation, charter: &Charter) {
    let mut parameters = parameters::of(&(operation.path_parameters)(), "path");
    parameters.extend(parameters::of(&(operation.query)(), "query"));
    if operation.caching == super::operation::Caching::Revalidate {
        parameters.push(json!({"$ref": "#/components/parameters/IfNoneMatch"}));
    }
    if !parameters.is_empty() {
        documented["parameters"] = Value::Array(parameters);
    }
    documented["tags"] = json!([operation.tag]);
    documented["security"] = json!([{}]);
    responses::complete(&mut documented["responses"], operation);
    if let Some(example) = examples::of(documented["operationId"].as_str().unwrap_or_default(), charter)
        && let Some(content) = documented["responses"]["200"]["content"].as_object_mut()
    {
        for media in content.values_mut() {
            media["example"] = example.clone();
        }
    }
}

fn complete_components(components: &mut Value, operations: &[Operation]) {
    let mut schemas: Map<String, Value> = components["schemas"].as_object().cloned().unwrap_or_default();
    schemas.extend(schemas::definitions());
    schemas.extend(parameters::definitions(operations));
    schemas::open_enums(&mut schemas);
    for schema in schemas.values_mut() {
        tidy(schema);
    }
    schemas.sort_keys();
    components["schemas"] = Value::Object(schemas);
    components["parameters"] = parameters::shared();
    components["headers"] = responses::headers();
    components["responses"] = responses::shared();
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
