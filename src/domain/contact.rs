//! How somebody is reached, and the codes by which offices are named: strings of a fixed form.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A string of a fixed form: the form stands in the schema, which every input is checked against.
macro_rules! formed_string {
    ($(#[$doc:meta])* $name:ident { $($schema:tt)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(transparent)]
        #[schemars(inline)]
        pub struct $name(#[schemars($($schema)*)] String);

        impl $name {
            /// The string itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<String> for $name {
            fn from(string: String) -> Self {
                Self(string)
            }
        }

        impl From<&str> for $name {
            fn from(string: &str) -> Self {
                Self(string.to_owned())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

formed_string! {
    /// The code by which an office is addressed; it never changes.
    OfficeCode {
        length(min = 2, max = 64), regex(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$"), extend("examples" = ["doict-khulna"])
    }
}

impl OfficeCode {
    /// The code that words are, where they have the form of one.
    pub fn read(words: &str) -> Option<Self> {
        let part = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        let fits = (2..=64).contains(&words.len()) && words.split('-').all(part);
        fits.then(|| words.into())
    }
}

formed_string! {
    /// An address on the web.
    Website {
        length(max = 2048), regex(pattern = r"^https?://[^\s]+$"), extend("format" = "uri", "examples" = ["http://doict.khulna.gov.bd"])
    }
}

formed_string! {
    /// An e-mail address.
    Email {
        length(max = 254), extend("format" = "email", "examples" = ["alimuzzaman.khan@doict.gov.bd"])
    }
}

formed_string! {
    /// A telephone number as it was published, in Bangla or ASCII digits.
    Phone {
        length(max = 40), regex(pattern = r"^[+০-৯0-9][০-৯0-9 ().-]+$"), extend("examples" = ["০২৪৭৮৮৪৫৩৯২"])
    }
}

formed_string! {
    /// A telephone number in E.164, as a telephone dials it.
    PhoneE164 {
        length(max = 16), regex(pattern = r"^\+[1-9][0-9]{7,14}$"), extend("examples" = ["+8802478845392"])
    }
}

formed_string! {
    /// A mobile as somebody is shown it: as a telephone dials it; where it is masked, but for its beginning and its end.
    ShownMobile {
        length(max = 16), regex(pattern = r"^[+•][0-9•]{7,15}$"), extend("examples" = ["+8801711123456"])
    }
}

formed_string! {
    /// An e-mail address as somebody is shown it; where it is masked, but for its beginning and its domain.
    ShownEmail {
        length(max = 260), regex(pattern = "@"), extend("examples" = ["rahima@example.org"])
    }
}

#[cfg(test)]
mod tests {
    use super::OfficeCode;

    #[test]
    fn a_code_has_its_form() {
        for code in ["doict-khulna", "ab", "a-1", "0-0-x"] {
            assert_eq!(OfficeCode::read(code), Some(code.into()));
        }
        let long = "a".repeat(65);
        for words in [
            "",
            "a",
            "-a",
            "a-",
            "a--b",
            "A-b",
            "doict khulna",
            "\0\0",
            "খুলনা",
            &*long,
        ] {
            assert_eq!(OfficeCode::read(words), None, "{words}");
        }
    }
}
