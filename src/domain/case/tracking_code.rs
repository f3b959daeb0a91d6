//! Tracking codes: what an applicant follows a case by. Whoever has it is the applicant.

use std::fmt;

use crate::domain::bangla::digit;

/// Crockford's alphabet: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// How many letters a code has: 5 bits each, 80 in all.
const LETTERS: usize = 16;
/// How many letters stand together.
const GROUP: usize = 4;

/// A tracking code: 80 random bits, in four groups of four letters.
#[derive(Clone, PartialEq, Eq)]
pub struct TrackingCode(String);

/// Whoever has the code can act for the applicant: it is not for logs.
impl fmt::Debug for TrackingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TrackingCode(…)")
    }
}

impl TrackingCode {
    /// The code of 80 random bits.
    pub fn from_bits(bits: [u8; 10]) -> Self {
        let mut code = String::new();
        let (mut pending, mut held) = (0_u32, 0);
        for byte in bits {
            pending = (pending << 8) + u32::from(byte);
            held += 8;
            while held >= 5 {
                held -= 5;
                let letter = ALPHABET[((pending >> held) & 31) as usize];
                if code.len() % (GROUP + 1) == GROUP {
                    code.push('-');
                }
                code.push(char::from(letter));
            }
        }
        Self(code)
    }

    /// The code that somebody means: in any case, with or without hyphens and spaces, with O for 0 and I or L for 1, in
    /// Bangla or ASCII digits. `None` where it is none.
    pub fn read(written: &str) -> Option<Self> {
        let mut code = String::new();
        for c in written.chars() {
            let letter = match digit(c).unwrap_or(c).to_ascii_uppercase() {
                '-' | ' ' | '\u{2010}'..='\u{2015}' => continue,
                'O' => '0',
                'I' | 'L' => '1',
                letter => letter,
            };
            if !letter.is_ascii() || !ALPHABET.contains(&(letter as u8)) || code.len() >= LETTERS + 3 {
                return None;
            }
            if code.len() % (GROUP + 1) == GROUP {
                code.push('-');
            }
            code.push(letter);
        }
        (code.len() == LETTERS + 3).then_some(Self(code))
    }

    /// The code as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_code_is_read_in_any_of_its_spellings() {
        let code = TrackingCode::from_bits([0x08, 0x42, 0x10, 0x84, 0x21, 0x08, 0x42, 0x10, 0x84, 0x21]);
        assert_eq!(code.as_str(), "1111-1111-1111-1111");
        for written in [
            "1111111111111111",
            "IlIl-1111 iLiL–1111",
            "১১১১-১১১১-১১১১-১১১১",
            "1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1",
        ] {
            assert_eq!(TrackingCode::read(written), Some(code.clone()), "{written}");
        }
        assert_eq!(
            TrackingCode::read("oooo-OOOO-0000-০০০০").unwrap().as_str(),
            "0000-0000-0000-0000"
        );
        for nonsense in [
            "",
            "1111",
            "1111-1111-1111-111",
            "1111-1111-1111-1111-1",
            "UUUU-UUUU-UUUU-UUUU",
            "1111-1111-1111-111\u{0}",
            "ক",
        ] {
            assert_eq!(TrackingCode::read(nonsense), None, "{nonsense}");
        }
        assert_eq!(format!("{code:?}"), "TrackingCode(…)");
        let bits = [0x00, 0x44, 0x32, 0x14, 0xc7, 0x42, 0x54, 0xb6, 0x35, 0xcf];
        assert_eq!(TrackingCode::from_bits(bits).as_str(), "0123-4567-89AB-CDEF");
    }

    proptest! {
        #[test]
        fn every_code_is_read_back_and_no_two_are_alike(a in any::<[u8; 10]>(), b in any::<[u8; 10]>()) {
            let code = TrackingCode::from_bits(a);
            prop_assert_eq!(code.as_str().len(), 19);
            prop_assert_eq!(TrackingCode::read(code.as_str()), Some(code.clone()));
            prop_assert_eq!(TrackingCode::read(&code.as_str().to_lowercase().replace('-', "")), Some(code.clone()));
            prop_assert_eq!(code == TrackingCode::from_bits(b), a == b);
        }

        #[test]
        fn nothing_panics(written in "\\PC{0,40}") {
            let _ = TrackingCode::read(&written);
        }
    }
}
