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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_had_by_asking_only() {
        for password in [
            Password::from("correct horse"),
            Password::from(String::from("correct horse")),
        ] {
            assert_eq!(password.expose(), "correct horse");
            assert_eq!(format!("{password:?}"), "Password(…)");
        }
    }
}
