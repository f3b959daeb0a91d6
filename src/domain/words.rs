//! Enums whose values are words, written alike in JSON and in tables.

/// Makes an enum with the list of its values and their names, which are what serde writes.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$about:meta])* $variant:ident,)* }) => {
        ::pastey::paste! {
            #[derive(
                Clone, Copy, Debug, PartialEq, Eq, Hash, ::serde::Serialize, ::serde::Deserialize, ::schemars::JsonSchema,
            )]
            $(#[$meta])*
            #[serde(rename_all = "snake_case")]
            pub enum $name {
                $($(#[$about])* $variant,)*
            }

            impl $name {
                /// Every value.
                pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

                /// The value of a name.
                pub fn named(name: &str) -> Option<Self> {
                    Self::ALL.iter().copied().find(|value| value.as_str() == name)
                }

                /// The name in JSON and tables.
                pub const fn as_str(self) -> &'static str {
                    match self {
                        $(Self::$variant => stringify!([<$variant:snake>]),)*
                    }
                }
            }
        }
    };
}
pub(crate) use words;

#[cfg(test)]
mod tests {
    words! {
        /// Something.
        Something {
            /// one word
            Here,
            /// two words
            OverThere,
        }
    }

    #[test]
    fn names_are_those_of_json() {
        for value in Something::ALL {
            assert_eq!(serde_json::json!(value), value.as_str());
        }
        assert_eq!(Something::OverThere.as_str(), "over_there");
        for value in Something::ALL {
            assert_eq!(Something::named(value.as_str()), Some(*value));
        }
        assert_eq!(Something::named("nowhere"), None);
    }
}
