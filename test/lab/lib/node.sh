# shellcheck shell=bash
# One node: its disk (an overlay on the common root, and real directories for what must not lie on an overlay),
# its identity, its start under a supervisor, its end.

real_directories="containerd kubelet etcd"

node_create() { # NODE: an empty disk
  local disk=$disks/$1 directory
  remove_tree "$disk"
  mkdir -p "$disk"
  # In memory, and with an end: a disk that can be full without that of the host.
  [[ -z ${HAPB_LAB_DISK_SIZE:-} ]] || mount -t tmpfs -o "size=$HAPB_LAB_DISK_SIZE,mode=755" tmpfs "$disk"
  mkdir -p "$disk/layers" "$disk/upper" "$disk/work" "$disk/root"
  for directory in $real_directories; do mkdir -p "$disk/$directory"; done
}

node_mount() { # NODE
  local disk=$disks/$1 lower layer
  ! mountpoint -q "$disk/root" || return 0
  lower=$(root_dir)
  for layer in $(find "$disk/layers" -mindepth 1 -maxdepth 1 | sort); do lower=$layer:$lower; done # see states.sh
  mount -t overlay overlay -o "lowerdir=$lower,upperdir=$disk/upper,workdir=$disk/work" "$disk/root"
}

node_unmount() { # NODE
  local disk=$disks/$1 point
  awk -v below="$disk/" 'index($5, below) == 1 { print $5 }' /proc/self/mountinfo | sort -r |
    while read -r point; do umount "$point" || umount -l "$point"; done
}

node_identity() { # NODE: what differs from node to node, written to its mounted disk
  local node=$1 root=$disks/$1/root kind
  echo "$node" > "$root/etc/hostname"
  printf '127.0.0.1\tlocalhost\n127.0.1.1\t%s\n\n::1\tlocalhost ip6-localhost ip6-loopback\n' "$node" > "$root/etc/hosts"
  tr -d - < /proc/sys/kernel/random/uuid > "$root/etc/machine-id"
  cat /proc/sys/kernel/random/uuid > "$disks/$node/product-uuid"
  printf 'INTERFACE=%s\nADDRESS=%s/24\nGATEWAY=%s\n' "$node_interface" "$(ip_of "$node")" "$host_ip" > "$root/etc/lab-network"
  echo "nameserver $host_ip" > "$root/etc/resolv.conf"
  for kind in ed25519 ecdsa rsa; do
    rm -f "$root/etc/ssh/ssh_host_${kind}_key" "$root/etc/ssh/ssh_host_${kind}_key.pub"
    ssh-keygen -q -t "$kind" -N '' -C "root@$node" -f "$root/etc/ssh/ssh_host_${kind}_key"
  done
  printf 'operator:%s\n' "$(<"$run/operator-password")" | chroot "$root" chpasswd
  node_authorize "$root"
  node_apt "$root"
  node_modules "$root"
}

node_authorize() { # ROOT
  local user home
  for user in root admin operator nosudo; do
    home=$1/home/$user
    [[ $user != root ]] || home=$1/root
    mkdir -p -m 700 "$home/.ssh"
    cp "$run/key.pub" "$home/.ssh/authorized_keys"
    chmod 600 "$home/.ssh/authorized_keys"
    chroot "$1" chown -R "$user:" "${home#"$1"}/.ssh"
  done
}

node_apt() { # ROOT: Debian's packages come from the lab's server, as they come from a mirror elsewhere
  cp "$cache/repository-key.gpg" "$1/usr/share/keyrings/lab-archive-keyring.gpg"
  echo "deb [signed-by=/usr/share/keyrings/lab-archive-keyring.gpg] $debian_repo_url ./" > "$1/etc/apt/sources.list"
}

