#!/usr/bin/env bash
# Lints the committed OpenAPI documents with Spectral (OpenAPI and OWASP rules) and Redocly (recommended-strict): no errors,
# no warnings. Needs npm; where Node.js is too old for the linters, a newer one comes from the npm registry.
set -euo pipefail
cd "$(dirname "$0")"
export NPM_CONFIG_UPDATE_NOTIFIER=false REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true

new_enough='const [major, minor] = process.versions.node.split(".").map(Number); process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)'
[ -x node_modules/.bin/spectral ] && [ -x node_modules/.bin/redocly ] ||
    npm ci --engine-strict=false --no-audit --no-fund --loglevel=error
if ! node -e "$new_enough"; then
    [ -x node_modules/node/bin/node ] ||
        npm install --no-save --engine-strict=false --no-audit --no-fund --loglevel=error node@22
    export PATH="$PWD/node_modules/node/bin:$PATH"
fi
export PATH="$PWD/node_modules/.bin:$PATH"

for document in ../../openapi/openapi.json ../../openapi/openapi-3.0.json; do
    spectral lint --ruleset spectral.yaml --fail-severity hint "$document"
    redocly lint --config redocly.yaml --max-problems 50 "$document"
done
