import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, type TestContext } from 'vitest';
import type { ShellReply, ShellRequest } from '../../../../src/connection/connection.ts';
import { Failure } from '../../../../src/core/failure.ts';
import {
  clearLeftOvers,
  type LeaseHolder,
  type LeasePlace,
  releaseLease,
  renewLease,
  takeLease,
} from '../../../../src/modules/host/lease.ts';
import { type ShellName, shells } from '../general/local-host.ts';

/** A shell that stays, as a connection has one; the node's folder is one of the test's own. */
class Shell implements LeasePlace {
  readonly host = 'cp1';
  readonly progressed: string[] = [];
  readonly signal = new AbortController().signal;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #root: string;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(name: ShellName, root: string) {
    this.#root = root;
    this.#child = name === 'busybox' ? spawn('busybox', ['sh']) : spawn(name);
    this.#child.stdin.on('error', () => undefined);
  }

  readonly progress = (text: string): void => void this.progressed.push(text);

  /** One request after the other, as in a connection. */
  readonly run = (request: ShellRequest): Promise<ShellReply> => {
    const done = this.#turn.then(() => this.#answer(request));
    this.#turn = done;
    return done;
  };

  async #answer({ script, args = [] }: ShellRequest): Promise<ShellReply> {
    const words = args.map((word) => `'${String(word).replaceAll("'", "'\\''")}'`).join(' ');
    const end = `end-${Math.random()}`;
    const text = script.replaceAll('/run/hapb', this.#root);
    this.#child.stdin.write(`( set -- ${words}\n${text}\n) 2>&1 </dev/null; echo "${end} $?"\n`);
    let out = '';
    for await (const chunk of this.#child.stdout.iterator({ destroyOnReturn: false })) {
      out += String(chunk);
      const found = new RegExp(`${end} (\\d+)\n`).exec(out);
      if (found === null) continue;
      const stdout = out.slice(0, found.index);
      return { exitCode: Number(found[1]), stdout, stderr: stdout, droppedBytes: 0 };
    }
    throw new Error('the shell ended');
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const closed = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.kill('SIGKILL');
    await closed;
  }
}

const anna: LeaseHolder = { run: 'run-a', who: 'anna on ops1 (hapb run site.yml, process 11)' };
const berta: LeaseHolder = { run: 'run-b', who: 'berta on ops2 (hapb run site.yml, process 22)' };

async function problemOf(doing: Promise<unknown>): Promise<string> {
  const thrown = await doing.catch((error: unknown) => error);
  if (!(thrown instanceof Failure)) throw new Error('it was not refused');
  return `${thrown.problem.code}: ${thrown.problem.message.replace(/\d{4}-.*$/, 'NOW')}\n  ${thrown.problem.hint}`;
}

interface Node {
  readonly root: string;
  readonly shell: () => Shell;
  /** What lies in the folder of the lease. */
  readonly leases: () => readonly string[];
}

function freshNode(name: ShellName, { onTestFinished }: TestContext): Node {
  const folder = mkdtempSync(join(tmpdir(), 'hapb-lease-'));
  const root = join(folder, 'hapb');
  const open: Shell[] = [];
  onTestFinished(async () => {
    await Promise.all(open.map((one) => one.kill()));
    rmSync(folder, { recursive: true });
  });
  const shell = (): Shell => {
    const one = new Shell(name, root);
    open.push(one);
    return one;
  };
  return { root, shell, leases: () => readdirSync(join(root, 'lease')) };
}

function stampSecondsAgo({ root }: Node, seconds: number): void {
  const uptime = Number(readFileSync('/proc/uptime', 'utf8').split('.')[0]);
  writeFileSync(join(root, 'lease/stamp.run-a'), `${uptime - seconds}\n`);
}

