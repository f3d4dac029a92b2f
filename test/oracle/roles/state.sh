# The state of this machine as lines KIND NAME<tab>WHAT, sorted. Run by roles.sh inside a node, as root.
# Passwords count one by one, since a lab gives a user of each node one of its own.
# The node's own name reads NODE everywhere. Left out are logs, caches, what lives in memory or only for the running
# system, package lists, Python's bytecode, and the folder that Ansible makes for itself in a home.
export LC_ALL=C
name=$(hostname)

files() {
  find / -xdev \( \
    -path /run -o -path /tmp -o -path /var/tmp -o -path /var/log -o -path /var/cache -o -path /proc -o -path /sys -o -path /dev \
    -o -path /var/lib/apt/lists -o -path /var/lib/systemd/random-seed -o -path '/var/lib/systemd/timers*' -o -path /var/lib/sudo \
    -o -path "$1" -o -name __pycache__ -o -path '*/.ansible' \) -prune -o "${@:2}"
}

listing() {
  # ssl-cert's certificate is for the node's name, and the link to it has the name's hash.
  files "$1" -printf 'path %p\t%y %#m %u:%g %l\n' | sed -E '/ ssl-cert-snakeoil\.pem$/s#/[0-9a-f]{8}\.0\t#/HASH.0\t#'
}

# Contents in which the node's name stands are read with another in its place; crontabs without the lines in which
# crontab(1) says when and from which file it installed them.
contents() {
  files "$1" -path '/etc/shadow*' -o -type f -print0 | xargs -0 sha256sum | sed -n 's/^\([0-9a-f]*\)  \(.*\)/content \2\t\1/p' > /run/state-contents
  files "$1" -type f -size -1024k \( -path '/etc/*' -o -path '/var/*' -o -path '/home/*' -o -path '/root/*' \) -print0 |
    xargs -0 grep -lFw -- "$name" | while IFS= read -r file; do
      printf 'content %s\t%s\n' "$file" "$(sed "s/\\b$name\\b/NODE/g" "$file" | sha256sum | cut -d ' ' -f 1)"
    done > /run/state-named
  files "$1" -type f -path '/var/spool/cron/crontabs/*' -print | while IFS= read -r file; do
    printf 'content %s\t%s\n' "$file" "$(grep -v '^# (' "$file" | sha256sum | cut -d ' ' -f 1)"
  done > /run/state-crontabs
  # The first line of a name counts.
  cat /run/state-crontabs /run/state-named /run/state-contents | awk -F '\t' '!seen[$1]++'
}

{
  listing "$1"
  contents "$1"
  systemctl list-unit-files --no-legend --no-pager | awk '{ print "enabled " $1 "\t" $2 }'
  systemctl list-units --all --plain --no-legend --no-pager --type=service,socket,timer,path,swap,mount |
    awk '$1 !~ /^(user@|user-runtime-dir@|session-|run-)/ { print "unit " $1 "\t" $2, $3, $4 }'
  getent passwd | awk -F : '{ print "user " $1 "\t" $0 }'
  awk -F : '{ print "password " $1 "\t" $2 "\t" $4 ":" $5 ":" $6 ":" $7 ":" $8 }' /etc/shadow
  getent group | awk -F : '{ print "group " $1 "\t" $0 }'
  dpkg-query -W -f 'package ${Package}:${Architecture}\t${Version} ${db:Status-Abbrev}\n'
  sysctl -a 2>/dev/null | sed -n 's/^\([^ ]*\) = \(.*\)/sysctl \1\t\2/p' |
    grep -vE '^sysctl (kernel\.(random\.|ns_last_pid|pty\.nr)|fs\.(dentry-state|inode-|file-nr|aio-nr)|net\.netfilter\..*count)'
} | sed "s/\\b$name\\b/NODE/g" | sort
rm -f /run/state-contents /run/state-named /run/state-crontabs
