import { type Change, known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import { type Ask, all, each, question } from '../ask.ts';
import { file } from '../asks/file.ts';
import { type FileState, fileEffect, regularFile } from '../asks/file-state.ts';
import type { HostWriter, Module } from '../module.ts';
import { containerdConfig, hostsToml, type Mirror } from './containerd-files.ts';
import type { TomlValue } from './toml-text.ts';

interface Args {
  readonly sandbox_image: string;
  readonly cgroup_driver: 'systemd' | 'cgroupfs';
  readonly registry_mirrors: Readonly<Record<string, Mirror>>;
  readonly registry_dir: string;
  readonly cri: Readonly<Record<string, TomlValue>>;
  readonly path: string;
  readonly restart: boolean;
}

interface State {
  readonly files: readonly FileState[];
  readonly process: 'up-to-date' | 'older-than-config' | 'not-running';
}

interface Wanted extends Change {
  readonly writes: readonly ConfigFile[];
  readonly args: Args;
}

interface ConfigFile {
  readonly path: string;
  readonly text: string;
}

// When the process started, in seconds since the epoch: boot time plus its start in clock ticks since boot.
const age = `
p=$(systemctl show -p MainPID containerd 2>/dev/null | sed -n 's/^MainPID=//p')
[ -n "$p" ] && [ "$p" != 0 ] && [ -r "/proc/$p/stat" ] || { echo not-running; exit 0; }
boot=$(sed -n 's/^btime //p' /proc/stat)
ticks=$(sed 's/.*) //' "/proc/$p/stat" | cut -d' ' -f20)
hz=$(getconf CLK_TCK 2>/dev/null || echo 100)
started=$((boot + ticks / hz))
written=$(stat -c %Y "$1" 2>/dev/null || echo 0)
if [ "$written" -gt "$started" ]; then echo older-than-config; else echo up-to-date; fi
`;

function containerdAge(path: string): Ask<State['process']> {
  return question({
    key: 'containerd:age',
    sh: age,
    args: [path],
    parse: (reply) => {
      const word = reply.stdout.trim();
      return word === 'older-than-config' || word === 'not-running' ? word : 'up-to-date';
    },
  });
}

/** Configures containerd for the kubelet. */
export const containerdConfigModule: Module<Args, State, Wanted> = {
  name: 'containerd_config',
  summary:
    "Writes containerd's configuration and its registry mirrors, and restarts it where that is needed.",
  notes: [
    "The whole file is written, in format version 2, which containerd 1.5 to 2.x read. What it does not say is containerd's default; further keys of the CRI plugin go into `cri`.",
    'containerd is also restarted when it started before its configuration was last written, so a run that was cut between the two converges. Running containers go on.',
    "Undo: restore the package's own /etc/containerd/config.toml and restart containerd.",
  ],
  args: {
    type: 'object',
    properties: {
      sandbox_image: {
        description: 'Image of the pause container.',
        type: 'string',
        default: 'registry.k8s.io/pause:3.10.1',
      },
      cgroup_driver: {
        description: "The kubelet's cgroup driver.",
        enum: ['systemd', 'cgroupfs'],
        default: 'systemd',
      },
      registry_mirrors: {
        description:
          'Mirrors by registry: an address, a list of them, or a map with endpoints, ca and skip_verify.',
        type: 'object',
        default: {},
      },
      registry_dir: {
        description: 'Folder for their hosts.toml files.',
        type: 'string',
        default: '/etc/containerd/certs.d',
      },
      cri: { description: 'Further keys of the CRI plugin.', type: 'object', default: {} },
      path: {
        description: 'The configuration file.',
        type: 'string',
        default: '/etc/containerd/config.toml',
      },
      restart: { description: 'Restart containerd when needed.', type: 'boolean', default: true },
    },
    additionalProperties: false,
  },
  returns: { path: 'The configuration file.' },
  example: `- containerd_config:
    registry_mirrors:
      registry.k8s.io: https://mirror.example.net
`,
  probe: (args) =>
    all({
      files: each(filesOf(args).map((wanted) => file(wanted.path, { content: 'text' }))),
      process: containerdAge(args.path),
    }),
  diff: (args, state) => {
    const writes = filesOf(args).filter((wanted, index) => !isSame(state.files[index], wanted));
    const restart = args.restart && state.process === 'older-than-config';
    if (writes.length === 0 && !restart) return null;
    const before = new Map(filesOf(args).map((wanted, index) => [wanted.path, state.files[index]]));
    return {
      args,
      writes,
      summary:
        writes.length === 0
          ? 'restart containerd, which started before its configuration was written'
          : `write ${writes.map((one) => one.path).join(', ')}${args.restart ? ' and restart containerd' : ''}`,
      edits: writes.map((one) => ({
        subject: one.path,
        before: contentOf(before.get(one.path)),
        after: one.text,
      })),
      effects: writes.map((one) => fileEffect(one.path, regularFile(one.path, one.text, permissions))),
      forecast: known,
    };
  },
  apply: async (wanted, host) => {
    for (const one of wanted.writes) {
      const folder = one.path.slice(0, one.path.lastIndexOf('/'));
      await host.run({ sh: '[ -d "$1" ] || mkdir -p -m 0755 "$1"', args: [folder] });
      await host.write({ path: one.path, content: one.text, ...permissions });
    }
    // hosts.toml files are read at each pull.
    const path = wanted.args.path;
    const restart = wanted.writes.length === 0 || wanted.writes.some((one) => one.path === path);
    if (wanted.args.restart && restart) await restartContainerd(host);
    return { path };
  },
  output: (args) => ({ path: args.path }),
  foreseen: (wanted) => ({ path: wanted.args.path }),
};

const permissions = { mode: '0644', owner: 'root', group: 'root' };

function filesOf(args: Args): readonly ConfigFile[] {
  const config = containerdConfig({
    sandboxImage: args.sandbox_image,
    cgroup: args.cgroup_driver,
    registryDir: args.registry_dir,
    cri: args.cri,
  });
  return [
    { path: args.path, text: config },
    ...Object.entries(args.registry_mirrors).map(([registry, mirror]) => ({
      path: `${args.registry_dir}/${registry}/hosts.toml`,
      text: hostsToml(registry, mirror),
    })),
  ];
}

function isSame(state: FileState | undefined, wanted: ConfigFile): boolean {
  return state?.kind === 'file' && state.content === wanted.text && state.mode === permissions.mode;
}

function contentOf(state: FileState | undefined): string | null {
  return state?.kind === 'file' && typeof state.content === 'string' ? state.content : null;
}

const restarting = `
PATH=$PATH:/usr/local/bin
systemctl restart containerd || exit
n=0
until ctr version >/dev/null 2>&1; do
  n=$((n + 1)); [ "$n" -lt 60 ] || exit 91
  sleep 0.5 2>/dev/null || sleep 1
done
`;

/** @throws Failure HAPB6570 */
async function restartContainerd(host: HostWriter): Promise<void> {
  const reply = await host.run({ sh: restarting, timeoutMs: 90_000 });
  if (reply.exitCode === 0) return;
  const log = await host.run({ sh: 'journalctl -u containerd -n 8 --no-pager -o cat 2>/dev/null' });
  throw new Failure({
    code: 'HAPB6570',
    message: `containerd does not come up on ${host.name} with its new configuration`,
    hint: 'Read its log below; a key in `cri` that this containerd does not know is the usual reason.',
    details: `${reply.stderr}${log.stdout}`.trim(),
  });
}
