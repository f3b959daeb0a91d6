//! Bangla spelling made comparable: one folded form for all the ways a word is typed.
//!
//! The charter itself spells the same word in several ways (তাৎক্ষণিক and তাৎক্ষনিক, প্রযোজ্য and প্রয়োজ্য), and
//! keyboards add more. Search and the parsers of published words compare folded forms only.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The ASCII digit of a Bangla or ASCII digit, `None` for any other character.
pub fn digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '০'..='৯' => char::from_digit(u32::from(c) - u32::from('০'), 10),
        _ => None,
    }
}

/// The text with its ASCII digits written in Bangla.
pub fn to_bangla_digits(text: &str) -> String {
    text.chars()
        .map(|c| match c.to_digit(10) {
            Some(d) => char::from_u32(u32::from('০') + d).unwrap_or(c),
            None => c,
        })
        .collect()
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// One character folded; `None` where it carries no meaning for a comparison.
fn fold_char(c: char) -> Option<char> {
    match c {
        // nukta (য় is য with a nukta once decomposed), chandrabindu
        '\u{09BC}' | '\u{0981}' => None,
        // Latin accents; Bangla vowel signs are combining marks too and stay
        '\u{0300}'..='\u{036F}' => None,
        'ণ' => Some('ন'),
        'ী' => Some('ি'),
        'ূ' => Some('ু'),
        'ঈ' => Some('ই'),
        'ঊ' => Some('উ'),
        _ => Some(digit(c).unwrap_or(c)),
    }
}

/// The words of a text, folded. A hyphen joins what stands around it, also across white space that a line break left
/// behind ("ই- মেইল" and "ই-মেইল" both give "ইমেইল"); any other punctuation parts words.
fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut current = Word::default();
    let mut pending_hyphen = false;
    let mut pending_space = false;
    let decomposed = text
        .replace('ৎ', "ত্")
        .nfkd()
        .flat_map(char::to_lowercase)
        .filter(|c| !matches!(c, '\u{200B}'..='\u{200F}' | '\u{FEFF}' | '\u{00AD}' | '\u{2060}'))
        .filter_map(fold_char)
        .collect::<String>();
    for c in decomposed.nfc() {
        if c.is_alphanumeric() || is_combining_mark(c) {
            if pending_hyphen && !current.joined.is_empty() {
                current.parts.push(current.joined.len());
            } else if pending_space && !current.joined.is_empty() {
                words.push(std::mem::take(&mut current));
            }
            (pending_hyphen, pending_space) = (false, false);
            current.joined.push(c);
        } else if is_hyphen(c) {
            pending_hyphen = true;
        } else if c.is_whitespace() {
            pending_space = true;
        } else {
            pending_hyphen = false;
            if !current.joined.is_empty() {
                words.push(std::mem::take(&mut current));
            }
        }
    }
    if !current.joined.is_empty() {
        words.push(current);
    }
    words
}

/// A folded word and the byte offsets at which a hyphen was taken out of it.
#[derive(Default)]
struct Word {
    joined: String,
    parts: Vec<usize>,
}

impl Word {
    /// The word without its hyphens, in normal form: what stood on both sides of one may combine.
    fn whole(self) -> String {
        if self.parts.is_empty() {
            self.joined
        } else {
            self.joined.nfc().collect()
        }
    }
}

/// The folded words of a text with single spaces between them.
pub fn fold(text: &str) -> String {
    let words: Vec<String> = words(text).into_iter().map(Word::whole).collect();
    words.join(" ")
}

/// What is kept beside a text for search: every folded word behind two spaces, hyphenated words also in their parts, so
/// that a plain substring comparison finds words, and `" ab"` and `"  a"` find beginnings of words.
pub fn search_text<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut folded = String::new();
    for word in texts.into_iter().flat_map(words) {
        let mut start = 0;
        if !word.parts.is_empty() {
            for end in word.parts.iter().copied().chain([word.joined.len()]) {
                folded.push_str("  ");
                folded.push_str(&word.joined[start..end]);
                start = end;
            }
        }
        folded.push_str("  ");
        folded.push_str(&word.whole());
    }
    folded
}

/// The patterns that all have to stand in a [`search_text`] for a query to match it: words of three characters or more
/// match anywhere, shorter ones at the beginning of a word. Every pattern is at least three characters long, which
/// is what trigram indexes need. Empty where the query holds neither letters nor digits.
pub fn search_patterns(query: &str) -> Vec<String> {
    words(query)
        .into_iter()
        .map(|word| {
            let word = word.whole();
            let length = word.chars().count();
            format!("{:padding$}{word}", "", padding = 3_usize.saturating_sub(length))
        })
        .collect()
}

