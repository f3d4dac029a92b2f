# shellcheck shell=bash
# Own cgroups per node. Without them all kubelets of the machine share one /kubepods and kill each other's pods.

cgroup_roots() { # the v1 hierarchies of this host, or the v2 root
  if [[ -f /sys/fs/cgroup/cgroup.controllers ]]; then echo /sys/fs/cgroup; return; fi
  awk '{ for (i = 7; i <= NF; i++) if ($i == "-") { type = $(i + 1); break }
         if ((type == "cgroup" || type == "cgroup2") && $5 ~ "^/sys/fs/cgroup/") print $5 }' /proc/self/mountinfo | sort -u
}

cgroups_make() { # MACHINE
  local base group
  for base in $(cgroup_roots); do
    group=$base/$1
    if [[ $base = /sys/fs/cgroup ]]; then # v2: controllers are handed down explicitly
      sed 's/\([a-z_]*\)/+\1/g' "$base/cgroup.controllers" > "$base/cgroup.subtree_control" 2>/dev/null || true
    fi
    mkdir -p "$group"
    if [[ -f $group/cpuset.cpus && -f $base/cpuset.mems ]]; then # v1: an empty cpuset admits no process
      cat "$base/cpuset.cpus" > "$group/cpuset.cpus"
      cat "$base/cpuset.mems" > "$group/cpuset.mems"
      echo 1 > "$group/cgroup.clone_children"
    fi
  done
}

cgroups_enter() { # MACHINE: moves the calling (sub)shell
  local base
  for base in $(cgroup_roots); do
    echo "$BASHPID" > "$base/$1/cgroup.procs" 2>/dev/null || true
  done
}

cgroups_kill() { # MACHINE: every process of a node, whoever its parent has become
  local base pid
  for base in $(cgroup_roots); do
    [[ -d $base/$1 ]] || continue
    for pid in $(find "$base/$1" -name cgroup.procs -exec cat {} + 2>/dev/null | sort -un); do
      kill -KILL "$pid" 2>/dev/null || true
    done
  done
}

cgroups_remove() { # MACHINE: with the processes that are still in there
  local base try
  for try in 1 2 3 4 5 6 7 8 9 10; do
    cgroups_kill "$1"
    for base in $(cgroup_roots); do
      [[ ! -d $base/$1 ]] || find "$base/$1" -depth -type d -exec rmdir {} + 2>/dev/null || true
    done
    [[ -n $(cgroup_roots | while read -r base; do [[ ! -d $base/$1 ]] || echo left; done) ]] || return 0
    sleep 0.1
  done
  echo "lab: cgroups of $1 are still in use" >&2
}

# inotify's instances are counted for the whole machine; at the usual 128 a third kubelet ends with "too many open files".
kernel_limits() {
  local limit=/proc/sys/fs/inotify/max_user_instances
  [[ ! -w $limit || $(<"$limit") -ge 2048 ]] || echo 2048 > "$limit"
}
