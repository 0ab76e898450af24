#!/usr/bin/env bash
# All tests, on one machine's SQLite and then on PostgreSQL, Celery and Redis. Extra words go to pytest and mean one run
# on SQLite: scripts/test.sh -k ledger
set -euo pipefail
cd "$(dirname "$0")/.."
pytest=(.venv/bin/python -m pytest -q -n 2 --dist loadgroup --durations 20)
[ $# -eq 0 ] || exec "${pytest[@]}" "$@"

echo "== One machine: SQLite, the queue in it"
"${pytest[@]}"

# What asks a database or the queue for something; the engine and the cage know neither, the browser walked already.
elsewhere=(--ignore-glob='simulations/tests/*/*' --ignore-glob='billing/tests/standin/*')
# The first bring databases and servers of their own, of every kind; the others know none.
own=(task_backend production database_away backups races storm migrate)
neither=(locks runbook deployment_files object_storage sentry static)
for name in "${own[@]}" "${neither[@]}"; do
  elsewhere+=(--ignore-glob="*/test_$name.py")
done
echo "== Many machines: PostgreSQL, Celery, Redis"
.venv/bin/python -m fmugateway.testing.servers "${pytest[@]}" -m "not e2e and not chaos" "${elsewhere[@]}" \
  accounts billing simulations fmugateway
