import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../../../src/core/failure.ts';
import { moduleLibrary } from '../../../../src/modules/custom/library.ts';
import type { AnyModule } from '../../../../src/modules/module.ts';
import { fakeHost } from '../../../../src/testing/fake-host.ts';
import { taskContext } from '../../../../src/testing/task-context.ts';
import { temporaryFolder } from '../../rig/run-playbook.ts';

const change = "{ summary: 'x', edits: [], effects: [], forecast: h.known }";

function moduleWith(parts: string): AnyModule {
  const folder = temporaryFolder();
  const text = `module.exports = (h) => ({ name: 'a', summary: 'x', example: 'x', args: { type: 'object', properties: {} },
  probe: () => h.nothing(null), diff: () => (${change}), apply: async () => ({}),
  ${parts}
});`;
  writeFileSync(join(folder, 'a.cjs'), text);
  const module = moduleLibrary([folder]).find('a');
  if (module === undefined) throw new Error('it is no module');
  return module;
}

/** What a task with the module throws, and where. */
async function problemOf(
  parts: string,
): Promise<{ readonly said: string; readonly line: number | undefined }> {
  const module = moduleWith(parts);
  const task = taskContext();
  const host = fakeHost({
    answers: { x: { raw: { exitCode: 0, stdout: 'hi', stderr: '', droppedBytes: 0 } } },
  });
  try {
    const wanted = module.diff({}, await host.ask(module.probe({}, task)), task);
    if (wanted !== null) await module.apply(wanted, host);
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    return { said: `${thrown.problem.code} ${thrown.message}`, line: thrown.span?.start.line };
  }
  throw new Error('nothing was wrong');
}

describe("the code of a user's own module", () => {
  test.each([
    ['diff: () => foo', 3, 'diff of .* is wrong: foo is not defined'],
    ["diff: () => { throw new Error('no'); }", 3, 'diff of .* is wrong: no'],
    ["diff: () => { throw 'no'; }", 1, 'diff of .* is wrong: no'],
    ["diff: () => { throw h.failure('no'); }", 3, 'diff of .* is wrong: failure needs'],
    [
      'diff: () => {}',
      1,
      'diff of .*: it must return .* or null where nothing has to be done, and returned nothing',
    ],
    ['diff: async () => null', 1, 'diff of .* returned a promise: it must not be async'],
    ["diff: () => ({ summary: 'x', edits: [] })", 1, 'diff of .*, and effects, forecast is missing'],
    ['probe: () => ({})', 1, 'probe of .*: it must return a question, such as textFile'],
    ['probe: async () => h.nothing(1)', 1, 'probe of .* returned a promise'],
    ["probe: () => h.question({ key: 'x', sh: 'echo hi' })", 3, 'probe of .*: question needs parse'],
    [
      "probe: () => h.question({ key: 'x', sh: 'echo hi', parse: (r) => r.no.more })",
      3,
      'parse of .* undefined',
    ],
    ['probe: () => h.map(h.nothing(1), () => foo)', 3, 'map of .* foo is not defined'],
    ['apply: async () => { foo; }', 3, 'apply of .* foo is not defined'],
    ['apply: () => {}', 1, 'apply of .*: it must return an object for `register`'],
  ])('%s fails its task at the line', async (parts, line, said) => {
    const problem = await problemOf(parts);
    expect(problem.said).toMatch(new RegExp(`^HAPB6493 .*${said}`));
    expect(problem.line).toBe(line);
  });

  test('lets through what stops a task from outside', async () => {
    const module = moduleWith('apply: async (_, host) => host.run({ sh: "true", args: [] })');
    const stop = new DOMException('stopped', 'AbortError');
    const host = fakeHost({
      onRun: () => {
        throw stop;
      },
    });
    const wanted = module.diff({}, null, taskContext());
    await expect(module.apply(wanted as never, host)).rejects.toBe(stop);
  });

  test("keeps the words of its author's own failure", async () => {
    expect((await problemOf("diff: () => { throw h.failure({ message: 'no', hint: 'yes' }); }")).said).toBe(
      'HAPB6490 no',
    );
  });
});
