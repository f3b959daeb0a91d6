//! `citizens-charter`: see [`citizens_charter::cli`].
#![forbid(unsafe_code)]

use std::process::ExitCode;

/// What it is worth beside the system's: docs/performance.md.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    citizens_charter::cli::main()
}
