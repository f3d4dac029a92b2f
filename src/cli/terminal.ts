import { colourPaint, type Paint, plainPaint } from '../core/paint.ts';

/** What the command line program may touch of its process; main.ts makes the real one. */
export interface Terminal {
  /** Bytes are written as they are. */
  writeOut(text: string | Uint8Array): void;
  writeError(text: string): void;
  /** Whether somebody types into standard input. */
  readonly inIsTerminal: boolean;
  /** Whether standard output is a terminal; else lines are plain and reports do not move the cursor. */
  readonly outIsTerminal: boolean;
  readonly errorIsTerminal: boolean;
  /** Size of standard output; 0 when it is not a terminal. */
  readonly columns: number;
  readonly rows: number;
  /** Aborted by the first Ctrl-C and by a request to end: nothing more is begun. */
  readonly stopping: AbortSignal;
  /** Aborted by the second one: what is under way is ended. */
  readonly interrupted: AbortSignal;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Asks on the terminal; what is typed shows only when that is wished for. `null`: there is no terminal to ask on. */
  readonly askSecret: ((question: string, echo?: 'hidden' | 'shown') => Promise<string>) | null;
}

/** Whether to colour: Ansible's and everybody's variables first, then whether somebody is looking. */
export function wantsColour(terminal: Pick<Terminal, 'env' | 'outIsTerminal'>): boolean {
  const { env } = terminal;
  const isSet = (name: string): boolean => {
    const value = env[name]?.toLowerCase();
    return value !== undefined && value !== '' && value !== '0' && value !== 'false' && value !== 'no';
  };
  if (isSet('ANSIBLE_FORCE_COLOR') || isSet('FORCE_COLOR')) return true;
  if ((env.NO_COLOR ?? '') !== '' || isSet('ANSIBLE_NOCOLOR')) return false;
  return terminal.outIsTerminal && env.TERM !== 'dumb';
}

/** How diagnostics on standard error are painted. */
export function errorPaint(terminal: Pick<Terminal, 'env' | 'errorIsTerminal'>): Paint {
  const { env, errorIsTerminal } = terminal;
  return wantsColour({ env, outIsTerminal: errorIsTerminal }) ? colourPaint : plainPaint;
}

/** Ansible's width: one column less than the terminal's, at least 79. */
export function bannerColumns(terminal: Pick<Terminal, 'columns'>): number {
  return Math.max(79, terminal.columns - 1);
}
