//! One source for what a document may hold: the JSON Schema of its Rust type.
//!
//! The same schema documents the API, is given to charter authors, and checks every document that comes in, so that all
//! faults of a document are reported at once and nothing is promised that is not checked.

use std::any::{TypeId, type_name};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{ValidationError, Validator};
use schemars::generate::{SchemaGenerator, SchemaSettings};
use schemars::transform::transform_subschemas;
use schemars::{JsonSchema, Schema};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::calendar::{DAY_OUT_OF_RANGE, DAY_PATTERN};
use super::fault::Fault;

/// A generator whose schemas follow the rules of this API: absent fields are absent and never null, and every string is
/// bounded.
pub fn generator() -> SchemaGenerator {
    SchemaSettings::draft2020_12()
        .with_transform(|schema: &mut Schema| tidy(schema))
        .into_generator()
}

/// The schema of a document type, whole, with its definitions.
pub fn schema_of<T: JsonSchema>() -> Value {
    generator().into_root_schema_for::<T>().to_value()
}

fn tidy(schema: &mut Schema) {
    transform_subschemas(&mut tidy, schema);
    if let Some(object) = schema.as_object_mut() {
        never_null(object);
        bounded_formats(object);
        plain_enum(object);
    }
}

/// Takes `null` out of a schema: an optional field may be absent, which is said by the object that holds it.
fn never_null(object: &mut Map<String, Value>) {
    let is_null = |value: &Value| value == &json!("null") || value == &json!({"type": "null"}) || value.is_null();
    if let Some(Value::Array(types)) = object.get_mut("type") {
        types.retain(|t| !is_null(t));
        if let [only] = types.as_slice() {
            let only = only.clone();
            object.insert("type".into(), only);
        }
    }
    if let Some(Value::Array(values)) = object.get_mut("enum") {
        values.retain(|v| !is_null(v));
    }
    if let Some(Value::Array(mut branches)) = object.remove("anyOf") {
        branches.retain(|branch| !is_null(branch));
        match branches.as_mut_slice() {
            [Value::Object(only)] => {
                for (key, value) in std::mem::take(only) {
                    object.entry(key).or_insert(value);
                }
            }
            _ => {
                object.insert("anyOf".into(), Value::Array(branches));
            }
        }
    }
}

/// Bounds the strings whose form is a format, and gives instants an example.
fn bounded_formats(object: &mut Map<String, Value>) {
    let longest = match object.get("format").and_then(Value::as_str) {
        Some("uuid") => 36,
        Some("date") => 10,
        Some("date-time") => {
            object
                .entry("examples")
                .or_insert_with(|| json!(["2026-11-24T04:30:00Z"]));
            35
        }
        _ => return,
    };
    object.entry("maxLength").or_insert_with(|| json!(longest));
}

/// Writes an enum as one list of values: schemars makes a `oneOf` of documented ones, which code generators turn into
/// classes. What documents the values moves into the description.
fn plain_enum(object: &mut Map<String, Value>) {
    let Some(Value::Array(branches)) = object.get("oneOf") else {
        return;
    };
    let mut values = Vec::new();
    let mut description = object
        .get("description")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    for branch in branches {
        let Some(value) = branch.get("const").and_then(Value::as_str) else {
            return;
        };
        values.push(json!(value));
        if let Some(meaning) = branch.get("description").and_then(Value::as_str) {
            description.push_str(&format!("\n- `{value}`: {meaning}"));
        }
    }
    object.remove("oneOf");
    object.insert("type".into(), json!("string"));
    object.insert("enum".into(), Value::Array(values));
    object.insert("description".into(), json!(description));
}

/// Checks a document against the schema of its type and reads it. All faults at once, in the document's order.
pub fn read<T: JsonSchema + DeserializeOwned + 'static>(document: Value) -> Result<T, Vec<Fault>> {
    let mut faults: Vec<Fault> = known::<T>()
        .validator
        .iter_errors(&document)
        .flat_map(|error| faults_of(&error))
        .collect();
    faults.dedup();
    if !faults.is_empty() {
        return Err(faults);
    }
    serde_json::from_value(document).map_err(|_| {
        // The schema is made of the type, so that only what no schema can express ends here. Its error is not logged: it
        // would repeat what was sent.
        log::debug!(
            "a document passed the schema of {} and could not be read",
            type_name::<T>()
        );
        vec![Fault::new("", "invalid", "cannot be read")]
    })
}

/// A document type's schema and what checks documents against it, made once.
struct Known {
    schema: Arc<Value>,
    validator: Validator,
}

