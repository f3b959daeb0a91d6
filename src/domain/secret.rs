//! Secrets: strings that are never shown, logged or kept as they are.

use std::fmt;

use schemars::JsonSchema;
use serde::Deserialize;

/// A password, as somebody chose it.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub struct Password(
    #[schemars(length(min = 8, max = 128), extend("format" = "password", "examples" = ["correct horse battery staple"]))]
     String,
);

impl Password {
    /// The password itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Password {
    fn from(password: String) -> Self {
        Self(password)
    }
}

impl From<&str> for Password {
    fn from(password: &str) -> Self {
        Self(password.to_owned())
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}
