//! The keys that sign access tokens: made when the first is needed, kept in the database, rotated on demand.

use chrono::{DateTime, Utc};

use super::{App, Error, token};
use crate::domain::signing_key::{JsonWebKey, JsonWebKeySet, SigningKey};
use crate::store::signing_key::KeyPair;
use crate::store::{AnyConnection, lock, signing_key};

/// The name of the lock under which keys are made.
const LOCK: &str = "signing keys";

impl App {
    /// Makes the first key where there is none. Any number of replicas may do so at once: they agree on one.
    ///
    /// # Errors
    /// [`Error::Store`], [`Error::Cryptography`].
    pub async fn ensure_signing_key(&self) -> Result<(), Error> {
        let now = self.now();
        self.store
            .write(move |connection| current(now, connection).map(|_| ()))
            .await
    }

    /// Makes a new key, which signs from now on. The one before verifies until the last token that it signed has expired.
    ///
    /// # Errors
    /// [`Error::Store`], [`Error::Cryptography`].
    pub async fn rotate_signing_key(&self) -> Result<SigningKey, Error> {
        let now = self.now();
        self.store
            .write(move |connection| {
                lock::named(LOCK, connection)?;
                let pair = rotate(now, connection)?;
                Ok(SigningKey {
                    kid: pair.kid,
                    created_at: now,
                    verifies_until: None,
                })
            })
            .await
    }

    /// The keys that sign or verify now, the one that signs last.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn list_signing_keys(&self) -> Result<Vec<SigningKey>, Error> {
        let keys = self.verifying_keys().await?;
        Ok(keys.into_iter().map(|(key, _)| key).collect())
    }

    /// The public keys with which anybody can verify an access token.
    ///
    /// # Errors
    /// [`Error::Store`], [`Error::Cryptography`].
    pub async fn get_jwks(&self) -> Result<JsonWebKeySet, Error> {
        let mut keys = self.verifying_keys().await?;
        if keys.is_empty() {
            self.ensure_signing_key().await?;
            keys = self.verifying_keys().await?;
        }
        let keys = keys.into_iter().map(|(key, x)| JsonWebKey::ed25519(key.kid, x));
        Ok(JsonWebKeySet { keys: keys.collect() })
    }

    async fn verifying_keys(&self) -> Result<Vec<(SigningKey, String)>, Error> {
        let now = self.now();
        self.store
            .read(move |connection| Ok(signing_key::verifying(now, connection)?))
            .await
    }
}

/// The key that signs now, made where there is none.
///
/// # Errors
/// [`Error::Store`], [`Error::Cryptography`].
pub(super) fn current(now: DateTime<Utc>, connection: &mut AnyConnection) -> Result<KeyPair, Error> {
    if let Some(pair) = signing_key::current(connection)? {
        return Ok(pair);
    }
    lock::named(LOCK, connection)?;
    // somebody else may have made it while this waited
    match signing_key::current(connection)? {
        Some(pair) => Ok(pair),
        None => rotate(now, connection),
    }
}

fn rotate(now: DateTime<Utc>, connection: &mut AnyConnection) -> Result<KeyPair, Error> {
    let pair = token::new_key_pair()?;
    // a replica whose clock is ahead may have signed a token that lasts a little longer
    signing_key::rotate(&pair, now, now + token::LIFETIME + token::CLOCK_SKEW, connection)?;
    Ok(pair)
}
