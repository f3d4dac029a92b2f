import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { shaCrypt } from '../../../src/expression/sha-crypt.ts';
import { type Ran, runPlaybook } from '../rig/run-playbook.ts';

type Vector = readonly [
  kind: 'sha256' | 'sha512',
  password: string,
  salt: string,
  rounds: number,
  hash: string,
];

/** Made by passlib 1.7.4; crypt(3) of glibc 2.36 and `openssl passwd` give the same. */
const vectors = JSON.parse(
  readFileSync(new URL('../../golden/expressions/sha-crypt.json', import.meta.url), 'utf8'),
) as readonly Vector[];

describe('SHA-crypt', () => {
  it.each(vectors)('%s of %s with salt %s and %i rounds', (kind, password, salt, rounds, hash) => {
    expect(shaCrypt(password, { kind, salt, rounds })).toBe(hash);
  });
});

describe('password_hash', () => {
  const run = (tasks: string, args: readonly string[] = []): Promise<Ran> =>
    runPlaybook(
      `- hosts: all\n  gather_facts: false\n  ignore_errors: true\n  tasks:\n${tasks.trim().replace(/^/gm, '    ')}\n`,
      { hosts: ['a'], args },
    );
  const said = (ran: Ran): readonly string[] =>
    [...ran.out.matchAll(/"msg": "(\$.*)"$/gm)].map(([, text = '']) => text);

  it('takes kind, salt and rounds as passlib does', async () => {
    const ran = await run(`
- debug: {msg: "{{ 'a' | password_hash('sha512', 'saltsalt', rounds=5000) }}"}
- debug: {msg: "{{ 'a' | password_hash('sha256', 12345, rounds=1000) }}"}
- debug: {msg: "{{ ('a' | password_hash('sha512', 'saltsalt'))[:32] }}"}`);
    expect(said(ran)).toEqual([
      '$6$saltsalt$8gzUrz5S2/0AfMGfui2LllQQ2fwu.jYnAVGef2XY7gAo0jNFrzHsTq9lMr2ze7QvIJxr4BYOKdgDpx4Va9Atb1',
      '$5$rounds=1000$12345$/JflgywmHE0flvEcfDWgvUZ.HuPAqNDOag9oc3QdAXA',
      '$6$rounds=656000$saltsalt$CeSP6c',
    ]);
  });

  it('makes a salt where none is given, another one each time', async () => {
    const ran = await run(`
- debug: {msg: "{{ 'a' | password_hash(rounds=1000) }}"}
- debug: {msg: "{{ 'a' | password_hash(rounds=1000) }}"}
- debug: {msg: "{{ 'a' | password_hash(rounds=1000, salt_size=4) }}"}`);
    const [one = '', two, short = ''] = said(ran);
    expect(one).toMatch(/^\$6\$rounds=1000\$[./0-9A-Za-z]{16}\$[./0-9A-Za-z]{86}$/);
    expect(short).toMatch(/^\$6\$rounds=1000\$[./0-9A-Za-z]{4}\$/);
    expect(two).not.toBe(one);
  });

  it('is unknown in a check then, and known with a salt', async () => {
    const ran = await run(
      `
- debug: {msg: "{{ 'a' | password_hash(rounds=1000) }}"}
- debug: {msg: "{{ 'a' | password_hash('sha512', 'x', rounds=1000) }}"}`,
      ['--check'],
    );
    expect(ran.recap).toEqual({ a: 'ok=1 unknown=1' });
    expect(ran.out).toContain("'password_hash' gives another value each time");
  });

  it('of a secret is a secret', async () => {
    process.env.HAPB_TEST_PASSWORD = 'hush-hush';
    const ran = await run(`
- set_fact: {hash: "{{ lookup('env', 'HAPB_TEST_PASSWORD') | password_hash('sha512', 'x', rounds=1000) }}"}
- debug: {msg: "got {{ hash }}"}`);
    expect(ran.out).toContain('"msg": "‹HAPB_TEST_PASSWORD›"');
  });

  it('says what it cannot make', async () => {
    const ran = await run(`
- debug: {msg: "{{ 'a' | password_hash('bcrypt') }}"}
- debug: {msg: "{{ 'a' | password_hash('sha512', 'a_b') }}"}
- debug: {msg: "{{ 'a' | password_hash('sha512', 'x' * 17) }}"}
- debug: {msg: "{{ 'a' | password_hash('sha512', 'x', rounds=10) }}"}
- debug: {msg: "{{ 12 | password_hash }}"}`);
    expect(`${ran.out}${ran.err}`.match(/HAPB.*/g)).toMatchInlineSnapshot(`
      [
        "HAPB4008: 'password_hash' knows sha512 and sha256, not bcrypt",
        "HAPB4008: the salt of 'password_hash' has at most 16 letters, digits, dots and slashes",
        "HAPB4008: the salt of 'password_hash' has at most 16 letters, digits, dots and slashes",
        "HAPB4008: 'password_hash' takes 1000 to 999999999 rounds, not 10",
        "HAPB4008: 'password_hash' needs a text, not a number",
      ]
    `);
  });
});
