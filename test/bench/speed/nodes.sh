#!/usr/bin/env bash
# The hosts of the bench. `nodes.sh up N FOLDER`: N nodes of the lab with the Python that Ansible wants. `nodes.sh root`: a
# root for namespaces.sh that has it too, as overlay's lowerdir= takes it. FOLDER gets list, key and known_hosts.
set -euo pipefail
cd "$(dirname "$0")/../../.."
lab=test/lab/lab
cache=${HAPB_LAB_CACHE:-/var/cache/hapb-lab}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. test/oracle/node-packages.sh

up() { # N FOLDER
  local debs='' node key
  # What python3-apt means changes with Debian; the folder of its packages is named by that.
  debs=$(cat "$cache/speed-packages" 2>/dev/null) || true
  key=speed-$1-$(basename "${debs:-none}")
  if [[ ! -d $debs ]] || ! $lab load bare "$1" --key "$key"; then
    $lab up "$1"
    debs=$(packages_folder python3-apt)
    echo "$debs" > "$cache/speed-packages"
    for node in $(seq -f 'cp%g' "$1"); do install_python "$node" "$debs"; done
    $lab save bare --key "speed-$1-$(basename "$debs")"
  fi
  mkdir -p "$2"
  $lab inventory | awk '/^ +cp[0-9]+:$/ { name = $1 } /ansible_host:/ { sub(":", "", name); print name, $2 }' > "$2/list"
  cp "${HAPB_LAB_RUN:-/run/hapb-lab/$HAPB_LAB_ID}"/{key,known_hosts} "$2/"
}

root() {
  local debs lower made
  debs=$(cat "$cache/speed-packages")
  # shellcheck disable=SC2034
  lower=$(lab_home=$PWD/test/lab; . test/lab/lib/settings.sh; . test/lab/lib/root.sh; root_dir)
  made=$cache/speed-root-$(basename "$lower")-$(basename "$debs")
  if [[ ! -d $made ]]; then
    rm -rf "$made.making" "$made.work"
    mkdir -p "$made.making$node_packages" "$made.making/etc/apt" "$made.work" "$work/root"
    cp -r "$debs/." "$made.making$node_packages"
    echo "deb [trusted=yes] file:$node_packages ./" > "$made.making/etc/apt/sources.list"
    mount -t overlay overlay -o "lowerdir=$lower,upperdir=$made.making,workdir=$made.work" "$work/root"
    chroot "$work/root" sh -c 'export DEBIAN_FRONTEND=noninteractive; apt-get update -q &&
      apt-get install -q -y --no-install-recommends python3-apt' > "$work/log" 2>&1 || { tail -5 "$work/log" >&2; umount "$work/root"; exit 1; }
    umount "$work/root"
    rm -rf "$made.work"
    mv -T "$made.making" "$made"
  fi
  echo "$made:$lower"
}

"$@"
