#!/usr/bin/env bash
# Holds the contract against the newest released one, which is kept as an image in protocol/released; needs no network and no history.
set -euo pipefail
bin=${BIN:-.venv/bin}

newest=$(find protocol/released -name 'v*.binpb' 2>/dev/null | sort -V | tail -n 1)
[ -n "$newest" ] || { echo "error: no released contract in protocol/released" >&2; echo "hint: make release-contract writes one" >&2; exit 1; }
exec "$bin/buf" breaking --against "$newest"
