//! A charter is read or told its faults, and what was read is written so that it is read again.
#![no_main]

use citizens_charter::domain::charter::Charter;
use citizens_charter::domain::strict_json;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(document) = strict_json::read(bytes) else {
        return;
    };
    if let Ok(charter) = Charter::read(document) {
        let written = serde_json::to_value(&charter).expect("it is written");
        let again = Charter::read(written.clone()).expect("what is written can be read");
        assert_eq!(serde_json::to_value(&again).expect("it is written"), written);
    }
});
