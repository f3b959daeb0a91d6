//! The keys that sign access tokens, as others see them.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

/// A key that signs or verifies tokens, without its private half.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SigningKey {
    /// Names the key in the head of a token.
    #[schemars(extend("examples" = ["01a20adc-33cc-7e5a-8d4f-7b6a5f4e3d2c"]))]
    pub kid: Uuid,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Until when tokens that it signed are accepted; absent for the key that signs now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verifies_until: Option<DateTime<Utc>>,
}

/// A public key as a JSON Web Key (RFC 7517, RFC 8037).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct JsonWebKey {
    /// The kind of key: an octet key pair.
    #[schemars(length(max = 8), regex(pattern = "^OKP$"), extend("examples" = ["OKP"]))]
    pub kty: &'static str,
    /// The curve.
    #[schemars(length(max = 16), regex(pattern = "^Ed25519$"), extend("examples" = ["Ed25519"]))]
    pub crv: &'static str,
    /// What the key is for: signatures.
    #[serde(rename = "use")]
    #[schemars(length(max = 8), regex(pattern = "^sig$"), extend("examples" = ["sig"]))]
    pub usage: &'static str,
    /// The algorithm it is used with.
    #[schemars(length(max = 8), regex(pattern = "^EdDSA$"), extend("examples" = ["EdDSA"]))]
    pub alg: &'static str,
    /// Names the key in the head of a token.
    #[schemars(extend("examples" = ["01a20adc-33cc-7e5a-8d4f-7b6a5f4e3d2c"]))]
    pub kid: Uuid,
    /// The public key, in base64url.
    #[schemars(length(max = 64), regex(pattern = "^[A-Za-z0-9_-]{43}$"), extend("examples" = ["11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"]))]
    pub x: String,
}

impl JsonWebKey {
    /// An Ed25519 key.
    pub const fn ed25519(kid: Uuid, x: String) -> Self {
        Self {
            kty: "OKP",
            crv: "Ed25519",
            usage: "sig",
            alg: "EdDSA",
            kid,
            x,
        }
    }
}

/// The keys that verify access tokens now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct JsonWebKeySet {
    /// The keys, the current one last.
    #[schemars(length(max = 100))]
    pub keys: Vec<JsonWebKey>,
}
