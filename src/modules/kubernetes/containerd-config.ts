import { type Change, known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import { all, each, question } from '../ask.ts';
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
  /** What is at the paths of `filesOf`, in their order. */
  readonly files: readonly FileState[];
  readonly service: 'running' | 'stopped';
}

/** Asked by itself, not as a unit: whatever packages will do, a containerd that is to be restarted gets restarted. */
const service = question<State['service']>({
  key: 'containerd:service',
  sh: 'systemctl is-active containerd 2>/dev/null; exit 0',
  parse: (reply) => (reply.stdout.trim() === 'active' ? 'running' : 'stopped'),
});

interface Wanted extends Change {
  readonly writes: readonly ConfigFile[];
  readonly args: Args;
}

interface ConfigFile {
  readonly path: string;
  readonly text: string;
}

/** Configures containerd for the kubelet. */
export const containerdConfigModule: Module<Args, State, Wanted> = {
  name: 'containerd_config',
  summary:
    "Writes containerd's configuration and its registry mirrors, and restarts it where that is needed.",
  notes: [
    "The whole file is written, in format version 2, which containerd 1.5 to 2.x read. What it does not say is containerd's default; further keys of the CRI plugin go into `cri`.",
    'Writing the file and restarting containerd is one step on the node that a lost connection cannot cut in two. Running containers go on.',
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
        changes: 'file',
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
  traits: ['durable'],
  probe: (args) =>
    all({ files: each(filesOf(args).map((wanted) => file(wanted.path, { content: 'text' }))), service }),
  diff: (args, state) => {
    const pairs = filesOf(args).map((wanted, index) => ({ wanted, is: state.files[index] }));
    const writes = pairs.filter(({ wanted, is }) => !isSame(is, wanted));
    const down = args.restart && state.service === 'stopped';
    if (writes.length === 0 && !down) return null;
    const paths = writes.map(({ wanted }) => wanted.path);
    const restart = args.restart && paths.includes(args.path);
    return {
      args,
      writes: writes.map(({ wanted }) => wanted),
      summary:
        paths.length === 0
          ? 'restart containerd, which is not running'
          : `write ${paths.join(', ')}${restart ? ' and restart containerd' : ''}`,
      edits: writes.map(({ wanted, is }) => ({
        subject: wanted.path,
        before: contentOf(is),
        after: wanted.text,
      })),
      effects: writes.map(({ wanted }) =>
        fileEffect(wanted.path, regularFile(wanted.path, wanted.text, permissions)),
      ),
      forecast: known,
    };
  },
  apply: async (wanted, host) => {
    const { args } = wanted;
    if (wanted.writes.length === 0) {
      await putAndRestart(host, mainFile(args));
      return { path: args.path };
    }
    // The mirrors first: their files are read at each pull, the configuration only when containerd starts.
    const order = [...wanted.writes].sort(
      (one, other) => Number(one.path === args.path) - Number(other.path === args.path),
    );
    for (const one of order) {
      const folder = one.path.slice(0, one.path.lastIndexOf('/'));
      await host.run({ sh: '[ -d "$1" ] || mkdir -p -m 0755 "$1"', args: [folder] });
      if (one.path === args.path && args.restart) await putAndRestart(host, one);
      else await host.write({ path: one.path, content: one.text, ...permissions });
    }
    return { path: args.path };
  },
  output: (args) => ({ path: args.path }),
  foreseen: (wanted) => ({ path: wanted.args.path }),
};

const permissions = { mode: '0644', owner: 'root', group: 'root' };

function mainFile(args: Args): ConfigFile {
  const text = containerdConfig({
    sandboxImage: args.sandbox_image,
    cgroup: args.cgroup_driver,
    registryDir: args.registry_dir,
    cri: args.cri,
  });
  return { path: args.path, text };
}

function filesOf(args: Args): readonly ConfigFile[] {
  return [
    mainFile(args),
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
t=\${1%/*}/.\${1##*/}.hapb
umask 022
cat >"$t" && chown root:root "$t" && chmod 0644 "$t" && sync "$t" && mv -f "$t" "$1" || { rm -f "$t"; exit 92; }
systemctl enable containerd >/dev/null 2>&1
systemctl restart containerd || exit
n=0
until ctr version >/dev/null 2>&1; do
  n=$((n + 1)); [ "$n" -lt 60 ] || exit 91
  sleep 0.5 2>/dev/null || sleep 1
done
`;

/** @throws Failure HAPB6570, HAPB6571 */
async function putAndRestart(host: HostWriter, config: ConfigFile): Promise<void> {
  const result = await host.durable({
    resource: 'containerd',
    sh: restarting,
    args: [config.path],
    stdin: config.text,
    timeoutMs: 120_000,
  });
  if (result.kind === 'finished' && result.exitCode === 0) return;
  if (result.kind === 'finished' && result.exitCode === 92) {
    throw new Failure({
      code: 'HAPB6571',
      message: `${config.path} cannot be written on ${host.name}`,
      hint: 'Check free space and whether the file system is read-only.',
      details: result.output.trim(),
    });
  }
  const log = await host.run({ sh: 'journalctl -u containerd -n 8 --no-pager -o cat 2>/dev/null' });
  throw new Failure({
    code: 'HAPB6570',
    message: `containerd does not come up on ${host.name} with its new configuration`,
    hint: 'Read its log below; a key in `cri` that this containerd does not know is the usual reason.',
    details: `${result.output}${log.stdout}`.trim(),
  });
}
