import { quote } from '../../connection/quote.ts';
import { Failure } from '../../core/failure.ts';
import type { Text } from '../../core/secret.ts';
import type { Output } from '../../core/value.ts';
import { controllerFile } from '../asks/controller-file.ts';
import { fullDisk, withFullDisk } from '../host/full-disk.ts';
import { temporaryText } from '../host/temporary.ts';
import type { HostWriter } from '../module.ts';
import {
  type Archive,
  type ArchiveFormat,
  archiveListing,
  type Member,
  tarWords,
  unzipWords,
} from './archive-listing.ts';
import { listed } from './list-argument.ts';
import { memberNames } from './member-names.ts';
import { memberStates } from './member-states.ts';
import { foundAt, lookScript } from './path-look.ts';
import { lastLines, step } from './steps.ts';
import { choiceOf, namesIn } from './unarchive-ask.ts';
import {
  differencesOf,
  notListed,
  placeOfArchive,
  type UnarchiveArgs,
  type UnarchiveChange,
  unarchiveResult,
} from './unarchive-plan.ts';
import { requestWords } from './url-arguments.ts';
import { sayWhyUnwritten, urlFailure, urlFunctions } from './url-shell.ts';

/** Unpacks what `planUnarchive` found. @throws Failure HAPB6003, HAPB6220, HAPB6221, HAPB6034 */
export async function applyUnarchive(wanted: UnarchiveChange, host: HostWriter): Promise<Output> {
  const { args, archive, members } = wanted;
  const place = placeOfArchive(args);
  if (members === null || archive === null) return unpackUnseen(wanted, host);
  if (wanted.unpack === 'no') {
    await setPermissions(args, members, host);
    return wanted.result;
  }
  const content = place === 'controller' ? await contentFor(archive, wanted, host) : null;
  const from = { args, format: archive.format, path: content === null ? archive.path : null, content };
  const unpacked = await unpack(from, wanted.result, host);
  await setPermissions(args, members, host);
  return { ...wanted.result, ...unpacked };
}

/** Puts the archive on the host for a while, because what is in it is not known before. */
async function unpackUnseen(wanted: UnarchiveChange, host: HostWriter): Promise<Output> {
  const { args, archive } = wanted;
  const path =
    placeOfArchive(args) === 'host'
      ? args.src
      : archive === null
        ? await download(args, host)
        : await put(await contentFor(archive, wanted, host), host);
  try {
    const found = await host.ask(archiveListing([path], choiceOf(args)));
    if (found.kind !== 'archive' || found.members === null)
      throw notListed(args.src, found.kind === 'archive' ? found.complaint : '');
    const names = await host.ask(namesIn(found.members));
    const present = await host.ask(memberStates(args.dest, memberNames(found.members)));
    const differences = differencesOf(args, found.members, { present, who: wanted.who, names });
    const result = unarchiveResult(args, found, wanted);
    if (differences.length === 0) return { ...result, changed: false };
    const unpacked = differences.some(({ what }) => what !== 'permissions')
      ? await unpack({ args, format: found.format, path, content: null }, result, host)
      : {};
    await setPermissions(args, found.members, host);
    return { ...result, ...unpacked };
  } finally {
    if (path !== args.src) await host.run({ sh: 'rm -f -- "$1"', args: [path] });
  }
}

async function contentFor(
  archive: Archive & { readonly kind: 'archive' },
  wanted: UnarchiveChange,
  host: HostWriter,
): Promise<Text | Uint8Array> {
  if (wanted.decrypted !== null) return wanted.decrypted;
  const most = 268_435_456;
  if (archive.sizeBytes > most) {
    throw new Failure({
      code: 'HAPB6033',
      message: `${archive.path} is ${Math.round(archive.sizeBytes / 1_048_576)} MiB long; archives up to ${most / 1_048_576} MiB can be sent`,
      hint: 'Let the host fetch it with `get_url`, and unpack it with `remote_src: true`.',
      argument: 'src',
    });
  }
  const found = await host.ask(controllerFile([archive.path], archive.sizeBytes));
  const content = found.kind === 'file' ? found.content : null;
  if (content !== null) return content;
  throw new Failure({
    code: 'HAPB6034',
    message: `${archive.path} changed while it was being sent`,
    hint: 'Run the playbook again; something else writes to the file.',
    argument: 'src',
  });
}

const makeTemporary = `d=\${TMPDIR:-/tmp}\n${temporaryText} || exit`;

const notPut = {
  code: 'HAPB6003',
  message: 'cannot put the archive on the host',
  hint: 'See the output below.',
} as const;

async function put(content: Text | Uint8Array, host: HostWriter): Promise<string> {
  const sh = `${makeTemporary}\ncat >"$t" || { rm -f "$t"; exit 1; }\nprintf '%s' "$t"`;
  return (await step(host, { sh, stdin: content }, notPut)).stdout;
}