type AllKnown = RwLock<HashMap<TypeId, Arc<Known>>>;
static KNOWN: LazyLock<AllKnown> = LazyLock::new(AllKnown::default);

/// The schema of a document type as [`schema_of`] gives it, made once.
pub fn cached_schema_of<T: JsonSchema + 'static>() -> Arc<Value> {
    known::<T>().schema.clone()
}

fn known<T: JsonSchema + 'static>() -> Arc<Known> {
    let key = TypeId::of::<T>();
    if let Some(known) = KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
        return known.clone();
    }
    let schema = schema_of::<T>();
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap_or_else(|error| unreachable!("the schema of {} is generated: {error}", type_name::<T>()));
    let known = Arc::new(Known {
        schema: Arc::new(schema),
        validator,
    });
    KNOWN
        .write()
        .unwrap_or_else(PoisonError::into_inner)
        .insert(key, known.clone());
    known
}

/// A schema violation in this API's words. What was sent is never repeated.
fn faults_of(error: &ValidationError<'_>) -> Vec<Fault> {
    let at = error.instance_path().as_str();
    let fault = |code: &str, detail: String| vec![Fault::new(at, code, detail)];
    match error.kind() {
        ValidationErrorKind::Required { property } => {
            let property = property.as_str().unwrap_or_default();
            vec![Fault::new(
                format!("{at}/{}", escape(property)),
                "required",
                "is required",
            )]
        }
        ValidationErrorKind::AdditionalProperties { unexpected } => unexpected
            .iter()
            .map(|name| {
                Fault::new(
                    format!("{at}/{}", escape(name)),
                    "unknown_field",
                    "is not a known field",
                )
            })
            .collect(),
        ValidationErrorKind::Type { kind } => fault("wrong_type", format!("must be {}", type_in_words(kind))),
        ValidationErrorKind::MaxLength { limit } => fault("too_long", format!("must have at most {limit} characters")),
        ValidationErrorKind::MinLength { limit } => {
            fault("too_short", format!("must have at least {limit} characters"))
        }
        ValidationErrorKind::MaxItems { limit } => fault("too_many", format!("must have at most {limit} entries")),
        ValidationErrorKind::MinItems { limit } => fault("too_few", format!("must have at least {limit} entries")),
        ValidationErrorKind::UniqueItems => fault("duplicate", "must not repeat an entry".into()),
        ValidationErrorKind::Maximum { limit } => fault("out_of_range", format!("must be at most {limit}")),
        ValidationErrorKind::Minimum { limit } => fault("out_of_range", format!("must be at least {limit}")),
        ValidationErrorKind::Enum { options } => fault("unknown_value", format!("must be one of {}", names(options))),
        ValidationErrorKind::Format { format } => {
            fault("invalid_format", format!("must be {}", format_in_words(format)))
        }
        ValidationErrorKind::Pattern { pattern } if pattern == r"\S" => fault("blank", "must not be blank".into()),
        ValidationErrorKind::Pattern { pattern } if pattern == DAY_PATTERN => {
            fault("out_of_range", DAY_OUT_OF_RANGE.into())
        }
        ValidationErrorKind::Pattern { pattern } => fault("invalid_format", format!("must match {pattern}")),
        _ => fault("invalid", "is not allowed here".into()),
    }
}

/// A name as a JSON Pointer's token (RFC 6901), cut where somebody sent an endless one.
pub(super) fn escape(name: &str) -> String {
    let token: String = name.chars().take(100).filter(|c| !c.is_control()).collect();
    token.replace('~', "~0").replace('/', "~1")
}

fn names(options: &Value) -> String {
    let names: Vec<String> = options
        .as_array()
        .into_iter()
        .flatten()
        .map(|option| {
            option
                .as_str()
                .map_or_else(|| option.to_string(), |name| format!("`{name}`"))
        })
        .collect();
    names.join(", ")
}

fn type_in_words(kind: &TypeKind) -> String {
    let one = |name: &str| match name {
        "integer" => "a whole number".to_owned(),
        "object" | "array" => format!("an {name}"),
        "boolean" => "true or false".to_owned(),
        other => format!("a {other}"),
    };
    match kind {
        TypeKind::Single(json_type) => one(&json_type.to_string()),
        TypeKind::Multiple(_) => "of another type".to_owned(),
    }
}

fn format_in_words(format: &str) -> String {
    match format {
        "uuid" => "a UUID".into(),
        "date" => "a day written YYYY-MM-DD".into(),
        "date-time" => "an instant written as RFC 3339 says".into(),
        "email" => "an e-mail address".into(),
        "uri" => "a web address".into(),
        other => format!("of the format {other}"),
    }
}

#[cfg(test)]
mod tests;
