# The twenty tasks of playbook.yml in pyinfra's words.
from io import StringIO

from pyinfra import host
from pyinfra.facts.files import File
from pyinfra.operations import apt, files, server, systemd

block = {"marker": "# {mark} ANSIBLE MANAGED BLOCK", "begin": "BEGIN", "end": "END"}

files.directory("/srv/bench/app", mode="750")
files.directory("/srv/bench/app/conf.d", mode="755")
files.put(StringIO("workers = 4\nlog = /var/log/app.log\n"), "/srv/bench/app/app.conf", mode="640")
files.put("files/motd", "/srv/bench/motd", mode="644")
names = {"number": host.data.number, "port": 8080, "upstream": "upstream.example.org"}
files.template("templates/ports.conf.j2", "/srv/bench/app/conf.d/ports.conf", mode="644", **names)
files.template("templates/peers.conf.j2", "/srv/bench/app/conf.d/peers.conf", mode="600", **names)
files.line("/srv/bench/settings", "^#?MaxUsers.*", replace="MaxUsers 40", extended_regex=True)
files.line("/srv/bench/settings", "Banner none")
files.block("/srv/bench/hosts", "192.0.2.1 one\n192.0.2.2 two", **block)
apt.packages(["openssh-server", "sudo"])
apt.packages("procps")
kept = {"persist": True, "persist_file": "/etc/sysctl.d/60-bench.conf"}
server.sysctl("net.core.somaxconn", 2048, **kept)
server.sysctl("net.ipv4.tcp_keepalive_time", 600, **kept)
unit = files.put("files/bench-app.service", "/etc/systemd/system/bench-app.service", mode="644")
if host.data.systemd:
    systemd.daemon_reload(_if=unit.did_change)
    systemd.service("bench-app", running=True, enabled=True)
    systemd.service("ssh", running=True, enabled=True)
if not host.get_fact(File, path="/srv/bench/app/app.conf.first"):
    server.shell("cp /srv/bench/app/app.conf /srv/bench/app/app.conf.first")
server.shell("test -s /srv/bench/app/app.conf")
files.link("/srv/bench/current", target="/srv/bench/app")
files.directory("/srv/bench/old", present=False)
