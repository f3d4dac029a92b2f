import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { labInventory } from './rig/hapb.ts';
import { lab, labId, onNode } from './rig/lab.ts';
import { leaksBelow, leaksIn, planted, plantedWord, planting, vaulted } from './rig/planted.ts';

/** Collects every command line and environment of the node until /run/enough is there. */
const sampler = `rm -f /run/enough /run/seen
while [ ! -e /run/enough ]; do cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n' >>/run/seen; done
sort -u /run/seen; rm -f /run/seen /run/enough`;

/** Files that hold a secret because they are where it was written, or where a task puts it. */
const sources = ['group_vars/all.yml', 'become', 'vault', 'key', 'hosts.yml'];
let folder = '';
const inventory: string[] = [];

beforeAll(async () => {
  await lab('up', '1');
  const made = await labInventory();
  folder = made.folder;
  inventory.push('-i', made.inventory, '-i', join(folder, 'hosts.yml'));
  const write = (name: string, text: string): void => {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text, { mode: 0o600 });
  };
  const inside = vaulted(
    JSON.stringify({
      text: planted(1),
      list: [planted(2), { deep: [planted(3)] }],
      users: [
        { name: 'one', password: planted(4) },
        { name: 'two', password: planted(5) },
      ],
      pem: `-----BEGIN KEY-----\n${planted(6)}\n${Buffer.from(planted(7)).toString('base64')}\n-----END KEY-----\n`,
      login_password: plantedWord(8),
      passphrase: plantedWord(9),
      word: plantedWord(10),
      more: Array.from({ length: 14 }, (_, index) => ({ key: planted(17 + index) })),
    }),
    plantedWord(11),
  );
  write('group_vars/all.yml', inside);
  write('vault', `${plantedWord(11)}\n`);
  write('become', readFileSync(`/run/hapb-lab/${labId}/operator-password`, 'utf8'));
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', plantedWord(9), '-f', join(folder, 'key')]);
  const address = /ansible_host: (\S+)/.exec(readFileSync(made.inventory, 'utf8'))?.[1] ?? '';
  const scalar = vaulted(planted(12), plantedWord(11)).replace(/^/gm, '          ');
  write('hosts.yml', hostsText(scalar, address));
  write('site.yml', readFileSync(new URL('rig/secrets.yml', import.meta.url), 'utf8'));
  write('secret.j2.hbs', 'password={{ text }}\nagain={{ text | b64encode }}\n');
  const own =
    '#!/bin/sh\nread -r line; echo "{\\"changed\\": true, \\"got\\": \\"$(printf %s "$line" | base64 -w0)\\"}"\n';
  write('modules/mine', own);
  chmodSync(join(folder, 'modules/mine'), 0o755);
  write(
    'modules/mine.yml',
    'summary: Takes a secret.\nprobe: false\nargs:\n  token: {type: string, secret: allowed, description: It.}\n',
  );
  await onNode('cp1', nodeText(readFileSync(join(folder, 'key.pub'), 'utf8').trim()));
});
afterAll(() => lab('down'));

function hostsText(scalar: string, address: string): string {
  return `all:
  hosts:
    by_password:
      ansible_host: '${address}'
      ansible_user: pwuser
      ansible_password: '{{ login_password }}'
      ansible_ssh_private_key_file: /dev/null
      ansible_become: false
      scalar: !vault |
${scalar}
    by_key:
      ansible_host: '${address}'
      ansible_user: admin
      ansible_ssh_private_key_file: '${folder}/key'
      ansible_ssh_private_key_passphrase: '{{ passphrase }}'
    by_operator:
      ansible_host: '${address}'
      ansible_user: operator
      ansible_become: true
`;
}

