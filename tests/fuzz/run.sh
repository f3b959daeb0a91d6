#!/usr/bin/env bash
# Tries what takes words from outside with bytes that nobody thought of (cargo-fuzz, libFuzzer): each target for FUZZ_SECONDS, 600 where
# nothing is said. Arguments name the targets, else all are tried. Needs a nightly compiler (`rustup toolchain install nightly`)
# and a C++ compiler. The program has no unsafe code, which is why no sanitizer is needed to see a fault: they all are panics.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH="$PWD/target/tools/bin:$PATH"
command -v cargo-fuzz >/dev/null || cargo install --quiet --locked --root target/tools cargo-fuzz@0.13.1

fuzz() { cargo +nightly fuzz "$1" --fuzz-dir tests/fuzz --target-dir target/fuzz --sanitizer none "${@:2}"; }

[ $# -gt 0 ] || set -- cursor folding phone charter_import token_head tracking_code
fuzz build
for target in "$@"; do
    echo "-- $target"
    mkdir -p "tests/fuzz/corpus/$target"
    known=()
    [ "$target" != charter_import ] || known=(charters)
    fuzz run "$target" "tests/fuzz/corpus/$target" "${known[@]}" -- "-max_total_time=${FUZZ_SECONDS:-600}" -max_len=262144 -rss_limit_mb=4096 \
        2>&1 | grep -E "^(Done|==|SUMMARY|thread|assertion|panicked)|BINGO|INITED|crash-|oom-|timeout-"
done
