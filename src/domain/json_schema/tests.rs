//! What a schema says, and what is said of a document that does not fit.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::*;
use crate::domain::service::CharterService;
use crate::domain::text::Text;

#[test]
fn optional_fields_are_absent_and_never_null() {
    let schema = schema_of::<CharterService>().to_string();
    assert!(!schema.contains("null"), "{schema}");
    let document = json!({"bn": "ক", "en": null});
    let faults = read::<Text>(document).unwrap_err();
    assert_eq!(faults, [Fault::new("/en", "wrong_type", "must be a string")]);
}

#[test]
fn all_faults_come_at_once_and_never_repeat_what_was_sent() {
    let faults = read::<Text>(json!({"bn": " ", "de": "geheim", "a/b": 1})).unwrap_err();
    let mut lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
    lines.sort();
    assert_eq!(
        lines,
        [
            "/a~1b: is not a known field [unknown_field]",
            "/bn: must not be blank [blank]",
            "/de: is not a known field [unknown_field]",
            "/en: is required [required]",
        ]
    );
}
/// One of two.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Either {
    /// the first
    This,
    /// the second
    That,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
enum Plain {
    Black,
    White,
}

/// A document with everything in it that has a rule.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is used")]
struct Everything {
    id: Uuid,
    day: NaiveDate,
    at: DateTime<Utc>,
    either: Either,
    perhaps: Option<Either>,
    plain: Option<Plain>,
    #[schemars(length(min = 2, max = 3))]
    word: Option<String>,
    #[schemars(range(min = 1, max = 9))]
    number: i32,
    flag: bool,
    #[schemars(length(min = 1, max = 2), extend("uniqueItems" = true))]
    list: Vec<i32>,
    #[schemars(extend("format" = "email"))]
    email: String,
    #[schemars(extend("format" = "uri"))]
    site: String,
    #[schemars(regex(pattern = "^[a-z]+$"))]
    code: String,
    #[schemars(extend("pattern" = DAY_PATTERN))]
    within: NaiveDate,
    text: Text,
}

#[test]
fn strings_are_bounded_and_enums_are_lists() {
    let schema = schema_of::<Everything>();
    let field = |name: &str| schema["properties"][name].clone();
    assert_eq!(field("id")["maxLength"], 36);
    assert_eq!(field("day")["maxLength"], 10);
    assert_eq!(field("at")["maxLength"], 35);
    assert_eq!(field("at")["examples"], json!(["2026-11-24T04:30:00Z"]));
    assert_eq!(field("word")["type"], "string");
    assert_eq!(field("perhaps"), json!({"$ref": "#/$defs/Either"}));
    assert_eq!(field("plain"), json!({"type": "string", "enum": ["black", "white"]}));
    let either = &schema["$defs"]["Either"];
    assert_eq!(
        (&either["type"], &either["enum"]),
        (&json!("string"), &json!(["this", "that"]))
    );
    assert_eq!(
        either["description"],
        "One of two.\n- `this`: the first\n- `that`: the second"
    );
    assert_eq!(*cached_schema_of::<Everything>(), schema);
}

#[test]
fn each_kind_of_fault_has_its_words() {
    let document = json!({
        "id": "7f1c2d3e-0000-4000-8000-000000000000",
        "day": "2026-11-24",
        "at": "2026-11-24T04:30:00Z",
        "either": "this",
        "perhaps": "that",
        "word": "abc",
        "number": 9,
        "flag": true,
        "list": [1, 2],
        "email": "a@example.org",
        "site": "https://example.org",
        "code": "abc",
        "within": "2100-12-31",
        "text": {"bn": "ক", "en": "k"},
    });
    assert!(read::<Everything>(document.clone()).is_ok());
    for (field, value, fault) in [
        ("id", json!("7"), "must be a UUID [invalid_format]"),
        (
            "day",
            json!("24/11/2026"),
            "must be a day written YYYY-MM-DD [invalid_format]",
        ),
        (
            "at",
            json!("now"),
            "must be an instant written as RFC 3339 says [invalid_format]",
        ),
        ("either", json!("none"), "must be one of `this`, `that` [unknown_value]"),
        ("perhaps", json!(null), "must be one of `this`, `that` [unknown_value]"),
        ("word", json!("abcd"), "must have at most 3 characters [too_long]"),
        ("word", json!("a"), "must have at least 2 characters [too_short]"),
        ("word", json!(5), "must be a string [wrong_type]"),
        ("number", json!(10), "must be at most 9 [out_of_range]"),
        ("number", json!(0), "must be at least 1 [out_of_range]"),
        ("number", json!(1.5), "must be a whole number [wrong_type]"),
        ("flag", json!(1), "must be true or false [wrong_type]"),
        ("list", json!([1, 2, 3]), "must have at most 2 entries [too_many]"),
        ("list", json!([]), "must have at least 1 entries [too_few]"),
        ("list", json!([1, 1]), "must not repeat an entry [duplicate]"),
        ("list", json!({}), "must be an array [wrong_type]"),
        ("email", json!("a"), "must be an e-mail address [invalid_format]"),
        ("site", json!("a"), "must be a web address [invalid_format]"),
        ("code", json!("A"), "must match ^[a-z]+$ [invalid_format]"),
        (
            "within",
            json!("2101-01-01"),
            "must be a day of the years 2000 to 2100 [out_of_range]",
        ),
        ("text", json!([]), "must be an object [wrong_type]"),
    ] {
        let mut faulty = document.clone();
        faulty[field] = value;
        let faults = read::<Everything>(faulty).unwrap_err();
        let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert!(lines.contains(&format!("/{field}: {fault}")), "{field}: {lines:?}");
    }
}

#[test]
fn a_name_is_a_token_of_a_pointer() {
    assert_eq!(escape("a~b/c\u{7}"), "a~0b~1c");
    assert_eq!(escape(&"x".repeat(200)).len(), 100);
}
