//! Telephone numbers: as the charter prints them, and as a telephone dials them.

use super::bangla::digit;

/// The E.164 form of a number as published: Bangla or ASCII digits with spaces, hyphens, dots or brackets between
/// them. A number without a country code is taken for one of Bangladesh. `None` where it cannot be a number.
///
/// The shape alone is judged. Numbering plans change faster than libraries do, and several of the charter's landlines
/// are unknown to them.
pub fn to_e164(published: &str) -> Option<String> {
    let mut digits = String::new();
    let mut international = false;
    for c in published.trim().chars() {
        match (digit(c), c) {
            (Some(d), _) => digits.push(d),
            (None, '+') if digits.is_empty() && !international => international = true,
            (None, ' ' | '\u{00A0}' | '-' | '\u{2010}'..='\u{2015}' | '.' | '(' | ')') => {}
            _ => return None,
        }
    }
    let number = if international {
        digits
    } else if let Some(rest) = digits.strip_prefix("00") {
        rest.to_owned()
    } else if let Some(rest) = digits.strip_prefix('0') {
        format!("880{rest}")
    } else if digits.starts_with("880") {
        digits
    } else {
        return None;
    };
    // E.164 allows 15 digits; fewer than 8 with the country code is no subscriber's number
    ((8..=15).contains(&number.len()) && !number.starts_with('0')).then(|| format!("+{number}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::bangla::to_bangla_digits;
    use proptest::prelude::*;

    #[test]
    fn the_charters_numbers() {
        for (published, e164) in [
            ("০২৪৭৮৮৪৫৩৯২", "+8802478845392"),
            ("০১৭৩৭৯৯৬৮৬৭", "+8801737996867"),
            ("+৮৮০ ২৪১ ০২৪০৭০", "+880241024070"),
            ("01737-996867", "+8801737996867"),
            ("8801737996867", "+8801737996867"),
            ("00 880 1737 996867", "+8801737996867"),
            ("+1 (202) 555-0100", "+12025550100"),
        ] {
            assert_eq!(to_e164(published).as_deref(), Some(e164), "{published}");
        }
    }

    #[test]
    fn what_is_no_number() {
        for published in [
            "",
            "+",
            "phone",
            "12",
            "0",
            "1737996867",
            "++8801737996867",
            "0173799686712345678",
            "০১৭x৩৭৯৯",
        ] {
            assert_eq!(to_e164(published), None, "{published}");
        }
    }

    proptest! {
        #[test]
        fn any_mobile_is_read_in_both_scripts(rest in "1[3-9][0-9]{8}") {
            let expected = Some(format!("+880{rest}"));
            prop_assert_eq!(to_e164(&format!("0{rest}")), expected.clone());
            prop_assert_eq!(to_e164(&to_bangla_digits(&format!("0{rest}"))), expected.clone());
            prop_assert_eq!(to_e164(&format!("+880{rest}")), expected);
        }

        #[test]
        fn nothing_panics_and_what_comes_out_is_e164(text in "\\PC{0,40}") {
            if let Some(number) = to_e164(&text) {
                prop_assert!(number.starts_with('+') && number.len() <= 16);
                prop_assert!(number[1..].chars().all(|c| c.is_ascii_digit()));
                prop_assert_eq!(to_e164(&number), Some(number.clone()));
            }
        }
    }
}
