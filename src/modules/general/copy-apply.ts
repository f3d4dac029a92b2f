import type { Change } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import { Secret, type Text } from '../../core/secret.ts';
import { sha256Of } from '../../core/text-measure.ts';
import { findSecret, type Output, type Value } from '../../core/value.ts';
import { printJson } from '../../expression/filters/json.ts';
import { printed } from '../../expression/print-value.ts';
import { on, type Target } from '../ask.ts';
import { type ControllerFile, controllerFile } from '../asks/controller-file.ts';
import { file } from '../asks/file.ts';
import { type Content, type Digest, type FileState, isDigest } from '../asks/file-state.ts';
import { dropText, hasCleanedUp, putTag, putText, putWords } from '../host/put-text.ts';
import { rejectedContent } from '../host/rejected.ts';
import type { HostWriter, TaskContext } from '../module.ts';
import { decrypted } from './controller-content.ts';
import { applyPut, type PutArgs, type PutChange, planPut, prepare } from './copy-plan.ts';
import type { Destination } from './destination.ts';
import { stepFailed } from './steps.ts';

/** Where content comes from. */
export type CopySource =
  | { readonly kind: 'text' }
  | { readonly kind: 'controller'; readonly found: ControllerFile }
  | { readonly kind: 'host'; readonly target: Target; readonly state: FileState };

/** Arguments of `copy_file`. */
export interface CopyArgs extends PutArgs {
  readonly src?: string;
  readonly content?: Text | Value;
  readonly from_host?: string;
  readonly decrypt?: boolean;
  readonly remote_src?: boolean;
  readonly follow?: boolean;
  readonly local_follow?: boolean;
  readonly checksum?: string;
}

/** What `copy_file` asks. */
export interface CopyState {
  readonly source: CopySource;
  readonly to: Destination;
}

/** A file that is to be put in place, and where its content is fetched from where it is not at hand. */
export interface CopyChange extends Change {
  readonly put: PutChange;
  /** `null`: the content is in `put`. */
  readonly fetch: {
    readonly from: Exclude<CopySource, { kind: 'text' }>;
    readonly digest: Digest;
    readonly path: string;
  } | null;
}

/** The longest file that is copied: it passes through the controller's memory. */
const maxCopyBytes = 268_435_456;

/** What has to be done so that the source's content is at the destination; `null`: nothing. @throws Failure HAPB6030 to HAPB6033 */
export function planCopy(args: CopyArgs, state: CopyState, task: TaskContext): CopyChange | null {
  const { source, to } = state;
  const { src } = args;
  if (source.kind === 'text')
    return withFetch(planPut(plainMode(args), textOf(args.content ?? ''), to), null);
  const path = source.kind === 'host' ? (src ?? '') : controllerPath(source.found, args, task);
  const found = source.kind === 'host' ? hostFile(source.state, args) : source.found;
  if (found.kind !== 'file') return null;
  if (
    source.kind === 'controller' &&
    source.found.kind === 'file' &&
    source.found.encrypted &&
    args.decrypt !== false
  ) {
    const put = planPut(
      { ...args, ...modeOf(args, found.mode, 'controller') },
      decrypted(source.found, { argument: 'src' }, task),
      to,
    );
    return withFetch(put, null, src);
  }
  const digest: Digest = {
    sha256: found.sha256 ?? '',
    sizeBytes: found.sizeBytes ?? 0,
    ...(found.sha1 === undefined ? {} : { sha1: found.sha1 }),
  };
  if (digest.sizeBytes > maxCopyBytes) {
    throw new Failure({
      code: 'HAPB6033',
      message: `${path} is ${Math.round(digest.sizeBytes / 1_048_576)} MiB long; files up to ${maxCopyBytes / 1_048_576} MiB can be copied`,
      hint: 'Let the host fetch it from a server, with `command`.',
      argument: 'src',
    });
  }
  const content: Content = source.kind === 'host' || found.content === null ? digest : found.content;
  const put = planPut({ ...args, ...modeOf(args, found.mode, source.kind) }, content, to);
  return withFetch(put, isDigest(content) ? { from: source, digest, path } : null, src);
}

function withFetch(put: PutChange | null, fetch: CopyChange['fetch'], src?: string): CopyChange | null {
  if (put === null) return null;
  const { summary, edits, effects, forecast } = put;
  const result = src === undefined ? put.result : { ...put.result, src };
  return { summary, edits, effects, forecast, put: { ...put, result }, fetch };
}

