#!/usr/bin/env bash
# All tests. Extra words go to pytest: scripts/test.sh -k ledger
set -euo pipefail
cd "$(dirname "$0")/.."
exec .venv/bin/python -m pytest -q -n 2 --dist loadgroup "$@"
