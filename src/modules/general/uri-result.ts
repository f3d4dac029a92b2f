import { parseJson } from '../../core/parse-json.ts';
import type { Output, Value } from '../../core/value.ts';
import type { UriArgs } from './uri-args.ts';
import { wantedStatuses } from './uri-args.ts';
import { shownUrl } from './url-arguments.ts';
import type { Exchange } from './url-exchange.ts';

/** Whether the answer has one of the wanted statuses. */
export function isWanted(args: UriArgs, { exitCode, head }: Exchange): boolean {
  return exitCode === 0 && wantedStatuses(args).includes(head.status);
}

/** What `uri` registers of an answer; Ansible's keys. */
export function uriResult(
  args: UriArgs,
  exchange: Exchange,
): Output & { readonly status: number; readonly msg: string } {
  const { head, body, redirects } = exchange;
  const wanted = isWanted(args, exchange);
  const type = (head.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const text = decoded(body, head.headers['content-type'] ?? '');
  const isJson = /[/+](json|javascript)$/.test(type);
  const json = isJson ? parsed(text) : undefined;
  return {
    ...headerKeys(head.headers),
    ...locationOf(exchange.url, head.headers.location),
    cookies: cookiesOf(head.cookies),
    cookies_string: Object.entries(cookiesOf(head.cookies))
      .map(([name, value]) => `${name}=${value}`)
      .join('; '),
    status: exchange.exitCode === 0 ? head.status : -1,
    url: exchange.url === '' ? shownUrl(args.url) : shownUrl(exchange.url),
    redirected: redirects > 0,
    msg: messageOf(exchange),
    elapsed: Math.floor(exchange.seconds),
    ...(args.return_content === true || !wanted ? { content: text } : {}),
    ...(isError(exchange) && wanted && args.return_content !== true && !isJson ? { body: text } : {}),
    ...(json === undefined ? {} : { json }),
  };
}

/** What Ansible's client takes for one, whether it is wanted or not. */
function isError({ exitCode, head }: Exchange): boolean {
  return exitCode === 0 && head.status >= 300;
}

/** `OK (12 bytes)`, or `HTTP Error 404: Not Found`. */
function messageOf({ exitCode, head, stderr }: Exchange): string {
  if (exitCode !== 0) return `Request failed: ${stderr.trim().split('\n').at(-1) ?? ''}`;
  if (head.status >= 300) return `HTTP Error ${head.status}: ${head.reason}`;
  return `OK (${head.headers['content-length'] ?? 'unknown'} bytes)`;
}

/** Where a redirect that was not followed leads, whole. */
function locationOf(url: string, location: string | undefined): Record<string, string> {
  if (location === undefined || !URL.canParse(location, url)) return {};
  return { location: shownUrl(new URL(location, url).href) };
}

function headerKeys(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name !== 'set-cookie')
      .map(([name, value]) => [name.replaceAll('-', '_'), value]),
  );
}

function cookiesOf(lines: readonly string[]): Record<string, string> {
  const pairs = lines.flatMap((line) => {
    const match = /^([^=;]+)=([^;]*)/.exec(line);
    return match === null ? [] : [[(match[1] ?? '').trim(), (match[2] ?? '').trim()] as const];
  });
  return Object.fromEntries(pairs);
}

function decoded(body: Uint8Array, contentType: string): string {
  const charset = /charset="?([\w.:-]+)/i.exec(contentType)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset).decode(body);
  } catch {
    return new TextDecoder().decode(body);
  }
}

function parsed(text: string): Value | undefined {
  try {
    return parseJson(text) as Value;
  } catch {
    return undefined;
  }
}
