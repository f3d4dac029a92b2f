# The twenty tasks of playbook.yml as a careful person writes them in sh: each looks first. Gets `number`, `systemd` and
# `mode` (run or check) in front.
set -eu
changed=0
act() { changed=$((changed + 1)); [ "$mode" = run ]; }
folder() { # PATH MODE
  [ -d "$1" ] || { ! act || mkdir "$1"; }
  permit "$1" "$2"
}
permit() { # PATH MODE
  [ ! -e "$1" ] || [ "$(stat -c %a "$1")" = "$2" ] || { ! act || chmod "$2" "$1"; }
}
put() { # PATH MODE, content on stdin: whole or not at all
  content=$(cat)
  if ! printf '%s\n' "$content" | cmp -s - "$1"; then
    if act; then
      printf '%s\n' "$content" > "$1.new"
      chmod "$2" "$1.new"
      mv "$1.new" "$1"
    fi
  fi
  permit "$1" "$2"
}
line() { # PATH PATTERN LINE
  grep -qxF -e "$3" "$1" || { ! act || {
    if grep -qE -e "$2" "$1"; then sed -i -E "s/$2.*/$3/" "$1"; else printf '%s\n' "$3" >> "$1"; fi
  }; }
}
installed() {
  [ "$(dpkg-query -W -f '${db:Status-Status}\n' "$@" 2>/dev/null | grep -cx installed)" = $# ] ||
    { ! act || DEBIAN_FRONTEND=noninteractive apt-get install -qy "$@" >/dev/null; }
}
kernel() { # NAME VALUE
  if [ "$(sysctl -n "$1")" != "$2" ]; then ! act || sysctl -qw "$1=$2"; fi
  grep -qxF "$1=$2" "$sysctls" 2>/dev/null || { ! act || {
    { grep -v "^$1=" "$sysctls" 2>/dev/null || true; echo "$1=$2"; } > "$sysctls.new"
    mv "$sysctls.new" "$sysctls"
  }; }
}
service() {
  systemctl -q is-active "$1" || { ! act || systemctl -q start "$1"; }
  systemctl -q is-enabled "$1" || { ! act || systemctl -q enable "$1" 2>/dev/null; }
}

sysctls=/etc/sysctl.d/60-bench.conf
folder /srv/bench/app 750
folder /srv/bench/app/conf.d 755
put /srv/bench/app/app.conf 640 <<'TEXT'
workers = 4
log = /var/log/app.log
TEXT
put /srv/bench/motd 644 <<'TEXT'
This machine is managed: what you change by hand will be put back.
TEXT
put /srv/bench/app/conf.d/ports.conf 644 <<TEXT
# Ports of machine $number
port = 8080
admin_port = 90$number
TEXT
put /srv/bench/app/conf.d/peers.conf 600 <<TEXT
self = machine-$number
upstream = upstream.example.org
TEXT
line /srv/bench/settings '^#?MaxUsers' 'MaxUsers 40'
line /srv/bench/settings '^Banner none$' 'Banner none'
block='# BEGIN ANSIBLE MANAGED BLOCK
192.0.2.1 one
192.0.2.2 two
# END ANSIBLE MANAGED BLOCK'
if [ "$(sed -n '/^# BEGIN ANSIBLE/,/^# END ANSIBLE/p' /srv/bench/hosts)" != "$block" ] && act; then
  { sed '/^# BEGIN ANSIBLE/,/^# END ANSIBLE/d' /srv/bench/hosts; printf '%s\n' "$block"; } > /srv/bench/hosts.new
  mv /srv/bench/hosts.new /srv/bench/hosts
fi
installed openssh-server sudo
installed procps
kernel net.core.somaxconn 2048
kernel net.ipv4.tcp_keepalive_time 600
before=$changed
put /etc/systemd/system/bench-app.service 644 <<'TEXT'
[Unit]
Description=Stands for an application

[Service]
ExecStart=/bin/sleep infinity

[Install]
WantedBy=multi-user.target
TEXT
if [ "$systemd" = true ]; then
  if [ "$mode" = run ] && [ "$changed" != "$before" ]; then systemctl daemon-reload; fi
  service bench-app
  service ssh
fi
[ -e /srv/bench/app/app.conf.first ] || { ! act || cp /srv/bench/app/app.conf /srv/bench/app/app.conf.first; }
[ "$mode" = check ] || test -s /srv/bench/app/app.conf
[ "$(readlink /srv/bench/current)" = /srv/bench/app ] || { ! act || ln -sfn /srv/bench/app /srv/bench/current; }
[ ! -e /srv/bench/old ] || { ! act || rm -rf /srv/bench/old; }
echo "changed $changed"
