//! A cursor opens its own list only, and there is one cursor for a place.
#![no_main]

use citizens_charter::http::fuzzing::{open_cursor, seal_cursor};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, &str)| {
    let (list, cursor) = input;
    if let Some(seq) = open_cursor(list, cursor) {
        assert_eq!(seal_cursor(list, seq), cursor);
    }
});
