//! A token is read before its signature is verified: whatever it is, it is read or refused.
#![no_main]

use citizens_charter::app::fuzzing::reads_as_token;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|token: &str| {
    let _ = reads_as_token(token);
});
