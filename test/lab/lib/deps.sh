# shellcheck shell=bash
# What the lab needs from the host's distribution.

host_packages() { # prints "command package" pairs
  cat <<'PAIRS'
systemd-nspawn systemd-container
debootstrap debootstrap
apt-ftparchive apt-utils
depmod kmod
ip iproute2
ssh openssh-client
gpg gnupg
nsenter util-linux
openssl openssl
pgrep procps
flock util-linux
curl curl
sshd openssh-server
sudo sudo
doas opendoas
fish fish
busybox busybox
PAIRS
}

missing_packages() {
  local command package
  host_packages | while read -r command package; do
    command -v "$command" >/dev/null || echo "$package"
  done | sort -u
}

lab_deps() {
  [[ $(id -u) = 0 ]] || die "nodes need namespaces, mounts and a bridge: run the lab as root"
  [[ $(uname -s) = Linux ]] || die "the lab runs on Linux only"
  local missing
  missing=$(missing_packages)
  [[ -n $missing ]] || return 0
  command -v apt-get >/dev/null || die "missing here: $missing (install them; apt-get is not there to do it)"
  say "installing on this host: $(echo "$missing" | tr '\n' ' ')(tens of seconds)"
  mkdir -p "$cache"
  local policy=/usr/sbin/policy-rc.d made=no
  # Packages must not start services on the host.
  if [[ ! -e $policy ]]; then
    printf '#!/bin/sh\nexit 101\n' > "$policy"; chmod 755 "$policy"; made=yes
  fi
  # shellcheck disable=SC2086
  {
    apt-get update -q &&
      DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing
  } > "$cache/deps.log" 2>&1 || { [[ $made = no ]] || rm -f "$policy"; tail -20 "$cache/deps.log" >&2; die "apt-get failed: $cache/deps.log"; }
  [[ $made = no ]] || rm -f "$policy"
  missing=$(missing_packages)
  [[ -z $missing ]] || die "still missing after apt-get: $missing"
}

lab_go() { # the Go tools are needed only to fill an empty cache
  command -v go >/dev/null || die "building $1 needs Go 1.24 or newer on this host"
}
