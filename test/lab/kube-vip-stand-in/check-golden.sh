#!/usr/bin/env bash
# Compares the stand-in's `manifest pod` with the outputs that real kube-vip binaries gave (test/golden/kube-vip).
# Usage: check-golden.sh BINARY VERSION   (VERSION like v1.1.2)
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
binary=$1 version=$2
golden=$here/../../golden/kube-vip/$version
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT

arguments() { # CASE
  local a="--interface ens33 --address 172.24.1.60" control all subnet=--vipSubnet
  [[ $version = v0.8.0 ]] && subnet=--cidr
  all="$a --controlplane --services --arp --leaderElection"
  control="$a --controlplane --arp --leaderElection"
  case $1 in
    seed) echo "$a --controlplane --services --arp --leaderElection" ;;
    controlplane-only) echo "$control" ;;
    lease-5-3-1) echo "$control --leaseDuration 5 --leaseRenewDuration 3 --leaseRetry 1" ;;
    ipv6) echo "--interface ens33 --address fd00::60 --controlplane --services --arp --leaderElection" ;;
    super-admin) echo "$control --k8sConfigPath /etc/kubernetes/super-admin.conf" ;;
    bgp) echo "--interface lo --address 172.24.1.60 --controlplane --services --bgp --localAS 65000" \
      "--bgpRouterID 172.24.1.61 --bgppeers 172.24.1.1:65001::false,172.24.1.2:65001::false" ;;
    cidr-24) echo "$control --cidr 24" ;;
    subnet-24) echo "$control --vipSubnet 24" ;;
    no-address) echo "--interface ens33 --controlplane --arp --leaderElection" ;;
    no-interface) echo "--address 172.24.1.60 --controlplane --arp --leaderElection" ;;
    port-8443) echo "$control --port 8443" ;;
    load-balancer) echo "$control --enableLoadBalancer" ;;
    services-only) echo "$a --services --arp --leaderElection" ;;
    neither) echo "$a --arp --leaderElection" ;;
    no-election) echo "$a --controlplane --services --arp" ;;
    no-election-lease) echo "$a --controlplane --services --arp --leaseDuration 5 --leaseRenewDuration 3 --leaseRetry 1" ;;
    lease-15-10-2) echo "$all --leaseDuration 15 --leaseRenewDuration 10 --leaseRetry 2" ;;
    prefix-24-services) echo "$all $subnet 24 --port 8443 --leaseDuration 60 --leaseRenewDuration 40 --leaseRetry 5" ;;
    bgp-election) echo "--interface lo --address 172.24.1.60 --controlplane --services --bgp --leaderElection" \
      "--localAS 65000 --bgpRouterID 172.24.1.61 --bgppeers 172.24.1.1:65001::false" ;;
    bgp-services-only) echo "--interface lo --address 172.24.1.60 --services --bgp --localAS 65001" \
      "--bgpRouterID 172.24.1.61 --bgppeers 172.24.1.1:65001:pass:true" ;;
    *) echo "unknown case $1" >&2; return 1 ;;
  esac
}

# A refusal is recorded as its exit code and the first three non-empty lines of stderr and lines of stdout.
refusal() { # EXIT_CODE
  echo "# exit $1"
  sed 's/time="[^"]*"/time=T/; s/^ *//' "$made/stderr" | head -3 | sed 's/^/# stderr: /'
  head -3 "$made/stdout" | sed 's/^/# stdout: /'
}

failed=0 compared=0
for file in "$golden"/*; do
  name=$(basename "$file")
  # Flags, and two VIPs, that the stand-in does not have: they are recorded for hapb's own text.
  case $name in extra.* | unknown-flag.* | both-families.*) continue ;; esac
  code=0
  # shellcheck disable=SC2046
  "$binary" manifest pod $(arguments "${name%.*}") > "$made/stdout" 2> "$made/stderr" || code=$?
  case $name in
    *.yaml) [[ $code = 0 ]] && cp "$made/stdout" "$made/result" || refusal "$code" > "$made/result" ;;
    *) refusal "$code" > "$made/result" ;;
  esac
  diff -u --label "kube-vip $version $name" --label stand-in "$file" "$made/result" || failed=1
  compared=$((compared + 1))
done
[[ $compared -gt 0 ]] || { echo "no golden outputs in $golden" >&2; exit 1; }
[[ $failed = 0 ]] && echo "stand-in $version equals kube-vip in $compared cases"
exit $failed
