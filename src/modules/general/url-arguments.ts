import { Secret, type Text } from '../../core/secret.ts';
import type { Value } from '../../core/value.ts';
import { composed } from '../../expression/secrecy.ts';
import type { Target } from '../ask.ts';
import type { ArgSchema } from '../module.ts';
import { onlyFlag, refusedArgument } from './refused-argument.ts';

/** Arguments that `get_url` and `uri` share. */
export interface UrlArgs {
  readonly url: Text;
  readonly url_username?: Text;
  readonly url_password?: Text;
  readonly force_basic_auth?: boolean;
  readonly headers?: Readonly<Record<string, Value>>;
  readonly http_agent?: string;
  readonly timeout?: number;
  readonly use_proxy?: boolean;
  readonly use_netrc?: boolean;
  readonly validate_certs?: boolean;
  readonly ca_path?: string;
  readonly client_cert?: string;
  readonly client_key?: string;
  readonly via?: 'node' | 'controller';
}

/** Their schema; `timeoutSeconds` is the default. */
export function urlArguments(timeoutSeconds: number): Readonly<Record<string, ArgSchema>> {
  return {
    url: {
      type: 'string',
      minLength: 1,
      secret: 'allowed',
      description: 'The address, with its scheme.',
    },
    url_username: {
      type: 'string',
      secret: 'allowed',
      description: 'User name for the server.',
      aliases: ['username', 'user'],
    },
    url_password: {
      type: 'string',
      secret: 'always',
      description: 'Password for the server.',
      aliases: ['password'],
    },
    force_basic_auth: {
      type: 'boolean',
      default: false,
      description: 'Send name and password at once, not only when the server asks for them.',
    },
    headers: {
      type: 'object',
      secret: 'allowed',
      description: 'Headers of the request, by name.',
    },
    http_agent: { type: 'string', default: 'ansible-httpget', description: 'The User-Agent header.' },
    timeout: {
      type: 'integer',
      minimum: 1,
      default: timeoutSeconds,
      description: 'Seconds without an answer or without progress after which it fails.',
    },
    use_proxy: {
      type: 'boolean',
      default: true,
      description: 'false: leave out the proxies that the environment names.',
    },
    use_netrc: { type: 'boolean', default: true, description: 'Look for the password in ~/.netrc.' },
    validate_certs: {
      type: 'boolean',
      default: true,
      description: 'false: take any certificate of an HTTPS server.',
    },
    ca_path: {
      type: 'string',
      hostPath: 'always',
      description: 'Path of a PEM file with the authorities to trust.',
    },
    client_cert: {
      type: 'string',
      hostPath: 'always',
      description: 'Path of a PEM file with the certificate to show.',
    },
    client_key: {
      type: 'string',
      hostPath: 'always',
      description: 'Path of its private key, when it is in a file of its own.',
    },
    via: {
      enum: ['node', 'controller'],
      default: 'node',
      description: 'Who asks the server: the host, or the controller, which then sends what it got.',
    },
    ciphers: refusedArgument('The ciphers are those of the host’s curl; leave it out.'),
    decompress: onlyFlag('true', 'What the server sends is kept as it comes; leave it out.'),
    unredirected_headers: refusedArgument(
      'curl keeps Authorization and Cookie to the first server by itself; leave it out.',
    ),
    use_gssapi: onlyFlag('false', 'Let a `command` task call `curl --negotiate`.'),
  };
}

/** How a request differs from fetching the address. */
export interface RequestOptions {
  readonly redirects: 'follow' | 'keep';
  /** `null`: what follows from the body, GET or POST. */
  readonly method: string | null;
  readonly headers?: Readonly<Record<string, Text>>;
  /** Further words of curl's configuration: name and value, the latter empty where it takes none. */
  readonly more?: readonly Text[];
}

/**
 * The request as words for the scripts: how many words of curl's configuration, these as names and values (an empty one
 * stands for none), then words for wget.
 */
export function requestWords(args: UrlArgs, options: RequestOptions): readonly Text[] {
  const headers: Readonly<Record<string, Value>> = { ...args.headers, ...options.headers };
  const curl = curlWords(args, options, headers);
  return [String(curl.length), ...curl, ...wgetWords(args, options, headers)];
}

function curlWords(args: UrlArgs, options: RequestOptions, headers: UrlArgs['headers']): readonly Text[] {
  const words: Text[] = ['url', args.url, 'user-agent', args.http_agent ?? 'ansible-httpget'];
  const flag = (name: string): void => void words.push(name, '');
  for (const [name, value] of Object.entries(headers ?? {})) words.push('header', headerLine(name, value));
  const seconds = String(args.timeout ?? 10);
  words.push('connect-timeout', seconds, 'speed-limit', '1', 'speed-time', seconds);
  if (args.url_username !== undefined) {
    const pair = [args.url_username, args.url_password ?? ''];
    words.push(
      'user',
      composed(pair, (plain) => (plain as readonly string[]).join(':')),
    );
    flag(args.force_basic_auth === true ? 'basic' : 'anyauth');
  } else if (args.use_netrc !== false) flag('netrc-optional');
  if (args.use_proxy === false) words.push('noproxy', '*');
  if (args.validate_certs === false) flag('insecure');
  if (args.ca_path !== undefined) words.push('cacert', args.ca_path);
  if (args.client_cert !== undefined) words.push('cert', args.client_cert);
  if (args.client_key !== undefined) words.push('key', args.client_key);
  if (options.redirects === 'follow') flag('location');
  if (options.method !== null) words.push('request', options.method);
  return [...words, ...(options.more ?? [])];
}

/** Words of wget, which stand in the process list: `secret` or `unable` alone where it must not or cannot do it. */
function wgetWords(args: UrlArgs, options: RequestOptions, headers: UrlArgs['headers']): readonly Text[] {
  const { url } = args;
  const values = Object.values(headers ?? {});
  if (
    url instanceof Secret ||
    args.url_username !== undefined ||
    values.some((value) => value instanceof Secret)
  )
    return ['secret'];
  const able = options.method === null && args.client_cert === undefined && args.ca_path === undefined;
  if (!able) return ['unable'];
  return [
    args.validate_certs === false || !url.startsWith('https:') ? 'any' : 'verified',
    String(args.timeout ?? 10),
    '-U',
    args.http_agent ?? 'ansible-httpget',
    ...(args.validate_certs === false ? ['--no-check-certificate'] : []),
    ...(args.use_proxy === false ? ['-Y', 'off'] : []),
    ...Object.entries(headers ?? {}).flatMap(([name, value]) => ['--header', headerLine(name, value)]),
    url,
  ];
}

function headerLine(name: string, value: Value): Text {
  return composed(value, (plain) => {
    const text = typeof plain === 'string' ? plain : JSON.stringify(plain);
    return text === '' ? `${name};` : `${name}: ${text}`;
  });
}

/** Where the request is made. */
export function placeOf(args: UrlArgs): Target {
  return args.via === 'controller' ? { kind: 'controller' } : { kind: 'host' };
}

/** Whether the host's own server is asked. */
export function isOwnServer(url: Text): boolean {
  return /^[a-z]+:\/\/(localhost|127\.|\[::1\])/i.test(shownUrl(url));
}

/** The address as it may be shown: without a password in it. */
export function shownUrl(url: Text): string {
  if (url instanceof Secret) return String(url);
  return url.replace(/^([a-z][\w+.-]*:\/\/)[^/@]*@/i, '$1');
}
