import type { LawCase } from './law-case.ts';

const repo = (name: string, rest: Omit<LawCase, 'module' | 'args'>): LawCase => ({
  module: 'package_repo',
  args: {
    name: `law-${name}`,
    uris: '{{ kube_package_repo }}',
    key_url: '{{ kube_package_repo_key }}',
  },
  ...rest,
});
const source = (name: string): string => `/etc/apt/sources.list.d/law-${name}.sources`;

/** Start states that are made once per node, or that leave apt with sources which it does not read together. */
export const halfDoneCases: readonly LawCase[] = [
  {
    module: 'hostname',
    state: 'only until the next boot',
    start: 'half done',
    setup: 'hostname cp1 && echo law-old > /etc/hostname',
    args: { name: 'cp1' },
    does: 'change',
  },
  {
    module: 'timezone',
    state: 'only by its name',
    start: 'half done',
    setup: 'echo Europe/Berlin > /etc/timezone && ln -sf /usr/share/zoneinfo/Etc/UTC /etc/localtime',
    args: { name: 'Europe/Berlin' },
    does: 'change',
  },
  repo('kept', { state: 'done before', start: 'as asked', spoil: ':', does: 'nothing' }),
  repo('key', {
    state: 'done, then its key is gone',
    start: 'half done',
    spoil: `rm "$(sed -n 's/^Signed-By: *//p' ${source('key')})"`,
    does: 'change',
  }),
];

/** A start state that the next call of apt would end, whatever it is called for: so no other case calls apt beside it. */
export const unpackedCases: readonly LawCase[] = [
  {
    module: 'apt',
    state: 'unpacked, not set up',
    start: 'half done',
    setup: `apt-get update -q >/dev/null && apt-get download -q libcbor0.8 >/dev/null && dpkg --unpack --force-depends libcbor0.8*.deb >/dev/null`,
    args: { name: 'libcbor0.8' },
    does: 'change',
  },
];
