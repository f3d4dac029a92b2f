import { randomBytes } from 'node:crypto';
import { Failure, unwrap } from '../core/failure.ts';
import { plainPaint } from '../core/paint.ts';
import type { Value } from '../core/value.ts';
import { type Binding, differencesFrom, variableDigest } from '../events/binding.ts';
import type { Event } from '../events/event.ts';
import { createHold, type Hold } from '../events/hold.ts';
import { limitHosts } from '../inventory/pattern.ts';
import type { Plan } from '../plan/plan.ts';
import { diffText } from '../reports/unified-diff.ts';
import type { Layer } from '../variables/layer.ts';
import { readNamedFile } from './files.ts';
import type { LoadedRun } from './load-run.ts';
import { parseLog } from './log-file.ts';
import type { RunOptions } from './run-options.ts';
import { type Digests, digestsNow } from './source-ledger.ts';
import { commandLine } from './usage.ts';

/** A plan that was read from its file. */
export interface SavedPlan {
  readonly file: string;
  readonly log: readonly Event[];
  readonly bound: Binding;
}

/** Reads a plan. @throws Failure HAPB8004, HAPB8008, HAPB8025: it is no plan, or not a whole one */
export function readPlan(file: string): SavedPlan {
  const log = parseLog(readNamedFile(file, 'plan'), file);
  const [first] = log;
  const last = log.at(-1);
  if (first?.type !== 'run.started' || first.mode !== 'check' || first.bound === undefined)
    throw noPlan(file, 'is the log of a run, not a plan');
  if (last?.type !== 'run.finished' || last.exitCode === 99) throw noPlan(file, 'ends before its check did');
  return { file, log, bound: first.bound };
}

function noPlan(file: string, what: string): Failure {
  const hint = 'Make one with: hapb check PLAYBOOK --save FILE';
  return new Failure({ code: 'HAPB8025', message: `${file} ${what}`, hint }, commandLine);
}

/** What digests of a plan are made with. */
export function newSalt(): string {
  return randomBytes(16).toString('hex');
}

/** What a plan that is made now belongs to. `plan`: with the answers to its prompts. @throws Failure HAPB3122 */
export function bindingOf(
  { inventory, extraVars, plan }: Pick<LoadedRun, 'inventory' | 'extraVars' | 'plan'>,
  options: RunOptions,
  {
    version,
    salt,
    files,
    variables,
  }: {
    readonly version: string;
    readonly salt: string;
    readonly files: Digests;
    /** `each` tells which of them differs, and costs 50 ms for each. */
    readonly variables: 'each' | 'together';
  },
): Binding {
  const names = [...inventory.hosts.keys()];
  const within = options.limit === null ? null : unwrap(limitHosts(options.limit, inventory));
  return {
    version,
    salt,
    hosts: within === null ? names : names.filter((name) => within.has(name)),
    settings: settingsOf(options),
    files,
    variables: Object.fromEntries(
      [...grouped(givenIn([extraVars, ...answersOf(plan)]), variables)].map(([name, value]) => [
        name,
        variableDigest(salt, name, value),
      ]),
    ),
  };
}

function grouped(values: ReadonlyMap<string, Value>, how: 'each' | 'together'): ReadonlyMap<string, Value> {
  if (how === 'each' || values.size === 0) return values;
  return new Map([['given with -e or to a prompt', Object.fromEntries(values)]]);
}

function answersOf(plan: Plan): readonly Layer[] {
  return plan.plays.flatMap(({ layers }) => layers.filter(({ level }) => level === 'vars_prompt'));
}

function givenIn(layers: readonly Layer[]): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>();
  for (const { entries } of layers)
    for (const [name, entry] of entries)
      if (entry.kind === 'value' && !values.has(name)) values.set(name, entry.value);
  return values;
}

/** Flags that decide what is done and as whom. */
function settingsOf(options: RunOptions): Readonly<Record<string, string>> {
  const { become, connection } = options;
  const settings: Readonly<Record<string, string | null>> = {
    playbooks: options.playbooks.map((path) => path.replace(/^.*\//, '')).join(', '),
    '--tags': options.tags.join(',') || null,
    '--skip-tags': options.skipTags.join(',') || null,
    '--start-at-task': options.startAtTask,
    '--force-handlers': options.handlers === 'forced' ? 'yes' : null,
    '--become': become.enabled === 'yes' ? 'yes' : null,
    '--become-user': become.user,
    '--become-method': become.method,
    '--user': connection.user,
    '--connection': connection.kind,
  };
  const given = Object.entries(settings).filter((entry): entry is [string, string] => entry[1] !== null);
  return Object.fromEntries(given);
}

/** Holds a run to a plan. @throws Failure HAPB8024: the plan was made for something else */
export function holdTo(saved: SavedPlan, now: Binding, playbook: string): Hold {
  const { file, log } = saved;
  const details = differencesSince(saved, now, playbook);
  if (details === null) return createHold(log, { file, diff: ({ edits }) => diffText(edits, plainPaint) });
  throw new Failure(
    {
      code: 'HAPB8024',
      message: `${file} does not fit what is to be run`,
      details,
      hint: 'Make a new plan with --check --save, look at it, and run that.',
    },
    commandLine,
  );
}

/** What is otherwise now than when a log was made, line by line; `null`: nothing. */
export function differencesSince(
  { log, bound }: Pick<SavedPlan, 'log' | 'bound'>,
  now: Binding,
  playbook: string,
): string | null {
  const late = log.flatMap((event) => (event.type === 'files.read' ? [event.files] : []));
  const then = Object.assign({}, ...late) as Digests;
  const differences = differencesFrom(
    { ...bound, files: { ...then, ...bound.files } },
    { ...now, files: { ...digestsNow(Object.keys(then), now.salt, playbook), ...now.files } },
  );
  if (differences.length === 0) return null;
  const details = differences.slice(0, 20).join('\n');
  return differences.length > 20 ? `${details}\n… and ${differences.length - 20} more` : details;
}
