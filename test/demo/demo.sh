#!/usr/bin/env bash
# `npm run demo`: an HA control plane on three real Debian nodes on this machine, built by hapb and the shipped playbook.
#   npm run demo                   new nodes, then the playbook; the cluster stays until `down`
#   npm run demo -- down           remove everything again
#   npm run demo -- status         what runs; likewise ssh cp1, exec, cut, heal, power-cut, reboot: see test/lab/lab help
set -euo pipefail
cd "$(dirname "$0")/../.."
export HAPB_LAB_ID=${HAPB_LAB_ID:-9}
folder=${HAPB_DEMO_FOLDER:-/var/tmp/hapb-demo}
cache=${HAPB_LAB_CACHE:-/var/cache/hapb-lab}
playbook=playbooks/ha-control-plane.yml
inventory=$folder/inventory.yml

say() { printf '\n\033[1mdemo: %s\033[0m\n' "$*"; }

at_least() { # VERSION WANTED
  [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

# Prints one line for each thing that this machine lacks.
lacking() {
  [ "$(uname -s)" = Linux ] || echo "Linux: this is $(uname -s), and the nodes are Linux namespaces. A Linux VM will do."
  [ "$(id -u)" = 0 ] || echo 'root: nodes need namespaces, mounts and a bridge. Try: sudo npm run demo'
  command -v apt-get >/dev/null || echo 'Debian or a relative of it: the nodes are made from its packages, and apt-get is not here.'
  local version
  version=$(node --version 2>/dev/null | sed 's/^v//')
  at_least "${version:-0}" 20.19 || echo "Node.js 20.19 or newer: here is ${version:-none}."
  command -v npm >/dev/null || echo 'npm, which comes with Node.js.'
  # Go is needed only to fill an empty cache.
  if ! compgen -G "$cache/bin/k8s-*/.complete" >/dev/null; then
    version=$(go env GOVERSION 2>/dev/null | sed 's/^go//')
    at_least "${version:-0}" 1.24 || echo "Go 1.24 or newer, to build Kubernetes for the nodes: here is ${version:-none}."
  fi
}

kubectl_folder() { # where the kubectl lies that was built with the nodes' Kubernetes
  local found
  found=$(compgen -G "$cache/bin/k8s-*/kubectl" | head -n 1) || true
  [ -z "$found" ] || dirname "$found"
}

run_demo() {
  local problems started=$SECONDS
  problems=$(lacking)
  if [ -n "$problems" ]; then
    printf 'demo: this machine cannot run the demo. It lacks:\n' >&2
    printf '%s\n' "$problems" | sed 's/^/  - /' >&2
    exit 1
  fi

  if [ ! -x node_modules/.bin/esbuild ]; then
    say 'Installing npm packages (about 20 s)'
    npm ci --no-audit --no-fund --loglevel=error
  fi
  say 'Building dist/hapb.cjs'
  npm run --silent build

  say 'Preparing what the nodes are made of'
  echo 'The first time this takes about 10 minutes: it downloads Debian packages and builds kubeadm, kubelet, kubectl,'
  echo "etcd, kube-apiserver and its companions with Go. All is kept in $cache, so the next time takes seconds."
  test/lab/lab deps
  test/lab/lab assets

  say "Starting three bare Debian nodes: cp1, cp2, cp3 (lab $HAPB_LAB_ID)"
  test/lab/lab up 3
  mkdir -p "$folder"
  rm -f "$folder"/kubeconfig "$folder"/run.jsonl "$folder"/run.html
  test/lab/lab inventory > "$inventory"

  say "hapb run $playbook -i $inventory"
  local before=$SECONDS
  node dist/hapb.cjs run "$playbook" -i "$inventory" --output "jsonl=$folder/run.jsonl" --output "html=$folder/run.html" || {
    local code=$?
    say "The run ended with $code. The nodes are still there; log and report lie in $folder."
    echo "  Look at them:  npm run demo -- ssh cp1       Remove all:  npm run demo -- down"
    exit "$code"
  }
  say "The control plane stands after $((SECONDS - before)) s (the whole demo took $((SECONDS - started)) s)."
  what_next
}

what_next() {
  local kube_vip='kube-vip is a stand-in here: see test/lab/README.md.'
  [ -z "${HAPB_LAB_KUBE_VIP:-}" ] || kube_vip="kube-vip is $HAPB_LAB_KUBE_VIP."
  cat <<NEXT

Ask the cluster, at its virtual address:
  export KUBECONFIG=$folder/kubeconfig PATH=$(kubectl_folder):\$PATH
  kubectl get nodes -o wide
  kubectl -n kube-system get pods
(Nodes stay NotReady, because the lab has no network plugin. $kube_vip)

Run it again; nothing changes:
  node dist/hapb.cjs run $playbook -i $inventory
Or only look, with differences:
  node dist/hapb.cjs run $playbook -i $inventory --check --diff

Take a node away and see the address move to another one:
  kubectl -n kube-system get lease plndr-cp-lock      # HOLDER is the node that has the address
  npm run demo -- cut cp1                             # or whichever holds it
  kubectl get nodes                                   # answers again after some 10 seconds
  npm run demo -- heal cp1

Go inside a node:       npm run demo -- ssh root@cp2
See how the run went:   $folder/run.html
Remove everything:      npm run demo -- down
NEXT
}

case ${1:-run} in
  run) run_demo ;;
  down)
    test/lab/lab down
    rm -rf "$folder"
    echo "demo: nodes and $folder are gone; what the nodes are made of stays in $cache"
    ;;
  *) exec test/lab/lab "$@" ;;
esac
