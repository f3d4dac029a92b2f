import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { moduleLibrary } from '../../../../src/modules/custom/library.ts';
import { temporaryFolder } from '../../rig/run-playbook.ts';

/** What is said of one file in `modules/` when a playbook names it. */
function problemWith(file: string, content: string, others: Readonly<Record<string, string>> = {}): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries({ [file]: content, ...others })) {
    writeFileSync(join(folder, name), text);
    if (text.startsWith('#!')) chmodSync(join(folder, name), 0o755);
  }
  const library = moduleLibrary([folder]);
  expect(library.problems()).toEqual([]);
  expect(library.find(file.split('.')[0] ?? '')).toBeUndefined();
  return library
    .problems()
    .map(({ code, message, hint, details }) => [code, message, hint, details ?? ''].join('\n'))
    .join('\n')
    .replaceAll(`${folder}/`, 'modules/')
    .trim();
}

describe('a file in modules/', () => {
  test('that exports something else is told all that is missing', () => {
    expect(
      problemWith('banner.cjs', "module.exports = { name: 'baner', args: { type: 'object' } };"),
    ).toMatchInlineSnapshot(`
      "HAPB2050
      modules/banner.cjs is no module: its name is 'baner', but its file is called banner
      Export { name, summary, args, example, probe, diff, apply }, or a function that returns it; docs/own-modules.md builds one step by step.
      summary must be a text
      example must be a text
      probe must be a function
      diff must be a function
      apply must be a function
      args must be a JSON Schema: { type: 'object', properties: { NAME: { type: 'string', description: '…' } } }"
    `);
  });

  test('whose argument has no description is refused', () => {
    const args = "{ type: 'object', properties: { path: { type: 'string' } } }";
    const rest = "summary: 'x', example: 'x', probe() {}, diff() {}, apply() {}";
    expect(problemWith('a.cjs', `module.exports = { name: 'a', args: ${args}, ${rest} };`)).toContain(
      'the argument path needs a description, for its documentation',
    );
    expect(
      problemWith(
        'a.cjs',
        `module.exports = { name: 'a', args: ${args.replace("'string'", "'strng'")}, ${rest} };`,
      ),
    ).toContain(
      'args is no valid JSON Schema: properties.path.type must be one of array, boolean, integer, null, number, object, string',
    );
  });

  test.each([
    ['exports.banner = {};', 'it exports only banner', 'module.exports ='],
    ['', 'it exports nothing', 'module.exports ='],
    ["module.exports = () => { name: 'a' };", 'the function that it exports returns nothing', 'parentheses'],
    ['module.exports = async () => ({});', 'the function that it exports is async', 'Take `async` away'],
  ])('that holds %j is told what its export lacks', (text, message, hint) => {
    const problem = problemWith('banner.cjs', text);
    expect(problem).toContain(`HAPB2050\nmodules/banner.cjs is no module: ${message}`);
    expect(problem).toContain(hint);
  });

  test.each([
    ["module.exports = {\n  name 'a',\n};", '2:8', 'Unexpected string', 'Mend the JavaScript there.'],
    ["\n  require('not-there-at-all');", '2:3', "Cannot find module 'not-there-at-all'", 'npm install'],
    ['module.exports = (hapb) => ({\n  a: hapb.textfile(),\n});', '2:11', 'is not a function', 'textFile'],
  ])('that holds %j is shown at the line', (text, place, message, hint) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'banner.cjs'), text);
    const library = moduleLibrary([folder]);
    expect(library.find('banner')).toBeUndefined();
    const [problem] = library.problems();
    const { line, column } = problem?.span.start ?? {};
    expect(`${line}:${column}`).toBe(place);
    expect(problem?.code).toBe('HAPB2051');
    expect(problem?.message).toContain(message);
    expect(problem?.hint).toContain(hint);
    expect(problem?.message).not.toContain('\n');
  });

  test('that fails when it is loaded shows where', () => {
    expect(problemWith('banner.cjs', 'module.exports = {\n  name: oops(\n};')).toMatch(
      /^HAPB2051\nmodules\/banner.cjs cannot be loaded: Unexpected token '}'/,
    );
  });

  test('called as a module of ours, in TypeScript, without a description or not executable is refused', () => {
    expect(problemWith('file.js', '')).toMatch(
      /^HAPB2052\nmodules\/file.js has the name of a module of hapb's/,
    );
    expect(problemWith('banner.ts', '')).toMatch(/^HAPB2054\nmodules\/banner.ts is TypeScript/);
    expect(problemWith('tool.py', '#!/usr/bin/python3\n')).toMatchInlineSnapshot(`
      "HAPB2055
      modules/tool.py has no description: tool.yml is missing beside it
      Modules written for Ansible need its Python library on the host and do not run here. Of a program of your own say its arguments in that file."
    `);
    expect(problemWith('tool.sh', 'echo\n', { 'tool.yml': 'summary: x\nprobe: false\n' })).toMatch(
      /^HAPB2056\nmodules\/tool.sh is not executable\nchmod \+x modules\/tool.sh/,
    );
  });

  test('whose description is wrong is told what', () => {
    const yml = 'summary: x\nprob: true\nargs: {path: {type: string}}\n';
    expect(problemWith('tool', '#!/bin/sh\n', { 'tool.yml': yml })).toMatchInlineSnapshot(`
      "HAPB2053
      modules/tool.yml does not describe a module: it has no key "prob". Did you mean \`probe\`? It takes summary, notes, args, required, returns, free_form, example, probe, reads, writes.
      Write summary, probe (true or false) and args; docs/own-modules.md shows a whole one."
    `);
    expect(problemWith('tool', '#!/bin/sh\n', { 'tool.yml': 'summary: [\n' })).toMatch(/^HAPB1/);
  });

  test('is not loaded before a playbook names it', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'bomb.cjs'), "throw new Error('loaded');");
    const library = moduleLibrary([folder]);
    expect(library.names.has('bomb')).toBe(true);
    expect(library.find('copy_file')?.name).toBe('copy_file');
    expect(library.problems()).toEqual([]);
  });

  test('in an earlier folder wins, ES modules count, and tests and notes are no modules', () => {
    const first = temporaryFolder();
    const second = temporaryFolder();
    const text = (summary: string): string =>
      `export default { name: 'a', summary: '${summary}', example: 'x', args: { type: 'object', properties: {} }, probe() {}, diff() {}, apply() {} };`;
    writeFileSync(join(first, 'a.mjs'), text('first'));
    writeFileSync(join(second, 'a.mjs'), text('second'));
    for (const name of ['a.test.js', 'README.md', '.hidden.js', 'notes.txt'])
      writeFileSync(join(first, name), '');
    mkdirSync(join(first, 'lib'));
    const library = moduleLibrary([first, second, join(second, 'missing')]);
    expect(library.own).toEqual(['a']);
    expect(library.find('a')?.summary).toBe('first');
  });
});
