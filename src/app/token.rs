//! Access tokens: JSON Web Tokens (RFC 7519, RFC 9068) signed with Ed25519 (RFC 8037), and nothing else (RFC 8725).

use std::sync::Arc;

use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header};
use quick_cache::sync::Cache;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Error;
use crate::domain::contact::OfficeCode;
use crate::domain::entity_tag;
use crate::domain::permission::Role;
use crate::domain::session::MAX_ACCESS_TOKEN;
use crate::domain::strict_json;
use crate::store::signing_key::KeyPair;

/// How long an access token lasts.
pub(super) const LIFETIME: TimeDelta = TimeDelta::minutes(15);
/// By how much the clocks of two replicas may differ.
pub(super) const CLOCK_SKEW: TimeDelta = TimeDelta::seconds(30);
/// Whom the tokens are for: this service.
const AUDIENCE: &str = "citizens-charter";
/// The type of an access token (RFC 9068).
const TYPE: &str = "at+jwt";

/// What an access token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Claims {
    iss: String,
    /// The account or client.
    pub(super) sub: Uuid,
    aud: String,
    exp: i64,
    iat: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nbf: Option<i64>,
    jti: Uuid,
    /// The session.
    pub(super) sid: Uuid,
    pub(super) role: Role,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    office: Option<OfficeCode>,
}

impl Claims {
    /// The claims of a token that is given out now.
    pub(super) fn new(
        issuer: &str,
        (subject, session): (Uuid, Uuid),
        role: Role,
        office: Option<OfficeCode>,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            iss: issuer.to_owned(),
            sub: subject,
            aud: AUDIENCE.to_owned(),
            exp: (now + LIFETIME).timestamp(),
            iat: now.timestamp(),
            nbf: None,
            jti: Uuid::now_v7(),
            sid: session,
            role,
            office,
        }
    }

    fn hold(&self, issuer: &str, now: DateTime<Utc>) -> bool {
        let latest = (now + CLOCK_SKEW).timestamp();
        self.iss == issuer
            && self.aud == AUDIENCE
            && self.exp > now.timestamp()
            && self.iat <= latest
            && self.nbf.is_none_or(|nbf| nbf <= latest)
            && self.exp > self.iat
            && self.exp - self.iat <= LIFETIME.num_seconds()
    }
}

/// The head of an access token. Anything else in it is a reason to refuse: nothing of a token chooses how it is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    alg: String,
    typ: String,
    kid: Uuid,
}

/// A token whose head is one of ours, and which is still to be verified with the key that it names.
#[derive(Clone)]
pub(super) struct Unverified {
    pub(super) kid: Uuid,
    /// What it claims: of no worth before it is verified.
    pub(super) claims: Claims,
    token: Arc<str>,
    /// The key with which its signature was found good before.
    verified_with: Option<Arc<str>>,
}

/// Tokens whose signatures were found good, each with the key: to read one and to verify it costs more than to look it up.
/// Whether a token holds is asked anew each time.
pub(super) type Signatures = Cache<Arc<str>, Unverified>;

/// How many tokens are remembered.
const REMEMBERED: usize = 10_000;

/// None yet.
pub(super) fn no_signatures() -> Signatures {
    Cache::new(REMEMBERED)
}

impl Unverified {
    /// Reads the head of a token. Costs no cryptography.
    ///
    /// # Errors
    /// [`Error::InvalidToken`].
    pub(super) fn read(token: &str, known: &Signatures) -> Result<Self, Error> {
        if token.len() > MAX_ACCESS_TOKEN {
            return Err(Error::InvalidToken);
        }
        if let Some(known) = known.get(token) {
            return Ok(known);
        }
        let (message, _) = token.rsplit_once('.').ok_or(Error::InvalidToken)?;
        let (head, payload) = message.split_once('.').ok_or(Error::InvalidToken)?;
        if payload.contains('.') {
            return Err(Error::InvalidToken);
        }
        let Head { alg, typ, kid } = decoded(head)?;
        // the algorithm is pinned: the head may only agree
        if alg != "EdDSA" || typ != TYPE {
            return Err(Error::InvalidToken);
        }
        Ok(Self {
            kid,
            claims: decoded(payload)?,
            token: token.into(),
            verified_with: None,
        })
    }

