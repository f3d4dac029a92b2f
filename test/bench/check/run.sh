#!/usr/bin/env bash
# `npm run bench:check`: the same 40 tasks and start states (situations.ts) for `hapb --check` and for ansible-core's --check,
# on the same node of the lab, which is put back in between. Prints how often a forecast was what the tool's own run then
# did, and writes that into docs/check-mode-proof.md (HAPB_CHECK_PAGE: another page; empty: none). Needs what the lab needs,
# and PyPI the first time.
set -euo pipefail
cd "$(dirname "$0")/../../.."
export HAPB_LAB_ID=${HAPB_LAB_ID:-11}
lab=test/lab/lab
cache=${HAPB_LAB_CACHE:-/var/cache/hapb-lab}
[ "$(uname -s)" = Linux ] && [ "$(id -u)" = 0 ] || { echo 'bench: real nodes need Linux and root' >&2; exit 1; }
[ -x node_modules/.bin/esbuild ] || npm ci --no-audit --no-fund --loglevel=error
$lab deps
$lab assets
. test/oracle/environment.sh
. test/oracle/node-packages.sh
npm run --silent build
mkdir -p node_modules/.cache
work=$(mktemp -d)
built=$(mktemp -d node_modules/.cache/check-XXXXXX)
trap '$lab down >/dev/null 2>&1 || true; rm -rf "$work" "$built"' EXIT

$lab up 1
debs=$(packages_folder python3-apt cron)
state=check-$(basename "$debs")
$lab load bare 1 --key "$state" || {
  install_python cp1 "$debs"
  $lab save bare --key "$state"
}
npx esbuild test/bench/check/compare.ts --bundle --platform=node --target=node20.19 --format=esm --packages=external \
  --log-level=warning --define:import.meta.url="\"file://$PWD/test/lab/rig/lab.ts\"" --outfile="$built/compare.mjs"
node "$built/compare.mjs" "$environment" "$PWD/test/bench/check/callback_plugins" "$state" \
  "${HAPB_CHECK_PAGE-docs/check-mode-proof.md}"