/// The same for a query whose words match at the beginning of a word only, which costs an index of words less.
pub fn beginning_patterns(query: &str) -> Vec<String> {
    let behind_a_space = |pattern: String| {
        if pattern.starts_with(' ') {
            pattern
        } else {
            format!(" {pattern}")
        }
    };
    search_patterns(query).into_iter().map(behind_a_space).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn finds(query: &str, text: &str) -> bool {
        let haystack = search_text([text]);
        let patterns = search_patterns(query);
        !patterns.is_empty() && patterns.iter().all(|p| haystack.contains(p.as_str()))
    }

    #[test]
    fn spelling_variants_of_the_charter_fold_together() {
        for (a, b) in [
            ("তাৎক্ষণিক", "তাৎক্ষনিক"),
            ("তাৎক্ষণিক", "তাত্\u{200D}ক্ষনিক"),
            ("প্রযোজ্য", "প্রয়োজ্য"),
            ("প্রয়োজ্য", "প্রয\u{09BC}োজ্য"),
            ("প্র\u{09DF}োজ্য", "প্রযোজ্য"),
            ("ই-মেইল", "ই- মেইল"),
            ("ই‑মেইল", "ইমেইল"),
            ("সরকারী", "সরকারি"),
            ("রূপসা", "রুপসা"),
            ("চাঁদ", "চাদ"),
            ("ঈদ", "ইদ"),
            ("ঊর্মি", "উর্মি"),
            ("Café", "cafe"),
            ("ক\u{09CB}ভিড", "ক\u{09C7}\u{09BE}ভিড"),
            ("০১৭৩৭৯৯৬৮৬৭", "01737996867"),
            ("CYBER", "cyber"),
        ] {
            assert_eq!(fold(a), fold(b), "{a} and {b}");
        }
    }

    #[test]
    fn beginnings_of_words_are_found_by_themselves() {
        let finds = |query, text| {
            let haystack = search_text([text]);
            beginning_patterns(query).iter().all(|p| haystack.contains(p.as_str()))
        };
        assert!(finds("রহি খাতুন", "মোছাঃ রহিমা খাতুন"));
        assert!(finds("মেইল", "ই-মেইল"), "the parts of a hyphenated word begin anew");
        assert!(finds("7ZK3-9q", "7ZK3-9QWM-04TD-XB2R"));
        assert!(finds("ab a 1", "about 12"));
        assert!(!finds("হিমা", "মোছাঃ রহিমা খাতুন"));
        assert!(!finds("01737996867", "+8801737996867"));
        assert_eq!(beginning_patterns("ক কখ কখগ কখগঘ"), ["  ক", " কখ", " কখগ", " কখগঘ"]);
    }

    #[test]
    fn a_query_finds_words_their_parts_and_their_beginnings() {
        assert!(finds("কোভিড ১৯", "কোভিড-১৯ ভ্যাক্সিন"));
        assert!(finds("কোভিড-19", "কোভিড-১৯ ভ্যাক্সিন"));
        assert!(finds("মেইল", "ই- মেইল/সরাসরি"));
        assert!(finds("ই", "সরাসরি/ই-মেইল"));
        assert!(finds("security", "cyber-security"));
        assert!(finds("01737996867", "+8801737996867"));
        assert!(finds("ict trai", "Training in ICT"));
        assert!(!finds("ct", "ICT"), "two letters match beginnings only");
        assert!(!finds("%", "100 % free"));
    }

    #[test]
    fn digits_go_both_ways() {
        assert_eq!(to_bangla_digits("2026-11-24"), "২০২৬-১১-২৪");
        assert_eq!("০৫".chars().filter_map(digit).collect::<String>(), "05");
    }

    /// Found by fuzzing: marks in another order, and letters that are one letter together.
    #[test]
    fn what_a_hyphen_parted_combines() {
        for text in ["v\u{6DC}-\u{65C}", "কে-া", "ᄀ-ᅡ", "a\u{5C1}-\u{5B0}-\u{5C2}"] {
            let folded = fold(text);
            assert_eq!(fold(&folded), folded, "{text}");
            assert!(search_text([text]).ends_with(&search_patterns(text).concat()), "{text}");
        }
        assert_eq!(fold("কে-া"), fold("কো"));
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,60}") {
            prop_assert_eq!(fold(&fold(&text)), fold(&text));
        }

        #[test]
        fn folding_does_not_depend_on_the_normal_form(text in "[ঀ-৾a-zA-Zé০-৯ -]{0,40}") {
            let nfc: String = text.nfc().collect();
            let nfd: String = text.nfd().collect();
            prop_assert_eq!(fold(&nfc), fold(&nfd));
        }

        #[test]
        fn a_text_is_found_by_each_of_its_words(text in "[ঀ-৾a-z০-৯ /-]{1,60}") {
            for word in fold(&text).split(' ').filter(|w| !w.is_empty()) {
                prop_assert!(finds(word, &text), "{} in {}", word, text);
            }
        }

        #[test]
        fn patterns_are_long_enough_for_a_trigram_index(query in "\\PC{0,60}") {
            for pattern in search_patterns(&query) {
                prop_assert!(pattern.chars().count() >= 3);
                prop_assert!(!pattern.contains(['%', '_', '"', '\\']));
            }
        }
    }
}
