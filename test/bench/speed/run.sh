#!/usr/bin/env bash
# `npm run bench`: hapb side by side with ansible-core (with and without pipelining, and with Mitogen), pyinfra and plain
# OpenSSH, on the same nodes of the lab, in one run, interleaved. Options: `npm run bench -- --help`. Needs what the lab
# needs, and PyPI the first time.
set -euo pipefail
cd "$(dirname "$0")/../../.."
export HAPB_LAB_ID=${HAPB_LAB_ID:-13}
cache=${HAPB_LAB_CACHE:-/var/cache/hapb-lab}
case " $* " in *' --help '* | *' -h '*) exec node test/bench/speed/bench.mjs --help ;; esac
[ "$(uname -s)" = Linux ] && [ "$(id -u)" = 0 ] || { echo 'bench: real nodes need Linux and root' >&2; exit 1; }
[ -x node_modules/.bin/esbuild ] || npm ci --no-audit --no-fund --loglevel=error
test/lab/lab deps
test/lab/lab assets
. test/bench/speed/environment.sh
npm run --silent build
SPEED_FOLDER=$(mktemp -d /tmp/speed-XXXXXX)
export SPEED_FOLDER SPEED_ENVIRONMENT=$environment
trap 'test/bench/speed/namespaces.sh down "$SPEED_FOLDER/light" || true; test/lab/lab down >/dev/null 2>&1 || true; rm -rf "$SPEED_FOLDER"' EXIT
node test/bench/speed/bench.mjs "$@"
