//! What tells of a person how to be reached, and who one is: as it is kept, and as those see it who do not handle the case.

use serde::{Deserialize, Serialize};

use super::contact::{Email, PhoneE164, ShownEmail, ShownMobile};

/// Personal data as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The id of the key that it was sealed by; empty where it was by none.
    pub key: String,
    /// What was sealed, in JSON where it was by no key.
    pub text: String,
}

/// What of an applicant is sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applicant {
    /// The address.
    pub address: String,
    /// The mobile, as a telephone dials it.
    pub mobile: PhoneE164,
    /// The e-mail address.
    pub email: Option<Email>,
}

/// What of an applicant is sealed, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownApplicant {
    /// The address.
    pub address: String,
    /// The mobile.
    pub mobile: ShownMobile,
    /// The e-mail address.
    pub email: Option<ShownEmail>,
    /// Whether all that is masked.
    pub masked: bool,
}

impl Applicant {
    /// Somebody for tests.
    #[cfg(test)]
    pub(crate) fn example() -> Self {
        Self {
            address: "খালিশপুর, খুলনা".into(),
            mobile: "+8801711123456".into(),
            email: Some("rahima@example.org".into()),
        }
    }

    /// As it is shown: as it is to those who handle the case, masked to others.
    pub fn shown(self, masked: bool) -> ShownApplicant {
        ShownApplicant {
            address: shown_address(self.address, masked),
            mobile: shown_mobile(&self.mobile, masked),
            email: self.email.as_ref().map(|email| shown_email(email, masked)),
            masked,
        }
    }
}

/// What stands in the place of a character.
const MASK: char = '•';
/// What stands in the place of an address.
const HIDDEN: &str = "•••";
/// What stands in the place of what is forgotten.
pub const FORGOTTEN: &str = HIDDEN;
/// What stands in the place of a number that is forgotten.
pub const FORGOTTEN_MOBILE: &str = "••••••••";

/// A mobile; masked, the beginning that many have, and the last two digits.
pub fn shown_mobile(mobile: &PhoneE164, masked: bool) -> ShownMobile {
    if masked {
        without_middle(mobile.as_str(), 6, 2).into()
    } else {
        mobile.as_str().into()
    }
}

/// An e-mail address; masked, the first character and the domain.
pub fn shown_email(email: &Email, masked: bool) -> ShownEmail {
    if !masked {
        return email.as_str().into();
    }
    let (name, domain) = email.as_str().rsplit_once('@').unwrap_or((email.as_str(), ""));
    let first: String = name.chars().take(1).collect();
    format!("{first}{HIDDEN}@{domain}").into()
}

/// The number of a paper; masked, the last two characters.
pub fn shown_number(number: String, masked: bool) -> String {
    if masked { without_middle(&number, 0, 2) } else { number }
}

/// An address; masked, nothing of it.
pub fn shown_address(address: String, masked: bool) -> String {
    if masked { HIDDEN.to_owned() } else { address }
}

/// A text without what is between its beginning and its end; without anything, where that is not much more.
fn without_middle(text: &str, first: usize, last: usize) -> String {
    let length = text.chars().count();
    let (first, last) = if length >= first + last + 4 {
        (first, last)
    } else {
        (0, 0)
    };
    let shown = |(place, character): (usize, char)| {
        if place < first || place >= length - last {
            character
        } else {
            MASK
        }
    };
    text.chars().enumerate().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_masked_is_known_to_whoever_knows_it() {
        let masked = Applicant::example().shown(true);
        assert!(masked.masked);
        assert_eq!(masked.address, "•••");
        assert_eq!(masked.mobile.as_str(), "+88017••••••56");
        assert_eq!(masked.email.unwrap().to_string(), "r•••@example.org");
        assert_eq!(shown_number("1990123456789".into(), true), "•••••••••••89");
        assert_eq!(shown_number("1234".into(), true), "••••");
        assert_eq!(shown_number("123456".into(), true), "••••56");
        let mobile = |number: &str| shown_mobile(&number.into(), true).as_str().to_owned();
        assert_eq!(mobile("+12345678901"), "+12345••••01");
        assert_eq!(mobile("+1234567890"), "•••••••••••", "nothing of a short one");
        let open = Applicant::example().shown(false);
        assert_eq!(open.address, Applicant::example().address);
        assert_eq!(open.mobile.as_str(), "+8801711123456");
        assert_eq!(open.email.unwrap().to_string(), "rahima@example.org");
        assert!(!open.masked);
    }

    proptest! {
        #[test]
        fn at_least_four_characters_are_hidden(number in "\\+[1-9][0-9]{3,14}", text in "\\PC{0,30}") {
            let hidden = |text: &str| text.chars().filter(|character| *character == MASK).count();
            prop_assert!(hidden(shown_mobile(&PhoneE164::from(number), true).as_str()) >= 4);
            let length = text.chars().count();
            prop_assert!(hidden(&shown_number(text, true)) >= length.min(4));
        }
    }
}
