# shellcheck shell=bash
# One bridge per lab; its host side carries the package server and the registry.

netfilter_switch=/proc/sys/net/bridge/bridge-nf-call-iptables

network_up() {
  mkdir -p "$run"
  if [[ ! -d /sys/class/net/$bridge ]]; then
    ip link add "$bridge" type bridge
    ip address add "$host_ip/24" dev "$bridge"
  fi
  ip link set "$bridge" up
  # Where the host's firewall drops forwarded packets (Docker's does), frames of our bridge must not pass through it.
  if [[ -w $netfilter_switch && $(<"$netfilter_switch") = 1 && $(firewall_forwards) = no ]]; then
    echo 1 > "$run/netfilter-was"
    echo 0 > "$netfilter_switch"
  fi
}

firewall_forwards() {
  if command -v iptables >/dev/null && iptables -S FORWARD 2>/dev/null | grep -q '^-P FORWARD DROP'; then echo no; else echo yes; fi
}

network_down() {
  [[ ! -d /sys/class/net/$bridge ]] || ip link delete "$bridge"
  if [[ -f $run/netfilter-was ]]; then
    cat "$run/netfilter-was" > "$netfilter_switch"
    rm -f "$run/netfilter-was"
  fi
}

lab_cut() { # NODE: pull its network cable
  require_node "${1:-}"
  ip link set "$(link_of "$1")" down
}

lab_heal() { # NODE: put the cable back
  require_node "${1:-}"
  ip link set "$(link_of "$1")" up
}
