import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ends, runPlaybook } from '../rig/run-playbook.ts';

type More = NonNullable<Parameters<typeof runPlaybook>[1]>;
const env = { XDG_STATE_HOME: '{folder}/state' };

/** Runs, lets something happen, and goes on. */
async function resumed(
  playbook: string,
  between: (folder: string) => unknown,
  { later = {}, ...more }: More & { readonly later?: More & { readonly playbook?: string } } = {},
) {
  const first = await runPlaybook(playbook, { hosts: ['a'], env, ...more });
  between(first.folder);
  const again = () =>
    runPlaybook(later.playbook ?? playbook, {
      hosts: ['a'],
      env,
      ...more,
      folder: first.folder,
      ...later,
      args: ['--resume', ...(later.args ?? more.args ?? [])],
    });
  return { first, again, folder: first.folder };
}

const count = (folder: string, name: string): number =>
  readFileSync(join(folder, name), 'utf8').split('\n').length - 1;

const site = `
- hosts: all
  gather_facts: false
  handlers:
    - {name: restart, shell: "echo >> {folder}/restarts"}
  tasks:
    - {name: first, shell: "echo >> {folder}/firsts; echo token-1", register: first, notify: restart}
    - {name: fact, set_fact: {seen: "{{ first.stdout }}"}}
    - {name: middle, command: "test -e {folder}/mended", changed_when: false}
    - {name: last, copy_file: {content: "{{ first.stdout }} {{ seen }}\\n", dest: "{folder}/last"}}
`;
const mend = (folder: string) => writeFileSync(join(folder, 'mended'), '');

