#!/usr/bin/env bash
# The whole installation as a careful person does it with OpenSSH: every step on all nodes at once where it may be,
# one multiplexed connection per node, joins one after the other. Works on bare nodes: lab up 3 && by-hand.sh
# It proves that the lab works, and it is the floor for comparisons. Prints seconds per phase and in total.
set -euo pipefail
lab_home=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
# shellcheck source-path=SCRIPTDIR
for part in settings root packages node; do . "$lab_home/lib/$part.sh"; done

kube_vip_version=${1:-v1.1.2}
endpoint=k8s-api.lab
kube_vip_image=ghcr.io/kube-vip/kube-vip:$kube_vip_version
mapfile -t nodes < <(lab_nodes)
[[ ${#nodes[@]} -gt 0 ]] || die "no nodes: lab up 3"
first=${nodes[0]}
[[ $kube_vip_version = v[0-9]* ]] || usage_error "by-hand.sh [KUBE_VIP_VERSION like v1.1.2]"

sockets=$(mktemp -d /tmp/by-hand.XXXXXX)
finish() {
  local node
  for node in "${nodes[@]}"; do ssh -o ControlPath="$sockets/%h" -O exit "$(ip_of "$node")" 2>/dev/null || true; done
  rm -rf "$sockets"
}
trap finish EXIT

options=()
mapfile -t options < <(ssh_options)
options+=(-o BatchMode=yes -o ControlMaster=auto -o "ControlPath=$sockets/%h" -o ControlPersist=60)

on() { # NODE: runs the script on stdin there as root
  ssh "${options[@]}" "admin@$(ip_of "$1")" sudo sh -s > "$sockets/$1.log" 2>&1 ||
    { echo "--- $1" >&2; tail -40 "$sockets/$1.log" >&2; die "failed on $1"; }
}
on_all() { # the same script on all nodes at once
  local script node pids=() pid failed=0
  script=$(cat)
  for node in "${nodes[@]}"; do on "$node" <<< "$script" & pids+=($!); done
  for pid in "${pids[@]}"; do wait "$pid" || failed=1; done
  [[ $failed = 0 ]] || exit 1
}
phase_start=$(now_ms) began=$(now_ms)
phase() { # NAME: prints how long the phase that ends here took
  printf '%-34s %6s s\n' "$1" "$(seconds_since "$phase_start")"
  phase_start=$(now_ms)
}

prepare() {
  on_all <<SCRIPT
set -e
printf 'overlay\nbr_netfilter\n' > /etc/modules-load.d/kubernetes.conf
modprobe overlay && modprobe br_netfilter
printf 'net.ipv4.ip_forward = 1\nnet.bridge.bridge-nf-call-iptables = 1\n' > /etc/sysctl.d/99-kubernetes.conf
sysctl -q -p /etc/sysctl.d/99-kubernetes.conf
mkdir -p /etc/apt/keyrings
cat > /etc/apt/keyrings/kubernetes.asc <<'KEY'
$(cat "$(repository_dir)/$(kube_repo_path "$kubernetes_version")/Release.key")
KEY
echo 'deb [signed-by=/etc/apt/keyrings/kubernetes.asc] $kube_repo_url /' > /etc/apt/sources.list.d/kubernetes.list
apt-get update -q
DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
  containerd iptables socat conntrack ethtool kubeadm kubelet kubectl
apt-mark hold kubeadm kubelet kubectl
containerd config default | sed \
  -e 's/SystemdCgroup = false/SystemdCgroup = true/' \
  -e 's,sandbox_image = .*,sandbox_image = "registry.k8s.io/pause:3.10.1",' \
  -e 's,config_path = "",config_path = "/etc/containerd/certs.d",' \
  -e 's/restrict_oom_score_adj = false/restrict_oom_score_adj = true/' \
  -e 's/tolerate_missing_hugetlb_controller = false/tolerate_missing_hugetlb_controller = true/' \
  -e 's/disable_apparmor = false/disable_apparmor = true/' > /etc/containerd/config.toml
for host in registry.k8s.io ghcr.io; do
  mkdir -p /etc/containerd/certs.d/\$host
  printf 'server = "https://%s"\n\n[host."$registry_url"]\n  capabilities = ["pull", "resolve"]\n' \$host > /etc/containerd/certs.d/\$host/hosts.toml
done
systemctl restart containerd
SCRIPT
}

pull() {
  on_all <<SCRIPT
set -e
kubeadm config images pull --kubernetes-version v$kubernetes_version
ctr -n k8s.io images pull --hosts-dir /etc/containerd/certs.d $kube_vip_image
SCRIPT
}

point_endpoint() { # IP: on all nodes
  on_all <<SCRIPT
set -e
grep -v ' $endpoint\$' /etc/hosts > /etc/hosts.new || :
echo '$1 $endpoint' >> /etc/hosts.new
mv /etc/hosts.new /etc/hosts
SCRIPT
}

kube_vip_manifest() { # prints the commands
  cat <<SCRIPT
set -e
mkdir -p /etc/kubernetes/manifests
ctr -n k8s.io run --rm --net-host $kube_vip_image vip /kube-vip manifest pod --interface $node_interface --address $vip \
  --controlplane --services --arp --leaderElection --leaseDuration 5 --leaseRenewDuration 3 --leaseRetry 1 > /root/kube-vip.yaml
grep -q '^kind: Pod' /root/kube-vip.yaml
mv /root/kube-vip.yaml /etc/kubernetes/manifests/kube-vip.yaml
SCRIPT
}

init() {
  on "$first" <<SCRIPT
kubeadm init --kubernetes-version v$kubernetes_version --control-plane-endpoint $endpoint:6443 --upload-certs \
  --apiserver-advertise-address $(ip_of "$first") --apiserver-cert-extra-sans $vip --skip-phases addon/kube-proxy
SCRIPT
}

vip_answers() {
  on "$first" <<SCRIPT
for try in \$(seq 300); do
  kubectl --kubeconfig /etc/kubernetes/admin.conf --server https://$vip:6443 --request-timeout 2s get --raw /readyz && exit 0
  sleep 0.2
done
exit 1
SCRIPT
}

join() { # NODE: token and certificate key are made for it
  on "$first" <<'SCRIPT'
set -e
export KUBECONFIG=/etc/kubernetes/admin.conf
key=$(kubeadm init phase upload-certs --upload-certs | tail -1)
echo "JOIN $(kubeadm token create --ttl 1h --print-join-command) --control-plane --certificate-key $key"
SCRIPT
  local command
  command=$(sed -n 's/^JOIN //p' "$sockets/$first.log")
  on "$1" <<< "$command --apiserver-advertise-address $(ip_of "$1")"
  kube_vip_manifest | on "$1"
}

static_pods_ready() {
  on "$first" <<SCRIPT
for try in \$(seq 300); do
  ready=\$(kubectl --kubeconfig /etc/kubernetes/admin.conf -n kube-system get pods \
    -o 'jsonpath={range .items[*]}{.metadata.ownerReferences[0].kind} {.status.conditions[?(@.type=="Ready")].status}{"\n"}{end}' |
    grep -c '^Node True')
  [ "\$ready" = $((${#nodes[@]} * 5)) ] && break
  sleep 0.5
done
kubectl --kubeconfig /etc/kubernetes/admin.conf get nodes
kubectl --kubeconfig /etc/kubernetes/admin.conf -n kube-system get pods -o wide
[ "\$ready" = $((${#nodes[@]} * 5)) ]
SCRIPT
}

prepare; phase "prepare, all nodes"
pull; phase "pull images, all nodes"
point_endpoint "$(ip_of "$first")"; kube_vip_manifest | on "$first"; phase "endpoint name, kube-vip manifest"
init; phase "kubeadm init"
vip_answers; phase "VIP answers"
point_endpoint "$vip"; phase "endpoint name to the VIP"
for node in "${nodes[@]:1}"; do join "$node"; phase "join $node"; done
static_pods_ready; phase "all $((${#nodes[@]} * 5)) static pods ready"
cat "$sockets/$first.log"
printf '%-34s %6s s  (%s nodes, Kubernetes %s, kube-vip %s)\n' total "$(seconds_since "$began")" "${#nodes[@]}" \
  "$kubernetes_version" "$kube_vip_version ${HAPB_LAB_KUBE_VIP:-stand-in}"
