#!/usr/bin/env bash
# Founds the federation of compose.yaml and starts it; every step is a moyai command, as it would be typed in each office.
# Run again it says that the nodes are there, and changes nothing. COMPOSE names another docker compose.
set -euo pipefail
cd "$(dirname "$0")"
compose=${COMPOSE:-docker compose}
stick=/var/lib/moyai-stick

# moyai in a container of that office that goes when the command has ended.
in_office() { local office=$1; shift; $compose run --rm --no-deps -T "$office" "$@" </dev/null; }

found() {
  in_office "$1" init --organisation "$2" --name "$3" --kind "$4" --label "$1-home" --listen 0.0.0.0:7441 --endpoint "$1:7441" \
    --key-file /var/lib/moyai-key/moyai.key --member "$stick/$1.json"
}
found wajima 172049 輪島市 municipality
found kanazawa 172014 金沢市 municipality
found ishikawa 170003 石川県 prefecture

# To try it out: in earnest each trustee's key is made under a passphrase, on a machine of their own.
for trustee in governor:知事 wajima-mayor:輪島市長 kanazawa-mayor:金沢市長; do
  in_office ishikawa roster trustee "$stick/${trustee%%:*}.key" --office "${trustee#*:}" --without-passphrase
done
in_office ishikawa roster draft --name 石川県被災者連合 --threshold 2 --out "$stick/federation.roster" \
  --trustee "$stick/governor.key.json" --trustee "$stick/wajima-mayor.key.json" --trustee "$stick/kanazawa-mayor.key.json" \
  --member "$stick/wajima.json" --member "$stick/kanazawa.json" --member "$stick/ishikawa.json"
in_office ishikawa roster sign "$stick/federation.roster" --trustee-key "$stick/governor.key"
in_office ishikawa roster sign "$stick/federation.roster" --trustee-key "$stick/wajima-mayor.key"

for office in wajima kanazawa ishikawa; do
  in_office "$office" roster install "$stick/federation.roster"
done
$compose up -d wajima kanazawa ishikawa
until $compose exec -T wajima moyai health; do sleep 1; done

code=$($compose exec -T wajima moyai enrol code --minutes 60 --json | sed 's/.*"code": "\([^"]*\)".*/\1/')
in_office laptop enrol join --home wajima:7442 --code "$code" --organisation 172049 --label wajima-laptop-1 \
  --roster "$stick/federation.roster" --key-file /var/lib/moyai-key/moyai.key
$compose up -d laptop
until $compose exec -T wajima moyai sync; do sleep 1; done
