#!/usr/bin/env bash
# No document is lost, doubled or invented: kills, faults of SRI, three nodes,
# repeated requests. The report goes where the first argument says.
set -euo pipefail
root="$(cd "$(dirname "$0")/.." && pwd)"
report="${1:-$root/target/reliability-report.json}"

python3 "$root/proof/test_checker.py"
# Where PostgreSQL is not installed only SQLite is proved, unless tools are required.
database=both
if [ "${TAGUA_REQUIRE_TOOLS:-}" != 1 ] && [ ! -x "${TAGUA_POSTGRES_BIN:-}/initdb" ] \
  && ! compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null; then
  echo "skipped: PostgreSQL is not installed"
  database=sqlite
fi
python3 "$root/proof/run.py" ci --database "$database" --report "$report"
