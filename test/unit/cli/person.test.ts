import { expect, it } from 'vitest';
import { askingTerminal } from '../../../src/cli/person.ts';
import { fakeTerminal } from './terminal.ts';

it('keeps back what a run writes while a question waits, and asks one after the other', async () => {
  const answers: ((text: string) => void)[] = [];
  const real = fakeTerminal({
    askSecret: (question) => {
      real.writeOut(`<${question}>`);
      return new Promise((resolve) => answers.push(resolve));
    },
  });
  const { terminal, person } = askingTerminal(real);
  terminal.writeOut('before ');
  const first = person?.('one', 'shown');
  const second = person?.('two', 'shown');
  terminal.writeOut(' between');
  terminal.writeError('warned');
  await Promise.resolve();
  expect(answers).toHaveLength(1);
  answers[0]?.('1');
  expect(await first).toBe('1');
  await new Promise(setImmediate);
  expect(real.error).toBe('');
  answers[1]?.('2');
  expect(await second).toBe('2');
  await new Promise(setImmediate);
  terminal.writeOut(' after');
  expect(real.out).toBe('before <one><two> between after');
  expect(real.error).toBe('warned');
});

it('has nobody to ask where standard input is no terminal', () => {
  const terminal = fakeTerminal({ askSecret: () => Promise.resolve(''), inIsTerminal: false });
  expect(askingTerminal(terminal).person).toBeNull();
  expect(askingTerminal(fakeTerminal()).person).toBeNull();
});