describe('--resume', () => {
  it('goes on at the task that failed, with registered results, facts and pending handlers', async () => {
    const { first, again, folder } = await resumed(site, mend);
    expect(first.exitCode).toBe(2);
    expect(first.err).toContain('The same command with --resume goes on where this run stopped.');
    const second = await again();
    expect(second.exitCode).toBe(0);
    expect(second.err).toMatch(/^Goes on with the run of \S+Z: what 2 tasks came to is kept\.$/m);
    expect(ends(second, 'a')).toEqual([
      'first: changed',
      'fact: ok',
      'middle: ok',
      'last: changed',
      'restart: changed',
    ]);
    expect(count(folder, 'firsts')).toBe(1);
    expect(count(folder, 'restarts')).toBe(1);
    expect(readFileSync(join(folder, 'last'), 'utf8')).toBe('token-1 token-1\n');
    expect(readdirSync(join(folder, 'state', 'hapb'))).toEqual([]);
  });

  it('goes on again after a second stop, and after a line that a kill cut', async () => {
    const { again, folder } = await resumed(site, () => undefined);
    expect((await again()).exitCode).toBe(2);
    const [name = ''] = readdirSync(join(folder, 'state', 'hapb'));
    const file = join(folder, 'state', 'hapb', name);
    writeFileSync(file, `${readFileSync(file, 'utf8')}{"type":"task.fin`);
    mend(folder);
    expect((await again()).exitCode).toBe(0);
    expect(count(folder, 'firsts')).toBe(1);
  });

  it('keeps its state for its user alone, without secrets; a task whose result held one runs again', async () => {
    const secret = site
      .replaceAll('token-1', '{{ word }}')
      .replace('hosts: all', 'hosts: all\n  vars_prompt: [{name: word, prompt: Word}]');
    const asked = { askSecret: () => Promise.resolve('wonderland-7') };
    const { again, folder } = await resumed(secret, () => undefined, asked);
    const [name = ''] = readdirSync(join(folder, 'state', 'hapb'));
    const file = join(folder, 'state', 'hapb', name);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).not.toContain('wonderland');
    mend(folder);
    expect((await again()).exitCode).toBe(0);
    expect(readFileSync(join(folder, 'last'), 'utf8')).toBe('wonderland-7 wonderland-7\n');
    expect(count(folder, 'firsts')).toBe(2);
    expect(count(folder, 'restarts')).toBe(1);
  });

  it('keeps that a task changed something, though it runs again', async () => {
    const censored = site
      .replace('register: first,', 'register: first, no_log: true, args: {creates: "{folder}/firsts"},')
      .replace(/ {4}- {name: fact.*\n/, '')
      .replace('{{ first.stdout }} {{ seen }}', 'x');
    const { again, folder } = await resumed(censored, mend);
    expect((await again()).exitCode).toBe(0);
    expect(count(folder, 'firsts')).toBe(1);
    expect(count(folder, 'restarts')).toBe(1);
  });

  it.each([
    ['of fewer hosts', ['--limit', 'b']],
    ['of some tasks', ['--tags', 'never-there']],
  ])('still goes on after a run %s that ended well in between', async (_, args) => {
    const between = async (folder: string) => {
      mend(folder);
      const part = await runPlaybook(site, { hosts: ['a', 'b'], env, folder, args });
      expect(part.exitCode).toBe(0);
      expect(part.err).toMatch(
        /What the run of \S+Z has left stays for --resume: this one was of fewer hosts or/,
      );
    };
    const { again, folder } = await resumed(site, () => undefined, { hosts: ['a', 'b'] });
    await between(folder);
    const before = count(folder, 'firsts');
    const last = await again();
    expect(last.exitCode).toBe(0);
    expect(ends(last, 'a').slice(0, 3)).toEqual(['first: changed', 'fact: ok', 'middle: ok']);
    expect(ends(last, 'a').at(-1)).toBe('restart: changed');
    expect(count(folder, 'firsts')).toBe(before);
    expect(readdirSync(join(folder, 'state', 'hapb'))).toEqual([]);
  });

  it('of fewer hosts leaves what the others have before them', async () => {
    const { again, folder } = await resumed(site, mend, {
      hosts: ['a', 'b'],
      later: { args: ['--limit', 'b'] },
    });
    const part = await again();
    expect(part.exitCode).toBe(0);
    expect(part.err).toContain('stays for --resume');
    const rest = await runPlaybook(site, { hosts: ['a', 'b'], env, folder, args: ['--resume'] });
    expect(rest.exitCode).toBe(0);
    expect(count(folder, 'firsts')).toBe(2);
    expect(count(folder, 'restarts')).toBe(2);
    expect(readdirSync(join(folder, 'state', 'hapb'))).toEqual([]);
  });

  it('does not wait for a host that the inventory has no more, nor outlive a whole run', async () => {
    const { folder } = await resumed(site, mend, { hosts: ['a', 'gone'] });
    const now = { hosts: ['a', 'b'], env, folder };
    const part = await runPlaybook(site, { ...now, args: ['--limit', 'a'] });
    expect(part.err).not.toContain('stays for --resume');
    expect(readdirSync(join(folder, 'state', 'hapb'))).toEqual([]);
    rmSync(join(folder, 'mended'));
    expect((await runPlaybook(site, now)).exitCode).toBe(2);
    mend(folder);
    expect((await runPlaybook(site, now)).exitCode).toBe(0);
    expect(readdirSync(join(folder, 'state', 'hapb'))).toEqual([]);
  });

  it('is refused where no run stopped', async () => {
    const { again, folder } = await resumed(site, (at) => rmSync(join(at, 'state'), { recursive: true }));
    await expect(again()).rejects.toMatchObject({ problem: { code: 'HAPB8026' } });
    expect(existsSync(join(folder, 'last'))).toBe(false);
  });

  it('is refused where the playbook, the inventory or the variables are others', async () => {
    const later = { playbook: `${site}\n# changed\n`, hosts: ['a', 'b'], args: ['-e', 'x=1'] };
    const { again } = await resumed(site, mend, { later });
    await expect(again()).rejects.toMatchObject({
      problem: {
        code: 'HAPB8027',
        details: [
          'there was nothing of b',
          'inventory.yml has changed',
          'site.yml has changed',
          'the variable given with -e or to a prompt is new',
        ].join('\n'),
      },
    });
  });

  it.each(['--check', '--syntax-check', '--list-tasks'])('does not go with %s', async (flag) => {
    const both = runPlaybook(site, { hosts: ['a'], args: ['--resume', flag] });
    await expect(both).rejects.toMatchObject({ problem: { code: 'HAPB8001' } });
  });
});
