import { expect, it } from 'vitest';
import { type KnownScripts, requestText } from '../../../src/connection/request-text.ts';
import { plainTraits } from '../../../src/connection/shell-start.ts';

function textOf(script: string, scripts: KnownScripts): string {
  return requestText({ script, args: ['a'] }, 'nonce', { traits: plainTraits, scripts });
}

it('a script that a shell has had before is not sent again', () => {
  const scripts: KnownScripts = new Map();
  const script = `echo "it's one"; ${'true; '.repeat(100)}`;
  expect(textOf(script, scripts)).toContain("it'\\''s one");
  expect(textOf(script, scripts)).not.toContain('one');
  expect(textOf(`${script}:`, scripts)).toContain("it'\\''s one");
  expect(textOf(script, scripts).length).toBeLessThan(150);
});

it('a shell is made to keep no more than 128 scripts', () => {
  const scripts: KnownScripts = new Map();
  for (let index = 0; index < 500; index++) textOf(`${'true; '.repeat(100)} ${index}`, scripts);
  expect(scripts.size).toBe(128);
});
