//! What an operation reads from its URL, checked against the schema that documents it.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::problem::Problem;
use super::schemas::Fault;
use crate::domain::calendar::DAY_PATTERN;
use crate::domain::contact::OfficeCode;
use crate::domain::json_schema;

/// The parameters of the query string. Unknown and repeated ones are faults; all faults come at once.
pub(super) struct Query<T>(pub(super) T);

/// The parameters of the path.
pub(super) struct Path<T>(pub(super) T);

/// An operation without query parameters: any is one too many.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NoQuery {}

/// On which day something is looked at.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AsOfQuery {
    /// As it stood at the end of this day in Dhaka; as it stands now, where it is not given.
    #[schemars(extend("pattern" = DAY_PATTERN, "examples" = ["2026-11-24"]))]
    pub(super) as_of: Option<chrono::NaiveDate>,
}

/// The path of an entry.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct IdPath {
    /// The id.
    #[schemars(extend("examples" = ["01a20ada-2c02-7403-8776-ea055f760188"]))]
    pub(super) id: uuid::Uuid,
}

/// The path of an office.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OfficePath {
    /// The code of the office.
    pub(super) office: OfficeCode,
}

/// The path of an absence of an officer.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AbsencePath {
    /// The id of the officer.
    #[schemars(extend("examples" = ["01a20ada-2c00-728e-bfe3-ce9bc0aefe0b"]))]
    pub(super) id: uuid::Uuid,
    /// The id of the absence.
    #[schemars(extend("examples" = ["01a20adc-3b1e-7d4c-9f2a-8e6d5c4b3a21"]))]
    pub(super) absence: uuid::Uuid,
}

/// The path of a day of the calendar.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DayPath {
    /// The day in Dhaka.
    #[schemars(extend("pattern" = DAY_PATTERN, "examples" = ["2026-12-17"]))]
    pub(super) date: chrono::NaiveDate,
}

/// The path of a year of the calendar.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct YearPath {
    /// The year.
    #[schemars(range(min = 2000, max = 2100), extend("examples" = [2027]))]
    pub(super) year: i32,
}

impl<T: DeserializeOwned + JsonSchema + 'static> FromRequest for Query<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let pairs = form_urlencoded::parse(request.query_string().as_bytes());
        ready(read(pairs, "/query").map(Self))
    }
}

impl<T: DeserializeOwned + JsonSchema + 'static> FromRequest for Path<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read(request.match_info().iter(), "/path").map(Self))
    }
}

fn read<T, K, V>(pairs: impl Iterator<Item = (K, V)>, at: &str) -> Result<T, Problem>
where
    T: DeserializeOwned + JsonSchema + 'static,
    K: AsRef<str>,
    V: AsRef<str>,
{
    let schema = json_schema::cached_schema_of::<T>();
    let mut object = Map::new();
    let mut faults = Vec::new();
    for (name, value) in pairs {
        let (name, value) = (name.as_ref(), value.as_ref());
        let value = typed(value, &schema["properties"][name]);
        if object.insert(name.to_owned(), value).is_some() {
            // only a known name can be repeated: an unknown one is a fault already, and is not to be echoed
            if schema["properties"].get(name).is_some() {
                faults.push(Fault::new(format!("/{name}"), "duplicate", "is given more than once"));
            }
        }
    }
    match json_schema::read(Value::Object(object)) {
        Ok(parameters) if faults.is_empty() => return Ok(parameters),
        Ok(_) => {}
        Err(more) => faults.extend(more.into_iter().map(|fault| match &*fault.code {
            "unknown_field" => Fault {
                code: "unknown_parameter".into(),
                detail: "is not a known parameter".into(),
                ..fault
            },
            _ => fault,
        })),
    }
    Err(Problem::invalid(
        faults.into_iter().map(|fault| fault.under(at)).collect(),
    ))
}

/// A value of the URL, which is always a string, as the type that the schema wants; as it is where it is none such.
fn typed(value: &str, schema: &Value) -> Value {
    let plain = json!(value);
    match schema["type"].as_str() {
        Some("integer") => value.parse::<i64>().map_or(plain, |number| json!(number)),
        Some("boolean") => value.parse::<bool>().map_or(plain, |truth| json!(truth)),
        _ => plain,
    }
}
