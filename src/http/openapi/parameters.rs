//! Parameters, made of the schemas that check them.

use serde_json::{Map, Value, json};

use crate::http::operation::Operation;

/// The parameters that an object schema describes.
pub(super) fn of(schema: &Value, place: &str) -> Vec<Value> {
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let properties = schema["properties"].as_object().cloned().unwrap_or_default();
    properties
        .into_iter()
        .map(|(name, mut schema)| {
            let description = schema
                .as_object_mut()
                .and_then(|schema| schema.remove("description"))
                .unwrap_or_else(|| json!(""));
            let mut parameter = json!({
                "name": name,
                "in": place,
                "description": description,
                "required": place == "path" || required.contains(&json!(name)),
            });
            if let Some(reference) = schema["$ref"].as_str() {
                schema = json!({"$ref": reference_of(reference)});
            } else if let Some(Value::Array(examples)) = schema.as_object_mut().and_then(|s| s.remove("examples")) {
                parameter["example"] = examples.into_iter().next().unwrap_or(Value::Null);
            }
            parameter["schema"] = schema;
            parameter
        })
        .collect()
}

/// Enums are closed for what comes in and open in answers: those of parameters have schemas of their own.
fn reference_of(reference: &str) -> String {
    let name = reference.rsplit('/').next().unwrap_or_default();
    match name {
        "Category" => "#/components/schemas/Category".to_owned(),
        name => format!("#/components/schemas/{name}Filter"),
    }
}

/// The schemas that only parameters refer to.
pub(super) fn definitions(operations: &[Operation]) -> Map<String, Value> {
    let mut definitions = Map::new();
    for operation in operations {
        let schema = (operation.query)();
        for (name, definition) in schema["$defs"].as_object().into_iter().flatten() {
            if name != "Category" {
                definitions.insert(format!("{name}Filter"), definition.clone());
            }
        }
    }
    definitions
}

/// The parameters that operations share.
pub(super) fn shared() -> Value {
    json!({
        "IfNoneMatch": {
            "name": "If-None-Match",
            "in": "header",
            "description": "The ETag of the answer that the client has: where nothing has changed, the answer is 304. What is no ETag is passed over.",
            "required": false,
            "schema": {"type": "string", "maxLength": 8192, "pattern": "^[^\\r\\n]*$"},
            "example": "\"47DEQpj8HBSa-_TImW-5JA\"",
        },
    })
}
