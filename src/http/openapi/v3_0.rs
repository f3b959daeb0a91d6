//! OpenAPI 3.0.3, derived from 3.1: the same operations and schemas in the older dialect.

use serde_json::{Map, Value, json};

/// Rewrites a 3.1 document as 3.0.3.
pub(super) fn derive(mut document: Value) -> Value {
    document["openapi"] = json!("3.0.3");
    if let Some(license) = document["info"]["license"].as_object_mut() {
        license.remove("identifier");
        license.insert("url".into(), json!("https://www.apache.org/licenses/LICENSE-2.0"));
    }
    rewrite(&mut document);
    one_form_of_errors(&mut document);
    no_need_of_a_token(&mut document);
    document
}

/// Says once for all operations that no token is needed, and of an operation only where one is: generators that take 3.0 take
/// any word of an operation on security for a need.
fn no_need_of_a_token(document: &mut Value) {
    let none = json!([{}]);
    let items = document["paths"].as_object_mut().into_iter().flat_map(Map::values_mut);
    let operations = items.filter_map(Value::as_object_mut).flat_map(Map::values_mut);
    for operation in operations.filter_map(Value::as_object_mut) {
        if operation.get("security") == Some(&none) {
            operation.shift_remove("security");
        }
    }
    document["security"] = none;
}

/// Leaves problems as the one form of errors where an operation also has one of its own: generators that take 3.0 know one
/// type for the errors of an operation.
fn one_form_of_errors(document: &mut Value) {
    const PROBLEM: &str = "application/problem+json";
    let items = document["paths"].as_object_mut().into_iter().flat_map(Map::values_mut);
    let operations = items.filter_map(Value::as_object_mut).flat_map(Map::values_mut);
    for operation in operations {
        let responses = operation["responses"].as_object_mut().into_iter().flatten();
        for (_, response) in responses.filter(|(status, _)| status.starts_with(['4', '5'])) {
            let content = response.get_mut("content").and_then(Value::as_object_mut);
            if let Some(content) = content.filter(|content| content.contains_key(PROBLEM)) {
                content.retain(|media, _| media == PROBLEM);
            }
        }
    }
    let text = document.to_string();
    if let Some(schemas) = document["components"]["schemas"].as_object_mut() {
        schemas.retain(|name, _| text.contains(&format!("\"#/components/schemas/{name}\"")));
    }
}

fn rewrite(value: &mut Value) {
    match value {
        Value::Object(object) => {
            if is_schema(object) {
                rewrite_schema(object);
            }
            for (key, value) in object.iter_mut() {
                match (key.as_str(), value) {
                    // an example is data, not a schema, whatever its fields are called
                    ("example" | "examples" | "value" | "default", _) => {}
                    // the keys of this object are the names of fields
                    ("properties", Value::Object(fields)) => fields.values_mut().for_each(rewrite),
                    (_, value) => rewrite(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(rewrite),
        _ => {}
    }
}

/// Whether an object is a schema or a reference: nothing else in the document has a `type` of these or a `$ref`.
fn is_schema(object: &Map<String, Value>) -> bool {
    const TYPES: [&str; 6] = ["string", "integer", "number", "boolean", "object", "array"];
    let typed = object
        .get("type")
        .and_then(Value::as_str)
        .is_some_and(|t| TYPES.contains(&t));
    typed || object.contains_key("$ref")
}

fn rewrite_schema(object: &mut Map<String, Value>) {
    if object.contains_key("$ref") {
        // 3.0 knows nothing beside a reference
        object.retain(|key, _| key == "$ref");
        return;
    }
    if let Some(Value::Array(examples)) = object.remove("examples")
        && let Some(first) = examples.into_iter().next()
    {
        object.insert("example".into(), first);
    }
}
