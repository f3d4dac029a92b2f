# shellcheck shell=bash disable=SC2034
# Names, versions, addresses and folders of the lab: the one place for each of them.

lab_id=${HAPB_LAB_ID:-0}
[[ $lab_id =~ ^(0|[1-9][0-9]?)$ ]] || { echo "lab: HAPB_LAB_ID must be 0 to 99, not '$lab_id'" >&2; exit 2; }

cache=${HAPB_LAB_CACHE:-/var/cache/hapb-lab}
run=${HAPB_LAB_RUN:-/run/hapb-lab/$lab_id}
disks=${HAPB_LAB_DISKS:-/var/lib/hapb-lab/$lab_id}

# The first version is what `lab inventory` names; further ones are there to upgrade to.
kubernetes_versions=${HAPB_LAB_KUBERNETES:-1.34.2}
kubernetes_version=${kubernetes_versions%% *}
etcd_version=${HAPB_LAB_ETCD:-3.6.5}
kube_vip_versions=(0.8.0 1.1.2)
kube_vip_binary=${HAPB_LAB_KUBE_VIP:-}

bridge=hapb$lab_id
prefix=10.77.$lab_id
host_ip=$prefix.254
vip=$prefix.60
max_nodes=10
files_port=8000
registry_port=5000
files_url=http://$host_ip:$files_port
registry_url=http://$host_ip:$registry_port
debian_repo_url=$files_url/debian/
node_interface=host0

kube_repo_path() { # VERSION -> the path that pkgs.k8s.io gives the packages of this minor version
  local minor=${1#*.}
  echo "core:/stable:/v${1%%.*}.${minor%%.*}/deb"
}
kube_repo_url=$files_url/$(kube_repo_path "$kubernetes_version")/

machine_of() { echo "hapb$lab_id-$1"; }        # name of the machine, of its cgroups; vb-NAME is its link
link_of() { echo "vb-hapb$lab_id-$1"; }
ip_of() { echo "$prefix.${1#cp}"; }

say() { echo "lab: $*" >&2; }
die() { say "$*"; exit 1; }
usage_error() { say "$*"; say "see: lab help"; exit 2; }

node_names() { # COUNT
  local index
  for ((index = 1; index <= $1; index++)); do echo "cp$index"; done
}
lab_nodes() { [[ -f $run/nodes ]] && cat "$run/nodes" || true; }
require_node() {
  [[ -n ${1:-} ]] || usage_error "which node? (cp1 to cp$max_nodes)"
  lab_nodes | grep -qx -- "$1" || die "this lab has no node '$1' (nodes: $(lab_nodes | tr '\n' ' '))"
}
node_count_ok() {
  [[ $1 =~ ^([1-9]|10)$ ]] || usage_error "a lab has 1 to $max_nodes nodes, not '$1'"
}

now_ms() { local t=${EPOCHREALTIME/[.,]/}; echo $((t / 1000)); }
seconds_since() { # START_MS
  local passed=$(($(now_ms) - $1))
  printf '%d.%d' $((passed / 1000)) $((passed % 1000 / 100))
}

# True while the process of a pid file lives and is still the one that we started (its command line has WORD).
process_lives() { # PIDFILE WORD
  local pid
  [[ -f $1 ]] && pid=$(<"$1") && [[ -n $pid && -r /proc/$pid/cmdline ]] &&
    tr '\0' ' ' < "/proc/$pid/cmdline" 2>/dev/null | grep -q -- "$2"
}

# Runs a function for several nodes at the same time; fails when one of them failed.
for_nodes() { # FUNCTION NODE...
  local function=$1 pids=() pid failed=0 node
  shift
  for node in "$@"; do "$function" "$node" & pids+=($!); done
  for pid in "${pids[@]}"; do wait "$pid" || failed=1; done
  return $failed
}
