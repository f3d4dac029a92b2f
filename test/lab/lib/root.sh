# shellcheck shell=bash
# The disk that every node starts from: a bare Debian (systemd, sshd, sudo and little else), and the packages
# that a playbook will want from Debian, downloaded by apt inside that root so that dependencies fit exactly.

root_packages=systemd,systemd-sysv,dbus,openssh-server,iproute2,kmod,sudo,procps,iputils-ping
# iputils-ping is in every Debian installation that is not a container image.
debian_packages="containerd runc iptables socat conntrack ethtool"
root_revision=1

suite() { if [[ -n ${HAPB_LAB_SUITE:-} ]]; then echo "$HAPB_LAB_SUITE"; else . /etc/os-release; echo "$VERSION_CODENAME"; fi; }

# The mirror and its components are those of the host's own apt: no host name is written into the project.
mirror() {
  if [[ -n ${HAPB_LAB_MIRROR:-} ]]; then echo "$HAPB_LAB_MIRROR"; return; fi
  apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT)' 'Created-By: Packages' |
    awk -v suite="$(suite)" '$2 == suite && $3 == "main" { print $1; exit }'
}
components() { case $(. /etc/os-release; echo "$ID") in ubuntu) echo main,universe ;; *) echo main ;; esac; }

root_key() { printf '%s\n' "$root_packages" "$debian_packages" "$(suite)" "$root_revision" | sha256sum | cut -c1-12; }
root_dir() { echo "$cache/root-$(root_key)"; }
debian_dir() { echo "$cache/debian-$(root_key)"; }

build_root() {
  local root debs start
  root=$(root_dir); debs=$(debian_dir); start=$(now_ms)
  [[ -e $root/.lab-complete && -d $debs ]] && return
  lab_deps
  local from made
  from=$(mirror)
  [[ -n $from ]] || { apt-get update -q >/dev/null && from=$(mirror); }
  [[ -n $from ]] || die "apt knows no mirror for $(suite): set HAPB_LAB_MIRROR and HAPB_LAB_SUITE"
  say "node root: debootstrap of $(suite) (one to three minutes, once per machine)"
  made=$root.making
  remove_tree "$made" "$debs.making"
  debootstrap --variant=minbase --components="$(components)" --include="$root_packages" "$(suite)" "$made" "$from" \
    > "$cache/root.log" 2>&1 || { tail -5 "$cache/root.log" >&2; die "debootstrap failed: $cache/root.log"; }
  download_packages "$made" "$debs.making"
  configure_root "$made"
  remove_tree "$debs" # left by a run that ended between these two renames
  mv -T "$debs.making" "$debs"
  touch "$made/.lab-complete"
  mv -T "$made" "$root"
  say "node root: done in $(seconds_since "$start") s"
}

remove_tree() { # never follows into something that is still mounted
  local tree
  for tree in "$@"; do
    [[ -e $tree ]] || continue
    ! grep -q " $tree/" /proc/self/mountinfo || die "something is still mounted below $tree"
    rm -rf --one-file-system "$tree"
  done
}

download_packages() { # ROOT DEBS
  mkdir -p "$2"
  cp /etc/resolv.conf "$1/etc/resolv.conf"
  [[ ! -f /etc/apt/apt.conf.d/01proxy ]] || cp /etc/apt/apt.conf.d/01proxy "$1/etc/apt/apt.conf.d/"
  {
    chroot "$1" apt-get update -q
    # shellcheck disable=SC2086
    chroot "$1" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -q -y --no-install-recommends --download-only $debian_packages
  } >> "$cache/root.log" 2>&1 || die "downloading $debian_packages failed: $cache/root.log"
  mv "$1"/var/cache/apt/archives/*.deb "$2/"
  rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/*.bin "$1/etc/apt/apt.conf.d/01proxy" "$1/etc/apt/sources.list"
}

configure_root() { # ROOT: what all nodes have in common
  local root=$1 unit user
  for user in admin operator nosudo; do
    chroot "$root" getent group "$user" > /dev/null || chroot "$root" groupadd "$user" # Debian has a group operator
    chroot "$root" useradd --create-home --gid "$user" --shell /bin/sh --password '*' "$user"
  done
  chroot "$root" usermod --shell /bin/sh root
  chroot "$root" usermod --append --groups sudo operator
  echo 'admin ALL=(ALL:ALL) NOPASSWD: ALL' > "$root/etc/sudoers.d/admin"
  chmod 0440 "$root/etc/sudoers.d/admin"
  rm -f "$root"/etc/ssh/ssh_host_*
  mkdir -p "$root/var/lib/containerd" "$root/var/lib/kubelet" "$root/var/lib/etcd"
  # Background package runs hold dpkg's lock at moments that nobody chose; consoles do not exist here.
  for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer \
    console-getty.service getty.target systemd-udevd.service systemd-networkd.service systemd-resolved.service; do
    ln -sf /dev/null "$root/etc/systemd/system/$unit"
  done
  # A shutdown waits for container scopes of a kubelet that is already gone.
  mkdir -p "$root/etc/systemd/system.conf.d" "$root/etc/systemd/journald.conf.d"
  printf '[Manager]\nDefaultTimeoutStopSec=5s\n' > "$root/etc/systemd/system.conf.d/lab.conf"
  printf '[Journal]\nStorage=persistent\nSystemMaxUse=64M\nRateLimitIntervalSec=0\n' > "$root/etc/systemd/journald.conf.d/lab.conf"
  lab_unit "$root" lab-cgroups "sysinit.target" "sysinit.target" /usr/local/lib/lab/cgroups
  lab_unit "$root" lab-network "network.target ssh.service" "multi-user.target" /usr/local/lib/lab/network
  mkdir -p "$root/usr/local/lib/lab"
  cat > "$root/usr/local/lib/lab/cgroups" <<'SCRIPT'
#!/bin/sh
# The container manager gives cgroup hierarchies read-only; a kubelet needs to write, and mounts must propagate.
mount --make-rshared /
for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/*/; do
  mount -o remount,bind,rw "$hierarchy" 2>/dev/null || :
done
SCRIPT
  cat > "$root/usr/local/lib/lab/network" <<'SCRIPT'
#!/bin/sh
set -e
. /etc/lab-network
ip link set "$INTERFACE" up
ip address add "$ADDRESS" dev "$INTERFACE"
ip route add default via "$GATEWAY"
SCRIPT
  chmod 755 "$root/usr/local/lib/lab/cgroups" "$root/usr/local/lib/lab/network"
}

lab_unit() { # ROOT NAME BEFORE WANTED_BY PROGRAM
  cat > "$1/etc/systemd/system/$2.service" <<UNIT
[Unit]
Description=Lab: $2
DefaultDependencies=no
Before=$3
Conflicts=shutdown.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=$5

[Install]
WantedBy=$4
UNIT
  mkdir -p "$1/etc/systemd/system/$4.wants"
  ln -sf "/etc/systemd/system/$2.service" "$1/etc/systemd/system/$4.wants/$2.service"
}
