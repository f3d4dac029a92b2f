import { type Change, type Forecast, known } from '../../core/change.ts';
import { Failure, registering } from '../../core/failure.ts';
import { Secret } from '../../core/secret.ts';
import { Unknown } from '../../core/unknown.ts';
import type { Output } from '../../core/value.ts';
import { type FileState, fileEffect, permitted, type RegularFile } from '../asks/file-state.ts';
import { type Destination, planFolder } from './destination.ts';
import { backupPathOf, editPermissions, wantedPermissions } from './file-change.ts';
import { pathOutput, putOutput } from './file-output.ts';
import type { GetUrlArgs, GetUrlState } from './get-url-ask.ts';
import { pathInfo } from './path-look.ts';
import { shownUrl } from './url-arguments.ts';
import { urlFailure } from './url-shell.ts';

/** A file to fetch, or (with `fetch: null`) only its permissions to set. */
export interface GetUrlChange extends Change {
  readonly args: GetUrlArgs;
  readonly path: string;
  readonly fetch: { readonly wanted: GetUrlState['wanted']; readonly backupPath: string | null } | null;
  /** What is there now; `null`: nothing. */
  readonly before: RegularFile | null;
  /** The same, as it is registered. */
  readonly there: Output;
  /** How the file will be; its permissions are set. */
  readonly after: RegularFile;
  /** Whether the permissions of the file that is there are others. */
  readonly permissions: 'same' | 'other';
  /** What is registered of it, as far as it is known before. */
  readonly result: Output;
}

/** What has to be done so that the file is there; `null`: nothing. @throws Failure HAPB6023, HAPB6032, HAPB6210 to HAPB6215 */
export function planGetUrl(args: GetUrlArgs, state: GetUrlState, host: string): GetUrlChange | null {
  checkUrl(args.url);
  const { to, wanted, offer } = state;
  requireFolder(args, to);
  const before = to.now.kind === 'file' ? to.now : null;
  const permissions = wantedPermissions(args, before, to.who);
  const permissionEdit = editPermissions(to.path, before, permissions);
  const url = shownUrl(args.url);
  const base = {
    args,
    path: to.path,
    before,
    there: before === null ? {} : pathInfo(pathOutput(to.path, before, to)),
    permissions: permissionEdit === null ? 'same' : 'other',
  } as const;
  if (before !== null && (offer === null || offer.status === 304)) {
    if (permissionEdit === null) return null;
    const after = permitted(before, permissions);
    return {
      ...base,
      summary: `set the permissions of ${to.path}`,
      edits: [permissionEdit],
      effects: [fileEffect(to.path, after)],
      forecast: known,
      fetch: null,
      after,
      result: getUrlOutput(args, state, after),
    };
  }
  if (offer === null || offer.status >= 400 || (offer.exitCode !== 0 && offer.exitCode !== 63)) {
    const { exitCode = 0, status = 0, reason = '', seconds = 0, stderr = '' } = offer ?? {};
    const answer = status === 0 ? {} : { status_code: status, response: `HTTP Error ${status}: ${reason}` };
    throw urlFailure(
      { url, exitCode, status, stderr, host },
      { url, dest: to.path, elapsed: seconds, ...answer },
    );
  }
  const sha256 = wanted?.algorithm === 'sha256' ? wanted.digest : null;
  const after: RegularFile = {
    kind: 'file',
    mode: permissions.mode,
    owner: permissions.owner,
    group: permissions.group,
    sizeBytes: offer.sizeBytes,
    sha256,
    content: null,
    realPath: to.path,
  };
  const backupPath = args.backup === true && before !== null ? backupPathOf(to.path, before) : null;
  return {
    ...base,
    summary: `fetch ${to.path} from ${url}`,
    edits: [
      { subject: to.path, before: before === null ? null : oldFile(before), after: `fetched from ${url}\n` },
      ...(permissionEdit === null ? [] : [permissionEdit]),
    ],
    effects: [
      fileEffect(to.path, after),
      ...(backupPath === null || before === null
        ? []
        : [fileEffect(backupPath, { ...before, realPath: backupPath })]),
    ],
    forecast: forecastOf(before, { wanted, sizeBytes: offer.sizeBytes, permissions: base.permissions }),
    fetch: { wanted, backupPath },
    after,
    result: {
      url,
      ...pathInfo(putOutput(to.path, after, to)),
      dest: to.path,
    },
  };
}

function oldFile({ sizeBytes, sha256 }: RegularFile): string {
  return `size: ${sizeBytes ?? 'unknown'} bytes\nsha256: ${sha256 ?? 'unknown'}\n`;
}

/** A file of the same size, of which nothing else is known, may be the same: only fetching it tells. */
function forecastOf(
  before: RegularFile | null,
  offered: {
    readonly wanted: GetUrlState['wanted'];
    readonly sizeBytes: number | null;
    readonly permissions: 'same' | 'other';
  },
): Forecast {
  const differs = offered.sizeBytes !== null && offered.sizeBytes !== before?.sizeBytes;
  if (before === null || offered.wanted !== null || offered.permissions === 'other' || differs) return known;
  const reason = 'the server offers a file of which only fetching it tells whether it is another one';
  return { kind: 'unknown', unknown: new Unknown(reason) };
}

function checkUrl(url: GetUrlArgs['url']): void {
  if (url instanceof Secret || /^[a-z][a-z0-9+.-]*:\/\/./i.test(url)) return;
  throw new Failure({
    code: 'HAPB6006',
    message: `"${url}" is no address`,
    hint: 'Write it with its scheme, such as https://example.com/file.',
    argument: 'url',
  });
}

function requireFolder(args: GetUrlArgs, to: Destination): void {
  try {
    planFolder(to, undefined);
  } catch (thrown) {
    throw registering(thrown, { url: shownUrl(args.url), dest: to.path, elapsed: 0, checksum_dest: null });
  }
}

/** What is registered of a file whose content is as asked; `after`: as it is, or will be. */
export function getUrlOutput(
  args: GetUrlArgs,
  { to, offer }: GetUrlState,
  after: FileState = to.now,
): Output {
  return {
    url: shownUrl(args.url),
    dest: to.path,
    ...pathInfo(pathOutput(to.path, after, to)),
    elapsed: offer?.seconds ?? 0,
    ...(offer === null
      ? {
          msg: after === to.now ? 'file already exists' : 'file already exists but file attributes changed',
          checksum_src: null,
          checksum_dest: null,
        }
      : { msg: 'HTTP Error 304: Not Modified', status_code: offer.status }),
  };
}
