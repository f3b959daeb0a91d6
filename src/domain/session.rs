//! Signing in: what is sent, and what comes back.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::contact::{Email, OfficeCode};
use super::officer::OfficerContact;
use super::permission::Role;
use super::secret::Password;

/// The longest access token.
pub const MAX_ACCESS_TOKEN: usize = 2048;

/// What somebody signs in with.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    /// The account's e-mail address; upper and lower case are alike.
    pub email: Email,
    /// The account's password.
    #[schemars(with = "AnyPassword")]
    pub password: Password,
}

/// A password that may be wrong, and so may be of any length.
#[derive(JsonSchema)]
#[schemars(inline)]
struct AnyPassword(
    #[schemars(length(min = 1, max = 128), extend("format" = "password", "examples" = ["correct horse battery staple"]))]
    #[expect(dead_code, reason = "only its schema is used")]
    String,
);

/// The token that a session goes on with.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshInput {
    /// The refresh token of the last answer. It can be used once.
    pub refresh_token: RefreshToken,
}

/// A refresh token, as somebody sends it.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub struct RefreshToken(
    #[schemars(length(min = 1, max = 128), regex(pattern = "^[A-Za-z0-9_-]+$"), extend("examples" = ["Zr0q1m7w0Y5m3pZ2n8R1t6v4x9B0c5d8f2g7h1j3k6l"]))]
     String,
);

impl RefreshToken {
    /// The token itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RefreshToken(…)")
    }
}

/// A change of one's own password.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The password until now.
    #[schemars(with = "AnyPassword")]
    pub current_password: Password,
    /// The password from now on.
    pub new_password: Password,
}

/// The tokens of a session.
#[derive(Clone, Serialize, JsonSchema)]
pub struct Tokens {
    /// The token to send as `Authorization: Bearer …`: a JWT signed with Ed25519 (EdDSA).
    #[schemars(length(max = 2048), regex(pattern = r"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$"), extend("examples" = ["eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"]))]
    pub access_token: String,
    /// The token to get the next tokens with. It can be used once: whoever uses it again ends the session.
    #[schemars(length(max = 128), regex(pattern = "^[A-Za-z0-9_-]+$"), extend("examples" = ["Zr0q1m7w0Y5m3pZ2n8R1t6v4x9B0c5d8f2g7h1j3k6l"]))]
    pub refresh_token: String,
    /// How the access token is sent.
    #[schemars(length(max = 16), regex(pattern = "^Bearer$"), extend("examples" = ["Bearer"]))]
    pub token_type: &'static str,
    /// Seconds until the access token expires.
    #[schemars(range(min = 1, max = 86_400), extend("examples" = [900]))]
    pub expires_in: i32,
    /// In which role.
    pub role: Role,
}

/// An access token for a client (RFC 6749, section 5.1).
#[derive(Clone, Serialize, JsonSchema)]
pub struct ClientToken {
    /// The token to send as `Authorization: Bearer …`: a JWT signed with Ed25519 (EdDSA).
    #[schemars(length(max = 2048), regex(pattern = r"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$"), extend("examples" = ["eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"]))]
    pub access_token: String,
    /// How the access token is sent.
    #[schemars(length(max = 16), regex(pattern = "^Bearer$"), extend("examples" = ["Bearer"]))]
    pub token_type: &'static str,
    /// Seconds until the access token expires.
    #[schemars(range(min = 1, max = 86_400), extend("examples" = [900]))]
    pub expires_in: i32,
}

/// Who somebody is signed in as.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Session {
    /// The id of the account, or of the client.
    #[schemars(extend("examples" = ["01a20adc-11aa-7c3e-8b2d-5f4e3d2c1b0a"]))]
    pub subject: Uuid,
    /// In which role.
    pub role: Role,
    /// The account's e-mail address; a client has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    /// The client's name; an account has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 200), regex(pattern = r"\S"), extend("examples" = ["National Portal"]))]
    pub name: Option<String>,
    /// The code of the office, where the role has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub office: Option<OfficeCode>,
    /// The officer of the office's charter whose account it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["01a20ada-2c00-728e-bfe3-ce9bc0aefe0b"]))]
    pub officer: Option<Uuid>,
    /// The officers for whom an alternate officer stands in today.
    #[schemars(length(max = 200))]
    pub standing_in_for: Vec<OfficerContact>,
    /// When the session ends, however often it goes on.
    pub expires_at: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refresh_token_is_had_by_asking_only() {
        let input: RefreshInput = serde_json::from_str(r#"{"refresh_token": "abc"}"#).unwrap();
        assert_eq!(input.refresh_token.expose(), "abc");
        assert_eq!(format!("{:?}", input.refresh_token), "RefreshToken(…)");
    }
}
