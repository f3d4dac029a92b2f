#!/usr/bin/env bash
# Hosts that are light: an sshd each, in a network, mount and process namespace of its own, on an overlay over the root of
# the lab's nodes. They have addresses, files, packages and the kernel's settings for networks, but no systemd.
# Usage: namespaces.sh up N FOLDER LOWER | down FOLDER. LOWER is what lowerdir= of an overlay takes.
set -euo pipefail
prefix=10.78 # a /16, so that hundreds fit
bridge=hapb-speed

address() { echo "$prefix.$(($1 / 200 + 1)).$(($1 % 200 + 1))"; }

up() { # N FOLDER LOWER
  local count=$1 folder=$2 lower=$3 number name host
  mkdir -p "$folder/hosts"
  mount -t tmpfs -o mode=755 speed "$folder/hosts"
  ssh-keygen -q -t ed25519 -N '' -C speed -f "$folder/key"
  ssh-keygen -q -t ed25519 -N '' -C speed -f "$folder/host-key"
  ip link add "$bridge" type bridge
  ip address add "$prefix.0.254/16" dev "$bridge"
  ip link set "$bridge" up
  for number in $(seq "$count"); do
    name=h$number host=$folder/hosts/h$number
    mkdir -p "$host/upper/root/.ssh" "$host/upper/run/sshd" "$host/work" "$host/root"
    chmod 700 "$host/upper/root" "$host/upper/root/.ssh"
    cp "$folder/key.pub" "$host/upper/root/.ssh/authorized_keys"
    ip netns add "hapb-speed-$name"
    ip link add "speed-$name" type veth peer name eth0 netns "hapb-speed-$name"
    ip link set "speed-$name" master "$bridge" up
    ip -n "hapb-speed-$name" address add "$(address "$number")/16" dev eth0
    ip -n "hapb-speed-$name" link set eth0 up
    ip -n "hapb-speed-$name" link set lo up
    install -m 600 "$folder/host-key" "$host/upper/run/sshd/host-key"
    # shellcheck disable=SC2016
    setsid ip netns exec "hapb-speed-$name" unshare --mount --pid --uts --fork --kill-child sh -c '
      set -e
      hostname "$1"
      mount -t overlay overlay -o "lowerdir=$3,upperdir=$2/upper,workdir=$2/work" "$2/root"
      cd "$2/root"
      mount -t proc proc proc
      mount --rbind /dev dev
      exec chroot . /usr/sbin/sshd -D -e -o HostKey=/run/sshd/host-key -o UsePAM=no -o PermitRootLogin=yes \
        -o PidFile=none -o PrintMotd=no -o LoginGraceTime=600' sh "$name" "$host" "$lower" < /dev/null > "$host/log" 2>&1 &
    echo "$!" > "$host/pid"
    echo "$name $(address "$number")"
  done > "$folder/list"
  while read -r name host; do
    echo "$host $(cut -d' ' -f1,2 "$folder/host-key.pub")"
    for _ in $(seq 100); do
      ! { : < "/dev/tcp/$host/22"; } 2>/dev/null || continue 2
      sleep 0.1
    done
    cat "$folder/hosts/$name/log" >&2
    exit 1
  done < "$folder/list" > "$folder/known_hosts"
}

down() { # FOLDER
  local pid name
  for pid in "$1"/hosts/*/pid; do
    [[ ! -e $pid ]] || kill -KILL "$(<"$pid")" 2>/dev/null || true
  done
  for name in $(ip netns list | grep -o '^hapb-speed-[^ ]*'); do ip netns delete "$name"; done
  ! ip link show "$bridge" >/dev/null 2>&1 || ip link delete "$bridge"
  for _ in $(seq 50); do
    ! mountpoint -q "$1/hosts" || umount "$1/hosts" 2>/dev/null || { sleep 0.1; continue; }
    break
  done
  rm -rf "$1"
}

"$@"
