# shellcheck shell=bash
# The other tools, from PyPI into a virtual environment outside of this folder, once (about a minute).
# Sourced; needs `cache`, sets `environment` to its folder.
# shellcheck disable=SC2154

# ansible-core 2.19 is the newest that Python 3.11 (Debian 12) runs. `ansible` is only read for the module sysctl.
speed_packages=(ansible-core==2.19.14 jinja2==3.1.6 pyyaml==6.0.4 mitogen==0.3.54 pyinfra==3.10.0)
speed_collections=ansible==12.3.0
environment=$cache/speed-$(echo "${speed_packages[*]} $speed_collections" | sha256sum | cut -c1-12)

if [ ! -e "$environment/complete" ]; then
  echo "bench: installing ${speed_packages[*]} into $environment" >&2
  rm -rf "$environment"
  "${HAPB_BENCH_PYTHON:-/usr/bin/python3}" -m venv "$environment" ||
    { echo 'bench: this needs Python 3.11 to 3.13 with its venv module (HAPB_BENCH_PYTHON)' >&2; exit 1; }
  "$environment/bin/pip" install --quiet --disable-pip-version-check "${speed_packages[@]}"
  "$environment/bin/pip" download --quiet --disable-pip-version-check --no-deps --dest "$environment/wheels" "$speed_collections"
  "$environment/bin/python" - "$environment"/wheels/ansible-*.whl "$environment/collections" <<'PYTHON'
import sys
import zipfile

with zipfile.ZipFile(sys.argv[1]) as wheel:
    wheel.extractall(sys.argv[2], [name for name in wheel.namelist() if name.startswith("ansible_collections/ansible/posix/")])
PYTHON
  rm -rf "$environment/wheels"
  touch "$environment/complete"
fi
