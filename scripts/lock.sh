#!/usr/bin/env bash
# Locks requirements/*.in into plain requirements files with hashes and without the address of any registry.
set -euo pipefail
cd "$(dirname "$0")/../requirements"
uv=../.venv/bin/uv
[ -x $uv ] || uv=uv
lock() {
  $uv pip compile -q --python-version 3.12 --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
    "$1.in" -o "$1.txt" "${@:2}"
}
lock base
lock dev
# Runs in an environment of its own.
lock audit
# One file of one package is read, never installed.
lock stripe-spec --no-deps
