#!/usr/bin/env bash
# What the program is made of: no crate of another source, under another licence or of another kind than deny.toml allows, and a
# bill of materials (CycloneDX) at target/citizens-charter.cdx.json. The tools are the installed ones, or else built once into
# target/tools.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/target/tools/bin:$PATH"

tool() {
    command -v "$1" >/dev/null || cargo install --quiet --locked --debug --root target/tools "$1@$2"
}

tool cargo-deny 0.20.2
cargo deny --locked check bans licenses sources

tool cargo-cyclonedx 0.5.9
cargo cyclonedx --quiet --format json --override-filename citizens-charter.cdx
mv citizens-charter.cdx.json target/
echo "$(grep -c '"bom-ref"' target/citizens-charter.cdx.json) entries in target/citizens-charter.cdx.json"
