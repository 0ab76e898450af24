#!/usr/bin/env bash
# Locks requirements/*.in into plain requirements files with hashes and without the address of any registry.
set -euo pipefail
cd "$(dirname "$0")/../requirements"
uv=../.venv/bin/uv
[ -x $uv ] || uv=uv
for name in base dev stripe-spec; do
  $uv pip compile -q --python-version 3.12 --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
    "$name.in" -o "$name.txt"
done
