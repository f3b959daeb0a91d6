#!/usr/bin/env bash
# Tells what of the OpenAPI document would break the clients of the last release: the document of the last tag `v…` is held against
# the committed one, with oasdiff where it is there (OASDIFF, or on the PATH), else with openapi-diff, which knows fewer kinds of
# breakage. With a file as argument, that one is held against the committed one.
set -euo pipefail
cd "$(dirname "$0")"
document=../../openapi/openapi-3.0.json
work=$(mktemp -d "${TMPDIR:-/tmp}/citizens-charter-compatible.XXXXXX")
trap 'rm -rf "$work"' EXIT

oasdiff=${OASDIFF:-$(command -v oasdiff || true)}
[ -n "$oasdiff" ] || [ -x node_modules/.bin/openapi-diff ] ||
    npm ci --engine-strict=false --no-audit --no-fund --loglevel=error

# Whether a document breaks nothing that another one promised; what it breaks is in the report.
keeps() {
    if [ -n "$oasdiff" ]; then
        "$oasdiff" breaking --fail-on ERR "$1" "$2" >"$work/report" 2>&1
    else
        node_modules/.bin/openapi-diff "$1" "$2" >"$work/report" 2>&1
    fi
}

# the tool is one that sees what breaks, and only that
node - "$document" "$work" <<'JS'
const { readFileSync, writeFileSync } = require("node:fs");
const [document, work] = process.argv.slice(2);
const changed = (name, change) => {
    const copy = JSON.parse(readFileSync(document, "utf8"));
    change(copy);
    writeFileSync(`${work}/${name}.json`, JSON.stringify(copy));
};
const { schemas } = JSON.parse(readFileSync(document, "utf8")).components;
changed("more", (copy) => { copy.components.schemas.Service.properties.more = { type: "string" }; });
changed("no-operation", (copy) => { delete copy.paths["/v1/services"].get; });
changed("no-field", (copy) => {
    delete copy.components.schemas.Service.properties.fee;
    copy.components.schemas.Service.required = schemas.Service.required.filter((name) => name !== "fee");
});
changed("new-need", (copy) => { copy.components.schemas.ServiceRequestInput.required.push("email"); });
JS
keeps "$document" "$work/more.json" || { cat "$work/report"; echo "a field more breaks nobody" >&2; exit 1; }
for broken in no-operation no-field new-need; do
    ! keeps "$document" "$work/$broken.json" || { echo "$broken was not seen" >&2; exit 1; }
done

released=${1:-}
if [ -z "$released" ]; then
    tag=$(git describe --tags --abbrev=0 --match 'v*' 2>/dev/null || true)
    if [ -z "$tag" ]; then
        echo "nothing is released yet: there is nobody to break"
        exit
    fi
    released=$work/released.json
    git show "$tag:openapi/openapi-3.0.json" >"$released"
fi
keeps "$released" "$document" || { cat "$work/report"; echo "this breaks clients of the last release" >&2; exit 1; }
echo "nothing breaks clients of ${tag:-$released}"
