import { fileSpan } from '../core/source.ts';
import { ConnectionError } from './connection.ts';
import {
  fingerprint,
  type HostLines,
  judgeKey,
  type KnownHost,
  keyType,
  knownHostsName,
} from './known-hosts.ts';
import { appendKnownHost } from './known-hosts-append.ts';
import { connectionError } from './problem.ts';
import { quoteAlways as quote } from './quote.ts';
import type { ConnectionSettings } from './settings.ts';

/** Where a connection goes: the host itself or one of its jump hosts. */
export interface Endpoint {
  readonly user: string;
  readonly address: string;
  readonly port: number;
  /** How messages name it: `10.0.0.1:22`, or `jump host bastion:22`. */
  readonly label: string;
}

/** The error for a key that nobody has vouched for yet: somebody may be shown it and take it. */
export class UnknownHostKey extends ConnectionError {
  /** The inventory's name of the host that is being reached. */
  readonly host: string;
  /** Where the key was shown, in words, and what somebody compares: type and fingerprint. */
  readonly label: string;
  readonly shown: string;
  /** The known_hosts file into which `remember` writes. */
  readonly file: string;
  /** Writes the key down, after which the host is known; `null`, or the error HAPB5014 when that cannot be done. */
  readonly remember: () => ConnectionError | null;

  constructor(settings: ConnectionSettings, endpoint: Endpoint, key: Buffer) {
    const { kind, diagnostic } = unknown(settings, endpoint, key);
    super(kind, diagnostic);
    this.host = settings.host;
    this.label = endpoint.label;
    this.shown = shownKey(key);
    this.file = firstFile(settings);
    this.remember = () => accept(settings, endpoint, key);
  }
}

/** Decides whether a server's key is taken; `null` when it is, else the error. New keys are written down under `accept-new`. */
export function checkHostKey(
  settings: ConnectionSettings,
  endpoint: Endpoint,
  { key, lines }: { readonly key: Buffer; readonly lines: HostLines },
): ConnectionError | null {
  const verdict = judgeKey(lines, key);
  const shown = shownKey(key);
  switch (verdict.kind) {
    case 'known':
      return null;
    case 'revoked':
      return connectionError('host-key', settings, {
        code: 'HAPB5012',
        message: `${endpoint.label} shows a key that is revoked in ${place(verdict.known)}: ${shown}`,
        hint: 'Do not connect: this key is known to be in wrong hands. Give the host new keys, then replace its line in known_hosts.',
      });
    case 'changed':
      if (settings.hostKeyPolicy === 'off') return null;
      return changed(settings, endpoint, { shown, known: verdict.known, key });
    case 'unknown':
      break;
  }
  switch (settings.hostKeyPolicy) {
    case 'off':
      return null;
    case 'accept-new':
      return verdict.certAuthority === null
        ? accept(settings, endpoint, key)
        : viaAuthority(settings, endpoint, verdict.certAuthority);
    case 'strict':
      return verdict.certAuthority === null
        ? new UnknownHostKey(settings, endpoint, key)
        : viaAuthority(settings, endpoint, verdict.certAuthority);
  }
}

function changed(
  settings: ConnectionSettings,
  endpoint: Endpoint,
  { shown, known, key }: { readonly shown: string; readonly known: KnownHost; readonly key: Buffer },
): ConnectionError {
  const sameType = known.keyType === keyType(key);
  const { diagnostic, kind } = connectionError('host-key', settings, {
    code: 'HAPB5011',
    message: sameType
      ? `the key of ${endpoint.label} is not the known one: it shows ${shown}, ${place(known)} holds ${fingerprint(known.key)}`
      : `${endpoint.label} shows ${shown} and cannot prove the ${known.keyType} key in ${place(known)}`,
    hint: `If the host was reinstalled, compare the fingerprint on its console, then remove the old key with \`ssh-keygen -f ${known.file} -R ${quote(knownHostsName(endpoint.address, endpoint.port))}\`. If not, someone may stand between: do not go on.`,
  });
  const span = fileSpan(known.file);
  const start = { ...span.start, line: known.line };
  const related = [{ message: 'the known key', span: { ...span, start, end: start } }];
  return new ConnectionError(kind, { ...diagnostic, related });
}

function unknown(settings: ConnectionSettings, endpoint: Endpoint, key: Buffer): ConnectionError {
  const { address, port } = endpoint;
  const file = firstFile(settings);
  const type = scanType(keyType(key));
  return connectionError('host-key', settings, {
    code: 'HAPB5010',
    message: `the key of ${endpoint.label} is not known: ${shownKey(key)}`,
    hint:
      `Compare the fingerprint with the host's own (on its console: ssh-keygen -lf /etc/ssh/ssh_host_${type}_key.pub), then add the key with ` +
      `\`ssh-keyscan ${port === 22 ? '' : `-p ${port} `}-t ${type} ${address} >> ${file}\`, or run with --accept-new-host-keys.`,
  });
}

function viaAuthority(
  settings: ConnectionSettings,
  endpoint: Endpoint,
  authority: KnownHost,
): ConnectionError {
  return connectionError('host-key', settings, {
    code: 'HAPB5013',
    message: `${endpoint.label} is known by a certificate authority (${place(authority)}), which the built-in ssh client cannot check`,
    hint: 'Set `ansible_connection: openssh` for this host: the system ssh client checks certificates.',
  });
}

function accept(settings: ConnectionSettings, endpoint: Endpoint, key: Buffer): ConnectionError | null {
  const file = firstFile(settings);
  try {
    appendKnownHost(file, endpoint, key);
    return null;
  } catch (error) {
    return connectionError('host-key', settings, {
      code: 'HAPB5014',
      message: `the new key of ${endpoint.label} cannot be written to ${file}`,
      hint: 'Make the file writable, or name another with `-o UserKnownHostsFile=FILE` in `ansible_ssh_common_args`.',
      details: error instanceof Error ? error.message : '',
    });
  }
}

function shownKey(key: Buffer): string {
  return `${keyType(key)} ${fingerprint(key)}`;
}

function firstFile({ knownHostsFiles }: ConnectionSettings): string {
  return knownHostsFiles[0] ?? '~/.ssh/known_hosts';
}

function place(known: KnownHost): string {
  return `${known.file}:${known.line}`;
}

function scanType(type: string): string {
  if (type === 'ssh-ed25519') return 'ed25519';
  return type.startsWith('ecdsa') ? 'ecdsa' : 'rsa';
}
