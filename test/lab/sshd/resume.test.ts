import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { projectFolder } from '../rig/lab.ts';
import { type Ground, layGround } from './ground.ts';

const tasks = (seen: string) => [
  { name: 'first', shell: `echo >> ${seen}/firsts; echo token`, register: 'first', notify: 'restart' },
  {
    name: 'middle',
    shell: `echo >> ${seen}/middles; test -e ${seen}/mended || sleep 5`,
    changed_when: false,
  },
  { name: 'last', shell: `echo {{ first.stdout }} >> ${seen}/lasts` },
];

function start({ files, port }: Ground, ...more: readonly string[]) {
  const host = { ansible_host: '127.0.0.1', ansible_port: port, ansible_user: 'op' };
  const vars = { ansible_ssh_private_key_file: join(files, 'user') };
  writeFileSync(join(files, 'inventory.json'), JSON.stringify({ all: { hosts: { node: host }, vars } }));
  const seen = join(files, 'seen');
  const handlers = [{ name: 'restart', shell: `echo >> ${seen}/restarts` }];
  const play = { hosts: 'all', gather_facts: false, handlers, tasks: tasks(seen) };
  writeFileSync(join(files, 'site.yml'), JSON.stringify([play]));
  const words = ['run', join(files, 'site.yml'), '-i', join(files, 'inventory.json'), '--output', 'plain'];
  const env = { ...process.env, HOME: join(files, 'controller'), SSH_AUTH_SOCK: '' };
  return spawn(
    process.execPath,
    ['dist/hapb.cjs', ...words, '--known-hosts', join(files, 'known_hosts'), ...more],
    { cwd: projectFolder, env, stdio: ['ignore', 'pipe', 'pipe'] },
  );
}

/** All that a process says, and how it ends. */
async function endOf(
  child: ReturnType<typeof start>,
): Promise<{ readonly exitCode: unknown; readonly said: string }> {
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
  const exitCode = await new Promise((resolve) => child.on('close', resolve));
  return { exitCode, said };
}

// What the killed run has begun is waited for before anything else is changed there.
it('a run that was killed in the middle of a task goes on there with --resume', async () => {
  await using ground = await layGround({ node: 'mkdir -m 777 "$files/seen"' });
  const seen = (name: string): string => join(ground.files, 'seen', name);
  const first = start(ground);
  const killed = endOf(first);
  for (let tries = 0; !existsSync(seen('middles')) && tries < 600; tries += 1) await delay(50);
  first.kill('SIGKILL');
  await killed;
  writeFileSync(seen('mended'), '');
  const { exitCode, said } = await endOf(start(ground, '--resume'));
  expect(exitCode, said).toBe(0);
  const lines = ['firsts', 'middles', 'lasts', 'restarts'].map((name) => readFileSync(seen(name), 'utf8'));
  expect(lines).toEqual(['\n', '\n\n', 'token\n', '\n']);
});

// Ctrl-C lets the task that is under way end, and starts no other.
it('a run that was interrupted goes on with --resume, and does everything exactly once', async () => {
  await using ground = await layGround({ node: 'mkdir -m 777 "$files/seen"' });
  const seen = (name: string): string => join(ground.files, 'seen', name);
  const first = start(ground);
  const interrupted = endOf(first);
  for (let tries = 0; !existsSync(seen('middles')) && tries < 600; tries += 1) await delay(50);
  first.kill('SIGINT');
  const before = await interrupted;
  expect(before.exitCode, before.said).toBe(99);
  expect(before.said).toContain('The same command with --resume goes on where this run stopped.');
  expect(existsSync(seen('lasts'))).toBe(false);
  const { exitCode, said } = await endOf(start(ground, '--resume'));
  expect(exitCode, said).toBe(0);
  const lines = ['firsts', 'middles', 'lasts', 'restarts'].map((name) => readFileSync(seen(name), 'utf8'));
  expect(lines).toEqual(['\n', '\n', 'token\n', '\n']);
});
