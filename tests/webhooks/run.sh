#!/usr/bin/env bash
# Subscribes to a running service as somebody else would: in Python, with the library of Standard Webhooks. The program has to
# be built (`cargo build`).
set -euo pipefail
cd "$(dirname "$0")"
python3 -m venv .venv
.venv/bin/pip install --quiet --disable-pip-version-check --requirement requirements.txt
exec .venv/bin/python subscriber.py "${CARGO_TARGET_DIR:-../../target}/debug/citizens-charter"
