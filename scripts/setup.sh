#!/usr/bin/env bash
# Everything the project needs on a fresh Debian or Ubuntu machine: system packages, the environment, a .env.
# Usage: scripts/setup.sh run|test. A second call finds its stamps and takes a moment.
set -euo pipefail
cd "$(dirname "$0")/.."
mode=${1:?run or test}

say() { printf '\033[2m%s\033[0m\n' "$*"; }
fail() { printf '\n%s\n' "$*" >&2; exit 1; }

# What the cage, the compiler rung and FMUs of the last ten years need.
packages=(bubblewrap libseccomp2 gcc g++ libc6-dev libgfortran5 libblas3 liblapack3 libquadmath0 libgomp1)
# Real servers and a real browser for the tests.
[ "$mode" = test ] && packages+=(chromium postgresql redis-server shellcheck curl jq)

missing_packages() {
  local package
  for package in "${packages[@]}"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || echo "$package"
  done
}

install_packages() {
  command -v dpkg-query >/dev/null || { say "Not Debian or Ubuntu: make sure you have: ${packages[*]}"; return; }
  local missing as_root=()
  mapfile -t missing < <(missing_packages)
  [ ${#missing[@]} -eq 0 ] && return
  if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null || fail "Some system packages are missing. Install them, then try again:
    sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing[*]}"
    as_root=(sudo -n)
  fi
  say "Installing ${missing[*]} ..."
  "${as_root[@]}" apt-get update -qq
  # Policy: Debian starts servers on install; the tests start their own on free ports.
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

find_uv() {
  if uv --version >/dev/null 2>&1; then echo uv
  elif python3 -m uv --version >/dev/null 2>&1; then echo "python3 -m uv"
  fi
}

find_python() {
  local candidate
  for candidate in "${PYTHON:-}" python3.13 python3.12 python3.14 python3; do
    [ -n "$candidate" ] && "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 12))' 2>/dev/null \
      && { echo "$candidate"; return; }
  done
  return 0  # none is an answer too
}

has_environment() {
  [ -x .venv/bin/python ] && .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 12))' || return
  # uv makes environments without pip. Where uv is gone Python brings its own; where it has none, all is made anew.
  .venv/bin/python -c 'import pip' 2>/dev/null || [ -n "$(find_uv)" ] || .venv/bin/python -m ensurepip >/dev/null 2>&1
}

make_environment() {
  has_environment && return
  local uv python
  uv=$(find_uv) python=$(find_python)
  say "Making the environment in .venv ..."
  if [ -n "$python" ]; then "$python" -m venv --clear .venv
  elif [ -n "$uv" ]; then $uv venv -q --clear --seed .venv
  else fail "No Python >= 3.12 with venv, and no uv. Install one of them:
    sudo apt-get install -y python3-venv             where python3 is 3.12 or newer (Debian 13, Ubuntu 24.04)
    sudo apt-get install -y pipx && pipx install uv  anywhere else; uv brings a Python"
  fi
}

install_requirements() {
  local file=requirements/base.txt stamp uv
  [ "$mode" = test ] && file=requirements/dev.txt
  stamp=.venv/.installed-$(basename "$file" .txt)
  cmp -s "$file" "$stamp" && return
  say "Installing $file ..."
  uv=$(find_uv)
  if [ -n "$uv" ]; then $uv pip install -q --python .venv/bin/python --require-hashes -r "$file"
  else .venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes -r "$file"
  fi
  cp "$file" "$stamp"
}

install_packages
make_environment
install_requirements
# What FMUs of older compilers were linked against. Without it they are refused by name, so it may fail.
.venv/bin/python -m simulations.fmi.libraries.assemble
# A newcomer's settings: development mode. Production sets the environment and has no .env.
[ -e .env ] || [ "$mode" = test ] || printf 'DEBUG=1\n' > .env
