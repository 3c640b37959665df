#!/usr/bin/env bash
# Makes a base image with Python 3.11 out of Debian's packages, for machines that reach a Debian mirror but no image registry.
# It takes the mirrors that apt uses on this machine. To be run as root: deploy/base-image.sh [TAG]
set -euo pipefail
tag=${1:-moyai-base:bookworm}
suite=bookworm

fail() { printf 'error: %s\nhint: %s\n' "$1" "$2" >&2; exit 1; }

[ "$(id -u)" = 0 ] || fail "a root file system is made by root" "run it with sudo"
for command in debootstrap docker; do
  command -v "$command" >/dev/null || fail "there is no $command on this machine" "on Debian: apt-get install debootstrap docker.io"
done

# What apt knows of the suite and its updates: address, release, component.
known=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Identifier: Packages' | sort -u)
mirror=$(awk -v suite="$suite" '$2 == suite && $3 == "main" { print $1; exit }' <<<"$known")
[ -n "$mirror" ] || fail "apt on this machine knows no mirror of Debian $suite" "add one to its sources and run apt-get update"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
debootstrap --variant=minbase --include=ca-certificates,tzdata "$suite" "$root" "$mirror" >"$work/log" 2>&1 ||
  { tail -n 20 "$work/log" >&2; fail "debootstrap ended early" "is the mirror reachable, and is the disk large enough?"; }

# The updates too, above all the security ones.
awk -v suite="$suite" '($2 == suite || $2 == suite "-updates" || $2 == suite "-security") && $3 == "main" { print "deb", $1, $2, $3 }' \
  <<<"$known" >"$root/etc/apt/sources.list"
cp /etc/resolv.conf "$root/etc/resolv.conf"
inside() { chroot "$root" /usr/bin/env DEBIAN_FRONTEND=noninteractive "$@" >>"$work/log" 2>&1 ||
  { tail -n 20 "$work/log" >&2; fail "$* failed in the new system" "see above"; }; }
printf 'path-exclude=/usr/share/%s/*\n' doc man info locale lintian >"$root/etc/dpkg/dpkg.cfg.d/slim"
inside apt-get update
inside apt-get -y upgrade
inside apt-get -y install --no-install-recommends python3 python3-venv
inside apt-get clean

rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/* "$root"/var/log/* "$root"/tmp/* "$root"/etc/resolv.conf \
  "$root"/usr/share/{doc,man,info,locale,lintian}/*
find "$root" -name __pycache__ -prune -exec rm -rf {} +
tar --numeric-owner --one-file-system --exclude=./proc/* --exclude=./sys/* --exclude=./dev/* -C "$root" -c . |
  docker import --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
    --change 'CMD ["python3"]' --message "Debian $suite with Python 3.11" - "$tag" >/dev/null
docker image inspect --format "$tag is {{.Size}} bytes large" "$tag"
