import { type Change, known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import { Unknown } from '../../core/unknown.ts';
import type { Output } from '../../core/value.ts';
import { all } from '../ask.ts';
import type { HostWriter, Module } from '../module.ts';
import { type Archive, archiveOf, importFromController, refuseMissing } from './ctr-archive.ts';
import { pullFailure } from './ctr-errors.ts';
import { type CtrPullArgs, ctrPullArgs } from './ctr-pull-args.ts';
import { importScript, pullAsUserScript, pullScript } from './ctr-scripts.ts';
import { fullImageName, type ImageName, type ImageState, image, imageEffect } from './image.ts';

interface State {
  readonly image: ImageState;
  readonly archive: Archive;
}

interface Wanted extends Change {
  readonly args: CtrPullArgs;
  readonly name: ImageName;
  readonly before: ImageState;
  readonly archive: Archive;
}

/** Puts an image into containerd. */
export const ctrPull: Module<CtrPullArgs, State, Wanted> = {
  name: 'ctr_pull',
  summary: 'Pulls an image into containerd, by default where the kubelet looks for its own.',
  notes: [
    'Mirrors are those of `hosts_dir`, as for the kubelet (containerd_config writes them). A name without a tag is an error; short names of Docker Hub are spelt out.',
    'The password of `user` is given to ctr on a terminal of its own, made by `script` (bsdutils, util-linux), which must be on the node: it is in no command line, environment or file. The name before the colon does stand in the command line. ctr offers both to whichever host asks for a login, mirrors of `hosts_dir` included. Tried with containerd 1.6.20 against registries that ask for a password and registries that ask for a token. It is for this pull alone: the kubelet needs credentials of its own.',
    'A proxy is set in the `environment` of the task with containerd 1.x, and for the service of containerd with 2.x.',
    'Check mode does not contact the registry. An archive must hold the image by its full name.',
    'Undo, where this task brought it: `ctr -n k8s.io images rm REF`.',
  ],
  args: ctrPullArgs,
  freeForm: 'image',
  traits: ['durable'],
  returns: { image: 'Its full name.', digest: 'What the name stands for on this node.' },
  example: `- ctr_pull:
    image: ghcr.io/kube-vip/kube-vip:v1.1.2
`,
  probe: (args, task) => all({ image: image(nameOf(args)), archive: archiveOf(args, task) }),
  diff: (args, state, task) => {
    const { image: before, archive } = state;
    if (before.kind === 'present' && !args.force) return null;
    refuseMissing(archive, args, task.host);
    const name = nameOf(args);
    const verb = archive.kind === 'none' ? 'pull' : 'import';
    const base = {
      args,
      name,
      before,
      archive,
      summary: `${verb} ${name.ref}`,
      effects: [imageEffect(name)],
    };
    if (before.kind === 'present') {
      const source = archive.kind === 'none' ? 'the registry' : 'the archive';
      const unknown = new Unknown(`only ${source} knows whether the tag has moved`);
      return { ...base, edits: [], forecast: { kind: 'unknown', unknown } };
    }
    const edits = [{ subject: `image ${name.ref}`, before: null, after: `${name.ref}\n` }];
    return { ...base, edits, forecast: known };
  },
  apply: async (wanted, host) => {
    await pull(wanted, host);
    const after = await host.ask(image(wanted.name));
    if (after.kind === 'absent') throw notBrought(wanted, host.name);
    const same = wanted.before.kind === 'present' && wanted.before.digest === after.digest;
    return { ...outputOf(wanted.name, after), ...(same ? { changed: false } : {}) };
  },
  output: (args, state) => outputOf(nameOf(args), state.image),
};

function nameOf(args: CtrPullArgs): ImageName {
  return {
    ref: fullImageName(args.image),
    namespace: args.namespace,
    address: args.address,
    ctr: args.ctr,
  };
}

function outputOf(name: ImageName, state: ImageState): Output {
  return { image: name.ref, digest: state.kind === 'present' ? state.digest : null };
}

async function pull(wanted: Wanted, host: HostWriter): Promise<void> {
  const { args, name } = wanted;
  for (let attempt = 0; ; attempt += 1) {
    const result = await once(wanted, host);
    if (result.exitCode === 0) return;
    if (args.user !== undefined) refuseLogin(result.exitCode, host.name);
    const login = args.user === undefined ? {} : ({ login: 'sent' } as const);
    const { output } = result;
    const { failure, again } = pullFailure({ ref: name.ref, host: host.name, output, ...login });
    if (again === 'useless' || attempt >= args.retries) throw failure;
    host.progress(`attempt ${attempt + 2} of ${args.retries + 1} for ${name.ref}`);
    await new Promise((resolve) => setTimeout(resolve, 1000 * 2 ** attempt));
  }
}

async function once(
  { args, name, archive }: Wanted,
  host: HostWriter,
): Promise<{ readonly exitCode: number | null; readonly output: string }> {
  const containerd = [args.ctr, name.address, name.namespace];
  if (archive.kind === 'controller') return importFromController(args, archive.path, host);
  const platform = args.platform ?? '';
  const command =
    archive.kind === 'node'
      ? { sh: importScript, args: [...containerd, platform, archive.path] }
      : {
          sh: args.user === undefined ? pullScript : pullAsUserScript,
          args: [...containerd, name.ref, platform, args.hosts_dir, args.plain_http ? 'yes' : 'no'],
          ...(args.user === undefined ? {} : { stdin: args.user }),
        };
  const result = await host.durable({
    resource: `image ${name.ref}`,
    ...command,
    timeoutMs: args.timeout * 1000,
  });
  return { exitCode: result.kind === 'finished' ? result.exitCode : null, output: result.output };
}

/** What the script says itself about a login that it cannot make. */
function refuseLogin(exitCode: number | null, host: string): void {
  if (exitCode !== 125 && exitCode !== 126) return;
  throw new Failure({
    code: 'HAPB6573',
    message:
      exitCode === 125
        ? '`user` is not NAME:PASSWORD in one line'
        : `${host} has no \`script\`, which gives ctr the password`,
    hint:
      exitCode === 125
        ? 'Write the name, a colon and the password or token: one line of up to 4000 characters without control characters.'
        : 'Install bsdutils (Debian) or util-linux, or put the login into hosts.toml below `hosts_dir`.',
    argument: 'user',
  });
}

function notBrought({ args, name }: Wanted, host: string): Failure {
  return new Failure({
    code: 'HAPB6567',
    message: `${name.ref} is not on ${host} after ${args.archive ?? 'the pull'} was read`,
    hint:
      args.archive === undefined
        ? 'Somebody removed it at the same time; run again.'
        : 'The archive holds other names: see `ctr -n k8s.io images ls` and correct `image`.',
  });
}
