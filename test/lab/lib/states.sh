# shellcheck shell=bash
# Saved states: the disks of all nodes after an orderly power-off, so that a test starts where it needs to.
# The caller's key says what a state was made with; another key is another state.

state_names="bare prepared initialised complete"

state_arguments() { # STATE [N] [--key KEY] -> $state $count $key
  state='' count='' key=default
  while [[ $# -gt 0 ]]; do
    case $1 in
      --key) key=${2:-}; shift 2 || usage_error "--key needs a value" ;;
      --key=*) key=${1#--key=}; shift ;;
      -*) usage_error "unknown option '$1'" ;;
      *) if [[ -z $state ]]; then state=$1; else count=$1; fi; shift ;;
    esac
  done
  [[ " $state_names " = *" $state "* ]] || usage_error "states are: $state_names (not '$state')"
  [[ $key =~ ^[A-Za-z0-9._-]+$ ]] || usage_error "a key is made of letters, digits, '.', '_' and '-'"
  [[ -z $count ]] || node_count_ok "$count"
}

# Addresses are part of a cluster: each lab id has its own states.
state_dir() { echo "$cache/states/$lab_id/$key/$state"; }

lab_save() {
  local state count key directory start names node
  state_arguments "$@"
  mapfile -t names < <(lab_nodes)
  [[ ${#names[@]} -gt 0 ]] || die "the lab is down: there is nothing to save"
  directory=$(state_dir); start=$(now_ms)
  for_nodes node_power_off "${names[@]}"
  rm -rf "$directory.making" "$directory.old"
  mkdir -p "$directory.making/lab"
  cp -p "$run"/key "$run"/key.pub "$run"/known_hosts "$run"/operator-password "$run"/nodes "$directory.making/lab/"
  basename "$(root_dir)" > "$directory.making/lab/root"
  for node in "${names[@]}"; do
    disk_seal "$node"
    disk_copy "$disks/$node" "$directory.making/$node"
  done
  [[ ! -e $directory ]] || mv -T "$directory" "$directory.old"
  mv -T "$directory.making" "$directory"
  rm -rf "$directory.old"
  say "saved '$state' of ${#names[@]} nodes after $(seconds_since "$start") s; booting again"
  for_nodes node_start "${names[@]}"
  for_nodes node_wait "${names[@]}"
}

lab_load() {
  local state count key directory start names node
  state_arguments "$@"
  directory=$(state_dir); start=$(now_ms)
  if ! state_fits "$directory"; then
    say "no saved state '$state' with key '$key'${count:+ for $count nodes}: make it, then lab save $state --key $key"
    exit 3
  fi
  mapfile -t names < <(head -n "${count:-$max_nodes}" "$directory/lab/nodes")
  lab_down_quietly
  mkdir -p "$run" "$disks"
  chmod 700 "$run" "$disks"
  cp -p "$directory"/lab/* "$run/"
  printf '%s\n' "${names[@]}" > "$run/nodes"
  kernel_limits
  network_up
  services_up
  for node in "${names[@]}"; do disk_copy "$directory/$node" "$disks/$node"; done
  say "loaded '$state' of ${#names[@]} nodes after $(seconds_since "$start") s; booting"
  for_nodes node_start "${names[@]}"
  for_nodes node_wait "${names[@]}"
  say "${#names[@]} nodes answer after $(seconds_since "$start") s"
}

state_fits() { # DIRECTORY: it is there, on the same node root, with nodes enough
  local saved
  [[ -f $1/lab/nodes && $(<"$1/lab/root") = "$(basename "$(root_dir)")" ]] || return 1
  [[ -n $count ]] || return 0
  saved=$(wc -l < "$1/lab/nodes")
  case $state in
    bare | prepared) [[ $count -le $saved ]] ;;
    *) [[ $count -eq $saved ]] ;; # members of a cluster come together
  esac
}

node_power_off() { # NODE: orderly, and its disk unmounted
  local leader try
  if leader=$(node_leader "$1"); then
    node_exec "$1" systemctl poweroff --no-block || kill -s RTMIN+4 "$leader"
    for try in $(seq 600); do
      process_lives "$run/$1.supervisor" "supervise $1" || break
      sleep 0.05
    done
  fi
  node_kill "$1"
  node_unmount "$1"
}

# What an overlay has as a lower layer is never written, and image content neither once containerd has it: both are
# shared by hard links between states and disks. The rest is copied.
disk_copy() { # FROM TO
  mkdir -p "$2/upper" "$2/work" "$2/root"
  link_tree "$1/layers" "$2"
  cp -a "$1/kubelet" "$1/product-uuid" "$2/"
  cp -a --sparse=always "$1/etcd" "$2/" # etcd's logs are zeros ahead of what is written
  link_tree "$1/containerd" "$2"
  ( cd "$1/containerd"
    find . -type f ! -path './io.containerd.content.v1.content/blobs/*' \
      ! -path './io.containerd.snapshotter.v1.overlayfs/snapshots/*' -print0 |
      xargs -0 -r cp -a --parents --remove-destination -t "$2/containerd/" )
}

link_tree() { # TREE INTO: by hard links, or by copying where the two are on different file systems
  cp -al "$1" "$2/" 2>/dev/null || { rm -rf "${2:?}/$(basename "$1")"; cp -a "$1" "$2/"; }
}

# Turns what a powered-off node has written into its topmost lower layer.
disk_seal() { # NODE
  local disk=$disks/$1 count
  count=$(find "$disk/layers" -mindepth 1 -maxdepth 1 | wc -l)
  rm -f "$disk"/upper/var/cache/apt/archives/*.deb # a cache, and the largest thing in there
  mv "$disk/upper" "$disk/layers/$count"
  remove_tree "$disk/work"
  mkdir "$disk/upper" "$disk/work"
}
