#!/bin/sh
# Installs Moyai on a machine with systemd, from the kit this file lies in, without any network. Run it as root; run again, it brings
# an older version up to date and touches neither node nor key. It ends with what is to be done next.
set -eu
cd "$(dirname "$0")"
program=/opt/moyai
user=moyai

fail() { printf 'error: %s\nhint: %s\n' "$1" "$2" >&2; exit 1; }
[ "$(id -u)" = 0 ] || fail "only root can install" "sudo ./install.sh"
[ -f moyai.whl.name ] || fail "this is not the unpacked kit" "tar -xf moyai-kit-*.tar.gz, and run install.sh in the folder it makes"
command -v python3 >/dev/null || fail "there is no Python" "apt-get install python3 python3-venv"
python3 -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || fail "this kit is for Python 3.11" "python3 --version says which one is here"
python3 -c 'import venv, ensurepip' 2>/dev/null || fail "this Python has no venv" "apt-get install python3-venv"

sha256sum --quiet --check SHA256SUMS || fail "the kit is not as it was made" "copy it again"
# Beside the old one, which serves until the last moment.
rm -rf "$program.new"
python3 -m venv "$program.new"
"$program.new/bin/pip" install --quiet --disable-pip-version-check --no-index --find-links wheels --no-deps --require-hashes -r runtime.lock
"$program.new/bin/pip" install --quiet --disable-pip-version-check --no-index --no-deps "wheels/$(cat moyai.whl.name)"
find "$program.new/bin" -type f -exec sed -i "s|$program.new/|$program/|g" {} +
rm -rf "$program.old"
[ ! -e "$program" ] || mv "$program" "$program.old"
cp -r drills "$program.new/drills"
mv "$program.new" "$program"

getent passwd $user >/dev/null || useradd --system --user-group --home-dir /var/lib/moyai --shell /usr/sbin/nologin $user
install -d -o $user -g $user -m 0700 /var/lib/moyai /etc/moyai /srv/moyai
install -m 0755 moyai-command.sh /usr/local/bin/moyai
install -m 0644 systemd/* /etc/systemd/system/
if [ -d /run/systemd/system ]; then
  systemctl daemon-reload
  # A node that serves goes on with the new program.
  systemctl try-restart moyai.service
fi
printf 'Moyai %s is installed in %s.\n' "$("$program/bin/moyai" --version)" "$program"
[ -e /var/lib/moyai/node.toml ] || printf 'Next: moyai init (RUNBOOK.md, part 3)\n'
