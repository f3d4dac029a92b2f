import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';
import { runProgram } from '../../../src/cli/program.ts';
import type { Terminal } from '../../../src/cli/terminal.ts';
import type { Event } from '../../../src/events/event.ts';

/** What a run of hapb showed and did. */
export interface Ran {
  readonly exitCode: number;
  /** Standard output with the padding of banners taken off. */
  readonly out: string;
  readonly err: string;
  readonly events: readonly Event[];
  /** The lines of the recap by host, as `ok=1 changed=0 …` without what is zero. */
  readonly recap: Readonly<Record<string, string>>;
  /** The folder in which the playbook lies. */
  readonly folder: string;
}

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder for one test, removed afterwards. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hapb-'));
  folders.push(folder);
  return folder;
}

/** Inventory text with hosts that are all this machine. */
export function localHosts(...names: readonly string[]): string {
  return `all:\n  vars: {ansible_connection: local}\n  hosts: {${names.map((name) => `${name}: {}`).join(', ')}}\n`;
}

/** Runs the real program in this process, on a playbook given as text. `{folder}` in the text is its folder. */
export async function runPlaybook(
  playbook: string,
  {
    hosts = ['a', 'b'],
    args = [],
    files = {},
    askSecret = null,
    folder = temporaryFolder(),
    command = 'run',
    ctrlC = [],
    env = {},
  }: {
    readonly hosts?: readonly string[];
    readonly args?: readonly string[];
    readonly files?: Readonly<Record<string, string>>;
    /** Absent: there is no terminal. */
    readonly askSecret?: Terminal['askSecret'];
    /** That of an earlier run, to go on in; absent: a new one. */
    readonly folder?: string;
    /** `drift` has a screen of its own. */
    readonly command?: 'run' | 'drift';
    /** Ctrl-C comes when the screen has shown the first of these texts, then again for each further one. */
    readonly ctrlC?: readonly string[];
    /** `{folder}` as in the playbook. Absent: no variable, and so no home. */
    readonly env?: Readonly<Record<string, string>>;
  } = {},
): Promise<Ran> {
  const site = join(folder, 'site.yml');
  writeFileSync(site, playbook.replaceAll('{folder}', folder));
  writeFileSync(join(folder, 'inventory.yml'), localHosts(...hosts));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const log = join(folder, 'events.jsonl');
  let out = '';
  let err = '';
  const keys = [...ctrlC];
  const [stop, interruption] = [new AbortController(), new AbortController()];
  const exitCode = await runProgram({
    words: [
      command,
      site,
      '-i',
      join(folder, 'inventory.yml'),
      ...(command === 'run' ? ['--output', 'plain'] : []),
      '--output',
      `jsonl=${log}`,
      ...args.map((word) => word.replaceAll('{folder}', folder)),
    ],
    version: 'test',
    terminal: {
      writeOut: (text) => {
        out += text;
        while (keys.length > 0 && out.includes(keys[0] ?? '')) {
          keys.shift();
          (stop.signal.aborted ? interruption : stop).abort();
        }
      },
      writeError: (text) => {
        err += text;
      },
      inIsTerminal: askSecret !== null,
      outIsTerminal: false,
      errorIsTerminal: false,
      columns: 0,
      rows: 0,
      stopping: stop.signal,
      interrupted: interruption.signal,
      env: Object.fromEntries(
        Object.entries(env).map(([name, value]) => [name, value.replaceAll('{folder}', folder)]),
      ),
      askSecret,
    },
  });
  const { readFileSync, existsSync } = await import('node:fs');
  const lines = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [];
  const events = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Event);
  const shown = out.replaceAll(folder, '{folder}').replace(/ \*{3,}$/gm, '');
  return {
    exitCode,
    out: shown,
    err: err.replaceAll(folder, '{folder}'),
    events,
    recap: recapOf(out),
    folder,
  };
}

function recapOf(out: string): Readonly<Record<string, string>> {
  const recap: Record<string, string> = {};
  for (const [, host = '', counts = ''] of out.matchAll(/^(\S+) +: (ok=.*)$/gm)) {
    recap[host] = counts
      .trim()
      .split(/ +/)
      .filter((count) => !count.endsWith('=0'))
      .join(' ');
  }
  return recap;
}

/** The tasks that ran on a host, in order, with how they ended. */
export function ends(ran: Ran, host: string): readonly string[] {
  const titles = new Map<string, string>();
  const result: string[] = [];
  for (const event of ran.events) {
    if (event.type === 'play.started' || event.type === 'tasks.added')
      for (const task of event.tasks) titles.set(task.id, task.title);
    if (event.type === 'task.finished' && event.host === host)
      result.push(`${titles.get(event.node) ?? event.node}: ${event.outcome.kind}`);
  }
  return result;
}

/** The messages that `debug` tasks showed, in order, without the hosts. */
export function messages(ran: Ran): readonly string[] {
  return [...ran.out.matchAll(/^ {4}"msg": "(.*)"$/gm)].map(([, text = '']) => text);
}
