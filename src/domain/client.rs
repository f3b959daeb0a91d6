//! Clients: the systems that sign in, by OAuth 2.0's client credentials (RFC 6749, section 4.4).

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A new client.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClientInput {
    /// What the system is called.
    #[schemars(length(min = 1, max = 200), regex(pattern = r"\S"), extend("examples" = ["National Portal"]))]
    pub name: String,
}

/// A system that signs in. Its id is its `client_id`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Client {
    /// Identifies the client: its `client_id` at the token endpoint.
    #[schemars(extend("examples" = ["01a20adc-22bb-7d4f-9c3e-6a5f4e3d2c1b"]))]
    pub id: Uuid,
    /// What the system is called.
    #[schemars(length(max = 200), regex(pattern = r"\S"), extend("examples" = ["National Portal"]))]
    pub name: String,
    /// Whether a secret was made for it, without which it cannot sign in.
    #[schemars(extend("examples" = [true]))]
    pub has_secret: bool,
    /// Whether it may not sign in.
    #[schemars(extend("examples" = [false]))]
    pub disabled: bool,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// A secret that was just made. It is shown this once; only its digest is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ClientSecret {
    /// The client's id.
    #[schemars(extend("examples" = ["01a20adc-22bb-7d4f-9c3e-6a5f4e3d2c1b"]))]
    pub client_id: Uuid,
    /// The client's new secret; every earlier one has ended.
    #[schemars(length(max = 64), regex(pattern = "^[A-Za-z0-9_-]+$"), extend("examples" = ["q0m7w0Y5m3pZ2n8R1t6v4x9B0c5d8f2g7h1j3k6l9o0"]))]
    pub client_secret: String,
}
