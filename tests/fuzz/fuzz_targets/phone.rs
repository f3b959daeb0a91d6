//! A number that can be dialled is dialled in one way.
#![no_main]

use citizens_charter::domain::phone::to_e164;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|published: &str| {
    if let Some(number) = to_e164(published) {
        assert_eq!(to_e164(&number).as_ref(), Some(&number));
    }
});
