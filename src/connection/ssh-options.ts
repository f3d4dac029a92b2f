import type { Diagnostic } from '../core/diagnostic.ts';
import type { Span } from '../core/source.ts';
import type { HostKeyPolicy, Jump } from './settings.ts';
import { splitWords } from './ssh-words.ts';

/** What a string of ssh's options asks for. Absent: it does not say. */
export interface SshOptions {
  readonly user?: string;
  readonly address?: string;
  readonly port?: number;
  readonly identityFiles?: readonly string[];
  /** `false`: only the named key files, no agent (IdentitiesOnly). */
  readonly useAgent?: boolean;
  /** A socket; `null` for `IdentityAgent none`. */
  readonly agentSocket?: string | null;
  readonly knownHostsFiles?: readonly string[];
  readonly globalKnownHostsFiles?: readonly string[];
  readonly hostKeyPolicy?: HostKeyPolicy;
  /** What the system ssh client can do and the built-in one cannot, for example `ProxyCommand`. */
  readonly needsOpenssh?: string;
  /** Empty for `ProxyJump none`. */
  readonly jumps?: readonly Jump[];
  readonly connectTimeoutMs?: number;
}

type Mutable = { -readonly [K in keyof SshOptions]: SshOptions[K] };

/** Options understood so far, and why the rest was not. */
export interface ParsedSshOptions {
  readonly options: SshOptions;
  /** Each is an error; `-o` options that change nothing for hapb are passed over in silence. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Options whose meaning hapb has anyway or that only concern ssh's own way of working. */
const harmless = new Set([
  'addkeystoagent',
  'batchmode',
  'checkhostip',
  'compression',
  'controlmaster',
  'controlpath',
  'controlpersist',
  'escapechar',
  'exitonforwardfailure',
  'forwardagent',
  'forwardx11',
  'forwardx11trusted',
  'gssapiauthentication',
  'gssapidelegatecredentials',
  'hashknownhosts',
  'kbdinteractiveauthentication',
  'loglevel',
  'nohostauthenticationforlocalhost',
  'numberofpasswordprompts',
  'passwordauthentication',
  'permitlocalcommand',
  'preferredauthentications',
  'pubkeyauthentication',
  'requesttty',
  'sendenv',
  'serveralivecountmax',
  'serveraliveinterval',
  'setenv',
  'tcpkeepalive',
  'updatehostkeys',
  'verifyhostkeydns',
  'visualhostkey',
]);

/** Whether an option, in lower case, changes nothing for hapb. */
export function isHarmless(name: string): boolean {
  return harmless.has(name);
}

/**
 * Reads the options of `ansible_ssh_common_args` and its like, for example `-o ProxyJump=bastion -i ~/.ssh/lab`, with
 * shell quotes. As with ssh the first value of an option counts. Unsupported ones are diagnostics at `span`.
 */
export function parseSshOptions(args: string, span: Span): ParsedSshOptions {
  const options: Mutable = {};
  const diagnostics: Diagnostic[] = [];
  const refuse = (what: string, hint: string): void => {
    diagnostics.push({
      code: 'HAPB5060',
      severity: 'error',
      message: `the ssh option ${what} is not supported`,
      span,
      hint,
    });
  };
  const words = splitWords(args);
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const flag = word.slice(0, 2);
    if (/^-[46AaCKkqTtvxXY]+$/.test(word)) continue;
    if (!/^-[BbcDEeFIiJLlmOoPpQRSWw]/.test(word)) {
      refuse(
        `\`${word}\``,
        'Remove it, or set `ansible_connection: openssh`, which hands all options to the system ssh client.',
      );
      continue;
    }
    const value = word.length > 2 ? word.slice(2) : words.shift();
    if (value === undefined) refuse(`\`${flag}\` without a value`, `Write a value after ${flag}.`);
    else if (flag === '-o') keyword(options, value, refuse);
    else byFlag(options, { flag, value }, refuse);
  }
  return { options, diagnostics };
}

type Refuse = (what: string, hint: string) => void;

function byFlag(
  options: Mutable,
  { flag, value }: { readonly flag: string; readonly value: string },
  refuse: Refuse,
): void {
  switch (flag) {
    case '-i':
      options.identityFiles = [...(options.identityFiles ?? []), value];
      return;
    case '-p':
      keyword(options, `Port=${value}`, refuse);
      return;
    case '-l':
      keyword(options, `User=${value}`, refuse);
      return;
    case '-J':
      keyword(options, `ProxyJump=${value}`, refuse);
      return;
    default:
      refuse(
        `\`${flag} ${value}\``,
        'Set `ansible_connection: openssh`, which hands all options to the system ssh client.',
      );
  }
}

