# shellcheck shell=bash
# What stands for the internet: the package server and the image registry, on the bridge's host address.

services_up() {
  service_start files "$files_port" "$(programs_dir)/file-server" "$host_ip:$files_port" "$(repository_dir)"
  service_start registry "$registry_port" \
    "$(crane)" registry serve --address "$host_ip:$registry_port" --disk "$(images_dir)"
  registry_fill
}

service_start() { # NAME PORT PROGRAM ARGUMENT...
  local name=$1 port=$2 try
  shift 2
  ! process_lives "$run/$name.pid" "$host_ip:$port" || return 0
  setsid "$@" < /dev/null > "$run/$name.log" 2>&1 9>&- &
  echo $! > "$run/$name.pid"
  for try in $(seq 50); do
    if { : < "/dev/tcp/$host_ip/$port"; } 2>/dev/null; then return; fi
    sleep 0.1
  done
  tail -3 "$run/$name.log" >&2
  die "the $name server does not listen on $host_ip:$port"
}

services_down() {
  local name port
  for name in files registry; do
    port=$files_port
    [[ $name = files ]] || port=$registry_port
    if process_lives "$run/$name.pid" "$host_ip:$port"; then kill "$(<"$run/$name.pid")" || true; fi
    rm -f "$run/$name.pid"
  done
}
