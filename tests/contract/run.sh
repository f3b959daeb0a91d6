#!/usr/bin/env bash
# Holds every answer of the service against its OpenAPI document, by requests that fit the document and requests that do not
# (Schemathesis, all checks), without a token and with one of each role. The program has to be built, by `cargo build --release`
# or `cargo build`; Python 3 has to be there. CONTRACT_ROLES names who sends them, such as `anyone officer`, and CONTRACT_EXAMPLES how many are
# made up for each operation beside those that the document gives reason for. Arguments are seeds.
set -euo pipefail
cd "$(dirname "$0")"
target=${CARGO_TARGET_DIR:-../../target}
program=$target/release/citizens-charter
[ -x "$program" ] || program=$target/debug/citizens-charter
python3 -m venv .venv
.venv/bin/pip install --quiet --disable-pip-version-check --requirement requirements.txt
[ $# -gt 0 ] || set -- 1
.venv/bin/python fuzz.py "$program" "${CONTRACT_EXAMPLES:-10}" "$@"
