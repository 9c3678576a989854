#!/usr/bin/env bash
# 200 invoices, SIGKILL in the middle, start again: 200 authorized, none twice.
# The simulator is another process, so its ledger is a witness the server
# cannot touch.
set -euo pipefail
root="$(cd "$(dirname "$0")/.." && pwd)"
python3 "$root/scripts/check_kill.py" "$root/target/release/tagua" "$@"
