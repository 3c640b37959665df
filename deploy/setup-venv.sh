#!/usr/bin/env bash
# Makes the virtual environment from the lock file, with hashes; says plainly what is missing if something is.
# Returns at once when nothing changed since it last ended well, so every `make` may call it.
set -euo pipefail
python=$1
venv=$2

fail() { printf 'error: %s\nhint: %s\n' "$1" "$2" >&2; exit 1; }

stamp="$PWD $(cksum requirements.lock pyproject.toml deploy/setup-venv.sh | tr '\n' ' ')"
[ -x "$venv/bin/python" ] && [ "$(cat "$venv/.ready" 2>/dev/null)" = "$stamp" ] && exit 0

command -v git >/dev/null || fail "there is no git on this machine" "on Debian and Ubuntu: apt-get install git"
command -v "$python" >/dev/null || fail "there is no '$python' on this machine" "install Python 3.11 or newer, or name it: make PYTHON=/path/to/python3"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
  || fail "'$python' is $("$python" -V 2>&1), Moyai needs 3.11 or newer" "name a newer one: make PYTHON=python3.12"
"$python" -c 'import venv, ensurepip' 2>/dev/null \
  || fail "'$python' has no venv module" "on Debian and Ubuntu: apt-get install python3-venv"

echo "setting up $venv (once; a few minutes on a slow line)"
if ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
  "$python" -m venv --clear "$venv" || fail "no virtual environment could be made in $venv" "is the disk full or read-only?"
fi
rm -f "$venv/.ready"

total=$(grep '^[^ #].*==' requirements.lock | grep -vc "sys_platform == 'win32'")
# Shows one line per package out of what pip says, and pip's own words where it fails.
progress() {
  local line count=0
  while IFS= read -r line; do
    case $line in
      Collecting\ *|Processing\ *)
        count=$((count + 1)); line=${line#* }; line=${line%% *}; printf '  %2d/%d %s\n' "$count" "$total" "${line##*/}" ;;
      Installing\ *) echo "  unpacking" ;;
      ERROR*|*rror:*|WARNING:\ Retrying*) printf '  %s\n' "$line" ;;
    esac
  done
}

echo "[1/2] installing the locked dependencies"
"$venv/bin/python" -m pip install --disable-pip-version-check --no-input --require-hashes --no-deps --only-binary :all: \
  --progress-bar off -r requirements.lock 2>&1 | progress \
  || fail "the dependencies could not be installed" "is the network there? run make again: what was fetched is kept"
echo "[2/2] installing Moyai itself"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --no-deps --no-build-isolation -e . \
  || fail "Moyai itself could not be installed" "run make clean, then make again"
printf '%s' "$stamp" > "$venv/.ready"
echo "ready"
