import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Event } from '../../../src/events/event.ts';
import { lab, projectFolder } from './lab.ts';

/** A run of the bundled hapb. */
export interface HapbRun {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly out: string;
  readonly err: string;
  readonly events: readonly Event[];
  readonly seconds: number;
}

/** A running hapb: its process, and its end. */
export interface RunningHapb {
  readonly process: ChildProcess;
  readonly end: Promise<HapbRun>;
  /** Waits until an event of the run satisfies the condition; rejects when the run ends before. */
  seen(wanted: (event: Event) => boolean): Promise<void>;
}

/** A folder with the lab's inventory, and extra variables in it. */
export async function labInventory(
  extra = '',
): Promise<{ readonly folder: string; readonly inventory: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'hapb-e2e-'));
  const inventory = join(folder, 'inventory.yml');
  writeFileSync(inventory, `${await lab('inventory')}${extra}`);
  return { folder, inventory };
}

/** Starts the bundle in dist/, as a user would. */
export function startHapb(args: readonly string[]): RunningHapb {
  const folder = mkdtempSync(join(tmpdir(), 'hapb-events-'));
  const log = join(folder, 'events.jsonl');
  const started = Date.now();
  const child = spawn(
    process.execPath,
    ['dist/hapb.cjs', ...args, '--output', 'plain', '--output', `jsonl=${log}`],
    {
      cwd: projectFolder,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  let ended = false;
  const end = new Promise<HapbRun>((resolve) => {
    child.on('close', (exitCode, signal) => {
      ended = true;
      const events = readEvents(log);
      rmSync(folder, { recursive: true, force: true });
      resolve({ exitCode, signal, out, err, events, seconds: (Date.now() - started) / 1000 });
    });
  });
  const seen = async (wanted: (event: Event) => boolean): Promise<void> => {
    for (;;) {
      if (readEvents(log).some(wanted)) return;
      if (ended) throw new Error(`the run ended before that was seen:\n${out}\n${err}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  return { process: child, end, seen };
}

/** Runs the bundle to its end. */
export function hapb(...args: readonly string[]): Promise<HapbRun> {
  return startHapb(args).end;
}

function readEvents(log: string): readonly Event[] {
  let text: string;
  try {
    text = readFileSync(log, 'utf8');
  } catch {
    return [];
  }
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Event);
}

/** How each task ended on each host, as `TITLE @ HOST` to the outcome's kind. */
export function outcomes(run: HapbRun): ReadonlyMap<string, string> {
  const titles = new Map<string, string>();
  const result = new Map<string, string>();
  for (const event of run.events) {
    if (event.type === 'play.started' || event.type === 'tasks.added') {
      for (const task of event.tasks) titles.set(task.id, task.title);
    }
    if (event.type === 'task.finished') {
      result.set(`${titles.get(event.node) ?? event.node} @ ${event.host}`, event.outcome.kind);
    }
  }
  return result;
}

/** The recap's `changed` of every host. */
export function changedCounts(run: HapbRun): Readonly<Record<string, number>> {
  for (const event of run.events) {
    if (event.type === 'run.finished') {
      return Object.fromEntries(Object.entries(event.recap).map(([host, tally]) => [host, tally.changed]));
    }
  }
  return {};
}
