#!/usr/bin/env bash
# Makes the virtual environment from the lock file, with hashes; says plainly what is missing if something is.
set -euo pipefail
python=$1
venv=$2

fail() { printf 'error: %s\nhint: %s\n' "$1" "$2" >&2; exit 1; }

command -v "$python" >/dev/null || fail "there is no '$python' on this machine" "install Python 3.11 or newer, or name it: make PYTHON=/path/to/python3"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
  || fail "'$python' is $("$python" -V 2>&1), Moyai needs 3.11 or newer" "name a newer one: make PYTHON=python3.12"
"$python" -c 'import venv, ensurepip' 2>/dev/null \
  || fail "'$python' has no venv module" "on Debian and Ubuntu: apt-get install python3-venv"

echo "setting up $venv (once; a few minutes on a slow line)"
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv" || fail "no virtual environment could be made in $venv" "is the disk full or read-only?"
echo "[1/2] installing the locked dependencies"
"$venv/bin/python" -m pip install --disable-pip-version-check --require-hashes --no-deps -r requirements.lock --progress-bar "$([ -t 1 ] && echo on || echo off)" 2>&1 \
  | sed -u -n -E -e 's/^(Collecting) ([^ ]+).*/  \2/p' -e '/^ERROR/p' \
  || fail "the dependencies could not be installed" "is the network there? run make again: what was fetched is kept"
echo "[2/2] installing Moyai itself"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . \
  || fail "Moyai itself could not be installed" "run make clean, then make again"
touch "$venv/.ready"
echo "ready"
