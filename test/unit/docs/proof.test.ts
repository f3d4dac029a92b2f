import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { elsewhere } from '../../lab/law/elsewhere.ts';
import { everyCase } from '../../lab/law/groups.ts';
import {
  elsewhereTable,
  type Held,
  proofHead,
  proofIn,
  proofRows,
  totalRow,
  withProof,
} from '../../lab/law/proof.ts';
import { page } from './examples.ts';

const committed = page('docs/check-mode-proof.md');
const root = new URL('../../..', import.meta.url).pathname;
const all = (agrees: boolean): readonly Held[] => everyCase.map((one) => ({ one, agrees }));
const rows = [...proofRows(all(true)).values()];
const expected = `\n${[...proofHead, ...rows, totalRow(rows)].join('\n')}\n\n`;

describe('the proof of check mode', () => {
  it('shows every start state of every module, all agreeing (else: npm run test:law -- test/lab/law)', () => {
    expect(proofIn(committed, 'modules')).toBe(expected);
  });

  it('names what proves the other modules', () => {
    expect(proofIn(committed, 'elsewhere')).toBe(`\n${elsewhereTable(elsewhere).join('\n')}\n\n`);
  });

  it.each(
    Object.entries(elsewhere).flatMap(([module, { provedBy }]) =>
      provedBy === null ? [] : [[module, provedBy] as const],
    ),
  )('%s is proved by a file that exists: %s', (_, file) => {
    expect(existsSync(`${root}${file}`), file).toBe(true);
  });

  it('counts what does not agree', () => {
    const row = proofRows(all(false)).get('fail') ?? '';
    expect(totalRow([row, row])).toMatch(/^\| \*\*all 2\*\* \|.* \*\*0\/2\*\* \| \*\*0\/2\*\* \|$/);
    expect(row).toMatch(/^\| `fail` \|.* 0\/1 \| \*\*0\/1\*\* \|$/);
  });

  it('is put into a page where the page asks for it', () => {
    const text = 'a\n<!-- proof: x -->\nold\n<!-- end -->\nb';
    expect(withProof(text, 'x', ['$1 new'])).toBe('a\n<!-- proof: x -->\n\n$1 new\n\n<!-- end -->\nb');
    expect(() => withProof(text, 'y', [])).toThrow("the page has no place for the proof 'y'");
  });
});
