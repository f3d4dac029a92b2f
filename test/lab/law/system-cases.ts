import type { LawCase } from './law-case.ts';

type Rest = Omit<LawCase, 'module' | 'state'>;
const of =
  (module: string) =>
  (state: string, rest: Rest): LawCase => ({ module, state, ...rest });
const service = of('systemd_service');
const pack = of('package');
const repo = of('package_repo');
const sysctl = of('sysctl');
const modprobe = of('modprobe');
const swapoff = of('swapoff');

/** Writes a unit that only sleeps, and does to it what `then` says. */
const unit = (name: string, then = ':'): string =>
  `printf '[Service]\\nExecStart=/bin/sleep infinity\\n[Install]\\nWantedBy=multi-user.target\\n' > /etc/systemd/system/law-${name}.service
systemctl daemon-reload
${then}`;
const running = { state: 'started', enabled: true };

const lawRepo = {
  uris: '{{ kube_package_repo }}',
  key_url: '{{ kube_package_repo_key }}',
};

/** Start states for units, packages, kernel settings and modules, and swap. */
export const systemCases: readonly LawCase[] = [
  service('stopped and disabled', {
    setup: unit('stopped'),
    args: { name: 'law-stopped', ...running },
    does: 'change',
  }),
  service('running, not enabled', {
    start: 'half done',
    setup: unit('running', 'systemctl start law-running'),
    args: { name: 'law-running', ...running },
    does: 'change',
  }),
  service('as asked', {
    setup: unit('asked', 'systemctl enable --now -q law-asked'),
    args: { name: 'law-asked', ...running },
    does: 'nothing',
  }),
  service('running, to be stopped', {
    start: 'to go',
    setup: unit('unwanted', 'systemctl enable --now -q law-unwanted'),
    args: { name: 'law-unwanted', state: 'stopped', enabled: false },
    does: 'change',
  }),
  service('to be masked', {
    start: 'other content',
    setup: unit('bare').replace('/etc/systemd/system', '/usr/lib/systemd/system'),
    args: { name: 'law-bare', masked: true },
    does: 'change',
  }),
  service('to be masked, its file lies where the mask would', {
    start: 'refused',
    setup: unit('own'),
    args: { name: 'law-own', masked: true },
    does: 'failure',
  }),
  service('masked, to be unmasked and started', {
    start: 'foreign',
    setup: `${unit('masked').replace('/etc/systemd/system', '/usr/lib/systemd/system')}
systemctl mask -q law-masked`,
    args: { name: 'law-masked', masked: false, ...running },
    does: 'change',
  }),
  service('no such unit', { args: { name: 'law-none', ...running }, does: 'failure' }),
  // Before those that read the lists anew: afterwards check cannot know what they will offer.
  pack('no such package', { args: { name: 'law-none' }, does: 'failure' }),
  pack('no such version', { args: { name: 'ethtool=0.1' }, does: 'failure' }),
  pack('not installed', { args: { name: 'ethtool' }, does: 'change' }),
  pack('installed', { args: { name: ['sudo', 'procps'] }, does: 'nothing' }),
  pack('one installed, one not', {
    start: 'half done',
    args: { name: ['sudo', 'conntrack'], update_cache: true },
    does: 'change',
  }),
  pack('to be held', { start: 'half done', args: { name: 'iputils-ping', hold: true }, does: 'change' }),
  pack('held', {
    setup: 'apt-mark hold -q procps',
    args: { name: 'procps', hold: true },
    does: 'nothing',
  }),
  pack('held, to be released', {
    start: 'other content',
    setup: 'apt-mark hold -q iproute2',
    args: { name: 'iproute2', hold: false },
    does: 'change',
  }),
  pack('to be removed', { start: 'to go', args: { name: 'socat', state: 'absent' }, does: 'change' }),
  pack('removed', {
    start: 'not there',
    args: { name: 'iptables-persistent', state: 'absent' },
    does: 'nothing',
  }),
  repo('not there', { args: { name: 'law-new', ...lawRepo }, does: 'change' }),
  repo('other address', {
    start: 'other content',
    setup: String.raw`printf 'Types: deb\nURIs: http://127.0.0.1/\nSuites: /\nEnabled: no\n' > /etc/apt/sources.list.d/law-old.sources`,
    args: { name: 'law-old', ...lawRepo },
    does: 'change',
  }),
  repo('to be removed', {
    start: 'to go',
    setup: String.raw`printf 'Types: deb\nURIs: http://127.0.0.1/\nSuites: /\nEnabled: no\n' > /etc/apt/sources.list.d/law-gone.sources`,
    args: { name: 'law-gone', state: 'absent' },
    does: 'change',
  }),
  repo('removed', { start: 'not there', args: { name: 'law-never', state: 'absent' }, does: 'nothing' }),
  sysctl('neither set nor kept', {
    setup: 'sysctl -qw net.ipv4.ip_forward=0',
    args: { name: 'net.ipv4.ip_forward', value: 1 },
    does: 'change',
  }),
  sysctl('set, not kept', {
    start: 'half done',
    setup: 'sysctl -qw net.ipv4.tcp_fin_timeout=40',
    args: { name: 'net.ipv4.tcp_fin_timeout', value: 40, file: '/etc/sysctl.d/95-law.conf' },
    does: 'change',
  }),
  sysctl('kept, not set', {
    start: 'half done',
    setup:
      'echo net.ipv4.tcp_syn_retries = 5 > /etc/sysctl.d/98-law.conf && sysctl -qw net.ipv4.tcp_syn_retries=4',
    args: { name: 'net.ipv4.tcp_syn_retries', value: 5, file: '/etc/sysctl.d/98-law.conf' },
    does: 'change',
  }),
  sysctl('as asked', {
    setup: 'echo net.ipv4.tcp_sack = 1 > /etc/sysctl.d/97-law.conf && sysctl -qw net.ipv4.tcp_sack=1',
    args: { name: 'net.ipv4.tcp_sack', value: 1, file: '/etc/sysctl.d/97-law.conf' },
    does: 'nothing',
  }),
  sysctl('kept, to be forgotten', {
    start: 'to go',
    setup: 'echo net.ipv4.tcp_tw_reuse = 2 > /etc/sysctl.d/96-law.conf',
    args: { name: 'net.ipv4.tcp_tw_reuse', state: 'absent', file: '/etc/sysctl.d/96-law.conf' },
    does: 'change',
  }),
  sysctl('set and kept with another value', {
    start: 'other content',
    setup:
      'echo net.ipv4.tcp_orphan_retries = 3 > /etc/sysctl.d/94-law.conf && sysctl -qw net.ipv4.tcp_orphan_retries=3',
    args: { name: 'net.ipv4.tcp_orphan_retries', value: 4, file: '/etc/sysctl.d/94-law.conf' },
    does: 'change',
  }),
  sysctl('no such setting', { args: { name: 'net.ipv4.law_none', value: 1 }, does: 'failure' }),
  modprobe('not kept for the next boot', {
    start: 'half done',
    args: { name: ['overlay', 'br_netfilter'] },
    does: 'change',
  }),
  modprobe('kept just before', {
    after: 'modprobe: not kept for the next boot',
    args: { name: 'br_netfilter' },
    does: 'nothing',
  }),
  modprobe('loaded, not to be kept', { args: { name: 'overlay', persist: false }, does: 'nothing' }),
  modprobe('no such module', { args: { name: 'law_none' }, does: 'failure' }),
  swapoff('a line in fstab', {
    start: 'to go',
    setup: String.raw`printf '/dev/sda1 / ext4 defaults 0 1\n/swapfile none swap sw 0 0\n' > fstab`,
    args: { fstab: 'DIR/fstab', mask: false },
    does: 'change',
  }),
  swapoff('no swap', { args: {}, does: 'nothing' }),
];
