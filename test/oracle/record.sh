#!/usr/bin/env bash
# `npm run oracle:record` asks the real ansible-core what it does with the cases, and writes that into them.
#   npm run oracle:record                      all cases
#   npm run oracle:record -- --missing         only those that were never recorded
#   npm run oracle:record -- plays/ loops/one  only those whose names begin so
#   npm run oracle:record -- --verify          writes nothing; fails when ansible-core does not do what is recorded
#   npm run oracle:record -- --verify --sample 40 --seed 7
#   npm run oracle:record -- --accept NAME     writes down what hapb does instead, as a deliberate difference
set -euo pipefail
cd "$(dirname "$0")/../.."

. test/oracle/environment.sh

mkdir -p node_modules/.cache
folder=$(mktemp -d node_modules/.cache/oracle-XXXXXX)
trap 'rm -rf "$folder"' EXIT
npx esbuild test/oracle/record.ts --bundle --platform=node --target=node20.19 --format=esm --packages=external --log-level=warning \
  --outfile="$folder/record.mjs"
node "$folder/record.mjs" --environment "$environment" --cases "$PWD/test/oracle/cases" "$@"
