import { Failure } from '../../core/failure.ts';
import { type Ask, each } from '../ask.ts';
import type { Module } from '../module.ts';
import { type Listing, listing } from './find-listing.ts';
import { type FindArgs, findResult } from './find-result.ts';
import { grepPattern } from './grep-pattern.ts';
import { listArgument, listed } from './list-argument.ts';

/** Files by their names, ages, sizes and content. */
export const find: Module<FindArgs, readonly Listing[]> = {
  name: 'find',
  summary: 'Finds files on the host by name, age, size, permissions or content.',
  notes: [
    'Changes nothing. The files stand in the order of their depth, then of their names. A path that is no folder is named in `skipped_paths` and is no error.',
    '`contains` is searched for by the host’s `grep`, line by line from the beginning of each; write `.*` in front to find it anywhere. With `read_whole_file` it may stand anywhere in the file. Look-arounds and back references are refused.',
    'In check mode the result is unknown when an earlier task would change something in one of the folders.',
  ],
  args: {
    type: 'object',
    properties: {
      paths: listArgument({
        hostPath: 'always',
        relative: 'allowed',
        description: 'Folders to look in.',
        aliases: ['path', 'name'],
      }),
      patterns: listArgument({
        description: 'Names to find, as globs or (with use_regex) patterns. Absent: all.',
        aliases: ['pattern'],
      }),
      excludes: listArgument({
        description: 'Names to leave out, in the same notation.',
        aliases: ['exclude'],
      }),
      use_regex: {
        type: 'boolean',
        default: false,
        description:
          'Read patterns and excludes as regular expressions that match from the beginning of the name.',
      },
      contains: { type: 'string', description: 'Only files in which a line matches this pattern.' },
      read_whole_file: {
        type: 'boolean',
        default: false,
        description: 'Search the file as one text instead of line by line.',
      },
      file_type: {
        enum: ['any', 'directory', 'file', 'link'],
        default: 'file',
        description: 'What to find.',
      },
      age: {
        type: ['string', 'integer'],
        description: 'At least this old, such as 2d (s, m, h, d, w); at most, with a minus sign.',
      },
      age_stamp: {
        enum: ['atime', 'ctime', 'mtime'],
        default: 'mtime',
        description: 'Which time counts for age.',
      },
      size: {
        type: ['string', 'integer'],
        description: 'Files of at least this size, such as 10m (b, k, m, g, t); at most, with a minus sign.',
      },
      recurse: { type: 'boolean', default: false, description: 'Look in the folders below too.' },
      depth: { type: 'integer', minimum: 1, description: 'With recurse: how many levels down.' },
      hidden: { type: 'boolean', default: false, description: 'Find names that begin with a dot too.' },
      follow: { type: 'boolean', default: false, description: 'Look behind links to folders.' },
      get_checksum: { type: 'boolean', default: false, description: 'Work out the checksum of files.' },
      checksum_algorithm: {
        enum: ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'],
        default: 'sha1',
        description: 'Which checksum.',
        aliases: ['checksum', 'checksum_algo'],
      },
      mode: {
        type: 'string',
        numbers: 'refused',
        description: 'Only with these permissions, octal in quotes or symbolic.',
      },
      exact_mode: {
        type: 'boolean',
        default: true,
        description: 'false: one of the bits of mode is enough.',
      },
      limit: { type: 'integer', minimum: 1, description: 'Find at most so many.' },
      encoding: {
        enum: ['utf-8', 'utf8', 'UTF-8'],
        description: 'Taken for Ansible’s sake; grep reads bytes.',
      },
    },
    required: ['paths'],
    additionalProperties: false,
  },
  returns: {
    files:
      'A list with path, mode, size, uid, gid, pw_name, gr_name, inode, dev, nlink, atime, mtime, ctime, isreg, isdir, islnk and the like, rusr to xoth, and with get_checksum checksum.',
    matched: 'How many were found.',
    examined: 'How many were looked at.',
    skipped_paths: 'Paths that could not be looked at, each with the reason.',
  },
  example: `- name: Old logs
  find:
    paths: /var/log
    patterns: ['*.log', '*.gz']
    age: 30d
    recurse: true
  register: old_logs
`,
  probe: (args) => each(listed(args.paths).map((path) => ask(path, args))),
  diff: () => null,
  apply: async () => ({}),
  output: (args, state) => findResult(args, state),
};

const unlimited = 999_999;
const typeWords = { any: [], directory: ['-type', 'd'], file: ['-type', 'f'], link: ['-type', 'l'] } as const;

function ask(path: string, args: FindArgs): Ask<Listing> {
  const type = args.file_type ?? 'file';
  const deep = args.recurse === true ? (args.depth ?? unlimited) : 1;
  // Behind a followed link -type would tell of its end, yet links are to be named as links.
  const typed = args.follow === true ? [] : typeWords[type];
  return listing(path, {
    maxDepth: deep,
    countDepth: args.recurse === true && deep < unlimited ? deep + 1 : deep,
    links: args.follow === true ? 'follow' : 'keep',
    filter: [...typed, ...(args.hidden === true ? [] : ['!', '-name', '.*']), ...contentWords(args)],
    sums: args.get_checksum === true ? `${args.checksum_algorithm ?? 'sha1'}sum` : null,
    clock: args.age === undefined ? 'no' : 'asked',
  });
}

function contentWords(args: FindArgs): readonly string[] {
  if (args.contains === undefined || (args.file_type ?? 'file') !== 'file') return [];
  const grep = grepPattern(args.contains);
  if (grep === null) {
    throw new Failure({
      code: 'HAPB6201',
      message: `the host's grep cannot search for ${JSON.stringify(args.contains)}`,
      hint: 'Leave out look-arounds, back references and escapes such as \\x41 or \\b; two tasks with simpler patterns do the same.',
      argument: 'contains',
    });
  }
  const whole = args.read_whole_file === true;
  const words = ['grep', ...grep.flags, whole ? '-qzE' : '-qE', '-e'];
  return ['-type', 'f', '-exec', ...words, whole ? grep.pattern : `^(${grep.pattern})`, '{}', ';'];
}
