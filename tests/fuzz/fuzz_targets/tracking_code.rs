//! Whatever is read as a tracking code is written in one way.
#![no_main]

use citizens_charter::domain::case::tracking_code::TrackingCode;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|written: &str| {
    if let Some(code) = TrackingCode::read(written) {
        assert_eq!(TrackingCode::read(code.as_str()).as_ref(), Some(&code));
    }
});
