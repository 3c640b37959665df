#!/usr/bin/env bash
# Packs all that a town hall needs into one file that goes on a stick, for machines that reach no package index: deploy/kit.sh OUT_FOLDER.
# The wheel, every package it needs for Python 3.11 on this kind of processor, the units, the runbook and install.sh. PYTHON names the Python whose pip fetches.
set -euo pipefail
out=$(mkdir -p "$1" && cd "$1" && pwd)
python=${PYTHON:-python3}
cd "$(dirname "$0")/.."

version=$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
machine=$(uname -m)
kit=moyai-kit-$version-$machine
PYTHON=$python bash deploy/fetch-wheels.sh "$machine"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/$kit/wheels"
cp .wheels/*.whl "$work/$kit/wheels/"
"$python" -m hatchling build -t wheel -d "$work/made" >/dev/null 2>&1
cp "$work"/made/*.whl "$work/$kit/wheels/"
(cd "$work/made" && ls -- *.whl) >"$work/$kit/moyai.whl.name"
cp deploy/runtime.lock deploy/install.sh deploy/moyai-command.sh deploy/firewall.nft deploy/RUNBOOK.md deploy/RUNBOOK.ja.md LICENSE "$work/$kit/"
cp -r deploy/systemd deploy/monitoring deploy/drills "$work/$kit/"
(cd "$work/$kit" && find . -type f ! -name SHA256SUMS -print0 | sort -z | xargs -0 sha256sum >SHA256SUMS)
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@${SOURCE_DATE_EPOCH:-0}" -C "$work" -cf - "$kit" | gzip -n >"$out/$kit.tar.gz"
printf '%s\n' "$out/$kit.tar.gz"
