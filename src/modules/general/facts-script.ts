/** Prints sections `@NAME` with what the host's own files and programs say; see facts-parse.ts. */
export const factsScript = `
LC_ALL=C; export LC_ALL
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
echo @uname; uname -s; uname -n; uname -r; uname -m; uname -v
echo @fqdn; hostname -f 2>/dev/null || uname -n
echo @os; cat /etc/os-release 2>/dev/null || cat /usr/lib/os-release 2>/dev/null
echo @debian; cat /etc/debian_version 2>/dev/null
echo @cpu; grep -c '^processor' /proc/cpuinfo; nproc 2>/dev/null || echo
grep -m 1 -E '^(model name|Model)' /proc/cpuinfo
echo @mem; grep -E '^(MemTotal|MemFree|MemAvailable|SwapTotal|SwapFree):' /proc/meminfo
echo @uptime; cat /proc/uptime
echo @machine; cat /etc/machine-id 2>/dev/null; echo; cat /proc/sys/kernel/random/boot_id
echo @dmi; for f in product_uuid product_name product_serial sys_vendor; do printf '%s=' $f; cat /sys/class/dmi/id/$f 2>/dev/null || echo; done
echo @service; cat /proc/1/comm; [ -d /run/systemd/system ] && echo systemd
echo @virt; cat /run/systemd/container 2>/dev/null; systemd-detect-virt 2>/dev/null
echo @pkg; for p in apt-get dnf yum zypper apk pacman; do command -v $p >/dev/null && { echo $p; break; }; done
echo @user; id -un; id -u; id -gn; id -g; echo "$HOME"; echo "$SHELL"
echo @addr; ip -o addr show 2>/dev/null
echo @route; ip -o route get 192.0.2.1 2>/dev/null; ip -o -6 route get 2001:db8::1 2>/dev/null
echo @links; for d in /sys/class/net/*; do
  printf '%s %s %s %s\\n' "\${d##*/}" "$(cat "$d/address" 2>/dev/null)" "$(cat "$d/mtu" 2>/dev/null)" "$(cat "$d/operstate" 2>/dev/null)"
done
echo @resolv; grep -E '^(nameserver|search|domain)' /etc/resolv.conf 2>/dev/null
echo @date; date '+%Y-%m-%dT%H:%M:%S %z %Z %s'
echo @selinux; cat /sys/fs/selinux/enforce 2>/dev/null
echo @cmdline; cat /proc/cmdline
exit 0
`;
