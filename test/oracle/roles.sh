#!/usr/bin/env bash
# `npm run oracle:roles` runs roles that others wrote for Debian, unchanged, on two bare nodes of the lab: with hapb on one and
# with ansible-core on the other. It compares the recaps and then all of both nodes, and runs each a second time, which
# must change nothing.
#   npm run oracle:roles                        all of test/oracle/roles
#   npm run oracle:roles -- geerlingguy.postfix only these
# Needs what the lab needs (Linux, root, Debian), and GitHub, or HAPB_ROLES_BASE: where OWNER/NAME is a git repository.
# HAPB_ROLES_KEEP=FOLDER keeps what the tools printed, the states, and the nodes of the last role.
set -euo pipefail
cd "$(dirname "$0")/../.."
export HAPB_LAB_ID=${HAPB_LAB_ID:-10}
base=${HAPB_ROLES_BASE:-https://github.com}
cache=${HAPB_LAB_CACHE:-/var/cache/hapb-lab}
data=test/oracle/roles
lab=test/lab/lab
. test/oracle/environment.sh
. test/oracle/node-packages.sh

say() { printf 'roles: %s\n' "$*"; }
fact() { sed -n "s/^# $2: //p" "$data/$1.yml"; } # what a comment of the role's playbook says

fetched() { # REPOSITORY COMMIT FOLDER: the files of a commit
  local at=$cache/roles/${1//\//+}-$2
  if [ ! -d "$at" ]; then
    rm -rf "$at.making"
    git init -q "$at.making"
    git -C "$at.making" fetch -q --depth 1 "$base/$1" "$2"
    git -C "$at.making" -c advice.detachedHead=false checkout -q FETCH_HEAD
    rm -rf "$at.making/.git"
    mv -T "$at.making" "$at"
  fi
  mkdir -p "$(dirname "$3")"
  cp -r "$at" "$3"
}

state() { $lab exec "$1" bash -s "$node_packages" < "$data/state.sh" > "$2"; }

run_hapb() { node dist/hapb.cjs run "$1" -i "$work/inventory.yml" --limit cp1; }
run_ansible() {
  ANSIBLE_HOME=$work/ansible ANSIBLE_COLLECTIONS_PATH=$work/collections ANSIBLE_SSH_CONTROL_PATH_DIR=$work/cp \
    ANSIBLE_NOCOLOR=1 ANSIBLE_NOCOWS=1 ANSIBLE_PYTHON_INTERPRETER=/usr/bin/python3 \
    "$environment/bin/ansible-playbook" "$1" -i "$work/inventory.yml" --limit cp2
}
recap() { sed -n 's/^cp[12] *: *//p' "$1" | tr -s ' ' '\n' | grep -v '=0$' | sort | tr '\n' ' '; }

# Lines of both states that are not the same: `< …` hapb's, `> …` ansible-core's. What differed between the bare nodes
# already, and what differs.txt or the role's playbook names, does not count.
differences() { # ROLE
  { comm -3 --output-delimiter='#' "$work/bare-1" "$work/bare-2" | sed 's/^#//'
    { grep -v '^#' "$data/differs.txt"; fact "$1" differs; } | grep -hxEf - <(cut -f 1 "$work/after-1" "$work/after-2") || true
  } | cut -f 1 | sort -u > "$work/noise"
  {
    comm -23 "$work/after-1" "$work/after-2" | sed 's/^/< /'
    comm -13 "$work/after-1" "$work/after-2" | sed 's/^/> /'
  } | awk -F '\t' 'NR == FNR { noise[$0]; next } !(substr($1, 3) in noise)' "$work/noise" - | sort -k 2
}

try_role() { # ROLE
  local role=$1 tool turn failed=0
  work=$(mktemp -d /tmp/roles-XXXXXX)
  mkdir -p "$work/roles"
  read -r repository commit <<< "$(fact "$role" role)"
  fetched "$repository" "$commit" "$work/roles/$role"
  while read -r collection version; do
    fetched "$collection" "$version" "$work/collections/ansible_collections/$(basename "$collection" | tr . /)"
  done < <(fact "$role" collection)
  cp -r "$data/$role.yml" "$data/templates" "$work/"

  $lab up 2 > "$work/lab.log" 2>&1
  # shellcheck disable=SC2046
  debs=$(packages_folder python3-apt $(sed -n 's/^# packages: //p' "$data"/*.yml))
  install_python cp1 "$debs" & install_python cp2 "$debs" & wait %1 && wait %2
  $lab inventory > "$work/inventory.yml"
  state cp1 "$work/bare-1"; state cp2 "$work/bare-2"
  for turn in first second; do
    for tool in hapb ansible; do
      "run_$tool" "$work/$role.yml" > "$work/$tool-$turn.log" 2>&1 ||
        { failed=1; say "$role: $tool failed in the $turn run:"; tail -25 "$work/$tool-$turn.log"; }
    done
    [ "$failed" = 0 ] || break
    say "$role, $turn run: hapb $(recap "$work/hapb-$turn.log"); ansible-core $(recap "$work/ansible-$turn.log")"
    [ "$(recap "$work/hapb-$turn.log")" = "$(recap "$work/ansible-$turn.log")" ] || { failed=1; say "$role: the recaps differ"; }
    if [ "$turn" = second ] && grep -hE '^cp[12] .*changed=[1-9]' "$work"/*-second.log; then
      failed=1; say "$role: the second run changed something"
    fi
  done
  state cp1 "$work/after-1"; state cp2 "$work/after-2"
  differences "$role" > "$work/differences"
  say "$role: compared $(cut -d ' ' -f 1 "$work/after-1" | sort | uniq -c | awk '{ printf "%s%s %s", (NR > 1 ? ", " : ""), $1, $2 }')"
  say "$role: ansible-core changed $(comm -3 "$work/bare-2" "$work/after-2" | sed 's/^\t//' | cut -f 1 | sort -u | wc -l)," \
    "$(wc -l < "$work/noise") not comparable, differences: $(wc -l < "$work/differences")"
  if [ -s "$work/differences" ]; then failed=1; head -40 "$work/differences"; fi
  if [ -n "${HAPB_ROLES_KEEP:-}" ]; then rm -rf "${HAPB_ROLES_KEEP:?}/$role"; mkdir -p "$HAPB_ROLES_KEEP"; cp -r "$work" "$HAPB_ROLES_KEEP/$role"; fi
  rm -rf "$work"
  return "$failed"
}

[ "$(uname -s)" = Linux ] && [ "$(id -u)" = 0 ] || { say 'real nodes need Linux and root' >&2; exit 1; }
[ -x node_modules/.bin/esbuild ] || npm ci --no-audit --no-fund --loglevel=error
npm run --silent build
trap '[ -n "${HAPB_ROLES_KEEP:-}" ] || $lab down >/dev/null 2>&1' EXIT
roles=("$@")
[ $# -gt 0 ] || mapfile -t roles < <(basename -s .yml "$data"/*.yml)
bad=()
for role in "${roles[@]}"; do
  [ -f "$data/$role.yml" ] || { say "there is no $data/$role.yml" >&2; exit 5; }
  # In a process of its own: what fails in there ends it, which bash does not do behind `||`.
  (try_role "$role") & wait $! || bad+=("$role")
done
if [ "${#bad[@]}" -gt 0 ]; then say "not the same: ${bad[*]}"; exit 1; fi
say "all the same: ${roles[*]}"
