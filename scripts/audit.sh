#!/usr/bin/env bash
# Known faults and withdrawn releases among what is locked, as far as advisories and the index can be reached from here.
# pip-audit finds nothing where it is told nothing, so a release with well-known faults is asked about first: only who
# knows that one is believed about ours. AUDIT_REQUIRED=1 makes "could not be checked" a failure.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
uv=.venv/bin/uv
canary=$(mktemp) && trap 'rm -f "$canary"' EXIT
echo 'django==3.2' > "$canary"
failed=0 unchecked=0
not_checked() { printf '  NOT CHECKED  %s\n' "$*"; unchecked=1; }

audit() {
  $uv run -q --no-project --isolated --python .venv/bin/python --with-requirements requirements/audit.txt \
    pip-audit --disable-pip --progress-spinner off --strict "$@" 2>&1
}
knows_the_canary() { grep -qE 'PYSEC-|GHSA-|CVE-' <<< "$(audit -s "$1" --no-deps -r "$canary")"; }

advisories() {
  local service
  for service in pypi osv; do
    knows_the_canary "$service" || continue
    for lock in base dev audit; do
      audit -s "$service" --require-hashes -r "requirements/$lock.txt" || failed=1
    done
    return
  done
  not_checked 'known faults: no service of advisories answers from here'
}

withdrawn() {
  local told
  for lock in base dev audit; do
    if ! told=$($uv pip install --dry-run --no-deps --reinstall --python .venv/bin/python -r "requirements/$lock.txt" 2>&1); then
      not_checked "withdrawn releases of $lock.txt: the index does not answer: ${told##*$'\n'}"
    elif grep yanked <<< "$told"; then failed=1
    else printf '  ok    no release of %s.txt was withdrawn\n' "$lock"
    fi
  done
}

advisories
withdrawn
[ "$unchecked" = 0 ] || [ -z "${AUDIT_REQUIRED:-}" ] || failed=1
exit $failed
