import { Failure } from '../core/failure.ts';
import { Secret } from '../core/secret.ts';
import { fileSpan } from '../core/source.ts';
import { readPasswordFile } from './password-file.ts';
import type { PasswordSource, RunOptions } from './run-options.ts';
import type { Terminal } from './terminal.ts';
import { usageFailure } from './usage.ts';

/** The passwords with which hosts are reached; `null`: none was given. Those of vaults: vault-passwords.ts. */
export interface Passwords {
  readonly connection: Secret | null;
  readonly become: Secret | null;
}

/** Asks for passwords and reads them from files. Empty answer for become: the connection's, as Ansible does. @throws Failure HAPB8004, HAPB8005, HAPB8022 */
export async function gatherPasswords(
  options: Pick<RunOptions, 'connection' | 'become'>,
  terminal: Terminal,
): Promise<Passwords> {
  const connection = await gather(options.connection.password, {
    question: 'SSH password: ',
    label: 'connection password',
    flag: '--connection-password-file',
    terminal,
  });
  const fallback = connection === null ? '' : '[defaults to SSH password]';
  const become = await gather(options.become.password, {
    question: `BECOME password${fallback}: `,
    label: 'become password',
    flag: '--become-password-file',
    terminal,
  });
  return {
    connection,
    become: become ?? (options.become.password.kind === 'ask' ? connection : null),
  };
}

interface Wish {
  readonly question: string;
  readonly label: string;
  /** What to use where nobody can be asked. */
  readonly flag: string;
  readonly terminal: Terminal;
}

async function gather(source: PasswordSource, wish: Wish): Promise<Secret | null> {
  switch (source.kind) {
    case 'none':
      return null;
    case 'file':
      return fromFile(source.path, wish);
    case 'ask': {
      const { askSecret } = wish.terminal;
      if (askSecret === null) {
        throw usageFailure(
          'HAPB8005',
          `the ${wish.label} cannot be asked for: there is no terminal`,
          `Give it in a file with ${wish.flag} FILE.`,
        );
      }
      const answer = await askSecret(wish.question);
      return answer === '' ? null : new Secret(answer, wish.label);
    }
  }
}

async function fromFile(path: string, { label }: Wish): Promise<Secret> {
  const text = await readPasswordFile(path, { what: label, words: [], code: 'HAPB8022' });
  if (text !== '') return new Secret(text, label);
  const message = `the ${label} file ${path} gives no password`;
  throw new Failure(
    { code: 'HAPB8022', message, hint: 'Put the password on its first line.' },
    fileSpan(path),
  );
}
