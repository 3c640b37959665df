#!/bin/sh
# Gathers in /system what a node needs of the system it is built from: Python, the libraries, the zones, two names. Part of the Dockerfile.
set -eu

root=/system
mkdir -p $root/etc $root/usr/bin $root/usr/local/bin $root/usr/share $root/var/lib/dpkg $root/proc $root/sys $root/dev
for link in /bin /lib /lib64; do
  [ ! -e "$link" ] || cp -a "$link" $root/
done
cp -a /usr/lib $root/usr/
[ ! -e /usr/lib64 ] || cp -a /usr/lib64 $root/usr/
cp -a /usr/local/lib $root/usr/local/
for program in /usr/bin/python3* /usr/local/bin/python3*; do
  case $program in *'*' | *-config) ;; *) cp -a "$program" "$root$program" ;; esac
done
cp -a /usr/share/zoneinfo $root/usr/share/
cp -a /etc/debian_version /etc/ld.so.cache /etc/ld.so.conf /etc/ld.so.conf.d /etc/nsswitch.conf /etc/os-release $root/etc/
cp -a /var/lib/dpkg/status $root/var/lib/dpkg/ # for whoever looks for packages with known faults

printf 'root:x:0:0::/:/nonexistent\nmoyai:x:10001:10001:moyai:/var/lib/moyai:/nonexistent\n' >$root/etc/passwd
printf 'root:x:0:\nmoyai:x:10001:\n' >$root/etc/group
install -d -m 1777 $root/tmp
install -d -m 0700 -o 10001 -g 10001 $root/var/lib/moyai $root/var/lib/moyai-key $root/var/lib/moyai-stick

cd $root/usr/lib
rm -rf apt dpkg gcc init systemd tmpfiles.d udev valgrind python3/dist-packages
for python in $root/usr/lib/python3.* $root/usr/local/lib/python3.*; do
  [ -d "$python" ] || continue
  cd "$python"
  rm -rf test ensurepip idlelib lib2to3 turtledemo pydoc_data tkinter config-* site-packages/*
done

# Of the libraries those that Python is linked to, and the C and C++ libraries, which what is added is linked to.
{ dpkg -L libc6 libgcc-s1 libstdc++6 zlib1g
  find $root/usr/bin $root/usr/local /usr/lib/python3.* -type f \( -name '*.so*' -o -name 'python3.*' \) -exec ldd {} + 2>/dev/null |
    awk '$3 ~ /^\// { print $3 }'
} | while read -r file; do readlink -f "$file" || true; done | sort -u >/tmp/kept
cd $root/usr/lib
for library in ./*-linux-gnu*/*; do
  grep -qxF "$(readlink -f "/usr/lib/$library")" /tmp/kept || rm -rf "$library"
done
rm -rf ./*-linux-gnu*/gconv

find $root -depth -name __pycache__ -exec rm -rf {} +
python3 -m compileall -q -j 0 -s $root -p / $root/usr/lib/python3.* $root/usr/local/lib/python3.* >/dev/null || true
find $root -xdev -type f -perm /6000 -exec chmod ug-s {} +
