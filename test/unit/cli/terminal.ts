import type { Terminal } from '../../../src/cli/terminal.ts';

/** A terminal that keeps what was written; a stream of 80 columns unless told otherwise. */
export function fakeTerminal(more: Partial<Terminal> = {}): Terminal & { out: string; error: string } {
  const terminal = {
    out: '',
    error: '',
    writeOut: (text: string): void => {
      terminal.out += text;
    },
    writeError: (text: string): void => {
      terminal.error += text;
    },
    inIsTerminal: more.askSecret != null,
    outIsTerminal: false,
    errorIsTerminal: false,
    columns: 80,
    rows: 24,
    env: {},
    stopping: new AbortController().signal,
    interrupted: new AbortController().signal,
    askSecret: null,
    ...more,
  };
  return terminal;
}
