#!/usr/bin/env bash
# `npm run test:lab`, `npm run test:e2e` and `npm run test:law`: the tiers that need real nodes. Prepares the lab (about ten
# minutes the first time on a machine, seconds afterwards), builds the bundle, runs the tier named by $1. More arguments go
# to vitest. The lab tier holds a sample of the start states to the law; test:law holds all, and the shipped playbook in
# every state of a cluster, and brings the tables in docs/check-mode-proof.md up to date:
#   npm run test:law -- test/lab/law               only the modules (HAPB_LAW=file,copy_file: only these)
#   npm run test:law -- test/e2e/states            only the playbook
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

case $tier in
  lab) export HAPB_LAW_SAMPLE=${HAPB_LAW_SAMPLE:-250} ;;
  law) export HAPB_LAW_PAGE=${HAPB_LAW_PAGE:-docs/check-mode-proof.md} ;;
esac

reporters=(--reporter=default)
[ -z "${HAPB_TEST_RESULTS:-}" ] || reporters+=(--reporter=json --outputFile.json="$HAPB_TEST_RESULTS")
exec npx vitest run -c test/vitest.config.ts --project "$tier" "${reporters[@]}" "$@"
