#!/usr/bin/env bash
# Changes the rules of src/domain, one small change at a time, and tells which changes no unit test sees (cargo-mutants). The domain
# depends on nothing else in the program, so it is tried as a crate of its own, which builds in seconds. Arguments go to cargo-mutants:
# `tests/mutants/run.sh --file 'src/domain/promise.rs'`, `--shard 0/4`. What is found lies in target/mutants/mutants.out.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH="$PWD/target/tools/bin:$PATH"
command -v cargo-mutants >/dev/null || cargo install --quiet --locked --root target/tools cargo-mutants

crate=target/mutants/crate
rm -rf "$crate"
mkdir -p "$crate/src"
cp -r src/domain "$crate/src/domain"
# what the tests read
cp -r charters docs openapi "$crate/"
cp Cargo.lock "$crate/"
printf '#![warn(missing_docs)]\n//! The domain by itself.\npub mod domain;\n' > "$crate/src/lib.rs"
grep -E '^(version|edition|rust-version|license) =' Cargo.toml | sed '1i [package]\nname = "citizens-charter-domain"' > "$crate/Cargo.toml"
printf '[workspace]\n' >> "$crate/Cargo.toml"
for section in dependencies dev-dependencies; do
    printf '[%s]\n' "$section"
    sed -n "/^\[$section\]/,/^\[/p" Cargo.toml | grep -E \
        '^(base64|chrono|form_urlencoded|jsonschema|log|pastey|proptest|schemars|serde|serde_json|sha2|thiserror|unicode-normalization|url|uuid) ='
done >> "$crate/Cargo.toml"

# 1,200 builds and runs: fast ones, with fewer cases of the property tests than elsewhere
export CARGO_TARGET_DIR="$PWD/target/mutants/build"
cat >> "$crate/Cargo.toml" <<'PROFILE'
[profile.dev]
debug = false
[profile.dev.package."*"]
opt-level = 1
[profile.dev.build-override]
opt-level = 2
PROFILE
export PROPTEST_CASES="${PROPTEST_CASES:-64}"
if command -v mold >/dev/null; then export RUSTFLAGS="${RUSTFLAGS:-} -Clink-arg=-fuse-ld=mold"; fi

cargo mutants --in-place --dir "$crate" --output target/mutants --no-shuffle --colors never "$@" -- --lib
