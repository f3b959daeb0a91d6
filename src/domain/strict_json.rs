//! JSON read strictly: a field that stands twice is a fault, where serde_json would silently keep the last one, and so is a
//! control character in a string, which no text has a use for and PostgreSQL cannot keep. So is a string of which nothing can be
//! seen.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::fault::Fault;
use super::json_schema::escape;

/// Why a document could not be read.
#[derive(Debug)]
pub enum Error {
    /// It is no JSON; the words say where.
    Syntax(serde_json::Error),
    /// It is JSON with these faults.
    Faults(Vec<Fault>),
}

/// Reads a document. All repeated fields are told at once.
///
/// # Errors
/// [`Error::Syntax`], [`Error::Faults`].
pub fn read(json: &[u8]) -> Result<Value, Error> {
    let faults = RefCell::default();
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let node = Node {
        at: String::new(),
        faults: &faults,
    };
    let value = node.deserialize(&mut deserializer).map_err(Error::Syntax)?;
    deserializer.end().map_err(Error::Syntax)?;
    let faults = faults.into_inner();
    if faults.is_empty() {
        Ok(value)
    } else {
        Err(Error::Faults(faults))
    }
}

/// A place in the document.
struct Node<'a> {
    at: String,
    faults: &'a RefCell<Vec<Fault>>,
}

impl Node<'_> {
    fn fault(&self, code: &str, detail: &str) {
        let fault = Fault::new(self.at.clone(), code, detail);
        self.faults.borrow_mut().push(fault);
    }

    /// A string, unless it holds what no text does.
    fn text(&self, text: &str) {
        if text.contains(is_of_no_use) {
            self.fault("control_character", "must not hold control characters");
        } else if is_unseen(text) {
            self.fault("nothing_visible", "must hold something that can be seen");
        }
    }

    fn child(&self, token: &str) -> Node<'_> {
        Node {
            at: format!("{}/{token}", self.at),
            faults: self.faults,
        }
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        self.text(value);
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        self.text(&value);
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = entries.next_element_seed(self.child(&values.len().to_string()))? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut values = Map::new();
        while let Some(name) = fields.next_key::<String>()? {
            let child = self.child(&escape(&name));
            if values.contains_key(&name) {
                child.fault("duplicate", "stands more than once");
            }
            values.insert(name, fields.next_value_seed(child)?);
        }
        Ok(Value::Object(values))
    }
}

/// Whether a character is one that no text has a use for.
pub fn is_of_no_use(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\r' | '\t')
}

/// Whether a text has characters, none of which can be seen. (Nothing but spaces is told by the form that a field has.)
pub fn is_unseen(text: &str) -> bool {
    let unseen = |c: char| {
        matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
        ) || matches!(c, '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
            || matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}')
    };
    text.chars().any(unseen) && text.chars().all(|c| unseen(c) || c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fault::in_short;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn every_repeated_field_is_told_with_its_place() {
        let Err(Error::Faults(faults)) = read(br#"{"a": 1, "b": [{"c/d": 1, "c/d": 2}], "a": {"e": 1, "e": 2}}"#)
        else {
            panic!("the document repeats fields");
        };
        let pointers: Vec<&str> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
        assert_eq!(pointers, ["/b/0/c~1d", "/a", "/a/e"]);
    }

    #[test]
    fn what_cannot_be_seen_is_no_text() {
        for unseen in ["\u{200b}", " \u{200c}\u{feff}\n", "\u{202e}\u{202c}", "\u{3164}"] {
            assert!(is_unseen(unseen), "{unseen:?}");
            assert!(read(json!({"name": unseen}).to_string().as_bytes()).is_err());
        }
        for seen in ["", " ", "রহি\u{200d}মা", "a\u{200b}", "🇧🇩"] {
            assert!(!is_unseen(seen), "{seen:?}");
        }
    }

    #[test]
    fn control_characters_are_told_with_their_place() {
        let Err(Error::Faults(faults)) = read(br#"{"a": "x\u0000", "b": ["line\n\tend", "\u001b[31m", "\u0085"]}"#)
        else {
            panic!("the document holds control characters");
        };
        assert_eq!(
            in_short(faults),
            [
                "/a control_character",
                "/b/1 control_character",
                "/b/2 control_character"
            ]
        );
    }

    #[test]
    fn what_is_no_json_says_where() {
        for (json, words) in [
            (&b"{"[..], "line 1 column 1"),
            (b"{} {}", "trailing characters"),
            (b"\xff", "line 1"),
            (b"", "EOF"),
            ("[".repeat(100_000).as_bytes(), "recursion limit"),
        ] {
            let Err(Error::Syntax(error)) = read(json) else {
                panic!("no JSON");
            };
            assert!(error.to_string().contains(words), "{error}");
        }
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            "\\PC{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 5, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                proptest::collection::hash_map("\\PC{0,6}", inner, 0..5).prop_map(|fields| json!(fields)),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_document_is_read_as_it_was_written(document in any_json()) {
            let read = read(document.to_string().as_bytes()).map_err(|error| format!("{error:?}"));
            prop_assert_eq!(read, Ok(document));
        }

        #[test]
        fn nothing_panics(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = read(&bytes);
        }
    }
}
