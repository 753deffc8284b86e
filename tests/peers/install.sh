#!/usr/bin/env bash
# Installs the Debian packages that peers.py starts, those that are missing, and starts no
# service. Needs apt-get, and root or sudo without a password; says so and ends with 2
# otherwise.
set -euo pipefail

declare -A packages=(
    [prometheus-alertmanager]=prometheus-alertmanager
    [rsyslogd]=rsyslog
    [zabbix_proxy]=zabbix-proxy-sqlite3
    [sqlite3]=sqlite3
    [openssl]=openssl
)

# Servers are in /usr/sbin, which is not on everybody's path.
PATH="$PATH:/usr/sbin:/sbin"
missing=()
for program in "${!packages[@]}"; do
    command -v "$program" >/dev/null || missing+=("${packages[$program]}")
done
[ ${#missing[@]} -gt 0 ] || { echo "peers: all packages are there"; exit 0; }

refuse() { echo "peers: $1; to install by hand: ${missing[*]}" >&2; exit 2; }
command -v apt-get >/dev/null || refuse "there is no apt-get"
root=()
if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null || refuse "neither root nor sudo without a password"
    root=(sudo -n)
fi

# While this file is there, packages start nothing when they are installed.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap '"${root[@]}" rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' | "${root[@]}" tee "$policy" >/dev/null
    "${root[@]}" chmod 755 "$policy"
fi

echo "peers: installing ${missing[*]}"
"${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update --quiet=2
"${root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install --quiet=2 --yes --no-install-recommends "${missing[@]}" >/dev/null
