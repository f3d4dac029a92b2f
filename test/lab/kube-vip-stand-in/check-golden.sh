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
  local a="--interface ens33 --address 172.24.1.60" control
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
