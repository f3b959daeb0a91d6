//! The keys that personal data is sealed by: from the environment, never from the database.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::Error;
use crate::domain::grievance::{Complainant, KeptComplainant};
use crate::domain::personal_data::Sealed;
use crate::store;

/// The keys that personal data is sealed by (AES-256-GCM): by the first of them, and opened by any. Without keys it is kept as it
/// is. A key seals 2³² texts at most, because the nonces are of 96 random bits.
#[derive(Clone, Default)]
pub struct Keyring(Arc<[(String, RandomizedNonceKey)]>);

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.ids()).finish()
    }
}

/// Keys as they are written: `ID=KEY`, with commas between them; a key is 32 bytes in Base64.
impl FromStr for Keyring {
    type Err = &'static str;

    fn from_str(keys: &str) -> Result<Self, Self::Err> {
        const FORM: &str = "write ID=KEY, with commas between them: an id of letters, digits and dashes, a key of 32 bytes in Base64, \
                            as `openssl rand -base64 32` makes one";
        let read = |key: &str| {
            let (id, key) = key.trim().split_once('=')?;
            let fits = (1..=32).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
            let key = BASE64_STANDARD.decode(key).ok().filter(|_| fits)?;
            Some((id.to_owned(), RandomizedNonceKey::new(&AES_256_GCM, &key).ok()?))
        };
        let written = keys.split(',').filter(|key| !key.trim().is_empty());
        let keys: Vec<_> = written.map(read).collect::<Option<_>>().ok_or(FORM)?;
        let mut ids: Vec<&String> = keys.iter().map(|(id, _)| id).collect();
        ids.sort_unstable();
        if ids.windows(2).any(|two| two[0] == two[1]) {
            return Err("two keys have the same id");
        }
        Ok(Self(keys.into()))
    }
}

impl Keyring {
    /// The ids of the keys, beginning with the one that seals.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(id, _)| &**id)
    }

    /// The id of the key that seals; empty where there is none.
    pub fn current(&self) -> &str {
        self.ids().next().unwrap_or_default()
    }

    /// Seals what is kept of something, which it can be opened for only.
    ///
    /// # Errors
    /// [`Error::Cryptography`].
    pub(super) fn seal(&self, of: Uuid, what: &impl Serialize) -> Result<Sealed, Error> {
        let failed = |error: &dyn fmt::Display| Error::Cryptography(error.to_string());
        let text = serde_json::to_string(what).map_err(|error| failed(&error))?;
        let Some((id, key)) = self.0.first() else {
            return Ok(Sealed {
                key: String::new(),
                text,
            });
        };
        let mut sealed = text.into_bytes();
        let nonce = key
            .seal_in_place_append_tag(Aad::from(of.into_bytes()), &mut sealed)
            .map_err(|error| failed(&error))?;
        let whole = [&nonce.as_ref()[..], &sealed].concat();
        Ok(Sealed {
            key: id.clone(),
            text: BASE64_STANDARD.encode(whole),
        })
    }

    /// Opens what is kept of something.
    ///
    /// # Errors
    /// [`Error::Store`], as corrupt, where its key is not there, or what is kept is not what was sealed.
    pub(super) fn open<T: DeserializeOwned>(&self, of: Uuid, sealed: &Sealed) -> Result<T, Error> {
        let failed = |why: &str| Error::Store(store::Error::Corrupt(format!("the personal data of {of}: {why}")));
        let read = |text: &[u8]| serde_json::from_slice(text).map_err(|_| failed("it is not what was kept"));
        if sealed.key.is_empty() {
            return read(sealed.text.as_bytes());
        }
        let key = self.0.iter().find(|(id, _)| *id == sealed.key);
        let (_, key) = key.ok_or_else(|| failed(&format!("there is no key `{}`", sealed.key)))?;
        let altered = || failed("it was altered, or sealed by another key");
        let mut whole = BASE64_STANDARD.decode(&sealed.text).map_err(|_| altered())?;
        let (nonce, text) = whole.split_at_mut_checked(NONCE_LEN).ok_or_else(altered)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| altered())?;
        let text = key.open_in_place(nonce, Aad::from(of.into_bytes()), text);
        read(text.map_err(|_| altered())?)
    }

    /// Who complains, as it is kept.
    pub(super) fn seal_complainant(&self, of: Uuid, complainant: Complainant) -> Result<KeptComplainant, Error> {
        let sealed = self.seal(of, &complainant.particulars())?;
        Ok(complainant.kept(sealed))
    }

    /// Who complained in a grievance.
    pub(super) fn open_complainant(&self, of: Uuid, kept: &KeptComplainant) -> Result<Complainant, Error> {
        let particulars = self.open(of, &kept.personal)?;
        Ok(kept.with(particulars))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::personal_data::Applicant;

    const OLD: &str = "2025=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    const NEW: &str = "2026=ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=";

    fn keys(written: &str) -> Keyring {
        written.parse().unwrap()
    }

    #[test]
    fn what_is_sealed_opens_for_what_it_is_of_only() {
        let (of, other) = (Uuid::now_v7(), Uuid::now_v7());
        let old = keys(OLD);
        let sealed = old.seal(of, &Applicant::example()).unwrap();
        assert_eq!(sealed.key, "2025");
        assert_ne!(sealed, old.seal(of, &Applicant::example()).unwrap(), "each time anew");
        let both = keys(&format!("{NEW},{OLD}"));
        assert_eq!(both.open::<Applicant>(of, &sealed).unwrap(), Applicant::example());
        assert_eq!(both.seal(of, &Applicant::example()).unwrap().key, "2026");
        assert!(both.open::<Applicant>(other, &sealed).is_err());
        assert!(
            keys(NEW).open::<Applicant>(of, &sealed).is_err(),
            "its key is not there"
        );
        let another = keys(&NEW.replace("2026", "2025"));
        assert!(
            another.open::<Applicant>(of, &sealed).is_err(),
            "another key of that id"
        );
        for place in 0..sealed.text.len() {
            let mut altered = sealed.clone();
            let to = if altered.text.as_bytes()[place] == b'A' {
                "B"
            } else {
                "A"
            };
            altered.text.replace_range(place..=place, to);
            assert!(both.open::<Applicant>(of, &altered).is_err(), "{place}");
        }
    }

    #[test]
    fn without_a_key_it_is_kept_as_it_is() {
        let of = Uuid::now_v7();
        let sealed = Keyring::default().seal(of, &Applicant::example()).unwrap();
        assert!(sealed.key.is_empty() && sealed.text.contains("খালিশপুর"));
        assert_eq!(keys(OLD).open::<Applicant>(of, &sealed).unwrap(), Applicant::example());
    }

    #[test]
    fn keys_are_read_as_they_are_written() {
        assert_eq!(
            keys(&format!("{NEW}, {OLD},")).ids().collect::<Vec<_>>(),
            ["2026", "2025"]
        );
        assert_eq!(keys("").current(), "");
        assert_eq!(format!("{:?}", keys(OLD)), "[\"2025\"]", "no key is shown");
        for faulty in [
            "2025",
            "2025=",
            "2025=c2hvcnQ=",
            "=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
            &OLD.replace('5', "ঌ"),
            &format!("{OLD},{OLD}"),
        ] {
            assert!(faulty.parse::<Keyring>().is_err(), "{faulty}");
        }
    }
}