/** A user who logs in with a password, a further key for another one, and a sshd that takes passwords. */
function nodeText(publicKey: string): string {
  return `useradd -m -s /bin/sh pwuser; printf '%s:%s\\n' pwuser '${plantedWord(8)}' | chpasswd
echo '${publicKey}' >>/home/admin/.ssh/authorized_keys
printf 'PasswordAuthentication yes\\n' >/etc/ssh/sshd_config.d/00-password.conf
systemctl restart ssh 2>/dev/null || systemctl restart sshd; touch /run/begun`;
}

/** Runs the program in this process, where questions can be answered. What it wrote to its two outputs. */
async function run(
  ...words: readonly string[]
): Promise<{ readonly exitCode: number; readonly said: string }> {
  let said = '';
  const note = (text: string | Uint8Array): void => {
    said += typeof text === 'string' ? text : Buffer.from(text).toString('latin1');
  };
  const answers = [plantedWord(13), planted(14)];
  const exitCode = await runProgram({
    words: [...words],
    version: 'test',
    terminal: {
      writeOut: note,
      writeError: note,
      inIsTerminal: true,
      outIsTerminal: false,
      errorIsTerminal: false,
      columns: 0,
      rows: 0,
      stopping: new AbortController().signal,
      interrupted: new AbortController().signal,
      env: { HOME: folder },
      askSecret: (question) => Promise.resolve((question.includes('first') ? answers[0] : answers[1]) ?? ''),
    },
  });
  return { exitCode, said };
}

it('shows none of 30 planted secrets on a screen, in a report or file of either side, in a command line or environment', async () => {
  const sampled = onNode('cp1', sampler);
  const files = [
    '--vault-password-file',
    join(folder, 'vault'),
    '--become-password-file',
    join(folder, 'become'),
  ];
  const reports = ['plain', `jsonl=${folder}/log`, `junit=${folder}/junit.xml`, `html=${folder}/page.html`];
  const outputs = reports.flatMap((report) => ['--output', report]);
  const site = [join(folder, 'site.yml'), ...inventory, ...files, '-vvvv'];
  const checked = await run(
    'run',
    ...site,
    '--check',
    '--diff',
    '--save',
    join(folder, 'plan'),
    '--output',
    'plain',
  );
  const first = await run('run', ...site, '--diff', ...outputs);
  const second = await run('run', ...site, '--diff', '--output', 'plain');
  const drift = await run('drift', ...site, '--output', `drift-json=${folder}/drift.json`);
  const unread = await run('run', join(folder, 'site.yml'), ...inventory, '-vvvv');
  await onNode('cp1', 'touch /run/enough');
  const seen = await sampled;
  for (const { said } of [checked, first, second]) {
    expect(said).toContain('TASK [the end of all]');
    expect(said).not.toContain('UNREACHABLE');
  }
  expect(drift.said).toContain('Cannot be known without a run');
  const operator = readFileSync(join(folder, 'become'), 'utf8').trim();
  const said = [checked, first, second, drift, unread].map(
    (one, index) => [`run ${index}`, one.said] as const,
  );
  expect(said.flatMap(([name, text]) => leaksIn(name, text))).toEqual([]);
  expect(leaksBelow(folder, sources)).toEqual([]);
  expect(said.some(([, text]) => text.includes(operator))).toBe(false);
  expect(leaksIn('the processes of the node', seen)).toEqual([]);
  expect(seen.split('\n').length).toBeGreaterThan(200);
  expect(seen).not.toContain(operator);
  const holding = (places: string, besides: string): Promise<string> =>
    onNode(
      'cp1',
      `find ${places} -xdev ${besides} -type f -newer /run/begun -print0 | xargs -0 grep -laE '${planting.join('|')}' 2>/dev/null; true`,
    );
  expect((await holding('/root/wanted', '')).trim().split('\n').sort()).toEqual([
    '/root/wanted/copy',
    '/root/wanted/template',
  ]);
  expect(await holding('/ /run /tmp /dev/shm', '-path /root/wanted -prune -o')).toBe('');
}, 600_000);
