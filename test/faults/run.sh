#!/usr/bin/env bash
# `npm run test:faults`: the shipped playbook on real nodes, struck again and again while it builds a control plane; the same
# command must converge whatever happened. Without arguments a sample, in one story; the seed is printed and can be given.
#   npm run test:faults -- --seed 7
#   npm run test:faults -- --full --out faults.json         the whole matrix; about an hour
#   npm run test:faults -- --fault 'power cut' --out faults.json     one column of it; --go-on: what it has not struck yet
#   npm run test:faults -- --page docs/reliability.md --out faults.json     only writes the tables
set -euo pipefail
cd "$(dirname "$0")/../.."

if [ "$(uname -s)" != Linux ] || [ "$(id -u)" != 0 ]; then
  echo "test: the fault matrix starts real nodes, which needs Linux and root; nothing was tested" >&2
  exit 1
fi
[ -x node_modules/.bin/esbuild ] || npm ci --no-audit --no-fund --loglevel=error
test/lab/lab deps
test/lab/lab assets
npm run --silent build

export HAPB_LAB_DISK_SIZE=${HAPB_LAB_DISK_SIZE:-6G}
mkdir -p node_modules/.cache
folder=$(mktemp -d node_modules/.cache/faults-XXXXXX)
trap 'rm -rf "$folder"' EXIT
npx esbuild test/faults/run.ts --bundle --platform=node --target=node20.19 --format=esm --packages=external \
  --log-level=warning --outfile="$folder/run.mjs"
node "$folder/run.mjs" "$@"
