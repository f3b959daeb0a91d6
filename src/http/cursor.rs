//! Cursors: where a list goes on, bound to the list and its filters.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::problem::{Code, Problem};

const VERSION: u8 = 1;
const SEQ_BYTES: usize = 8;
const SEAL_BYTES: usize = 8;

/// A cursor behind the entry with this `seq` in the list that `list` names with its filters.
pub(super) fn seal(list: &str, seq: i64) -> String {
    let mut bytes = vec![VERSION];
    bytes.extend(seq.to_be_bytes());
    bytes.extend(digest(list, seq));
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// The `seq` behind which a list goes on.
pub(super) fn open(list: &str, cursor: &str) -> Result<i64, Problem> {
    parse(list, cursor).ok_or_else(|| Problem::new(Code::InvalidCursor))
}

fn parse(list: &str, cursor: &str) -> Option<i64> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let (version, rest) = bytes.split_first()?;
    let (seq, seal) = rest.split_first_chunk::<SEQ_BYTES>()?;
    let seq = i64::from_be_bytes(*seq);
    (*version == VERSION && seq >= 0 && seal == digest(list, seq)).then_some(seq)
}

/// Holds a cursor to its list: it keeps honest clients from mixing lists up, and needs no secret for that.
fn digest(list: &str, seq: i64) -> [u8; SEAL_BYTES] {
    let hash = Sha256::new()
        .chain_update(seq.to_be_bytes())
        .chain_update(list)
        .finalize();
    let mut seal = [0; SEAL_BYTES];
    seal.copy_from_slice(&hash[..SEAL_BYTES]);
    seal
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_cursor_leads_back_to_its_place_in_its_list_only(list in "\\PC{0,40}", other in "\\PC{0,40}", seq in 0..i64::MAX) {
            let cursor = seal(&list, seq);
            prop_assert_eq!(parse(&list, &cursor), Some(seq));
            prop_assert_eq!(parse(&other, &cursor).is_some(), other == list);
        }

        #[test]
        fn nonsense_opens_nothing(cursor in "[A-Za-z0-9_-]{0,60}") {
            prop_assert_eq!(parse("services", &cursor), None);
        }
    }
}
