#!/usr/bin/env bash
# Fetches into .wheels what deploy/build.lock and deploy/runtime.lock name, for Python 3.11 on MACHINE: deploy/fetch-wheels.sh MACHINE.
# It works with whatever index, proxy or certificates pip has been set up with. What was fetched is kept until a lock file changes.
set -euo pipefail
machine=$1
python=${PYTHON:-python3}

fail() { printf 'error: %s\nhint: %s\n' "$1" "$2" >&2; exit 1; }
wanted="$machine $(cat deploy/*.lock | cksum)"
[ "$(cat .wheels/.fetched 2>/dev/null)" != "$wanted" ] || exit 0
rm -rf .wheels
platforms=(--platform manylinux2014_"$machine")
for glibc in 17 24 26 27 28 31 34 35 36; do platforms+=(--platform "manylinux_2_${glibc}_$machine"); done
for lock in deploy/build.lock deploy/runtime.lock; do
  "$python" -m pip download --quiet --disable-pip-version-check --no-input --no-deps --require-hashes --only-binary :all: \
    --implementation cp --python-version 3.11 "${platforms[@]}" --dest .wheels -r "$lock" ||
    fail "the packages could not be fetched" "is the network there? run it again: what was fetched is kept"
done
printf '%s' "$wanted" >.wheels/.fetched
