import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { projectFolder } from '../rig/lab.ts';
import { type Ground, type Lay, layGround } from './ground.ts';

/** One line of the table in docs/ssh.md: what was asked of a real sshd, and what came of it. */
export interface Row {
  readonly demand: string;
  /** `works`, or the code of the error that must come. */
  readonly outcome: 'works' | `HAPB${number}`;
  readonly lay?: Lay;
  /** Made on the controller's side when the ground is laid. */
  readonly prepare?: (ground: Ground) => void | Promise<void>;
  readonly vars?: (ground: Ground) => Readonly<Record<string, unknown>>;
  /** Arguments instead of `--known-hosts` with the key of the sshd. */
  readonly args?: (ground: Ground) => readonly string[];
  readonly env?: (ground: Ground) => Readonly<Record<string, string>>;
  /** The ~/.ssh/config of who runs hapb; without: none of the test's own. */
  readonly sshConfig?: (ground: Ground) => string;
  /** What a person types when asked, on a terminal. */
  readonly answers?: readonly (readonly [asked: RegExp, answer: string])[];
  /** Whether a task becomes root too; without: no. */
  readonly become?: 'root';
  /** How many names of the inventory lead to the sshd; without: one. */
  readonly names?: number;
  /** Words that must be in what hapb says. */
  readonly says?: string | RegExp;
}

/** What hapb did. */
export interface Played {
  readonly exitCode: number | null;
  /** Screen and errors together. */
  readonly said: string;
}

/** Lays the ground of a row and lets the bundled hapb do a few tasks on it. */
export async function play(row: Row): Promise<Played> {
  await using ground = await layGround(row.lay);
  await row.prepare?.(ground);
  const file = (name: string): string => join(ground.files, name);
  const host = {
    ansible_host: '127.0.0.1',
    ansible_port: ground.port,
    ansible_user: 'op',
    ansible_ssh_private_key_file: file('user'),
    ...row.vars?.(ground),
  };
  const names = Array.from({ length: row.names ?? 1 }, (_, index) => [`node${index}`, host] as const);
  writeFileSync(file('inventory.json'), JSON.stringify({ all: { hosts: Object.fromEntries(names) } }));
  writeFileSync(
    file('playbook.yml'),
    JSON.stringify([{ hosts: 'all', gather_facts: false, tasks: tasksOf(row, ground) }]),
  );
  const args = row.args?.(ground) ?? ['--known-hosts', file('known_hosts')];
  const words = ['run', file('playbook.yml'), '-i', file('inventory.json'), '--output', 'plain', ...args];
  const env = { ...process.env, HOME: file('controller'), SSH_AUTH_SOCK: '', ...row.env?.(ground) };
  const plain = [process.execPath, 'dist/hapb.cjs', ...words];
  if (row.sshConfig === undefined) return await start(plain, env, row.answers ?? []);
  mkdirSync(file('dot-ssh'), { mode: 0o700 });
  writeFileSync(join(file('dot-ssh'), 'config'), row.sshConfig(ground), { mode: 0o600 });
  return await start(
    withDotSsh(file('dot-ssh'), plain),
    { ...env, HOME: userInfo().homedir },
    row.answers ?? [],
  );
}

/** Who the tasks are, and that a file comes to where it belongs. */
function tasksOf({ become, names }: Row, { home }: Ground): readonly object[] {
  const asked = (user: string): object => ({
    name: `Be ${user}`,
    shell: `test "$(id -un)" = ${user}`,
    changed_when: false,
  });
  const one =
    names === undefined ? [{ name: 'Write', copy_file: { content: 'hello\n', dest: `${home}/note` } }] : [];
  return [asked('op'), ...one, ...(become === undefined ? [] : [{ ...asked(become), become: true }])];
}

/** ssh looks into the home that the user database names, whatever HOME says: for this program its .ssh is another. */
function withDotSsh(folder: string, argv: readonly string[]): readonly string[] {
  const place = join(userInfo().homedir, '.ssh');
  mkdirSync(place, { recursive: true, mode: 0o700 });
  const inside = 'mount --bind "$1" "$2" && shift 2 && exec "$@"';
  return ['unshare', '-m', '--propagation', 'private', 'sh', '-c', inside, 'ssh', folder, place, ...argv];
}

function start(
  plain: readonly string[],
  env: NodeJS.ProcessEnv,
  answers: NonNullable<Row['answers']>,
): Promise<Played> {
  // script(1) gives the run a terminal of its own.
  const argv =
    answers.length === 0
      ? plain
      : ['script', '-qec', plain.map((word) => `'${word}'`).join(' '), '/dev/null'];
  const child = spawn(argv[0] ?? '', argv.slice(1), { cwd: projectFolder, env, stdio: 'pipe' });
  const left = [...answers];
  let said = '';
  const hear = (chunk: Buffer): void => {
    said += chunk.toString();
    const [next] = left;
    if (next === undefined || !next[0].test(said)) return;
    left.shift();
    child.stdin.write(`${next[1]}\r`);
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  if (answers.length === 0) child.stdin.end();
  return new Promise((resolve) => child.on('close', (exitCode) => resolve({ exitCode, said })));
}
