#!/usr/bin/env bash
# `npm run bench:cluster`: hapb with the shipped playbook against the same installation typed by hand as a parallel OpenSSH
# script (test/lab/by-hand.sh), on bare nodes of the lab, interleaved so that noise hits both alike. Prints each run's
# phases and the medians; the last line is the ratio. Usage: cluster.sh [ROUNDS=3] [NODES=3]
set -euo pipefail
cd "$(dirname "$0")/../.."
export HAPB_LAB_ID=${HAPB_LAB_ID:-7}
rounds=${1:-3} nodes=${2:-3}
results=$(mktemp -d)
trap 'test/lab/lab down >/dev/null 2>&1 || true; rm -rf "$results"' EXIT

test/lab/lab deps
test/lab/lab assets
npm run --silent build

for round in $(seq "$rounds"); do
  test/lab/lab up "$nodes"
  echo "== round $round by hand"
  test/lab/by-hand.sh >"$results/by-hand.$round"
  grep -E ' s( |$)' "$results/by-hand.$round"
  test/lab/lab up "$nodes"
  test/lab/lab inventory >"$results/inventory.yml"
  echo "== round $round hapb"
  node dist/hapb.cjs run playbooks/ha-control-plane.yml -i "$results/inventory.yml" \
    --output plain --output "jsonl=$results/hapb.$round" >"$results/plain.$round" ||
    { tail -40 "$results/plain.$round"; exit 1; }
  node test/bench/phases.mjs "$results/hapb.$round"
done
node test/bench/phases.mjs --compare "$results"
