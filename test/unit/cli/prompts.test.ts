import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../../../src/cli/program.ts';
import { localHosts, temporaryFolder } from '../rig/run-playbook.ts';
import { fakeTerminal } from './terminal.ts';

const play = (prompts: string, said: string): string =>
  `- hosts: a\n  gather_facts: false\n  vars: {domain: example.org}\n  vars_prompt:\n${prompts.trim().replace(/^/gm, '    ')}\n  tasks:\n    - debug: {msg: "${said}"}\n`;

/** Runs a playbook, answers questions in order, and tells what was asked and said. `null`: there is no terminal. */
async function run(playbook: string, answers: readonly string[] | null, args: readonly string[] = []) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'site.yml'), playbook);
  writeFileSync(join(folder, 'inventory.yml'), localHosts('a'));
  const asked: string[] = [];
  const left = [...(answers ?? [])];
  const askSecret = (question: string, echo = 'hidden'): Promise<string> => {
    asked.push(`${question}(${echo})`);
    return Promise.resolve(left.shift() ?? '');
  };
  const terminal = fakeTerminal(answers === null ? {} : { askSecret });
  const words = ['run', join(folder, 'site.yml'), '-i', join(folder, 'inventory.yml'), ...args];
  const exitCode = await runProgram({ words, version: 'test', terminal });
  const said = /"msg": "(.*)"/.exec(terminal.out)?.[1] ?? null;
  return { exitCode, asked, said, error: terminal.error.replaceAll(folder, '') };
}

describe('vars_prompt', () => {
  it('asks with the default, hides answers unless told, and takes the default for an empty one', async () => {
    const prompts = `
- {name: where, prompt: "Where in {{ domain }}", private: false, default: "www.{{ domain }}"}
- {name: kind, private: false, default: 5}
- {name: pass}`;
    const ran = await run(play(prompts, '{{ where }} {{ kind }} {{ kind is string }}'), [
      '',
      '7',
      'hush-hush',
    ]);
    expect(ran).toMatchObject({ exitCode: 0, said: 'www.example.org 7 True', error: '' });
    expect(ran.asked).toEqual([
      'Where in example.org [www.example.org]: (shown)',
      'kind [5]: (shown)',
      'pass: (hidden)',
    ]);
  });

  it('never shows what was typed unseen', async () => {
    const ran = await run(play('- {name: pass}', 'is {{ pass }}'), ['hush-hush']);
    expect(ran.said).toBe('‹pass›');
  });

  it('asks again until both answers are the same', async () => {
    const ran = await run(play('- {name: p, confirm: true, private: "no"}', '{{ p }}'), [
      'one',
      'two',
      'one',
      'one',
    ]);
    expect(ran).toMatchObject({ said: 'one', error: '***** VALUES ENTERED DO NOT MATCH ****\n' });
    expect(ran.asked).toEqual(['p: (shown)', 'confirm p: (shown)', 'p: (shown)', 'confirm p: (shown)']);
  });

  it('is answered by extra vars, and beaten by vars_files alone', async () => {
    const ran = await run(
      play('- {name: p}\n- {name: domain, private: no}', '{{ p }} {{ domain }}'),
      ['d'],
      ['-e', 'p=given'],
    );
    expect(ran).toMatchObject({ asked: ['domain: (shown)'], said: 'given d' });
  });

  it('takes defaults where nobody can be asked, and says so; without one it is an error', async () => {
    const ran = await run(play('- {name: p, default: d}', '{{ p }}'), null);
    expect(ran).toMatchObject({ exitCode: 0, said: 'd' });
    expect(ran.error).toContain('/site.yml:5:14  warning HAPB8021: "p" is not asked for');
    await expect(run(play('- {name: p}', '{{ p }}'), null)).rejects.toMatchObject({
      problem: { code: 'HAPB8020', message: '"p" cannot be asked for: there is no terminal' },
    });
  });

  it('hashes an answer, or the default in its place, with encrypt', async () => {
    const asked = play('- {name: p, encrypt: sha512_crypt, salt: salt, private: false}', '{{ p }}');
    const made = await run(asked, ['x']);
    // As crypt(3) has it.
    expect(made.said).toBe(
      '$6$rounds=656000$salt$Nhj9miM5LyFMQWOXFOZ.zndy7nY3hKPsoz4ECuE/rA8wC02XK.NLzW8fho0uZbVx5D.6kJRZJz9FND.5Z.g6u0',
    );
    const unasked = await run(
      play('- {name: p, default: x, encrypt: sha256_crypt, salt_size: 7}', '{{ p }}'),
      null,
    );
    expect(unasked.said).toMatch(/^\$5\$rounds=535000\$[./0-9A-Za-z]{7}\$[./0-9A-Za-z]{43}$/);
    const unseen = await run(play('- {name: p, encrypt: sha512_crypt}', '{{ p }}'), ['hush-hush']);
    expect(unseen.said).toBe('‹p›');
  });

  it('refuses what it does not know', async () => {
    const ran = await run(play('- {name: p, encrypt: md5_crypt, colour: red}\n- {prompt: x}', 'x'), []);
    expect(ran.exitCode).toBe(4);
    expect(ran.error.match(/error HAPB.*/g)).toEqual([
      'error HAPB2023: "encrypt" is "md5_crypt"',
      'error HAPB2002: "colour" is not supported in vars_prompt',
      'error HAPB2003: "vars_prompt" needs mappings with the "name" of a variable, found a mapping',
    ]);
  });
});
