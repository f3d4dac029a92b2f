#!/usr/bin/env bash
# `npm run fuzz` gives every reader of foreign input a million inputs, all in all. The seed is printed; the same seed gives the
# same inputs.
#   npm run fuzz -- --seed 7 --target yaml --inputs 20000
set -euo pipefail
cd "$(dirname "$0")/../.."

mkdir -p node_modules/.cache
folder=$(mktemp -d node_modules/.cache/fuzz-XXXXXX)
trap 'rm -rf "$folder"' EXIT
npx esbuild test/fuzz/run.ts --bundle --platform=node --target=node20.19 --format=esm --packages=external \
  --log-level=warning --outfile="$folder/run.mjs"
node "$folder/run.mjs" "$@"
