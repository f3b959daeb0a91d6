//! `citizens-charter`: see [`citizens_charter::cli`].
#![forbid(unsafe_code)]

use std::process::ExitCode;

/// What answers are made of is small and short-lived, and made by one thread and dropped by another (docs/performance.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    citizens_charter::cli::main()
}
