//! Officers: who answers for a service (the charter's columns 7 and 8).

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::contact::{Email, OfficeCode, Phone, PhoneE164, Website};
use super::fault::Fault;
use super::phone;
use super::text::Text;

/// An officer as a charter names one: who, and how to reach them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OfficerContact {
    /// Identifies the officer for ever.
    #[schemars(extend("examples" = ["01a20ada-2c00-728e-bfe3-ce9bc0aefe0b"]))]
    pub id: Uuid,
    /// The officer's name.
    pub name: Text,
    /// The officer's designation (পদবি).
    pub designation: Text,
    /// The telephone number as published.
    pub phone: Phone,
    /// The same number as a telephone dials it.
    pub phone_e164: PhoneE164,
    /// The officer's e-mail address.
    pub email: Email,
    /// The portal where the officer is found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub website: Option<Website>,
}

/// An officer of an office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Officer {
    /// Who, and how to reach them.
    #[serde(flatten)]
    pub contact: OfficerContact,
    /// The code of the office.
    pub office: OfficeCode,
    /// Counts the changes of this officer's entry, from 1.
    #[schemars(range(min = 1, max = 9_007_199_254_740_991_i64), extend("examples" = [1]))]
    pub version: i64,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// The fault of a number whose two forms are not the same number.
pub(super) fn phone_fault(phone: &Phone, e164: &PhoneE164, at: &str) -> Option<Fault> {
    match phone::to_e164(phone.as_str()) {
        None => Some(Fault::new(
            format!("{at}/phone"),
            "invalid_format",
            "cannot be read as a telephone number",
        )),
        Some(dialled) if dialled != e164.as_str() => Some(Fault::new(
            format!("{at}/phone_e164"),
            "contradicts_phone",
            "is not the number that `phone` gives",
        )),
        Some(_) => None,
    }
}
