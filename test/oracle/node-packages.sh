# shellcheck shell=bash
# Debian's packages for nodes on which ansible-core works too: nodes reach no mirror. Sourced; needs `lab`, `work`, `cache`.

# PACKAGE...: the folder of these, with what they depend on as a bare node lacks it; downloads them once.
packages_folder() {
  local wanted="$*" at
  $lab exec cp1 cat /var/lib/dpkg/status > "$work/status"
  at=$cache/roles-packages-$({ echo "$wanted"; cat "$work/status"; } | sha256sum | cut -c1-12)
  if [ ! -d "$at" ]; then
    echo "downloading $wanted" >&2
    rm -rf "$at.making"
    mkdir -p "$at.making/partial" "$work/apt"
    [ -n "$(apt-get indextargets)" ] || apt-get update -q >/dev/null
    # shellcheck disable=SC2086
    apt-get -q -y --download-only -o Dir::State::status="$work/status" -o Dir::Cache="$work/apt" \
      -o Dir::Cache::archives="$at.making" -o APT::Sandbox::User=root install $wanted > "$work/apt.log" 2>&1 ||
      { tail -5 "$work/apt.log" >&2; return 1; }
    rm -rf "$at.making/partial" "$at.making/lock"
    (cd "$at.making" && apt-ftparchive packages . > Packages)
    mv -T "$at.making" "$at"
  fi
  echo "$at"
}

node_packages=/opt/roles-packages
install_python() { # NODE FOLDER: the packages as a source of apt, and of them what Ansible's modules need
  tar -C "$2" -c . | $lab exec "$1" sh -c "mkdir -p $node_packages && tar -C $node_packages -x"
  $lab exec "$1" sh -c "
    echo 'deb [trusted=yes] file:$node_packages ./' > /etc/apt/sources.list
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q && apt-get install -q -y --no-install-recommends python3-apt" > "$work/prepare-$1.log" 2>&1
}
