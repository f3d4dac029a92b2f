import { Failure } from '../core/failure.ts';
import type { Person } from '../modules/module.ts';
import type { Terminal } from './terminal.ts';

/** A terminal on which a run both reports and asks. */
export interface AskingTerminal {
  /** Keeps back what is written while a question waits for its answer. */
  readonly terminal: Terminal;
  /** Asks one question after the other; `null`: standard input is no terminal, so nobody is asked. */
  readonly person: Person | null;
}

/** Lets a run ask while its reports go on. */
export function askingTerminal(terminal: Terminal): AskingTerminal {
  const { askSecret } = terminal;
  if (askSecret === null || !terminal.inIsTerminal) return { terminal, person: null };
  const kept: (() => void)[] = [];
  let asking = 0;
  let last: Promise<unknown> = Promise.resolve();
  const later = (write: () => void): void => {
    if (asking === 0) write();
    else kept.push(write);
  };
  const person: Person = (question, echo) => {
    asking += 1;
    const answer = last.then(() => askSecret(question, echo)).catch(interrupted);
    last = answer
      .catch(() => null)
      .then(() => {
        asking -= 1;
        if (asking === 0) for (const write of kept.splice(0)) write();
      });
    return answer;
  };
  return {
    terminal: {
      ...terminal,
      askSecret,
      writeOut: (text) => later(() => terminal.writeOut(text)),
      writeError: (text) => later(() => terminal.writeError(text)),
    },
    person,
  };
}

function interrupted(thrown: unknown): null {
  if (thrown instanceof Failure && thrown.problem.code === 'HAPB8006') return null;
  throw thrown;
}
