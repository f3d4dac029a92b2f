// `npm run bench:check`: see run.sh.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withProof } from '../../lab/law/proof.ts';
import { differences, diskOf, lab, loadState, onNode } from '../../lab/rig/lab.ts';
import { playbookText, setupScript, taskNames } from './situations.ts';
import { ansible, type Ended, hapb, type Told, type Tool } from './tools.ts';

const [environment = '', plugins = '', state = '', page = ''] = process.argv.slice(2);

interface Seen {
  readonly foreseen: Told;
  readonly done: Told;
  /** Paths of the node that the check has changed. */
  readonly touched: readonly string[];
  /** Paths that the run has changed. */
  readonly changed: readonly string[];
}

/** Paths that a package manager or the account tools keep, which neither tool names one by one; and Python's bytecode. */
const unnamed =
  /^\/(usr|opt|var\/(lib\/(dpkg|apt)|spool)|etc\/(alternatives|rc\w\.d|init\.d|default|pam\.d|cron\..*|crontab|(passwd|shadow|group|gshadow|subuid|subgid)-?$))|__pycache__|\/\.ansible/;

async function see(tool: Tool): Promise<Seen> {
  if (!(await loadState('bare', state, 1))) throw new Error(`the state ${state} is gone`);
  const folder = mkdtempSync(join(tmpdir(), 'check-'));
  const [playbook, inventory] = [join(folder, 'check.yml'), join(folder, 'inventory.yml')];
  writeFileSync(playbook, playbookText());
  writeFileSync(inventory, await lab('inventory'));
  await onNode('cp1', setupScript());
  const before = await diskOf('cp1');
  const foreseen = await tool(playbook, inventory, 'check');
  const checked = await diskOf('cp1');
  const done = await tool(playbook, inventory, 'run');
  const after = await diskOf('cp1');
  return { foreseen, done, touched: differences(before, checked), changed: differences(checked, after) };
}

type Verdict = 'right' | 'silent' | 'wrong';

function verdictOf(task: string, { foreseen, done }: Seen): Verdict {
  const [said, did] = [foreseen.get(task)?.ended, done.get(task)?.ended];
  if (said === 'silent') return 'silent';
  return said === did ? 'right' : 'wrong';
}

function filesOf({ foreseen, changed }: Seen): { changed: number; named: number; wrong: number } {
  const real = changed.filter((path) => !unnamed.test(path));
  const named = [...new Set([...foreseen.values()].flatMap(({ paths }) => paths))];
  const covers = (name: string, path: string): boolean => path === name || path.startsWith(`${name}/`);
  return {
    changed: real.length,
    named: real.filter((path) => named.some((name) => covers(name, path) || name.startsWith(`${path}/`)))
      .length,
    wrong: named.filter((name) => !changed.some((path) => covers(name, path))).length,
  };
}

/** What each tool calls it when it does not say. */
const silentWords: Readonly<Record<string, string>> = { hapb: 'unknown', 'ansible-core': 'left out' };

function word(tool: string, ended: Ended | undefined): string {
  if (ended === undefined) return 'not reached';
  return ended === 'silent' ? (silentWords[tool] ?? 'silent') : ended;
}

function table(tools: readonly (readonly [string, Seen])[]): readonly string[] {
  const sum = (verdict: Verdict): readonly number[] =>
    tools.map(([, seen]) => taskNames().filter((task) => verdictOf(task, seen) === verdict).length);
  const row = (...cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  const marks = { right: '', silent: ' ?', wrong: ' ✗' } as const;
  const files = tools.map(([, seen]) => filesOf(seen));
  const names = tools.map(([name]) => name);
  const cells = (task: string): readonly string[] =>
    tools.map(([tool, seen]) => {
      const [said, did] = [seen.foreseen, seen.done].map((told) => word(tool, told.get(task)?.ended));
      const verdict = verdictOf(task, seen);
      return verdict === 'right' ? (did ?? '') : `${said} → ${did}${marks[verdict]}`;
    });
  return [
    row('', ...names),
    row('---', ...names.map(() => '---:')),
    row(`tasks whose forecast came true, of ${taskNames().length}`, ...sum('right')),
    row('tasks of which check did not say (`?`)', ...sum('silent')),
    row('tasks whose forecast was wrong (`✗`)', ...sum('wrong')),
    row('files and folders that the run changed', ...files.map(({ changed }) => changed)),
    row('of these named by check', ...files.map(({ named }) => named)),
    row('named by check, but not changed by the run', ...files.map(({ wrong }) => wrong)),
    row('paths on the node that the check itself changed', ...tools.map(([, { touched }]) => touched.length)),
    '',
    row('task', ...names),
    row('---', ...names.map(() => '---')),
    ...taskNames().map((task) => row(task, ...cells(task))),
  ];
}

const tools = [
  ['hapb', await see(hapb)],
  ['ansible-core', await see(ansible(environment, plugins))],
] as const;
const lines = table(tools);
console.log(lines.join('\n'));
if (page !== '') writeFileSync(page, withProof(readFileSync(page, 'utf8'), 'ansible', lines));
