#!/usr/bin/env bash
# What people know as the floor: every host at once, each with one connection of OpenSSH and one script.
# Usage: openssh.sh WORK run|check HOSTS, HOSTS being a file with `name address port number systemd` on each line.
# From the environment: key, known_hosts, payload, and `masters`, an empty folder.
set -euo pipefail
job=$(dirname "$0")/jobs/$1 mode=$2
options=(-F none -i "$key" -o IdentitiesOnly=yes -o BatchMode=yes -o "UserKnownHostsFile=$known_hosts"
  -o GlobalKnownHostsFile=/dev/null -o StrictHostKeyChecking=yes)

if [[ -e $job/node.sh ]]; then
  host() {
    { printf 'number=%s systemd=%s mode=%s\n' "$number" "$systemd" "$mode"; cat "$job/node.sh"; } | "$@" sh -s
  }
else
  # shellcheck source=/dev/null
  . "$job/openssh.sh"
  # A second question on the same connection.
  options+=(-o ControlMaster=auto -o "ControlPath=$masters/%C" -o ControlPersist=5)
fi

waiting=()
while read -r name address port number systemd; do
  host ssh "${options[@]}" -p "$port" "root@$address" > "$masters/$name.out" 2> "$masters/$name.err" &
  waiting+=("$!:$name")
done < "$3"
failed=0
for one in "${waiting[@]}"; do
  wait "${one%%:*}" || { failed=1; sed "s/^/${one#*:}: /" "$masters/${one#*:}.err"; }
done
exit "$failed"
