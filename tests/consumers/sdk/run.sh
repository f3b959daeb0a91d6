#!/usr/bin/env bash
# Generates a client in each language from the committed documents, compiles it without a warning, and walks it through a running
# service: list, file, track, sign in, act, and meet a problem. `run.sh typescript` runs one of them.
#
# Needs Node.js, Rust, a JDK, and Python with the packages of ../requirements.txt in ../.venv. Java's client needs Apache's httpmime:
# HTTPMIME names its jar, or else it is the one of Debian's libhttpmime-java.
set -euo pipefail
cd "$(dirname "$0")"
here=$PWD
root=$(cd ../../.. && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
program=$target/debug/citizens-charter
venv=$here/../.venv
work=$(mktemp -d "${TMPDIR:-/tmp}/citizens-charter-sdk.XXXXXX")
trap 'rm -rf "$work"' EXIT

# A command beside a running service.
beside_service() { "$venv/bin/python" ../service.py "$program" "$@"; }

# Fails where something is said.
silent() {
    "$@" >"$work/said" 2>&1 || { cat "$work/said"; return 1; }
    nothing_like . "$work/said"
}

# Fails where a pattern is found, and shows what.
nothing_like() {
    if grep -nE "$1" "$2"; then
        echo "that is not to be there" >&2
        return 1
    fi
}

typescript() {
    npm ci --prefix typescript --no-audit --no-fund --loglevel=error >/dev/null
    local bin=$here/typescript/node_modules/.bin
    "$bin/openapi-typescript" "$root/openapi/openapi.json" --output typescript/build/charter.d.ts >"$work/log" 2>&1 || { cat "$work/log"; return 1; }
    nothing_like "[Ww]arn|[Dd]eprecat" "$work/log"
    nothing_like ":\s*any\b|<any>|any\[\]|Items?Item" typescript/build/charter.d.ts
    silent "$bin/tsc" --project typescript
    beside_service node typescript/build/walk.js
}

python() {
    PATH="$venv/bin:$PATH" "$venv/bin/openapi-python-client" generate --path "$root/openapi/openapi-3.0.json" \
        --output-path "$work/python" --fail-on-warning >/dev/null
    MYPYPATH="$work/python" "$venv/bin/mypy" --strict --no-error-summary --cache-dir "$work/mypy" python/walk.py
    PYTHONPATH="$work/python" beside_service "$venv/bin/python" python/walk.py
}

rust() {
    CARGO_TARGET_DIR=$target/sdk cargo build --locked --quiet --manifest-path rust/Cargo.toml
    beside_service "$target/sdk/debug/citizens-charter-walk"
}

java() {
    local jar httpmime=${HTTPMIME:-/usr/share/java/httpmime.jar}
    jar=$(find "$venv" -name openapi-generator.jar)
    command java -jar "$jar" generate --input-spec "$root/openapi/openapi-3.0.json" --generator-name java --library native \
        --output "$work/java" --additional-properties=openApiNullable=false,hideGenerationTimestamp=true \
        --additional-properties=invokerPackage=charter,apiPackage=charter.api,modelPackage=charter.model >"$work/log" 2>&1 ||
        { tail -n 20 "$work/log"; return 1; }
    # of every example of a body it says that its own test stubs do without
    grep -v "Ignoring complex example on request body" "$work/log" >"$work/rest"
    nothing_like "WARN|ERROR" "$work/rest"
    # deprecated is what the generated code calls of the newer Jackson within the generator; Debian's jars name others that are not there
    javac -Werror -Xlint:all,-path,-processing,-deprecation -d "$work/classes" -cp "$jar:$httpmime" \
        $(find "$work/java/src/main" -name '*.java') java/javax/annotation/Generated.java >"$work/said" 2>&1 ||
        { cat "$work/said"; return 1; }
    silent javac -Werror -Xlint:all,-path -d "$work/classes" -cp "$work/classes:$jar:$httpmime" java/Walk.java
    beside_service java -cp "$work/classes:$jar:$httpmime" Walk
}

[ $# -gt 0 ] || set -- typescript python rust java
for language in "$@"; do
    "$language"
done
