# Prints all that the work of the bench changes on a host; equal after every tool. `systemd` is set in front.
set -eu
find /srv/bench ! -path /srv/bench -printf '%P %y %m %u:%g %l\n' | sort
find /srv/bench -type f -exec sha256sum {} + | sort -k 2
stat -c '%n %a %U:%G' /etc/systemd/system/bench-app.service 2>/dev/null || true
sha256sum /etc/systemd/system/bench-app.service 2>/dev/null || true
# Each tool has its own way with blanks and comments in this file.
sed 's/#.*//; s/[[:space:]]*//g; /^$/d' /etc/sysctl.d/60-bench.conf 2>/dev/null | sort || true
sysctl net.core.somaxconn net.ipv4.tcp_keepalive_time
if [ "$systemd" = true ]; then
  for unit in bench-app ssh; do
    echo "$unit $(systemctl is-active "$unit" 2>/dev/null || true) $(systemctl is-enabled "$unit" 2>/dev/null || true)"
  done
fi
