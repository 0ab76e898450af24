#!/usr/bin/env bash
# All that can be said about the code without running it. Every check runs; the exit code tells whether one failed.
# shellcheck disable=SC2317  # the functions are called through step
set -uo pipefail
cd "$(dirname "$0")/.." || exit
export PATH="$PWD/.venv/bin:$PATH" ENV_FILE=/dev/null
data=$(mktemp -d) && trap 'rm -rf "$data"' EXIT
export DATA_DIR=$data
failed=0
step() {
  local name=$1; shift
  local began=$SECONDS output
  if output=$("$@" 2>&1); then printf '  ok    %-12s %2ss\n' "$name" $((SECONDS - began))
  else printf '  FAIL  %-12s\n%s\n' "$name" "$output"; failed=1
  fi
}
templates() { git ls-files 'templates/*.html'; }
deploy_check() {
  SECRET_KEY=$(python -c 'import secrets; print(secrets.token_urlsafe(60))') SITE_URL=https://fmugateway.example \
    EMAIL_URL=smtp+tls://user:password@mail.example:587 STRIPE_SECRET_KEY=sk_test_000000000000000000000000 \
    python manage.py check --deploy --fail-level WARNING
}
shell() { git ls-files '*.sh' .ci/run | xargs shellcheck; }
step ruff ruff check .
step format ruff format --check .
step types mypy accounts billing simulations fmugateway
step imports lint-imports
step requirements deptry .
step locks python scripts/check_locks.py
step migrations python manage.py makemigrations --check --dry-run
step templates bash -c "$(declare -f templates); templates | xargs -r djade --check --target-version 6.0 && templates | xargs -r djlint --lint --quiet"
step deploy deploy_check
step openapi python manage.py spectacular --validate --fail-on-warn --file /dev/null
step shell shell
exit $failed