# A distribution's kernel lists its built-in modules, so that modprobe NAME succeeds for them.
node_modules() { # ROOT
  local release directory
  release=$(uname -r)
  [[ ! -f /lib/modules/$release/modules.dep ]] || return 0
  directory=$1/lib/modules/$release
  mkdir -p "$directory"
  : > "$directory/modules.order"
  {
    echo kernel/fs/overlayfs/overlay.ko
    echo kernel/net/bridge/bridge.ko
    [[ ! -e $netfilter_switch ]] || echo kernel/net/bridge/br_netfilter.ko
    [[ ! -e /proc/sys/net/netfilter/nf_conntrack_max ]] || echo kernel/net/netfilter/nf_conntrack.ko
    echo kernel/drivers/net/veth.ko
    [[ ! -d /sys/module/vxlan ]] || echo kernel/drivers/net/vxlan.ko
    [[ ! -c /dev/net/tun ]] || echo kernel/drivers/net/tun.ko
  } > "$directory/modules.builtin"
  : > "$directory/modules.builtin.modinfo"
  depmod -b "$1" "$release"
}

node_known_hosts() { # NODE: prints its lines
  local key
  for key in "$disks/$1"/root/etc/ssh/ssh_host_*_key.pub; do
    echo "$(ip_of "$1") $(cut -d' ' -f1,2 "$key")"
  done
}

node_start() { # NODE
  local log=$run/$1.supervisor.log
  ! process_lives "$run/$1.supervisor" "supervise $1" || return 0
  rm -f "$run/$1.stay-off"
  node_mount "$1"
  setsid "$lab_home/supervise" "$1" "$(machine_of "$1")" < /dev/null >> "$log" 2>&1 9>&- &
  echo $! > "$run/$1.supervisor"
}

# The node's PID 1 as the host sees it; nothing when the node is off.
node_leader() { # NODE
  process_lives "$run/$1.nspawn" "machine=$(machine_of "$1") " || return 1
  local child
  for child in $(pgrep -P "$(<"$run/$1.nspawn")"); do
    [[ $(awk '/^NSpid:/ { print $NF }' "/proc/$child/status" 2>/dev/null) = 1 ]] && { echo "$child"; return; }
  done
  return 1
}

node_kill() { # NODE: at once, as a power cut does; with its supervisor
  local leader try
  touch "$run/$1.stay-off"
  for try in $(seq 50); do
    # It may end between being found and being killed; that alone must not end this script.
    ! leader=$(node_leader "$1") || kill -KILL "$leader" 2>/dev/null || true
    process_lives "$run/$1.supervisor" "supervise $1" || break
    sleep 0.1
  done
  if process_lives "$run/$1.nspawn" "machine=$(machine_of "$1") "; then kill -KILL "$(<"$run/$1.nspawn")" || true; sleep 0.2; fi
  if process_lives "$run/$1.supervisor" "supervise $1"; then kill -KILL "$(<"$run/$1.supervisor")" || true; fi
  rm -f "$run/$1.nspawn" "$run/$1.supervisor"
}

node_answers() { # NODE: a user can log in (sshd's banner comes before logins are admitted)
  local line=
  # shellcheck disable=SC2094
  { exec 8<>"/dev/tcp/$(ip_of "$1")/22"; } 2>/dev/null || return 1
  read -r -t 2 line <&8 || true
  exec 8>&-
  [[ $line = SSH-* ]] && ssh_to "$1" admin true 2>/dev/null
}

ssh_options() { # one option per line
  printf '%s\n' -i "$run/key" -o IdentitiesOnly=yes -o "UserKnownHostsFile=$run/known_hosts" -o GlobalKnownHostsFile=/dev/null \
    -o StrictHostKeyChecking=yes -o ConnectTimeout=3 -F none
}

ssh_to() { # NODE USER COMMAND...
  local node=$1 user=$2 options
  shift 2
  mapfile -t options < <(ssh_options)
  ssh -n -o BatchMode=yes "${options[@]}" "$user@$(ip_of "$node")" "$@"
}

node_wait() { # NODE [SECONDS]
  local end=$(($(now_ms) + ${2:-60} * 1000))
  until node_answers "$1"; do
    (($(now_ms) < end)) || die "$1 does not answer after ${2:-60} s: see $run/$1.console and $run/$1.supervisor.log"
    sleep 0.1
  done
}
