//! The domain's types in the API's document: their schemas come from the same source that checks what comes in.

use std::borrow::Cow;

use serde_json::{Map, Value, json};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::operation::Operation;
use crate::domain::json_schema;

pub(super) use crate::domain::absence::Absence;
pub(super) use crate::domain::account::Account;
pub(super) use crate::domain::calendar::{CalendarDay, DeclaredYear};
pub(super) use crate::domain::case::Showing;
pub(super) use crate::domain::case::history::CaseEvent;
pub(super) use crate::domain::case::tracking::Tracking;
pub(super) use crate::domain::change::Change;
pub(super) use crate::domain::charter::Charter;
pub(super) use crate::domain::charter::difference::Difference;
pub(super) use crate::domain::client::{Client, ClientSecret};
pub(super) use crate::domain::fault::Fault;
pub(super) use crate::domain::grievance::blacklist::BlacklistEntry;
pub(super) use crate::domain::grievance::report::{GrievanceReport, RegisterEntry};
pub(super) use crate::domain::grievance::{Grievance, GrievanceReceipt};
pub(super) use crate::domain::grievance_level::GrievanceLevel;
pub(super) use crate::domain::office::Office;
pub(super) use crate::domain::officer::Officer;
pub(super) use crate::domain::promise::Promise;
pub(super) use crate::domain::service::Service;
pub(super) use crate::domain::service_request::statistics::Statistics;
pub(super) use crate::domain::service_request::{Receipt, ServiceRequest};
pub(super) use crate::domain::session::{ClientToken, Session, Tokens};
pub(super) use crate::domain::signing_key::{JsonWebKeySet, SigningKey};
pub(super) use crate::domain::upazila_office::UpazilaOffice;
pub(super) use crate::domain::webhook::{Webhook, WebhookDelivery, WebhookSecret};

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
    Absence,
    Account,
    BlacklistEntry,
    CalendarDay,
    CaseEvent,
    Showing,
    Change,
    Charter,
    Client,
    ClientSecret,
    ClientToken,
    DeclaredYear,
    Difference,
    Fault,
    Grievance,
    GrievanceLevel,
    GrievanceReceipt,
    GrievanceReport,
    JsonWebKeySet,
    Office,
    Officer,
    Promise,
    Receipt,
    RegisterEntry,
    Service,
    ServiceRequest,
    Session,
    SigningKey,
    Statistics,
    Tokens,
    Tracking,
    UpazilaOffice,
    Webhook,
    WebhookDelivery,
    WebhookSecret,
);

/// The schemas of what operations take that no answer has: closed, because an unknown field is a fault. What both have is
/// one schema, so that what was read can be sent back in one type.
pub(super) fn inputs(operations: &[Operation], known: &Map<String, Value>) -> Map<String, Value> {
    let mut inputs = Map::new();
    for input in operations.iter().filter_map(|operation| operation.body) {
        let mut schema = (input.schema)();
        let mut add = |name: &str, mut schema: Value| {
            if !known.contains_key(name) {
                refer_to_components(&mut schema);
                inputs.insert(name.to_owned(), schema);
            }
        };
        if let Some(Value::Object(definitions)) = schema.as_object_mut().and_then(|schema| schema.remove("$defs")) {
            for (name, definition) in definitions {
                add(&name, definition);
            }
        }
        if let Some(schema) = schema.as_object_mut() {
            schema.remove("$schema");
        }
        add(&(input.name)(), schema);
    }
    inputs
}

/// Enums that may get more values. In answers they are plain strings with their known values documented, because a new
/// value in a closed enum breaks the clients that were generated before it.
const OPEN_ENUMS: [&str; 24] = [
    "AboutHandler",
    "AbsenceKind",
    "AccountRole",
    "BlacklistedBy",
    "ChangeKind",
    "Channel",
    "ComplainantKind",
    "DismissalReason",
    "Disposal",
    "FeeKind",
    "GrievanceAction",
    "GrievanceMedium",
    "GrievanceState",
    "IdentityKind",
    "Medium",
    "Outcome",
    "RejectionReason",
    "Relation",
    "Role",
    "ServiceRequestAction",
    "ServiceRequestState",
    "TimeLimitKind",
    "WebhookDeliveryState",
    "WebhookEvent",
];

/// A schema as it describes answers: open to fields and values that later versions add.
fn in_answers(mut schema: Value) -> Value {
    open(&mut schema);
    refer_to_components(&mut schema);
    schema
}

fn open(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            if object.get("additionalProperties") == Some(&json!(false)) {
                object.remove("additionalProperties");
            }
            object.values_mut().for_each(open);
        }
        Value::Array(items) => items.iter_mut().for_each(open),
        _ => {}
    }
}

/// Turns references within one schema into references within the document.
fn refer_to_components(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            if let Some(Value::String(reference)) = object.get_mut("$ref") {
                *reference = reference.replace("#/$defs/", "#/components/schemas/");
            }
            object.values_mut().for_each(refer_to_components);
        }
        Value::Array(items) => items.iter_mut().for_each(refer_to_components),
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
