//! The domain's types in the API's document: their schemas come from the same source that checks what comes in.

use std::borrow::Cow;

use serde_json::{Map, Value, json};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::domain::json_schema;

pub(super) use crate::domain::calendar::CalendarDay;
pub(super) use crate::domain::change::Change;
pub(super) use crate::domain::charter::Charter;
pub(super) use crate::domain::fault::Fault;
pub(super) use crate::domain::grievance_level::GrievanceLevel;
pub(super) use crate::domain::office::Office;
pub(super) use crate::domain::officer::Officer;
pub(super) use crate::domain::promise::Promise;
pub(super) use crate::domain::service::Service;
pub(super) use crate::domain::upazila_office::UpazilaOffice;

/// Lets operations name domain types, and collects their schemas with all that they refer to.
macro_rules! domain_schemas {
    ($($name:ident),* $(,)?) => {
        $(
            impl PartialSchema for $name {
                // A placeholder: `definitions` puts the real schema in its place.
                fn schema() -> RefOr<Schema> {
                    RefOr::T(Schema::default())
                }
            }

            impl ToSchema for $name {
                fn name() -> Cow<'static, str> {
                    Cow::Borrowed(stringify!($name))
                }
            }
        )*

        /// The schemas of the domain's types by their names, as OpenAPI writes them.
        pub(super) fn definitions() -> Map<String, Value> {
            let mut generator = json_schema::generator();
            $(generator.subschema_for::<$name>();)*
            let definitions = generator.take_definitions(true);
            definitions.into_iter().map(|(name, schema)| (name, in_answers(schema))).collect()
        }
    };
}

domain_schemas!(
    CalendarDay,
    Change,
    Charter,
    Fault,
    GrievanceLevel,
    Office,
    Officer,
    Promise,
    Service,
    UpazilaOffice,
);

/// Enums that may get more values. In answers they are plain strings with their known values documented, because a new
/// value in a closed enum breaks the clients that were generated before it.
const OPEN_ENUMS: [&str; 4] = ["ChangeKind", "Channel", "FeeKind", "TimeLimitKind"];

/// A schema as it describes answers: open to fields and values that later versions add.
fn in_answers(mut schema: Value) -> Value {
    open(&mut schema);
    schema
}

fn open(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            if object.get("additionalProperties") == Some(&json!(false)) {
                object.remove("additionalProperties");
            }
            if let Some(Value::String(reference)) = object.get_mut("$ref") {
                *reference = reference.replace("#/$defs/", "#/components/schemas/");
            }
            object.values_mut().for_each(open);
        }
        Value::Array(items) => items.iter_mut().for_each(open),
        _ => {}
    }
}

/// Makes the enums of answers that may grow plain strings.
pub(super) fn open_enums(schemas: &mut Map<String, Value>) {
    for name in OPEN_ENUMS {
        let Some(Value::Object(schema)) = schemas.get_mut(name) else {
            continue;
        };
        let Some(values) = schema.remove("enum") else {
            continue;
        };
        let description = schema.get("description").and_then(Value::as_str).unwrap_or_default();
        let description = format!("{description}\n\nThese values are known; later versions may add others.");
        let first = values.get(0).cloned();
        schema.insert("description".into(), json!(description));
        schema.insert("pattern".into(), json!("^[a-z_]+$"));
        schema.insert("maxLength".into(), json!(64));
        schema.insert("examples".into(), json!([first]));
        schema.insert("x-extensible-enum".into(), values);
    }
}
