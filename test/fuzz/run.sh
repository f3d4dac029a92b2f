#!/usr/bin/env bash
# `npm run fuzz` gives every reader of foreign input a million inputs, all in all. The seed is printed; the same seed gives the
# same inputs.
#   npm run fuzz -- --seed 7 --target yaml --inputs 20000
set -euo pipefail
cd "$(dirname "$0")/../.."

mkdir -p node_modules/.cache
folder=$(mktemp -d node_modules/.cache/fuzz-XXXXXX)
trap 'rm -rf "$folder"' EXIT
node test/fuzz/bundle.mjs "$folder/run.mjs"
node "$folder/run.mjs" "$@"
