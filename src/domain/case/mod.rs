//! What both kinds of case share: the code it is followed by, its clock, its history.

pub mod clock;
pub mod event;
pub mod tracking_code;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a case came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Medium {
    /// ওয়েবসাইট
    Website,
    /// an application on a telephone
    MobileApp,
    /// কল সেন্টার (333): typed in by whoever is signed in
    CallCentre,
    /// প্রচলিত পদ্ধতি, a letter or the front desk: typed in by staff
    Conventional,
}

impl Medium {
    /// The name in JSON and tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Website => "website",
            Self::MobileApp => "mobile_app",
            Self::CallCentre => "call_centre",
            Self::Conventional => "conventional",
        }
    }
}

/// In which language somebody wants to be written to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// বাংলা
    #[default]
    Bn,
    /// English
    En,
}

impl Language {
    /// The name in JSON and tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bn => "bn",
            Self::En => "en",
        }
    }
}
