#!/usr/bin/env bash
# Uses a running service as others would, with their tools in their languages. The program has to be built (`cargo build`).
set -euo pipefail
cd "$(dirname "$0")"
program=${CARGO_TARGET_DIR:-../../target}/debug/citizens-charter
python3 -m venv .venv
.venv/bin/pip install --quiet --disable-pip-version-check --requirement requirements.txt
python=$PWD/.venv/bin/python

for consumer in webhooks formats open311; do
    echo "-- $consumer"
    "$python" "$consumer.py" "$program"
done
