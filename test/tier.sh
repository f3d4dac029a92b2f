#!/usr/bin/env bash
# `npm run test:lab` and `npm run test:e2e`: the tiers that need real nodes. Prepares the lab (about ten minutes the first
# time on a machine, seconds afterwards), builds the bundle, runs the tier named by $1. More arguments go to vitest.
set -euo pipefail
cd "$(dirname "$0")/.."
tier=$1
shift

if [ "$(uname -s)" != Linux ] || [ "$(id -u)" != 0 ]; then
  echo "test: the $tier tier starts real nodes, which needs Linux and root; nothing was tested" >&2
  exit 1
fi
[ -x node_modules/.bin/vitest ] || npm ci --no-audit --no-fund --loglevel=error
test/lab/lab deps
test/lab/lab assets
npm run --silent build

reporters=(--reporter=default)
[ -z "${HAPB_TEST_RESULTS:-}" ] || reporters+=(--reporter=json --outputFile.json="$HAPB_TEST_RESULTS")
exec npx vitest run -c test/vitest.config.ts --project "$tier" "${reporters[@]}" "$@"
