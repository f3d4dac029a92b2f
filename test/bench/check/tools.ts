import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Event } from '../../../src/events/event.ts';

/** How a task ended, or will. `silent`: the tool does not say. */
export type Ended = 'ok' | 'changed' | 'skipped' | 'failed' | 'silent';

/** What a tool said of a task. */
export interface Said {
  readonly ended: Ended;
  /** Paths of the node that it says are changed. */
  readonly paths: readonly string[];
}

/** A run of a playbook, or a check: task to what was said. */
export type Told = ReadonlyMap<string, Said>;

/** Runs a playbook. */
export type Tool = (playbook: string, inventory: string, mode: 'check' | 'run') => Promise<Told>;

function run(
  program: string,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { env: { ...process.env, ...env }, maxBuffer: 64 * 1024 * 1024 };
    execFile(program, [...words], options, (_, out, err) => {
      if (/^PLAY RECAP/m.test(out)) resolve();
      else reject(new Error(`${program} ended early:\n${out}${err}`));
    });
  });
}

const absolute = (path: unknown): path is string => typeof path === 'string' && path.startsWith('/');

/** hapb from `dist/`. */
export const hapb: Tool = async (playbook, inventory, mode) => {
  const log = join(mkdtempSync(join(tmpdir(), 'check-')), 'events');
  const words = [
    'dist/hapb.cjs',
    'run',
    playbook,
    '-i',
    inventory,
    '--output',
    'plain',
    '--output',
    `jsonl=${log}`,
  ];
  await run(process.execPath, [...words, ...(mode === 'check' ? ['--check', '--diff'] : [])]);
  const titles = new Map<string, string>();
  const told = new Map<string, Said>();
  for (const line of readFileSync(log, 'utf8').split('\n').filter(Boolean)) {
    const event = JSON.parse(line) as Event;
    if (event.type === 'play.started' || event.type === 'tasks.added')
      for (const { id, title } of event.tasks) titles.set(id, title);
    if (event.type === 'task.finished') {
      const { outcome } = event;
      const change = outcome.kind === 'would-change' || outcome.kind === 'changed' ? outcome.change : null;
      const paths = (change?.edits ?? [])
        .map(({ subject }) => subject.replace(/ mode$/, ''))
        .filter(absolute);
      told.set(titles.get(event.node) ?? '', { ended: words4[outcome.kind], paths });
    }
  }
  return told;
};

const words4 = {
  ok: 'ok',
  changed: 'changed',
  'would-change': 'changed',
  failed: 'failed',
  'would-fail': 'failed',
  unreachable: 'failed',
  skipped: 'skipped',
  unknown: 'silent',
} as const;

interface AnsibleResult {
  readonly skip_reason?: string;
  readonly path?: unknown;
  readonly dest?: unknown;
  readonly diff?: unknown;
  readonly changed?: boolean;
  readonly results?: readonly AnsibleResult[];
}

/** ansible-playbook of a virtual environment. */
export const ansible =
  (environment: string, plugins: string): Tool =>
  async (playbook, inventory, mode) => {
    const folder = mkdtempSync(join(tmpdir(), 'check-'));
    const log = join(folder, 'outcomes');
    const words = [playbook, '-i', inventory, ...(mode === 'check' ? ['--check', '--diff'] : [])];
    await run(join(environment, 'bin/ansible-playbook'), words, {
      OUTCOMES: log,
      ANSIBLE_CALLBACK_PLUGINS: plugins,
      ANSIBLE_CALLBACKS_ENABLED: 'outcomes',
      ANSIBLE_HOME: join(folder, 'home'),
      ANSIBLE_SSH_CONTROL_PATH_DIR: join(folder, 'cp'),
      ANSIBLE_NOCOLOR: '1',
      ANSIBLE_NOCOWS: '1',
      ANSIBLE_PIPELINING: '1',
      ANSIBLE_PYTHON_INTERPRETER: '/usr/bin/python3',
    });
    const told = new Map<string, Said>();
    for (const line of (existsSync(log) ? readFileSync(log, 'utf8') : '').split('\n').filter(Boolean)) {
      const { kind, task, result } = JSON.parse(line) as {
        readonly kind: Ended;
        readonly task: string;
        readonly result: AnsibleResult;
      };
      told.set(task, { ended: endedOf(kind, result), paths: kind === 'changed' ? pathsOf(result) : [] });
    }
    return told;
  };

/** A task that a condition leaves out is skipped; one that its module leaves out in check mode says nothing. */
function endedOf(kind: Ended, result: AnsibleResult): Ended {
  if (kind !== 'skipped') return kind;
  const reasons = result.results?.map((one) => one.skip_reason) ?? [result.skip_reason];
  return reasons.every((reason) => reason !== undefined) ? 'skipped' : 'silent';
}

function pathsOf(result: AnsibleResult): readonly string[] {
  const inner = (result.results ?? []).filter(({ changed }) => changed === true).flatMap(pathsOf);
  const diffs = Array.isArray(result.diff) ? result.diff : [result.diff];
  const ofDiffs = diffs.flatMap((diff: unknown) => {
    const { before_header: header, before } = (diff ?? {}) as Readonly<Record<string, unknown>>;
    const name = typeof header === 'string' ? header.replace(/ \(.*\)$/, '') : null;
    const path = typeof before === 'object' && before !== null ? (before as { path?: unknown }).path : null;
    return [name, path];
  });
  return [...new Set([...inner, ...[result.path, result.dest, ...ofDiffs].filter(absolute)])];
}
