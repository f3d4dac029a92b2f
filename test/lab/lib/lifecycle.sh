# shellcheck shell=bash
# The lab as a whole: up, down, status, and what happens to single nodes.

lab_up() {
  local count=${1:-3} start names
  node_count_ok "$count"
  lab_assets
  lab_down_quietly
  start=$(now_ms)
  run_make
  mapfile -t names < <(node_names "$count")
  printf '%s\n' "${names[@]}" > "$run/nodes"
  kernel_limits
  network_up
  services_up
  for_nodes node_prepare "${names[@]}"
  known_hosts_write
  for_nodes node_start "${names[@]}"
  for_nodes node_wait "${names[@]}"
  say "$count bare nodes answer after $(seconds_since "$start") s ($(ip_of cp1) and so on; kube-vip: $(kube_vip_name))"
}

run_make() { # keys and passwords of this lab
  mkdir -p "$run" "$disks"
  chmod 700 "$run" "$disks"
  rm -f "$run"/key "$run"/key.pub
  ssh-keygen -q -t ed25519 -N '' -C "lab $lab_id" -f "$run/key"
  openssl rand -hex 8 > "$run/operator-password"
  chmod 600 "$run/operator-password"
}

node_prepare() { # NODE
  node_create "$1"
  node_mount "$1"
  node_identity "$1"
}

known_hosts_write() {
  local node
  for node in $(lab_nodes); do node_known_hosts "$node"; done > "$run/known_hosts"
}

lab_down() {
  local start
  start=$(now_ms)
  lab_down_quietly
  say "down after $(seconds_since "$start") s"
}

# Ends processes of this lab that no pid file tells of (its run folder was removed, say): by an argument that only
# they have, and by the program that they run.
end_strays() {
  local own file pid command
  own="^(--machine=)?$(machine_of 'cp[0-9]+')\$|^${host_ip//./\\.}:($files_port|$registry_port)\$"
  for file in /proc/[0-9]*/comm; do
    command=''
    { read -r command < "$file"; } 2>/dev/null || true
    case $command in bash | systemd-nspawn | crane | file-server) ;; *) continue ;; esac
    pid=${file#/proc/}
    pid=${pid%/comm}
    if { tr '\0' '\n' < "/proc/$pid/cmdline"; } 2>/dev/null | grep -qE -- "$own"; then
      say "ending a stray $command ($pid)"
      kill -KILL "$pid" 2>/dev/null || true
    fi
  done
}

# Also clears what a crashed lab left: it goes by what exists, not by what was remembered.
# shellcheck disable=SC2086
lab_down_quietly() {
  local node names base
  names=$({ lab_nodes; [[ ! -d $disks ]] || ls "$disks"; cgroup_roots | while read -r base; do
    find "$base" -maxdepth 1 -name "$(machine_of cp)[1-9]*" -printf '%f\n' | sed 's/.*-//'; done; } | grep -E '^cp[0-9]+$' | sort -u) || true
  mkdir -p "$run"
  [[ -z $names ]] || for_nodes node_kill $names
  services_down
  end_strays
  [[ -z $names ]] || for_nodes node_release $names
  network_down
  for node in $names; do remove_tree "$disks/$node"; done
  rm -rf "$run"
}

node_release() { # NODE: lets go of its cgroups and mounts
  cgroups_remove "$(machine_of "$1")"
  node_unmount "$1"
  ! mountpoint -q "$disks/$1" || umount "$disks/$1"
}

lab_status() {
  local node state
  echo "lab $lab_id: bridge $bridge, host $host_ip, VIP $vip, run $run, kube-vip $(kube_vip_name)"
  echo "packages $files_url $(process_lives "$run/files.pid" "$host_ip" && echo serving || echo down)," \
    "registry $registry_url $(process_lives "$run/registry.pid" "$host_ip" && echo serving || echo down)"
  for node in $(lab_nodes); do
    state=off
    if node_leader "$node" >/dev/null; then
      state=booting
      ! node_answers "$node" || state=up
      [[ $(<"/sys/class/net/$(link_of "$node")/flags") = *[13579bdf] ]] || state=cut
    fi
    echo "$node $(ip_of "$node") $state"
  done
}

lab_wait() { # [NODE...]
  local names=("$@") node
  [[ ${#names[@]} -gt 0 ]] || mapfile -t names < <(lab_nodes)
  for node in "${names[@]}"; do require_node "$node"; done
  for_nodes node_wait "${names[@]}"
}

lab_power_cut() { # [--stay-off] NODE: the plug is pulled; power comes back at once unless --stay-off
  local stay_off=no leader
  if [[ ${1:-} = --stay-off ]]; then stay_off=yes; shift; fi
  require_node "${1:-}"
  leader=$(node_leader "$1") || die "$1 is off"
  if [[ $stay_off = yes ]]; then node_kill "$1"; else kill -KILL "$leader"; fi
  leader_gone "$leader"
}

lab_power_on() { # NODE
  require_node "${1:-}"
  node_start "$1"
}

lab_reboot() { # NODE: an orderly reboot; returns when the node is down, `lab wait` when it is back
  local leader
  require_node "${1:-}"
  leader=$(node_leader "$1") || die "$1 is off"
  node_exec "$1" systemctl reboot
  leader_gone "$leader"
}

leader_gone() { # PID: waits until the last process of that boot is dead
  while kill -0 "$1" 2>/dev/null; do sleep 0.05; done
}

# As root inside the node, past sshd and network: works on a node that is cut off.
node_exec() { # NODE COMMAND...
  local node=$1 leader
  shift
  leader=$(node_leader "$node") || die "$node is off"
  ( cgroups_enter "$(machine_of "$node")"
    exec nsenter --target "$leader" --mount --uts --ipc --net --pid --cgroup --wd env -i HOME=/root LANG=C \
      "TERM=${TERM:-dumb}" PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@" )
}

lab_exec() { # NODE COMMAND...
  require_node "${1:-}"
  [[ $# -ge 2 ]] || usage_error "lab exec NODE COMMAND..."
  node_exec "$@"
}

lab_ssh() { # [USER@]NODE [COMMAND...]
  local user=root node=${1:-} options
  if [[ $node = *@* ]]; then user=${node%%@*}; node=${node#*@}; fi
  require_node "$node"
  shift
  mapfile -t options < <(ssh_options)
  exec ssh "${options[@]}" "$user@$(ip_of "$node")" "$@"
}
