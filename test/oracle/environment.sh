# shellcheck shell=bash
# The ansible-core that the oracle asks: from PyPI into a virtual environment outside of this folder, once (about 20 s).
# Sourced; sets `environment` to its folder.

# 2.19 is the newest that Python 3.11 (Debian 12) runs.
packages=(ansible-core==2.19.14 jinja2==3.1.6 pyyaml==6.0.4)
environment=${HAPB_LAB_CACHE:-/var/cache/hapb-lab}/ansible-2.19.14

if [ ! -e "$environment/complete" ]; then
  python=
  for candidate in /usr/bin/python3.11 python3.11 python3.12 python3.13 /usr/bin/python3; do
    # The venv module is a package of its own on Debian.
    if "$candidate" -c 'import sys, ensurepip, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
      python=$candidate
      break
    fi
  done
  if [ -z "$python" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo 'oracle: installing python3-venv' >&2
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
    python=/usr/bin/python3
  fi
  [ -n "$python" ] || { echo 'oracle: this needs Python 3.11 to 3.13 with its venv module' >&2; exit 1; }
  echo "oracle: installing ${packages[*]} into $environment" >&2
  rm -rf "$environment"
  "$python" -m venv "$environment"
  "$environment/bin/pip" install --quiet --disable-pip-version-check "${packages[@]}"
  touch "$environment/complete"
fi
