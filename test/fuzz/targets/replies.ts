import type { ShellReply } from '../../../src/connection/connection.ts';
import { Failure } from '../../../src/core/failure.ts';
import type { Ask } from '../../../src/modules/ask.ts';
import { readReply } from '../../../src/modules/custom/executable-reply.ts';
import type { AnyModule } from '../../../src/modules/module.ts';
import { allModules } from '../../../src/modules/registry.ts';
import { renderArguments } from '../../../src/modules/render-arguments.ts';
import { tasksOfPlan } from '../../../src/plan/walk.ts';
import { taskContext } from '../../../src/testing/task-context.ts';
import { planOf } from '../plan-of.ts';
import { attempt } from '../sound.ts';
import { type Target, textOf } from '../target.ts';

const read = { file: 'site.yml', text: '' };
/** Between the replies of several questions, and between what one says on its two outputs. */
const separator = '\x1e';

/** What a module that is a program prints. */
export const moduleReply: Target = {
  name: 'module-reply',
  seeds: [
    '{"changed": true, "diff": [{"subject": "a", "before": "b", "after": null}], "x": {"y": [1, null]}}',
    '{"failed": true, "msg": "no", "hint": "do"}\u001enoise',
    '{"changed": false, "unknown": "why", "summary": "s", "__proto__": {"polluted": 1}}',
  ],
  words: [
    '{',
    '}',
    '"',
    ':',
    ',',
    '[',
    ']',
    '"changed": true',
    '"failed": true',
    '"diff": ',
    '"__proto__": ',
    '"constructor"',
    'null',
    '1e999',
    '\\ud800',
    separator,
  ],
  feed: (input) => {
    for (const reply of repliesOf(input, 1)) {
      for (const verb of ['probe', 'apply'] as const) attempt(() => readReply('mine', verb, reply), read);
    }
    if (Object.hasOwn(Object.prototype, 'polluted'))
      throw new Error('the prototype of all objects was changed');
  },
};

/** What hosts answer to the questions of each module, up to what the module concludes. */
export const probes: readonly Target[] = allModules.flatMap((module) => {
  const asked = exampleOf(module);
  return asked.length === 0 ? [] : [probeTarget(module, asked)];
});

interface Asked {
  readonly args: object;
  readonly ask: Ask<unknown>;
}

function probeTarget(module: AnyModule, asked: readonly Asked[]): Target {
  const scripts = asked.flatMap(({ ask }) => ask.queries.map(({ sh, args }) => [sh, ...args].join(' ')));
  const words = new Set(scripts.join(' ').match(/[\w./:=-]{2,}/g));
  return {
    name: `probe ${module.name}`,
    seeds: [...words].map((word) => `\0${word} 1 2\n${word}=x\n`),
    words: [...words, separator, '\n', ' ', '|', '=', ':', '{"', '":', '[', '0', '-1', '1e9', '\t'],
    feed: (input) => {
      for (const { args, ask } of asked) {
        const state = attempt(() => answer(ask, input), read);
        if (state !== null) attempt(() => conclude(module, args, state), read);
      }
    },
  };
}

function conclude(module: AnyModule, args: object, state: unknown): void {
  const context = taskContext();
  const change = module.diff(args as never, state as never, context);
  if (change === null) module.output?.(args as never, state as never, context);
  else module.foreseen?.(change);
}

function answer(ask: Ask<unknown>, input: Buffer): unknown {
  const replies = repliesOf(input, ask.queries.length);
  const answers = ask.queries.map((query, index) => query.parse(replies[index] ?? none));
  // One level is enough: the second part asks what the first has asked, of another path.
  return ask.next === undefined ? ask.decode(answers) : answer(ask.next(answers), input);
}

const none: ShellReply = { exitCode: 0, stdout: '', stderr: '', droppedBytes: 0 };

function repliesOf(input: Buffer, count: number): readonly ShellReply[] {
  const parts = textOf(input.subarray(1)).split(separator);
  const exitCode = (input[0] ?? 0) % 4 === 0 ? 0 : (input[0] ?? 0) % 4;
  return Array.from({ length: count }, (_, index) => ({
    exitCode,
    stdout: parts[(index * 2) % parts.length] ?? '',
    stderr: parts[(index * 2 + 1) % parts.length] ?? '',
    droppedBytes: 0,
  }));
}

/** The tasks of a module's example, as far as their arguments are known before a run. */
function exampleOf(module: AnyModule): readonly Asked[] {
  const tasks = module.example.replace(/^/gm, '    ');
  const text = `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks}\n`;
  const { plan } = planOf('site.yml', text);
  return tasksOfPlan(plan.ok ? plan.value : plan.partial).flatMap((task) => {
    if (task.module !== module) return [];
    try {
      const scope = { lookup: () => 'text', names: () => [] };
      const rendered = renderArguments(task, scope);
      if (rendered.kind !== 'args') return [];
      return [{ args: rendered.args, ask: module.probe(rendered.args as never, taskContext()) }];
    } catch (thrown) {
      // An example that needs a file of its author's cannot be asked here.
      if (thrown instanceof Failure) return [];
      throw thrown;
    }
  });
}