async function download(args: UnarchiveArgs, host: HostWriter): Promise<string> {
  const words = requestWords(
    {
      url: args.src,
      timeout: 30,
      ...(args.validate_certs === undefined ? {} : { validate_certs: args.validate_certs }),
    },
    { redirects: 'follow', method: null },
  );
  const sh = `${urlFunctions}
tool "$@"
${makeTemporary}
if [ "$tool" = curl ]; then config "$@" | curl -q -sS -g -f -o "$t" --config -; code=$?
else shift "$(($1 + 3))"; wget -nv $patience -O "$t" "$@"; code=$?; fi
${sayWhyUnwritten}
[ "$code" = 0 ] || { rm -f "$t"; exit "$code"; }
printf '%s' "$t"`;
  const reply = await host.run({ sh, args: words });
  if (reply.exitCode === 0) return reply.stdout;
  const { exitCode, stderr } = reply;
  if (fullDisk(stderr) !== null)
    throw new Failure({ ...withFullDisk(notPut, stderr), details: lastLines(stderr, 10) });
  const status = Number(/error: (\d{3})/.exec(stderr)?.[1] ?? 0);
  throw urlFailure({ url: args.src, exitCode, status, stderr, host: host.name });
}

const flags: Readonly<Record<ArchiveFormat, { readonly flag: string; readonly program: string }>> = {
  zip: { flag: '', program: 'unzip' },
  tar: { flag: '', program: 'tar' },
  gz: { flag: '-z', program: 'gzip' },
  bz2: { flag: '-j', program: 'bzip2' },
  xz: { flag: '-J', program: 'xz' },
  zst: { flag: '--use-compress-program=zstd', program: 'zstd' },
};

interface Unpacking {
  readonly args: UnarchiveArgs;
  readonly format: ArchiveFormat;
  /** `null`: the content comes along. */
  readonly path: string | null;
  readonly content: Text | Uint8Array | null;
}

/**
 * tar reads what comes along as a stream; unzip needs a file, which is gone when it ends. Gives what is registered of it, and of
 * the folder then.
 */
async function unpack(
  { args, format, path, content }: Unpacking,
  result: Output,
  host: HostWriter,
): Promise<Output> {
  const { flag, program } = flags[format];
  const choice = choiceOf(args);
  const tar = tarWords(choice);
  const newer = args.keep_newer === true;
  const options = listed(args.extra_opts)
    .map((word) => quote(word))
    .join(' ');
  const temporary = path === null && format === 'zip';
  const sh = [
    `command -v ${program} >/dev/null || { echo '${program}: not found' >&2; exit 1; }`,
    'dest=$1 src=$2',
    ...(temporary ? [makeTemporary, `trap 'rm -f -- "$t"' EXIT`, 'cat >"$t" || exit', 'src=$t'] : []),
    format === 'zip'
      ? `unzip -q${newer ? 'u' : ''}o ${options} "$src" ${unzipWords(choice)} -d "$dest"; [ $? -le 1 ]`
      : `tar -x -C "$dest" ${flag} ${newer ? '--keep-newer-files' : ''} ${tar.before} -f "$src" ${tar.after}`,
    'code=$?; [ "$code" = 0 ] || exit "$code"',
    'set -- "$dest" -L',
    lookScript,
  ].join('\n');
  const stdin = content === null ? {} : ({ stdin: content, noticesCut: true } as const);
  const reply = await host.run({ sh, args: [args.dest, path ?? '-'], ...stdin });
  const out = reply.stdout.replace(/found .*\n$/, '');
  const cmd =
    format === 'zip'
      ? ['unzip', `-${newer ? 'u' : ''}o`, args.src, '-d', args.dest]
      : ['tar', '--extract', '-C', args.dest, ...(flag === '' ? [] : [flag]), '-f', args.src];
  const extracted = { extract_results: { cmd, rc: reply.exitCode, out, err: reply.stderr } };
  if (reply.exitCode === 0) return { ...foundAt(reply.stdout), ...extracted };
  const complaint = lastLines(reply.stderr || reply.stdout, 15);
  const missing = notListed(args.src, complaint);
  if (fullDisk(reply.stderr) === null && missing.problem.code === 'HAPB6220') throw missing;
  const problem = {
    code: 'HAPB6221',
    message: `cannot unpack ${args.src} into ${args.dest}`,
    hint: 'Read the output below; often `become: true` is missing, or the archive is cut off.',
  } as const;
  const output = { ...result, ...extracted };
  throw new Failure({ ...withFullDisk(problem, reply.stderr), argument: 'src', details: complaint, output });
}

async function setPermissions(
  args: UnarchiveArgs,
  members: readonly Member[],
  host: HostWriter,
): Promise<void> {
  const { mode = '', owner = '', group = '' } = args;
  if (mode === '' && owner === '' && group === '') return;
  const all = [...new Set(members.map(({ name }) => `./${name}`))];
  const plain = [...new Set(members.flatMap(({ name, kind }) => (kind === 'link' ? [] : [`./${name}`])))];
  // Names come as words of the script, which have no length limit, and go to the programs in portions.
  const sh = `
cd "$1" && mode=$2 who=$3 n=$4 || exit
shift 4
first() { while [ "$n" -gt 0 ]; do printf '%s\\000' "$1"; shift; n=$((n - 1)); done; }
if [ -n "$who" ]; then first "$@" | xargs -0 chown -h -- "$who" || exit; fi
shift "$n"
if [ -n "$mode" ] && [ $# -gt 0 ]; then printf '%s\\000' "$@" | xargs -0 chmod -- "$mode" || exit; fi`;
  const problem = {
    code: 'HAPB6003',
    message: `cannot set the permissions of what was unpacked into ${args.dest}`,
    hint: 'Add `become: true`, and check that the user and the group exist on the host.',
  } as const;
  const who = `${owner}${group === '' ? '' : `:${group}`}`;
  await step(host, { sh, args: [args.dest, mode, who, String(all.length), ...all, ...plain] }, problem);
}
