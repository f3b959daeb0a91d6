//! A text in the charter's two languages.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A text in both languages. The Bangla is the authority; the English is a translation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// The text in Bangla, as the office published it.
    #[schemars(length(min = 1, max = 4000), regex(pattern = r"\S"), extend("examples" = ["বিনামূল্যে"]))]
    pub bn: String,
    /// The text in English, translated.
    #[schemars(length(min = 1, max = 4000), regex(pattern = r"\S"), extend("examples" = ["Free of charge"]))]
    pub en: String,
}

impl Text {
    /// A text from its two languages.
    pub fn new(bn: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            bn: bn.into(),
            en: en.into(),
        }
    }
}