function keyword(options: Mutable, text: string, refuse: Refuse): void {
  const match = /^\s*([A-Za-z0-9]+)\s*(?:=|\s)\s*(.*?)\s*$/s.exec(text);
  if (match === null) {
    refuse(`\`-o ${text}\``, 'Write it as `-o Name=value`.');
    return;
  }
  const [, name = '', value = ''] = match;
  if (!apply(options, { name: name.toLowerCase(), value }) && !harmless.has(name.toLowerCase())) {
    refuse(
      `\`${name}=${value}\``,
      'Remove it if hapb works without it, or set `ansible_connection: openssh`, which hands all options to the system ssh client.',
    );
  }
}

/** Takes one option over; `false` when it is none that hapb has a setting for, or its value makes no sense. */
export function apply(
  options: Mutable,
  { name, value }: { readonly name: string; readonly value: string },
): boolean {
  switch (name) {
    case 'hostname':
      options.address ??= value;
      return true;
    case 'user':
      options.user ??= value;
      return true;
    case 'port':
      return positive(value, (port) => (options.port ??= port));
    case 'connecttimeout':
      return value === 'none' || positive(value, (seconds) => (options.connectTimeoutMs ??= seconds * 1_000));
    case 'identityfile':
      if (value !== 'none') options.identityFiles = [...(options.identityFiles ?? []), value];
      return true;
    case 'identitiesonly':
      options.useAgent ??= !/^(yes|true)$/i.test(value);
      return true;
    case 'identityagent':
      if (options.agentSocket === undefined && value !== 'SSH_AUTH_SOCK')
        options.agentSocket = value === 'none' ? null : value;
      return true;
    case 'userknownhostsfile':
      options.knownHostsFiles ??= splitWords(value).filter((file) => file !== 'none');
      return true;
    case 'globalknownhostsfile':
      options.globalKnownHostsFiles ??= splitWords(value).filter((file) => file !== 'none');
      return true;
    case 'stricthostkeychecking':
      return policy(options, value.toLowerCase());
    case 'proxyjump':
      return jumpChain(options, value);
    case 'proxycommand':
      if (value === 'none') return true;
      if (jumpCommand(options, value)) return true;
      options.needsOpenssh ??= 'ProxyCommand';
      return false;
    case 'certificatefile':
      options.needsOpenssh ??= 'CertificateFile';
      return false;
    default:
      return false;
  }
}

function positive(value: string, take: (number: number) => void): boolean {
  if (!/^[1-9]\d{0,4}$/.test(value)) return false;
  take(Number(value));
  return true;
}

function policy(options: Mutable, value: string): boolean {
  const known: Readonly<Record<string, HostKeyPolicy>> = {
    yes: 'strict',
    true: 'strict',
    ask: 'strict',
    'accept-new': 'accept-new',
    no: 'off',
    false: 'off',
    off: 'off',
  };
  const found = known[value];
  if (found === undefined) return false;
  options.hostKeyPolicy ??= found;
  return true;
}

function jumpChain(options: Mutable, value: string): boolean {
  const jumps = value === 'none' ? [] : value.split(',').map(parseJump);
  if (jumps.some((jump) => jump === null)) return false;
  options.jumps ??= jumps.filter((jump) => jump !== null);
  return true;
}

/** Takes over `ssh -W %h:%p user@bastion`, the old way to write ProxyJump. */
function jumpCommand(options: Mutable, command: string): boolean {
  const words = splitWords(command);
  if (words.shift() !== 'ssh') return false;
  let port: string | null = null;
  let user: string | null = null;
  let forwards = false;
  const targets: string[] = [];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '-W') forwards = words.shift() === '%h:%p';
    else if (word === '-p') port = words.shift() ?? '';
    else if (word === '-l') user = words.shift() ?? '';
    else if (!word.startsWith('-')) targets.push(word);
    else if (!/^-[qTax]+$/.test(word)) return false;
  }
  const [target] = targets;
  if (!forwards || target === undefined || targets.length > 1) return false;
  const text = `${user === null ? '' : `${user}@`}${target}${port === null ? '' : `:${port}`}`;
  return jumpChain(options, text);
}

/** Reads `user@host:port`, `[v6]:port` or `ssh://user@host:port`; `null` when it is none of them. */
export function parseJump(text: string): Jump | null {
  const match = /^(?:ssh:\/\/)?(?:([^@\s]+)@)?(?:\[([^\]\s]+)\]|([^:\s[\]]+))(?::(\d{1,5}))?\/?$/.exec(
    text.trim(),
  );
  if (match === null) return null;
  const [, user, bracketed, name, port] = match;
  return {
    user: user ?? null,
    address: bracketed ?? name ?? '',
    port: port === undefined ? null : Number(port),
  };
}
