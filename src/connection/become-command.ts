import type { BecomeSettings } from './connection.ts';
import { quote } from './quote.ts';

/** How a become shell is started. */
export interface BecomeCommand {
  /** For the login user's shell, whichever that is. */
  readonly command: string;
  /**
   * `none`: nothing asks, requests may follow at once. `asked`: the method prints `prompt` when it wants the password,
   * and the shell prints `started` on stdout when it runs; nothing else may be written before.
   */
  readonly dialogue:
    | { readonly kind: 'none' }
    | { readonly kind: 'asked'; readonly prompt: RegExp; readonly started: string };
}

/** The command that leads to `settings.user`; `nonce` is random and not secret. */
export function becomeCommand(settings: BecomeSettings, nonce: string): BecomeCommand {
  const flags = settings.flags.map(quote).join(' ');
  const program = (settings.program ?? [settings.method]).map(quote).join(' ');
  const user = quote(settings.user);
  const started = `hapb-started-${nonce}`;
  // A shell that says when it starts: before that, what is written could be taken for a password.
  const announced = `printf %s ${started}; exec /bin/sh`;
  const asks = settings.password !== null;
  switch (settings.method) {
    case 'sudo': {
      const words = [
        `exec ${program} -H`,
        asks ? `-S -p hapb-password-${nonce}:` : '-n',
        flags,
        '-u',
        user,
        '--',
      ];
      if (!asks) return { command: inShell([...words, '/bin/sh']), dialogue: { kind: 'none' } };
      return {
        command: inShell([...words, '/bin/sh -c', quote(announced)]),
        dialogue: { kind: 'asked', prompt: new RegExp(`hapb-password-${nonce}:`), started },
      };
    }
    case 'doas':
      // doas reads a password from a terminal only, so -n in every case.
      return {
        command: inShell([`exec ${program} -n`, flags, '-u', user, '/bin/sh']),
        dialogue: { kind: 'none' },
      };
    case 'su':
      return {
        command: inShell([`exec ${program}`, flags, user, '-c', quote(announced)]),
        dialogue: { kind: 'asked', prompt: /[Pp]assword: ?$/, started },
      };
  }
}

/** LC_ALL=C, because the method's messages are read. */
function inShell(words: readonly string[]): string {
  return `exec /bin/sh -c ${quote(`LC_ALL=C; export LC_ALL; ${words.filter((word) => word !== '').join(' ')}`)}`;
}