    /// What the token says, where this key signed it and it holds now.
    ///
    /// # Errors
    /// [`Error::InvalidToken`].
    pub(super) fn verify(
        mut self,
        public_key: &str,
        known: &Signatures,
        issuer: &str,
        now: DateTime<Utc>,
    ) -> Result<Claims, Error> {
        if self.verified_with.as_deref() != Some(public_key) {
            let (message, signature) = self.token.rsplit_once('.').ok_or(Error::InvalidToken)?;
            let key = DecodingKey::from_ed_components(public_key).map_err(|_| Error::InvalidToken)?;
            let signed = jsonwebtoken::crypto::verify(signature, message.as_bytes(), &key, Algorithm::EdDSA);
            if !signed.unwrap_or(false) {
                return Err(Error::InvalidToken);
            }
            self.verified_with = Some(public_key.into());
            known.insert(self.token.clone(), self.clone());
        }
        if self.claims.hold(issuer, now) {
            Ok(self.claims)
        } else {
            Err(Error::InvalidToken)
        }
    }
}

/// A part of a token: base64url of JSON in which no field stands twice.
fn decoded<T: DeserializeOwned>(part: &str) -> Result<T, Error> {
    let json = BASE64_URL_SAFE_NO_PAD.decode(part).map_err(|_| Error::InvalidToken)?;
    let value = strict_json::read(&json).map_err(|_| Error::InvalidToken)?;
    serde_json::from_value(value).map_err(|_| Error::InvalidToken)
}

/// Signs a token.
///
/// # Errors
/// [`Error::Cryptography`].
pub(super) fn sign(claims: &Claims, key: &KeyPair) -> Result<String, Error> {
    let head = Header {
        typ: Some(TYPE.to_owned()),
        kid: Some(key.kid.to_string()),
        ..Header::new(Algorithm::EdDSA)
    };
    let private = BASE64_STANDARD.decode(&key.private_key).map_err(failed)?;
    jsonwebtoken::encode(&head, claims, &EncodingKey::from_ed_der(&private)).map_err(failed)
}

/// Makes a new key pair.
///
/// # Errors
/// [`Error::Cryptography`] where the system has no randomness.
pub(super) fn new_key_pair() -> Result<KeyPair, Error> {
    let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(failed)?;
    let pair = Ed25519KeyPair::from_pkcs8(document.as_ref()).map_err(failed)?;
    Ok(KeyPair {
        kid: Uuid::now_v7(),
        private_key: BASE64_STANDARD.encode(document.as_ref()),
        public_key: BASE64_URL_SAFE_NO_PAD.encode(pair.public_key().as_ref()),
    })
}

/// A new secret of 256 random bits, in base64url.
///
/// # Errors
/// [`Error::Cryptography`] where the system has no randomness.
pub(super) fn new_secret() -> Result<String, Error> {
    Ok(BASE64_URL_SAFE_NO_PAD.encode(random::<32>()?))
}

/// Random bytes.
///
/// # Errors
/// [`Error::Cryptography`] where the system has no randomness.
pub(super) fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

/// What is kept of a secret of 256 random bits: nobody can try them all, so that one fast hash is enough.
pub(super) fn secret_hash(secret: &str) -> String {
    entity_tag::whole_tag(secret.as_bytes())
}

/// Whether a secret is the one whose hash is kept, in the same time whatever it is.
pub(super) fn is_secret(secret: &str, hash: &str) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(secret_hash(secret).as_bytes(), hash.as_bytes()).is_ok()
}

fn failed(error: impl std::fmt::Display) -> Error {
    Error::Cryptography(error.to_string())
}
