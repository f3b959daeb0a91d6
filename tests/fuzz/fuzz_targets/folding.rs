//! What is folded for a search stays as it is when it is folded again.
#![no_main]

use citizens_charter::domain::bangla::fold;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let folded = fold(text);
    assert_eq!(fold(&folded), folded);
});
