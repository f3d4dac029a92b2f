const otherManager = 'Packages are managed with apt and dnf; use `command` with creates for others.';

/** Modules of Ansible's that are known and not here, with what to do instead. */
export const refusedModules: ReadonlyMap<string, string> = new Map([
  [
    'apt_key',
    'Keys that every source trusts are a thing of the past in apt itself. Use `package_repo` with key_url, key_file or key, or `get_url` to /etc/apt/keyrings and signed-by= in `apt_repository`.',
  ],
  ['rpm_key', 'Use `command: rpm --import FILE` with creates, after `get_url`.'],
  ['dpkg_selections', 'Use `hold: true` of `package`.'],
  ['expect', 'Use `shell` with `stdin`; no terminal is opened on the host.'],
  ['pip', 'Use `command: pip install …` with creates.'],
  ['seboolean', 'Use `command: setsebool -P …` with changed_when.'],
  ['selinux', 'Use `lineinfile` on /etc/selinux/config, and `command: setenforce …`.'],
  ['firewalld', 'Use `command: firewall-cmd …` with changed_when.'],
  ['iptables', 'Use `shell: iptables -C RULE || iptables -A RULE` with changed_when.'],
  ['mount_facts', 'Loop over ansible_mounts of the gathered facts.'],
  ['package_facts', 'Register `command: dpkg-query -W` or `command: rpm -qa` with changed_when: false.'],
  ['set_stats', 'Use `set_fact` for later tasks, and --output jsonl=FILE for what reads the run.'],
  ['subversion', 'Use `command: svn checkout …` with creates, or `git`.'],
  [
    'sysvinit',
    'Use `service` where systemd runs the host, else `command: service NAME start` with changed_when.',
  ],
  ['seport', 'Use `command: semanage port …` with changed_when.'],
  ['sefcontext', 'Use `command: semanage fcontext …` with changed_when.'],
  ...[
    'apk',
    'homebrew',
    'macports',
    'openbsd_pkg',
    'pacman',
    'pkg5',
    'pkgin',
    'pkgng',
    'portage',
    'svr4pkg',
    'xbps',
    'zypper',
  ].map((name) => [name, otherManager] as const),
  ['zypper_repository', otherManager],
]);
