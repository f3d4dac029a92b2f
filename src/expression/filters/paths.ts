import { isList, type Value } from '../../core/value.ts';
import { properList, textArgument, textOf } from '../arguments.ts';
import type { Filter, Parameters, Table } from '../callable.ts';
import { codes, fail } from '../problems.ts';

function text(parameters: Parameters, run: Filter['run']): Filter {
  return { parameters, reads: 'content', run };
}

/** Filters of paths and addresses, which look at the text alone. */
export const pathFilters: Table<Filter> = {
  basename: text([], (input) => textOf(input).slice(textOf(input).lastIndexOf('/') + 1)),
  dirname: text([], (input) => {
    const head = textOf(input).slice(0, textOf(input).lastIndexOf('/') + 1);
    return /^\/*$/.test(head) ? head : head.replace(/\/+$/, '');
  }),
  splitext: text([], (value) => {
    const input = textOf(value);
    const suffix = /(?<=[^./]|[^/]\.)\.[^./]*$/.exec(input)?.[0] ?? '';
    return [input.slice(0, input.length - suffix.length), suffix];
  }),
  path_join: text([], (input) => (isList(input) ? input : [input]).map(textOf).reduce(joined)),
  normpath: text([], (input) => normal(textOf(input))),
  relpath: text(['start?'], (input, args) => relative(textOf(input), textArgument(args, 0, '.'))),
  commonpath: text([], (input) => common(properList(input, 'commonpath').map(textOf))),
  urlsplit: text(['query?'], (input, args) => {
    const parts = splitUrl(textOf(input));
    const wanted = textArgument(args, 0);
    if (wanted === '') return parts;
    const part = parts[wanted];
    const hint = `Known are ${Object.keys(parts).join(', ')}.`;
    return part === undefined ? fail(codes.filterFailed, `'urlsplit' knows no part '${wanted}'`, hint) : part;
  }),
  urldecode: text([], (input) =>
    textOf(input)
      .replaceAll('+', ' ')
      .replace(/(?:%[0-9a-fA-F]{2})+/g, (bytes) =>
        Buffer.from(bytes.replaceAll('%', ''), 'hex').toString('utf8'),
      ),
  ),
};

function joined(left: string, right: string): string {
  if (right.startsWith('/') || left === '') return right;
  return left.endsWith('/') ? left + right : `${left}/${right}`;
}

function normal(path: string): string {
  const root = /^\/\/(?!\/)/.test(path) ? '//' : path.startsWith('/') ? '/' : '';
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..' || (root === '' && (parts.length === 0 || parts.at(-1) === '..'))) parts.push(part);
    else parts.pop();
  }
  return root + parts.join('/') || '.';
}

function relative(path: string, start: string): string {
  if (path.startsWith('/') !== start.startsWith('/')) {
    const hint = 'Give two absolute paths, or two relative ones.';
    return fail(codes.filterFailed, "'relpath' cannot compare an absolute and a relative path", hint);
  }
  const [to, from] = [path, start].map((one) =>
    normal(one)
      .split('/')
      .filter((part) => part !== '' && part !== '.'),
  );
  const [ends, begins] = [to ?? [], from ?? []];
  let shared = 0;
  while (shared < begins.length && begins[shared] === ends[shared]) shared += 1;
  return [...begins.slice(shared).map(() => '..'), ...ends.slice(shared)].join('/') || '.';
}

function common(paths: readonly string[]): string {
  const absolute = paths.filter((path) => path.startsWith('/')).length;
  if (paths.length === 0 || (absolute > 0 && absolute < paths.length)) {
    const what = paths.length === 0 ? 'no path' : 'absolute and relative paths';
    return fail(
      codes.filterFailed,
      `'commonpath' cannot compare ${what}`,
      'Give a list of paths of one kind.',
    );
  }
  const [first = [], ...others] = paths.map((path) =>
    path.split('/').filter((part) => part !== '' && part !== '.'),
  );
  const differs = first.findIndex((part, index) => others.some((other) => other[index] !== part));
  return (absolute > 0 ? '/' : '') + first.slice(0, differs === -1 ? first.length : differs).join('/');
}

/** The parts of an address, named as Python's urlsplit names them. */
export function splitUrl(url: string): Readonly<Record<string, Value>> {
  const pattern = /^(?:([a-zA-Z][\w+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s;
  const [, scheme = '', netloc = '', path = '', query = '', fragment = ''] = pattern.exec(url) ?? [];
  const at = netloc.lastIndexOf('@');
  const [, username = null, password = null] =
    at === -1 ? [] : (/^([^:]*)(?::(.*))?$/s.exec(netloc.slice(0, at)) ?? []);
  const place = netloc.slice(at + 1);
  const [, host = '', digits = ''] =
    /^(?:\[([^\]]*)\]|)(?::(\d*))?$/.exec(place) ?? /^([^:]*)(?::(.*))?$/.exec(place) ?? [];
  const port = digits === '' ? null : Number(digits);
  if (port !== null && !(port >= 0 && port <= 65_535))
    return fail(codes.filterFailed, `the address has the port ${digits}`, 'Ports are 0 to 65535.');
  const hostname = host === '' ? null : host.toLowerCase();
  return { fragment, hostname, netloc, password, path, port, query, scheme: scheme.toLowerCase(), username };
}
