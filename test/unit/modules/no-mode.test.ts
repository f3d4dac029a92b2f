import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runPlaybook, temporaryFolder } from '../rig/run-playbook.ts';

const modules = new URL('../../../src/modules', import.meta.url).pathname;

/** The code of everything that decides or does something for a task, without comments and texts. */
const sources = ['asks', 'custom', 'general', 'kubernetes', 'system'].flatMap((folder) =>
  readdirSync(join(modules, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({ name: `${folder}/${name}`, text: readFileSync(join(modules, folder, name), 'utf8') })),
);

function codeOf(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
    .replace(/`(?:\\.|[^`\\])*`|'(?:\\.|[^'\\\n])*'/g, (literal) => (literal === "'check'" ? literal : "''"));
}

test('no module asks whether it is a check', () => {
  expect(sources.length).toBeGreaterThan(150);
  const asking = sources.filter(({ text }) => /check_?mode|is_?check|dry_?mode|'check'/i.test(codeOf(text)));
  expect(asking.map(({ name }) => name)).toEqual([]);
});

test('no module reaches what knows of foreseen effects', () => {
  const reaching = sources.filter(({ text }) =>
    /from '[^']*\/(?:host\/(?:asking|overlay|pool|real-paths)|engine\/[^']*)\.ts'/.test(text),
  );
  expect(reaching.map(({ name }) => name)).toEqual([]);
});

test('a module is given the same in a check and in a run', async () => {
  const folder = temporaryFolder();
  const library = {
    'modules/tell.js': `exports.default = {
  name: 'tell', summary: 'Tells what it is given.',
  args: { type: 'object', properties: {}, additionalProperties: false },
  example: '- tell:',
  returns: { given: 'It.' },
  probe: () => ({ queries: [], decode: () => null }),
  diff: () => null,
  apply: async () => ({}),
  output: (args, state, task) => ({ given: JSON.stringify([args, state, Object.keys(task).sort()]) }),
};
`,
  };
  const playbook =
    '- hosts: all\n  gather_facts: false\n  tasks:\n    - {tell: {}, register: r}\n    - debug: {msg: "{{ r.given }}"}\n';
  const given = async (args: readonly string[]) => {
    const ran = await runPlaybook(playbook, { hosts: ['a'], files: library, folder, args });
    expect(ran.exitCode, ran.out + ran.err).toBe(0);
    return /"msg": (.*)/.exec(ran.out)?.[1];
  };
  const inCheck = await given(['--check']);
  expect(inCheck).toContain('searchPath');
  expect(inCheck).toBe(await given([]));
});
