#!/usr/bin/env bash
# Runs the demo in a directory of its own, then does what it tells the user to
# do, and has other programs check the XML it saved.
set -euo pipefail
root="$(cd "$(dirname "$0")/.." && pwd)"
work="$(mktemp -d)"
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"

# The README's command, from a directory that is not the repository's.
run() { cargo run --quiet --locked --release --manifest-path "$root/Cargo.toml" -- "$@"; }

run demo --once --listen 127.0.0.1:0
saved="$(echo tagua-data/factura-*.xml)"
run verify "$saved"

# The document inside SRI's authorization, byte for byte.
python3 - "$saved" signed.xml <<'PY'
import sys, xml.etree.ElementTree as ET
envelope = ET.parse(sys.argv[1]).getroot()
assert envelope.findtext('estado') == 'AUTORIZADO'
open(sys.argv[2], 'w', encoding='utf-8', newline='').write(envelope.findtext('comprobante'))
PY
xmlsec1 --verify --insecure --id-attr:id factura \
  --id-attr:Id Signature --id-attr:Id SignedProperties --id-attr:Id KeyInfo \
  --enabled-key-data x509,key-value,rsa signed.xml
if [ -n "${TAGUA_SHARED:-}" ]; then
  xmllint --nonet --noout --schema "$TAGUA_SHARED/sri/xsd/factura_2.1.0.xsd" signed.xml
fi

# The curl that the demo prints, against the demo that keeps serving.
"$root/target/release/tagua" demo --listen 127.0.0.1:0 >demo.txt 2>demo.log &
server=$!
for _ in $(seq 100); do grep -q '^curl' demo.txt && break; sleep 0.1; done
sed -n '/^curl/,$p' demo.txt >issue.sh
bash issue.sh >answer.json
python3 - answer.json <<'PY'
import json, sys
answer = json.load(open(sys.argv[1]))
assert len(answer['clave_acceso']) == 49, answer
assert answer['numero'].startswith('001-001-'), answer
print('curl issued', answer['numero'], answer['estado'])
PY
kill -TERM "$server"
wait "$server"
echo "the demo stopped in order"
