#!/usr/bin/env bash
# Every benchmark, one after the other; each prints ratios that were measured within its own run.
set -euo pipefail
cd "$(dirname "$0")/.."
for name in engine cage simulate; do
  echo "== $name"
  .venv/bin/python -m "benchmarks.$name"
done
