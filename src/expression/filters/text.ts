import { createHash } from 'node:crypto';
import { isList, isMap, type Value } from '../../core/value.ts';
import { flagArgument, listOf, numberArgument, properList, textArgument, textOf } from '../arguments.ts';
import { checkSize } from '../arithmetic.ts';
import { attributeOf } from '../attribute.ts';
import type { Bound, Filter, Parameters, Table } from '../callable.ts';
import { withArticle } from '../compare.ts';
import { formatted } from '../format-text.ts';
import { codes, fail } from '../problems.ts';
import { capitalized, replaced, splitText, titled, trimmed } from '../text.ts';

/** A filter that maps the input's text to a value. */
function text(
  parameters: Parameters,
  run: (input: string, args: readonly (Value | undefined)[]) => Value,
): Filter {
  return { parameters, reads: 'content', run: (input, args) => run(textOf(input), args) };
}

/** Filters that turn text into text. */
export const textFilters: Table<Filter> = {
  lower: text([], (input) => input.toLowerCase()),
  upper: text([], (input) => input.toUpperCase()),
  title: text([], titled),
  capitalize: text([], capitalized),
  trim: text(['chars?'], (input, [characters]) => trimmed(input, characters, 'both')),
  replace: text(['old', 'new', 'count?'], (input, args) =>
    replaced(input, [textArgument(args, 0), textArgument(args, 1)], numberArgument(args, 2, -1)),
  ),
  string: text([], (input) => input),
  split: text(['separator?', 'maxsplit?'], (input, args) =>
    splitText(input, args[0] ?? null, numberArgument(args, 1, -1)),
  ),
  format: {
    parameters: ['*values'],
    reads: 'content',
    run: (input, args) => formatted(textOf(input), properList(args[0], 'format')),
  },
  indent: text(['width?', 'first?', 'blank?'], (input, args) => {
    const width = args[0];
    const spaces = typeof width === 'string' ? 0 : numberArgument(args, 0, 4);
    checkSize(spaces);
    const margin = typeof width === 'string' ? width : ' '.repeat(spaces);
    const lines = input.split('\n');
    checkSize(input.length + lines.length * margin.length);
    const indented = lines.map((line, index) => {
      const wanted = index === 0 ? flagArgument(args, 1) : flagArgument(args, 2) || line !== '';
      return wanted ? margin + line : line;
    });
    return indented.join('\n');
  }),
  join: {
    parameters: ['d?', 'attribute?'],
    reads: 'content',
    run: (input, args) => {
      const path = args[1];
      const items = listOf(input, 'join').map((item) =>
        path === undefined ? item : attributeOf(item, path),
      );
      return items.map(textOf).join(textArgument(args, 0));
    },
  },
  quote: text([], (input) =>
    /^[\w@%+=:,./-]+$/.test(input) ? input : `'${input.replaceAll("'", `'"'"'`)}'`,
  ),
  b64encode: text(['encoding?'], (input, args) => Buffer.from(input, encodingOf(args)).toString('base64')),
  b64decode: text(['encoding?'], (input, args) => Buffer.from(input, 'base64').toString(encodingOf(args))),
  hash: text(['hashtype?'], (input, args) => digest(input, textArgument(args, 0, 'sha1'))),
  checksum: text([], (input) => digest(input, 'sha1')),
  md5: text([], (input) => digest(input, 'md5')),
  sha1: text([], (input) => digest(input, 'sha1')),
  to_uuid: text(['namespace?'], (input, args) => uuidOf(input, textArgument(args, 0, ansibleNamespace))),
  urlencode: {
    parameters: [],
    reads: 'content',
    run: (input) => {
      if (typeof input === 'string') return urlEncoded(input).replaceAll('%2F', '/');
      const form = (part: string) => urlEncoded(part).replaceAll('%20', '+');
      const pairs = isMap(input) ? Object.entries(input) : isList(input) ? input.map(pairOf) : null;
      if (pairs === null) return urlEncoded(textOf(input));
      return pairs.map(([key, value]) => `${form(key)}=${form(textOf(value))}`).join('&');
    },
  },
};

function pairOf(item: Value): readonly [string, Value] {
  const [key = null, value = null] = listOf(item, 'urlencode');
  return [textOf(key), value];
}

function urlEncoded(input: string): string {
  return encodeURIComponent(input).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

const digests: readonly string[] = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'];

function digest(input: string, kind: string): string {
  if (!digests.includes(kind)) {
    return fail(codes.filterFailed, `the hash '${kind}' is not known`, `Known are ${digests.join(', ')}.`);
  }
  return createHash(kind).update(input, 'utf8').digest('hex');
}

/** The name space in which Ansible makes its names. */
const ansibleNamespace = '361E6D51-FAEC-444A-9079-341386DA8E2E';

/** A name-based UUID, version 5 of RFC 9562. */
function uuidOf(name: string, namespace: string): string {
  const space = namespace.replaceAll('-', '');
  if (!/^[0-9a-fA-F]{32}$/.test(space))
    return fail(codes.filterFailed, `'${namespace}' is no UUID`, 'A namespace has 32 hexadecimal digits.');
  const bytes = createHash('sha1')
    .update(Buffer.from(space, 'hex'))
    .update(name, 'utf8')
    .digest()
    .subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** Fails with what a filter wants instead of this value. */
export function wants(name: string, what: string, value: Value): never {
  return fail(
    codes.filterFailed,
    `'${name}' needs ${what}, not ${withArticle(value)}`,
    'Look at the value with the debug module.',
  );
}

const encodings: Readonly<Record<string, BufferEncoding>> = {
  utf8: 'utf8',
  ascii: 'ascii',
  latin1: 'latin1',
  iso88591: 'latin1',
  utf16le: 'utf16le',
};

function encodingOf(args: Bound): BufferEncoding {
  const name = textArgument(args, 0, 'utf-8');
  const known = encodings[name.toLowerCase().replaceAll(/[-_ ]/g, '')];
  return (
    known ??
    fail(
      codes.filterFailed,
      `the encoding '${name}' is not known`,
      'Known are utf-8, ascii, latin-1 and utf-16-le.',
    )
  );
}
