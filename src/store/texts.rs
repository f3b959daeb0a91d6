//! Texts in two columns, ids in text: how the domain's values stand in tables.

use chrono::{DateTime, NaiveDateTime, SubsecRound, Utc};
use uuid::Uuid;

use super::error::Error;
use crate::domain::text::Text;

/// The text of two columns that are filled together.
pub(super) fn optional_text(bn: Option<String>, en: Option<String>) -> Option<Text> {
    Some(Text { bn: bn?, en: en? })
}

/// The two columns of a text that may be absent.
pub(super) fn optional_columns(text: Option<&Text>) -> (Option<String>, Option<String>) {
    (text.map(|text| text.bn.clone()), text.map(|text| text.en.clone()))
}

/// The id that a column holds.
pub(super) fn id(stored: &str) -> Result<Uuid, Error> {
    stored
        .parse()
        .map_err(|_| Error::Corrupt("an id that is no UUID".into()))
}

/// A name that a column holds, read as the enum it is the name of.
pub(super) fn named<T: serde::de::DeserializeOwned>(stored: &str) -> Result<T, Error> {
    serde_json::from_value(serde_json::Value::from(stored))
        .map_err(|error| Error::Corrupt(format!("an unknown name: {error}")))
}

/// An instant as both engines keep it: in UTC, to the microsecond.
pub(super) fn stored_instant(instant: DateTime<Utc>) -> NaiveDateTime {
    instant.trunc_subsecs(6).naive_utc()
}

/// The domain's form of a list of rows.
pub(super) fn all<R, T>(rows: Vec<R>, read: impl Fn(R) -> Result<T, Error>) -> Result<Vec<T>, Error> {
    rows.into_iter().map(read).collect()
}

/// A value that a column holds as JSON.
pub(super) fn json<T: serde::de::DeserializeOwned>(stored: &str) -> Result<T, Error> {
    serde_json::from_str(stored).map_err(|error| Error::Corrupt(format!("JSON in a column: {error}")))
}

/// A value as a column holds it in JSON.
pub(super) fn stored_json(value: &impl serde::Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::Corrupt(format!("JSON for a column: {error}")))
}
