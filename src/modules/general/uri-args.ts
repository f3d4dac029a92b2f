import { Failure } from '../../core/failure.ts';
import type { Text } from '../../core/secret.ts';
import { isList, isMap, type Value, type ValueMap } from '../../core/value.ts';
import { printJson } from '../../expression/filters/json.ts';
import { composed } from '../../expression/secrecy.ts';
import type { PermissionArgs } from './file-arguments.ts';
import { type ListArgument, listed } from './list-argument.ts';
import type { UrlArgs } from './url-arguments.ts';

/** Arguments of `uri`. */
export interface UriArgs extends UrlArgs, PermissionArgs {
  readonly method?: string;
  readonly body?: Value;
  readonly body_format?: 'raw' | 'json' | 'form-urlencoded';
  readonly src?: string;
  readonly remote_src?: boolean;
  readonly status_code?: number | ListArgument;
  readonly return_content?: boolean;
  readonly follow_redirects?: 'all' | 'safe' | 'none' | 'yes' | 'no' | 'urllib2' | boolean;
  readonly dest?: string;
  readonly creates?: string;
  readonly removes?: string;
  readonly force?: boolean;
  readonly unix_socket?: string;
}

/** The method, in capitals. @throws Failure HAPB6006 */
export function methodOf(args: UriArgs): string {
  const method = (args.method ?? 'GET').toUpperCase();
  if (/^[A-Z]+$/.test(method)) return method;
  throw new Failure({
    code: 'HAPB6006',
    message: `"${args.method ?? ''}" is no method`,
    hint: 'Write one word such as GET or POST.',
    argument: 'method',
  });
}

/** Whether the request only reads (RFC 9110, 9.2.1), so that it may be made in check mode too. */
export function isSafe(args: UriArgs): boolean {
  return ['GET', 'HEAD', 'OPTIONS', 'TRACE'].includes(methodOf(args));
}

/** Which statuses are as asked. */
export function wantedStatuses({ status_code: wanted }: UriArgs): readonly number[] {
  if (wanted === undefined) return [200];
  return typeof wanted === 'number' ? [wanted] : listed(wanted).map(Number);
}

/** Whether redirects are followed. */
export function redirectsOf(args: UriArgs): 'follow' | 'keep' {
  switch (args.follow_redirects ?? 'safe') {
    case 'all':
    case 'yes':
    case true:
      return 'follow';
    case 'none':
    case 'no':
    case false:
      return 'keep';
    default:
      return ['GET', 'HEAD'].includes(methodOf(args)) ? 'follow' : 'keep';
  }
}

/** As Python's json.dumps writes it, so that a signature of it stays good. */
const asPython = { indent: null, sorted: false, ascii: true } as const;

/** The body as it is sent, and the type that goes with its format; `null`: none. */
export function bodyOf(args: UriArgs): { readonly text: Text; readonly type: string | null } | null {
  const { body } = args;
  if (body === undefined) return null;
  switch (args.body_format ?? 'raw') {
    case 'json': {
      const text = composed(body, (plain) =>
        typeof plain === 'string' ? plain : printJson(plain, asPython),
      );
      return { text, type: 'application/json' };
    }
    case 'form-urlencoded':
      return { text: composed(body, formText), type: 'application/x-www-form-urlencoded' };
    case 'raw':
      return {
        text: composed(body, (plain) => (typeof plain === 'string' ? plain : JSON.stringify(plain))),
        type: null,
      };
  }
}

/** Names and values as a form sends them, in the order given; a list gives its name several times. */
function formText(body: Value): string {
  if (typeof body === 'string') return body;
  const pairs = isMap(body) ? Object.entries(body) : isList(body) ? body.map(asPair) : null;
  if (pairs === null) throw noForm();
  const form = new URLSearchParams();
  for (const [name, value] of pairs) {
    for (const one of isList(value) ? value : [value]) if (one !== null) form.append(name, wordOf(one));
  }
  return form.toString();
}

function asPair(item: Value): readonly [string, Value] {
  if (isList(item) && item.length === 2) return [wordOf(item[0] ?? null), item[1] ?? null];
  throw noForm();
}

function wordOf(value: Value): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  return JSON.stringify(value);
}

function noForm(): Failure {
  return new Failure({
    code: 'HAPB6006',
    message: 'body is no form: it must be a map, a list of pairs, or a text',
    hint: 'Write the fields as a map of names and values.',
    argument: 'body',
  });
}

/** Whether a header is given, in whatever case. */
export function hasHeader(headers: ValueMap | undefined, name: string): boolean {
  return Object.keys(headers ?? {}).some((key) => key.toLowerCase() === name);
}