it('is renewed without waiting for what comes as a stream, which another shell takes', async () => {
  const asked: ShellRequest[] = [];
  const run = (request: ShellRequest): Promise<ShellReply> => {
    asked.push(request);
    return Promise.resolve({ exitCode: 0, stdout: 'own\n', stderr: '', droppedBytes: 0 });
  };
  const { signal } = new AbortController();
  expect(await renewLease({ host: 'cp1', run, signal }, { run: 'a', who: 'anna' })).toBe(true);
  expect(asked.map(({ isBeside }) => isBeside)).toEqual([true]);
});

describe.runIf(process.getuid?.() === 0).each(shells)(
  'the lease of a node, in %s',
  { concurrent: true },
  (name) => {
    it('says who has it, and leaves nothing behind when it is given back', async (test) => {
      const { root, shell, leases } = freshNode(name, test);
      const own = shell();
      expect(await takeLease(own, anna)).toEqual({ kind: 'own' });
      expect(leases()).toEqual(['holder', 'stamp.run-a']);
      const [run, , , who] = readFileSync(join(root, 'lease/holder'), 'utf8').split('\n');
      expect([run, who]).toEqual([anna.run, anna.who]);
      await releaseLease(own, anna);
      expect(existsSync(root)).toBe(false);
    });

    it('is given back with what durable commands left, but for those at work and a user’s own', async (test) => {
      const { root, shell } = freshNode(name, test);
      const own = shell();
      await takeLease(own, anna);
      const durable = (resource: string, file: string, text: string): void => {
        mkdirSync(join(root, 'durable', resource), { recursive: true });
        writeFileSync(join(root, 'durable', resource, file), text);
      };
      const [, started] = /^\d+ \(.*\) (.*)/.exec(readFileSync('/proc/self/stat', 'utf8')) ?? [];
      durable('dpkg', 'rc', '0\n');
      durable('image_x', 'pid', '1 1\n');
      durable('command_0123', 'rc', '0\n');
      durable('kubeadm', 'pid', `${process.pid} ${started?.split(' ')[19]}\n`);
      await releaseLease(own, anna);
      expect(readdirSync(join(root, 'durable'))).toEqual(['command_0123', 'kubeadm']);
    });

    it('of a run that is gone is taken away by one that changed nothing, with what it left', async (test) => {
      const { root, shell } = freshNode(name, test);
      const doomed = shell();
      await takeLease(doomed, anna);
      mkdirSync(join(root, 'durable/dpkg'), { recursive: true });
      writeFileSync(join(root, 'durable/dpkg/rc'), '0\n');
      const next = shell();
      await clearLeftOvers(next, berta);
      expect(readdirSync(root)).toEqual(['durable', 'lease']);
      await doomed.kill();
      await clearLeftOvers(next, berta);
      expect(existsSync(root)).toBe(false);
      await clearLeftOvers(next, berta);
      expect(existsSync(root)).toBe(false);
    });

    it('stays with a run that comes to the same machine by another name', async (test) => {
      const { root, shell } = freshNode(name, test);
      await takeLease(shell(), anna);
      await clearLeftOvers(shell(), anna);
      expect(existsSync(join(root, 'lease/holder'))).toBe(true);
    });

    it('is refused to another run while its own lives', async (test) => {
      const { shell, leases } = freshNode(name, test);
      const [own, other] = [shell(), shell()];
      await takeLease(own, anna);
      expect(await problemOf(takeLease(other, berta))).toMatchInlineSnapshot(`
        "HAPB7003: cp1 is being changed by another run: anna on ops1 (hapb run site.yml, process 11), since NOW
          Wait for its end, then run again: what it has done by then will be left as it is. --no-lease changes the node nevertheless."
      `);
      expect(other.progressed).toEqual([]);
      expect(leases()).toEqual(['holder', 'stamp.run-a']);
    });

    it('is refused while a long command of its run keeps it from showing that it lives', async (test) => {
      const node = freshNode(name, test);
      const own = node.shell();
      await takeLease(own, anna);
      stampSecondsAgo(node, 31);
      const started = join(node.root, 'started');
      const command = own.run({ script: ': >"$1"; sleep 5', args: [started] });
      await expect.poll(() => existsSync(started), { timeout: 20_000 }).toBe(true);
      expect(await problemOf(takeLease(node.shell(), berta))).toMatch(/^HAPB7003/);
      await command;
    });

    it('goes over at once when the run that had it is gone', async (test) => {
      const { shell, leases } = freshNode(name, test);
      const own = shell();
      await takeLease(own, anna);
      await own.kill();
      const taken = await takeLease(shell(), berta);
      expect(taken).toMatchObject({ kind: 'taken-over', previous: { who: anna.who, state: 'ended' } });
      expect(leases()).toEqual(['holder', 'stamp.run-b']);
    });

    it('goes over when nothing was heard of the run for 30 s', async (test) => {
      const node = freshNode(name, test);
      const { shell, leases } = node;
      const [own, other] = [shell(), shell()];
      await takeLease(own, anna);
      stampSecondsAgo(node, 29);
      const taken = await takeLease(other, berta);
      expect(taken).toMatchObject({ kind: 'taken-over', previous: { state: 'silent' } });
      expect(other.progressed).toEqual([
        'waiting to see whether the run of anna on ops1 (hapb run site.yml, process 11) still lives',
      ]);
      expect(await renewLease(own, anna)).toBe(false);
      await releaseLease(own, anna);
      expect(leases()).toEqual(['holder', 'stamp.run-b']);
    });

    it('goes over when a command has ended that was left by a run whose connection is gone', async (test) => {
      const node = freshNode(name, test);
      const own = node.shell();
      await takeLease(own, anna);
      // As if the shell had been started by an sshd that has ended.
      const holder = readFileSync(join(node.root, 'lease/holder'), 'utf8').split('\n');
      writeFileSync(join(node.root, 'lease/holder'), holder.with(1, `${holder[1]} 4194303:1`).join('\n'));
      const [started, ended] = ['started', 'ended'].map((word) => join(node.root, word)) as [string, string];
      const command = own.run({ script: ': >"$1"; sleep 3; : >"$2"', args: [started, ended] });
      await expect.poll(() => existsSync(started), { timeout: 20_000 }).toBe(true);
      const other = node.shell();
      expect(await takeLease(other, berta)).toMatchObject({
        kind: 'taken-over',
        previous: { state: 'ended' },
      });
      expect(existsSync(ended)).toBe(true);
      expect(other.progressed).toEqual([
        'waiting for a command that was left running by the run of anna on ops1 (hapb run site.yml, process 11)',
      ]);
      await command;
    });

    it('stays with a run whose connection was made anew', async (test) => {
      const { shell } = freshNode(name, test);
      const own = shell();
      await takeLease(own, anna);
      await own.kill();
      expect(await takeLease(shell(), anna)).toEqual({ kind: 'own' });
      expect(await problemOf(takeLease(shell(), berta))).toMatch(/^HAPB7003/);
    });

    it('goes to one of many that want it at the same moment', async (test) => {
      const { shell } = freshNode(name, test);
      const own = shell();
      await takeLease(own, anna);
      await own.kill();
      const wanted = Array.from({ length: 6 }, (_, index) =>
        takeLease(shell(), { run: `run-${index}`, who: `operator ${index}` }).then(
          (taken) => taken.kind,
          () => 'refused',
        ),
      );
      const ends = await Promise.all(wanted);
      expect(ends.filter((end) => end !== 'refused')).toHaveLength(1);
    });

    it('says what to do where it cannot be taken', async (test) => {
      const { root, shell } = freshNode(name, test);
      writeFileSync(root, 'in the way');
      expect(await problemOf(takeLease(shell(), anna))).toMatch(
        /^HAPB7004: cp1 cannot be marked as being changed by this run: mkdir: .*\n {2}The mark keeps two runs/s,
      );
    });
  },
);
