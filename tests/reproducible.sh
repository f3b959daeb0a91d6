#!/usr/bin/env bash
# Builds the committed tree twice, each time from nothing and in another place, and says whether the two programs are the same, byte for
# byte. What a build says of its place (in the messages of a panic) is given one name for both. Takes as long as two release builds.
set -euo pipefail
cd "$(dirname "$0")/.."

# what is committed now: somebody may commit while this builds
commit=$(git rev-parse --short HEAD)
place="$PWD/target/reproducible"
rm -rf "$place"
cargo="${CARGO_HOME:-$HOME/.cargo}"
export CARGO_INCREMENTAL=0
for copy in one another/and-deeper; do
    tree="$place/$copy"
    mkdir -p "$tree"
    git archive "$commit" | tar -x -C "$tree"
    (
        cd "$tree"
        export CARGO_TARGET_DIR="$tree/target"
        export CFLAGS="-ffile-prefix-map=$tree=/source -ffile-prefix-map=$cargo=/cargo"
        export RUSTFLAGS="--remap-path-prefix=$tree=/source --remap-path-prefix=$cargo=/cargo"
        cargo build --quiet --release --locked
    )
done

one="$place/one/target/release/citizens-charter"
another="$place/another/and-deeper/target/release/citizens-charter"
sha256sum "$one" "$another"
if ! cmp "$one" "$another"; then
    echo "two clean builds of $commit are not the same" >&2
    exit 1
fi
echo "two clean builds of $commit are the same"
