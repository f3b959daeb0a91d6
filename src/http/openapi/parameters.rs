//! Parameters, made of the schemas that check them.

use serde_json::{Map, Value, json};

use crate::http::limits::MAX_CONDITION;
use crate::http::operation::{Kind, Operation};

/// The parameters that an object schema describes.
pub(super) fn of(schema: &Value, place: &str) -> Vec<Value> {
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let properties = schema["properties"].as_object().cloned().unwrap_or_default();
    properties
        .into_iter()
        .filter(|(_, schema)| schema["x-other-form"] != json!(true))
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
            if !["Category", "Profile"].contains(&&**name) {
                definitions.insert(format!("{name}Filter"), definition.clone());
            }
        }
    }
    definitions
}

/// The headers that an operation reads, by the names of their shared parameters.
pub(super) fn headers_of(operation: &Operation) -> Vec<&'static str> {
    match operation.kind {
        Kind::Read => vec!["IfNoneMatch"],
        Kind::Create | Kind::ActOnce => vec!["IdempotencyKey"],
        Kind::Put => vec!["IfMatch", "IfNoneMatchAny"],
        Kind::Replace | Kind::Remove | Kind::Transit => vec!["IfMatch"],
        Kind::Look | Kind::Inspect | Kind::Act => Vec::new(),
    }
}

/// The parameters that operations share.
pub(super) fn shared() -> Value {
    let header = |name: &str, description: &str, max_length: usize, pattern: &str, example: &str| {
        json!({
            "name": name,
            "in": "header",
            "description": description,
            "required": false,
            "schema": {"type": "string", "maxLength": max_length, "pattern": pattern},
            "example": example,
        })
    };
    let tag = "\"47DEQpj8HBSa-_TImW-5JA\"";
    json!({
        "IfNoneMatch": header(
            "If-None-Match",
            "The ETag of the answer that the client has: where nothing has changed, the answer is 304. What is no ETag is passed over.",
            MAX_CONDITION, "^[^\\r\\n]*$", tag),
        "IfMatch": header(
            "If-Match",
            "The ETag with which the state that is to be replaced was read; `*` for whatever state it is in. Without it the answer is 428, and where the state is another one 412.",
            MAX_CONDITION, "^[^\\r\\n]*$", tag),
        "IfNoneMatchAny": header(
            "If-None-Match",
            "`*` in the place of If-Match, where nothing is to be replaced: the answer is 412 where there is something.",
            8, "^\\*$", "*"),
        "IdempotencyKey": header(
            "Idempotency-Key",
            "A name for this request, chosen by the client: sent again under the same name within 24 hours, it creates nothing more, and is answered as it was the first time.",
            255, "^[ -~]+$", "01a20adc-44dd-7f6b-9e5a-8c7b6a5f4e3d"),
    })
}
