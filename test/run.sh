#!/usr/bin/env bash
# `npm test`: the unit tier. Installs what it misses (npm packages; on Debian as root also sshd, busybox and dash, so that
# no test has to be left out), then runs the tests. Arguments go to vitest.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ ! -x node_modules/.bin/vitest ]; then
  echo 'test: installing npm packages (about 20 s)'
  npm ci --no-audit --no-fund --loglevel=error
fi

missing=()
[ -x /usr/sbin/sshd ] || missing+=(openssh-server)
command -v ssh >/dev/null || missing+=(openssh-client)
command -v busybox >/dev/null || missing+=(busybox)
command -v dash >/dev/null || missing+=(dash)
if [ "${#missing[@]}" -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "test: installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    # The tests start their own sshd; the system's must not begin to listen.
    [ -e /usr/sbin/policy-rc.d ] || { printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d; chmod +x /usr/sbin/policy-rc.d; policy=ours; }
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
    [ "${policy:-}" != ours ] || rm -f /usr/sbin/policy-rc.d
  else
    echo "test: ${missing[*]} missing; as root on Debian they would be installed. Tests that need them say so." >&2
  fi
fi

reporters=(--reporter=default)
[ -z "${HAPB_TEST_RESULTS:-}" ] || reporters+=(--reporter=json --outputFile.json="$HAPB_TEST_RESULTS")
exec npx vitest run -c test/vitest.config.ts --project unit "${reporters[@]}" "$@"
