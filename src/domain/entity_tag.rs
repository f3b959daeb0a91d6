//! Entity tags (RFC 9110): what stands for the exact bytes of an answer, and the conditions that clients make of them.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// How many bytes of the digest a tag shows.
const SHOWN: usize = 16;

/// The digest of an answer's bytes.
pub fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// The tag of an answer by the digest of its plain bytes, without its quotes.
pub fn tag(digest: &[u8; 32]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(&digest[..SHOWN])
}

/// The whole digest of bytes, as short as text can be: what is kept or compared in the place of what it stands for.
pub fn whole_tag(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(digest(bytes))
}

/// The tag of an entry as it is served in JSON.
///
/// # Errors
/// Where it cannot be written as JSON.
pub fn of(served: &impl Serialize) -> Result<String, serde_json::Error> {
    Ok(tag(&digest(&serde_json::to_vec(served)?)))
}

/// The state that an entry has to be in for a write to happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Precondition {
    /// It has to be there, in whatever state (`If-Match: *`).
    Exists,
    /// It has to be in one of the states that these tags stand for (`If-Match`).
    Matches(Vec<String>),
    /// It must not be there yet (`If-None-Match: *`).
    Absent,
}

impl Precondition {
    /// Whether an entry with this tag, or none, is in that state. A compressed answer has a tag of its own, which stands
    /// for the same state.
    pub fn holds(&self, current: Option<&str>) -> bool {
        match (self, current) {
            (Self::Exists, Some(_)) | (Self::Absent, None) => true,
            (Self::Matches(known), Some(current)) => known.iter().any(|known| {
                let plain = known.strip_suffix("-br").or_else(|| known.strip_suffix("-gzip"));
                plain.unwrap_or(known) == current
            }),
            (Self::Exists | Self::Matches(_), None) | (Self::Absent, Some(_)) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 180-2's own example of SHA-256.
    #[test]
    fn tags_are_of_sha_256() {
        assert_eq!(whole_tag(b"abc"), "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
        assert_eq!(tag(&digest(b"abc")), "ungWv48Bz-pBQUDeXa4iIw");
        assert_eq!(of(&"abc").unwrap(), tag(&digest(br#""abc""#)));
    }

    #[test]
    fn a_condition_holds_for_the_state_it_names() {
        let tag = of(&"state").unwrap();
        assert_eq!(tag.len(), 22);
        let matches = |known: &str| Precondition::Matches(vec!["other".into(), known.to_owned()]).holds(Some(&tag));
        assert!(matches(&tag));
        assert!(matches(&format!("{tag}-br")) && matches(&format!("{tag}-gzip")));
        assert!(!matches("other") && !matches(&format!("{tag}-zstd")) && !matches(""));
        assert!(Precondition::Exists.holds(Some(&tag)) && !Precondition::Exists.holds(None));
        assert!(Precondition::Absent.holds(None) && !Precondition::Absent.holds(Some(&tag)));
        assert!(!Precondition::Matches(vec![tag]).holds(None));
    }
}
