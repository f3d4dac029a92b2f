import { describe, expect, test } from 'vitest';
import { parseJson } from '../../../src/core/parse-json.ts';
import { bareStyle, printDiagnostic } from '../../../src/core/print-diagnostic.ts';
import { parseYaml } from '../../../src/document/parse-yaml.ts';
import { toJson } from '../../../src/document/plain.ts';
import { parseLostQuorum } from '../../../src/modules/kubernetes/etcd-quorum.ts';
import { parseKubeadmFacts } from '../../../src/modules/kubernetes/kubeadm-facts.ts';
import { parseObjects } from '../../../src/modules/kubernetes/kubectl-get.ts';
import { compileText } from '../../../src/template/compile-text.ts';
import { runPlaybook } from '../rig/run-playbook.ts';
import { evaluate, problemOf, renderFile } from '../template/texts.ts';

/** What the fuzzers have found, kept from coming back. */
const reply = (stdout: string) => ({ exitCode: 0, stdout, stderr: '', droppedBytes: 0 });

/** The first problem of a YAML text, with its stretch of the text. */
function firstProblem(text: string): string {
  const result = parseYaml(text, 'a.yml');
  const [problem] = result.ok ? [] : result.diagnostics;
  if (problem === undefined) return 'fine';
  const { start, end } = problem.span;
  return `${problem.code} ${start.offset}-${end.offset}: ${problem.hint}`;
}

describe('a YAML text', () => {
  test('with a second document behind `...` is told where that begins', () => {
    expect(firstProblem('...\ns')).toBe(
      'HAPB1008 0-3: Remove the `...` line in the middle, or split the file in two.',
    );
    expect(firstProblem('a: 1\n---\nb: 2\n')).toBe(
      'HAPB1008 5-8: Remove the `---` line in the middle, or split the file in two.',
    );
  });

  test.each([': a', ': a: ', ': ', '- : ', '? : '])('that nests by repeating %j is refused', (piece) => {
    expect(firstProblem(piece.repeat(20_000))).toMatch(/^HAPB1/);
  });

  test('with a line of nothing but an escaped break is read as it says', () => {
    const read = parseYaml('t: "y\n \\\n z"\ne: \'\'', 'a.yml');
    expect(read.ok && read.value !== null && toJson(read.value)).toEqual({ t: 'y z', e: '' });
  });

  test('that ends where its problem begins has it inside of the text', () => {
    expect(firstProblem('hosts:\n!unsafe ')).toBe('HAPB1006 15-15: Write !unsafe: and the value after it.');
  });

  test.each(['{{ ]', '&a }', '}', '[', '- &a *b '])('that repeats %j is refused at once', (piece) => {
    const before = process.cpuUsage().user;
    expect(firstProblem(piece.repeat(65_536 / piece.length))).toMatch(/^HAPB1/);
    expect((process.cpuUsage().user - before) / 1_000).toBeLessThan(1_000);
  });
});

test('a problem in a line of megabytes is shown with what stands around it', () => {
  const text = `${'x, '.repeat(2_000_000)}here${', y'.repeat(2_000_000)}`;
  const at = text.indexOf('here');
  const place = (offset: number) => ({ line: 1, column: offset + 1, offset });
  const printed = printDiagnostic(
    {
      code: 'HAPB1001',
      severity: 'error',
      message: 'no',
      hint: '',
      span: { file: 'a', start: place(at), end: place(at + 4) },
    },
    { ...bareStyle, source: () => text },
  );
  const [, line = '', carets = ''] = printed.split('\n');
  expect(line.slice(0, 20)).toBe('  1 | …, x, x, x, x,');
  expect(line.indexOf('here')).toBe(carets.indexOf('^^^^'));
  expect(line.length).toBeLessThan(180);
});

test('a template whose blocks stand in each other without end is refused', () => {
  const result = compileText('{{#if a}}'.repeat(20_000), 'a.hbs');
  expect(result.ok ? [] : result.diagnostics.map(({ code }) => code)).toContain('HAPB4028');
});

test('NUL in a template comes out as it went in', () => {
  expect(renderFile('\0}{{#if a}}{{/if}}', { a: 'x' })).toBe('\0}');
  expect(renderFile('\0{{~ a ~}} \0{{#if a}}\0\0{ {{/if}}', { a: 'x' })).toBe('\0x\0\0\0{ ');
});

test('an empty condition is shown where it is', () => {
  expect(problemOf(() => evaluate(''))).toContain('site.yml:1:1  error HAPB4001: the expression is empty');
});

test('JSON of hosts nests as deep as what walks it can go', () => {
  expect(parseJson(`${'['.repeat(500)}${']'.repeat(500)}`)).toHaveLength(1);
  expect(() => parseJson(`${'['.repeat(501)}${']'.repeat(501)}`)).toThrow('it nests deeper than 500 levels');
  expect(parseJson('"\\"[[[{{{"')).toBe('"[[[{{{');
  expect(() => parseJson(`"${'\\"'.repeat(1_000_000)}`)).toThrow(SyntaxError);
});

describe('what a program on a node prints instead of its JSON', () => {
  test.each(['', 'Usage: kubectl', '[1]', '"x"', '{"items": 1}', '{"items": [null]}', '['.repeat(100_000)])(
    '%.20j of kubectl is a problem of that node',
    (printed) => {
      expect(() => parseObjects(reply(printed))).toThrow(/^what kubectl printed makes no sense: /);
    },
  );

  test('objects without names or with odd ones are objects', () => {
    expect(parseObjects(reply('{"items": [{"metadata": null}, {"metadata": {"name": 5}}]}'))).toMatchObject({
      kind: 'objects',
    });
  });

  test('the API server and etcd of a node are held to what they ever answer', () => {
    expect(() => parseKubeadmFacts(reply('api-begin\nnonsense'))).toThrow(
      'what kubectl printed makes no sense',
    );
    const values = (members: string) =>
      new Map([
        ['local-members', [members]],
        ['local-leader', ['0']],
      ]);
    for (const members of ['', '{}', '[{}]', '[{"id": "x"}]', '[{"id": 1, "peerURLs": [2]}]'])
      expect(() => parseLostQuorum(values(members))).toThrow('what etcd printed makes no sense');
  });
});

test('a module that cannot go on with what one host answers fails there, and the others go on', async () => {
  const module = `module.exports = {
    name: 'mine', summary: 'Reads a name.', args: { type: 'object', properties: {}, additionalProperties: false },
    probe: (args, task) => ({ queries: [], decode: () => ({ name: (task.host === 'a' ? null : { first: 'x' }).first }) }),
    diff: (args, state) => (state.name === 'x' ? null : null),
    apply: async () => ({}), example: '- mine:',
  };`;
  const ran = await runPlaybook(
    '- hosts: all\n  gather_facts: false\n  tasks:\n    - mine:\n    - command: "true"\n',
    {
      files: { 'modules/mine.js': module },
    },
  );
  expect(ran.exitCode).toBe(2);
  expect(ran.out).toContain(
    'error HAPB9001: mine cannot go on with what a answered: Cannot read properties of null',
  );
  expect(ran.recap).toEqual({ a: 'failed=1', b: 'ok=2 changed=1' });
});
