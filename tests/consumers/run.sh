#!/usr/bin/env bash
# Uses a running service as others would, with their tools in their languages. The program has to be built (`cargo build`);
# Python 3, Node.js, Chromium (or CHROMIUM=/path/to/one), a JDK and Apache's httpmime (or HTTPMIME=/path/to/its.jar) have to be there. Arguments name the consumers to run, else all run.
set -euo pipefail
cd "$(dirname "$0")"
program=${CARGO_TARGET_DIR:-../../target}/debug/citizens-charter
python3 -m venv .venv
.venv/bin/pip install --quiet --disable-pip-version-check --requirement requirements.txt
python=$PWD/.venv/bin/python

webhooks() { "$python" webhooks.py "$program"; }
formats() { "$python" formats.py "$program"; }
open311() { "$python" open311.py "$program"; }
messages() { "$python" messages.py "$program"; }
sdk() { sdk/run.sh; }

pages() {
    CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v google-chrome || true)}
    export CHROMIUM
    npm ci --prefix pages --no-audit --no-fund --loglevel=error
    "$python" service.py "$program" node pages/pages.js
}

[ $# -gt 0 ] || set -- webhooks formats open311 messages pages sdk
for consumer in "$@"; do
    echo "-- $consumer"
    "$consumer"
done
