#!/usr/bin/env bash
# Lints the committed OpenAPI documents: no errors, no warnings. Needs Node.js 20.19 or later.
set -euo pipefail
cd "$(dirname "$0")"
[ -x node_modules/.bin/spectral ] || npm ci --no-audit --no-fund --loglevel=error
export PATH="$PWD/node_modules/.bin:$PATH"
for document in ../../openapi/openapi.json ../../openapi/openapi-3.0.json; do
    spectral lint --ruleset spectral.yaml --fail-severity hint "$document"
    redocly lint --config redocly.yaml "$document"
done
