import ssh2, {
  type AgentAuthMethod,
  type AuthenticationType,
  type IdentityCallback,
  type NextAuthHandler,
  type ParsedKey,
  type SignCallback,
  type SigningRequestOptions,
} from 'ssh2';
import { reveal } from '../core/reveal.ts';
import { expandHome } from './known-hosts.ts';
import { type KeyFile, loadPrivateKey } from './private-keys.ts';
import type { ConnectionSettings } from './settings.ts';

const defaultKeyFiles = ['~/.ssh/id_ed25519', '~/.ssh/id_ecdsa', '~/.ssh/id_rsa'];

/** What was tried to log in, for the error when nothing worked. */
export interface AuthRecord {
  /** Each in words: `key ~/.ssh/id_rsa`, `3 keys of the agent`, `the password`. */
  readonly tried: string[];
  /** What could not be tried and why. */
  readonly notes: string[];
  /** Methods that the server would take, as it said last; empty when it said nothing. */
  offered: readonly string[];
  readonly keyFiles: readonly KeyFile[];
}

/** One thing to try. */
type Candidate =
  | { readonly kind: 'key'; readonly path: string; readonly key: ParsedKey }
  | { readonly kind: 'agent'; readonly socket: string }
  | { readonly kind: 'password'; readonly password: string };

/**
 * Chooses what to try next, in order: key files that were named, the agent, the default key files, the password (as
 * `password`, or in answer to `keyboard-interactive`). Nothing is tried twice, and `none` only when there is nothing else.
 */
export async function authMethods(settings: ConnectionSettings, user: string) {
  const keyFiles = await loadKeys(settings);
  const record: AuthRecord = { tried: [], notes: notesOn(keyFiles), offered: [], keyFiles };
  const candidates = candidatesFrom(settings, keyFiles);
  let probed = false;
  let offersKnown = false;

  const offered = (method: AuthenticationType): boolean => !offersKnown || record.offered.includes(method);

  const attempt = (candidate: Candidate): Parameters<NextAuthHandler>[0] | null => {
    switch (candidate.kind) {
      case 'key':
        if (!offered('publickey')) return null;
        record.tried.push(`key ${candidate.path}`);
        return { type: 'publickey', username: user, key: candidate.key };
      case 'agent':
        if (!offered('publickey')) return null;
        return { type: 'agent', username: user, agent: countingAgent(candidate.socket, record) };
      case 'password':
        if (offered('password')) {
          // Offered or not is known only after a first answer; keyboard-interactive stays as the second way.
          if (!offersKnown) candidates.unshift(candidate);
          record.tried.push('the password');
          return { type: 'password', username: user, password: candidate.password };
        }
        if (!offered('keyboard-interactive')) return null;
        record.tried.push('the password (keyboard-interactive)');
        return {
          type: 'keyboard-interactive',
          username: user,
          prompt: answering(candidate.password, record),
        };
    }
  };

  const next = (left: AuthenticationType[] | null, partial: boolean | null, then: NextAuthHandler): void => {
    if (left !== null) {
      const first = !offersKnown;
      if (first && record.tried.at(-1) === 'the password' && !left.includes('password')) record.tried.pop();
      record.offered = left;
      offersKnown = true;
      // The password was refused although the server takes passwords: it is wrong, once is enough.
      const again = candidates[0];
      if (
        first &&
        !partial &&
        again?.kind === 'password' &&
        record.tried.at(-1) === 'the password' &&
        left.includes('password')
      ) {
        candidates.shift();
      }
    }
    for (let candidate = candidates.shift(); candidate !== undefined; candidate = candidates.shift()) {
      const method = attempt(candidate);
      if (method !== null) {
        then(method);
        return;
      }
    }
    if (record.tried.length === 0 && !probed) {
      probed = true;
      then({ type: 'none', username: user });
      return;
    }
    giveUp(then);
  };
  return { record, next };
}

/** ssh2 ends the login when it is given `false`, which its types do not know. */
function giveUp(then: NextAuthHandler): void {
  Reflect.apply(then, undefined, [false]);
}

function loadKeys(settings: ConnectionSettings): Promise<KeyFile[]> {
  const files = settings.privateKeyFiles.length > 0 ? settings.privateKeyFiles : defaultKeyFiles;
  return Promise.all(files.map((file) => loadPrivateKey(file, settings.keyPassphrase)));
}

function candidatesFrom(settings: ConnectionSettings, keyFiles: readonly KeyFile[]): Candidate[] {
  const keys = keyFiles.filter((file) => file.kind === 'key');
  const agent: Candidate[] =
    settings.agentSocket === null ? [] : [{ kind: 'agent', socket: settings.agentSocket }];
  const password: Candidate[] =
    settings.password === null ? [] : [{ kind: 'password', password: reveal(settings.password) }];
  return settings.privateKeyFiles.length > 0
    ? [...keys, ...agent, ...password]
    : [...agent, ...keys, ...password];
}

function notesOn(keyFiles: readonly KeyFile[]): string[] {
  return keyFiles.map(noteOn).filter((note) => note !== null);
}

function noteOn(file: KeyFile): string | null {
  switch (file.kind) {
    case 'key':
      return null;
    case 'missing':
      return `key ${file.path} does not exist`;
    case 'unreadable':
      return `key ${file.path} cannot be read: ${file.why}`;
    case 'locked':
      return file.why === 'no-passphrase'
        ? `key ${file.path} is encrypted and no passphrase is known`
        : `key ${file.path} is encrypted and the passphrase is wrong`;
    case 'unsupported':
      return `key ${file.path} cannot be used: ${file.why}`;
  }
}

function countingAgent(socket: string, record: AuthRecord): AgentAuthMethod['agent'] {
  const inner = ssh2.createAgent(expandHome(socket));
  class CountingAgent extends ssh2.BaseAgent<string | Buffer | ParsedKey> {
    getIdentities(callback: IdentityCallback<string | Buffer | ParsedKey>): void {
      inner.getIdentities((error, keys) => {
        if (error) record.notes.push(`the agent at ${socket} does not answer: ${error.message}`);
        else if ((keys?.length ?? 0) === 0) record.notes.push('the agent holds no keys');
        else
          record.tried.push(
            keys?.length === 1 ? '1 key of the agent' : `${keys?.length ?? 0} keys of the agent`,
          );
        callback(error, keys);
      });
    }
    sign(
      key: string | Buffer | ParsedKey,
      data: Buffer,
      options: SigningRequestOptions | SignCallback,
      callback?: SignCallback,
    ): void {
      if (typeof options === 'function') inner.sign(key, data, options);
      else inner.sign(key, data, options, callback);
    }
  }
  return new CountingAgent();
}

function answering(password: string, record: AuthRecord) {
  let answered = false;
  return (
    _name: string,
    _instructions: string,
    _language: string,
    prompts: readonly { prompt: string; echo?: boolean }[],
    finish: (answers: string[]) => void,
  ): void => {
    const answers = prompts.map(({ prompt, echo }) => {
      if (!answered && echo !== true && /password|passphrase/i.test(prompt)) {
        answered = true;
        return password;
      }
      record.notes.push(`the host asked ${JSON.stringify(prompt.trim())}, to which hapb has no answer`);
      return '';
    });
    finish(answers);
  };
}
