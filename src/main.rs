//! `citizens-charter`: see [`citizens_charter::cli`].
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    citizens_charter::cli::main()
}
