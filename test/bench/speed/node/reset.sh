# Puts a host back to where every first run starts. `systemd` is set in front.
set -eu
if [ "$systemd" = true ]; then systemctl -q disable --now bench-app 2>/dev/null || true; fi
rm -rf /srv/bench /etc/systemd/system/bench-app.service /etc/sysctl.d/60-bench.conf
if [ "$systemd" = true ]; then systemctl daemon-reload; fi
sysctl -qw net.core.somaxconn=4096 net.ipv4.tcp_keepalive_time=7200
mkdir -p /srv/bench/old/deep
echo gone > /srv/bench/old/deep/file
printf '#MaxUsers 10\nPort 22\n' > /srv/bench/settings
echo '127.0.0.1 localhost' > /srv/bench/hosts
sync -f /srv/bench