/** Puts the file in place. @throws Failure HAPB6034 when the source has changed since it was looked at */
export async function applyCopy(wanted: CopyChange, host: HostWriter): Promise<Output> {
  const { put, fetch } = wanted;
  if (fetch === null || put.plan.write === null) return applyPut(put, host);
  if (fetch.from.kind === 'host' && fetch.from.target.kind === 'host')
    return applyHere(put, fetch.path, host);
  const content = await fetchContent(fetch, host);
  if (content === null || sha256Of(content) !== fetch.digest.sha256) {
    throw new Failure({
      code: 'HAPB6034',
      message: `${fetch.path} changed while it was being copied`,
      hint: 'Run the playbook again; something else writes to the file.',
      argument: 'src',
    });
  }
  return applyPut(put, host, content);
}

async function fetchContent(
  fetch: NonNullable<CopyChange['fetch']>,
  host: HostWriter,
): Promise<Text | Uint8Array | null> {
  const maxContentBytes = fetch.digest.sizeBytes;
  if (fetch.from.kind === 'controller') {
    const found = await host.ask(controllerFile([fetch.path], maxContentBytes));
    return found.kind === 'file' ? found.content : null;
  }
  const found = await host.ask(
    on(fetch.from.target, file(fetch.path, { content: 'text', links: 'follow', maxContentBytes })),
  );
  return found.kind === 'file' ? found.content : null;
}

/** A text has no mode of its own to keep. */
function plainMode(args: CopyArgs): CopyArgs {
  const { mode: _, ...rest } = args;
  return args.mode === 'preserve' ? rest : args;
}

/** Another host's file may be a key; without a wish its permissions come along. */
function modeOf(args: CopyArgs, sourceMode: string, kind: CopySource['kind']): { readonly mode?: string } {
  const travels = kind === 'host' && args.from_host !== undefined && args.mode === undefined;
  if (args.mode === 'preserve' || travels) return { mode: sourceMode };
  return {};
}

function textOf(content: Text | Value): Text {
  if (typeof content === 'string' || content instanceof Secret) return content;
  if (findSecret(content) !== null) {
    throw new Failure({
      code: 'HAPB6006',
      message: 'content is a list or map with a secret in it',
      hint: 'Make a text of it first: `content: "{{ value | to_json }}"`.',
      argument: 'content',
    });
  }
  return typeof content === 'object'
    ? printJson(content, { indent: null, sorted: false, ascii: true })
    : printed(content);
}

function controllerPath(found: ControllerFile, args: CopyArgs, task: TaskContext): string {
  if (found.kind === 'file') return found.path;
  if (found.kind === 'directory') {
    throw new Failure({
      code: 'HAPB6031',
      message: `src ${found.path} is a folder, which does not go with \`content\` or a single file`,
      hint: 'Name a file.',
      argument: 'src',
    });
  }
  throw new Failure({
    code: 'HAPB6030',
    message: `src ${args.src ?? ''} was not found on the controller`,
    hint:
      found.tried.length > 0
        ? `Looked for: ${found.tried.join(', ')}.`
        : `The search path of ${task.host} is empty; give an absolute path.`,
    argument: 'src',
  });
}

function hostFile(state: FileState, args: CopyArgs): Extract<FileState, { kind: 'file' }> {
  if (state.kind === 'file') return state;
  throw new Failure({
    code: state.kind === 'absent' ? 'HAPB6030' : 'HAPB6031',
    message:
      state.kind === 'absent'
        ? `src ${args.src ?? ''} does not exist on ${args.from_host ?? 'the host'}`
        : `src ${args.src ?? ''} on ${args.from_host ?? 'the host'} is a ${state.kind}, which cannot be copied from there`,
    hint: 'Correct `src`; a file that an earlier task makes must be there by now.',
    argument: 'src',
  });
}

/** A copy on the host itself: its content does not travel. */
async function applyHere(put: PutChange, src: string, host: HostWriter): Promise<Output> {
  const { plan } = put;
  await prepare(put, host);
  const rights = plan.write ?? { mode: null, owner: null, group: null };
  const problem = {
    code: 'HAPB6003',
    message: `cannot copy ${src} to ${plan.path}`,
    hint: 'Read the output below; the file that was there is untouched.',
  } as const;
  const tag = putTag();
  const fill = 'cat <"$7" >&4 && { LC_ALL=C md5sum <"$7" 2>/dev/null || :; }';
  const call = { sh: putText(fill, rights), args: [...putWords(plan.path, rights, tag), src] };
  const reply = await host.run(call);
  if (!hasCleanedUp(reply.exitCode)) await host.run({ sh: dropText, args: [plan.path, tag] });
  if (reply.exitCode === 24) {
    // Before the command's own words stands the digest.
    const stdout = reply.stdout.replace(/^[0-9a-f]{32} .*\n/, '');
    throw rejectedContent({ ...reply, stdout }, { ...rights, path: plan.path }, host.name);
  }
  if (reply.exitCode !== 0) throw stepFailed(reply, problem);
  return { ...put.result, md5sum: /^[0-9a-f]{32}/.exec(reply.stdout)?.[0] ?? null };
}
