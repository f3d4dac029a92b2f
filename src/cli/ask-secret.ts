import { closeSync, openSync } from 'node:fs';
import { ReadStream, WriteStream } from 'node:tty';
import { Failure } from '../core/failure.ts';
import { commandLine } from './usage.ts';

/** What typing did to an answer; see `typeInto`. */
export type Typed =
  | { readonly kind: 'typing'; readonly text: string }
  | { readonly kind: 'done'; readonly text: string }
  | { readonly kind: 'interrupted' };

/** Takes keys into an answer as a terminal without echo does: backspace, Ctrl-U, Enter, Ctrl-D, Ctrl-C. */
export function typeInto(answer: string, keys: string): Typed {
  let text = answer;
  for (const key of keys) {
    if (key === '\r' || key === '\n' || key === '\u0004') return { kind: 'done', text };
    if (key === '\u0003') return { kind: 'interrupted' };
    if (key === '\u007f' || key === '\b') text = [...text].slice(0, -1).join('');
    else if (key === '\u0015') text = '';
    else if (key >= ' ') text += key;
  }
  return { kind: 'typing', text };
}

/**
 * A way to ask on the controlling terminal, without echo unless `shown`, even where standard input is a pipe. `null`: the process has
 * no terminal. The answer of an interrupted question is Failure HAPB8006.
 */
export function secretPrompt(): ((question: string, echo?: 'hidden' | 'shown') => Promise<string>) | null {
  let descriptor: number;
  try {
    descriptor = openSync('/dev/tty', 'r+');
  } catch {
    return null;
  }
  closeSync(descriptor);
  return ask;
}

function ask(question: string, echo: 'hidden' | 'shown' = 'hidden'): Promise<string> {
  const output = new WriteStream(openSync('/dev/tty', 'w'));
  const input = new ReadStream(openSync('/dev/tty', 'r'));
  return new Promise((resolve, reject) => {
    let answer = '';
    const end = (): void => {
      input.setRawMode(false);
      input.destroy();
      output.end('\n');
    };
    input.setEncoding('utf8');
    input.setRawMode(true);
    output.write(question);
    input.on('data', (keys: string) => {
      const typed = typeInto(answer, keys);
      switch (typed.kind) {
        case 'typing':
          answer = typed.text;
          if (echo === 'shown') output.write(`\r\u001b[K${question.replace(/^.*\n/s, '')}${answer}`);
          return;
        case 'done':
          end();
          resolve(typed.text);
          return;
        case 'interrupted':
          end();
          reject(new Failure({ code: 'HAPB8006', message: 'interrupted', hint: '' }, commandLine));
          return;
      }
    });
  });
}
