import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { addRunFlags, type RunFlags, toRunOptions } from '../../../src/cli/run-flags.ts';
import type { RunOptions } from '../../../src/cli/run-options.ts';
import { Failure } from '../../../src/core/failure.ts';

function parse(...words: readonly string[]): RunOptions {
  const command = addRunFlags(new Command('run').argument('<playbook...>')).exitOverride();
  command.configureOutput({ writeErr: () => undefined }).parse(words, { from: 'user' });
  return toRunOptions(command.args, command.opts<RunFlags>());
}

function refusal(...words: readonly string[]): string {
  try {
    parse(...words);
  } catch (problem) {
    return problem instanceof Error ? problem.message : String(problem);
  }
  throw new Error('it was accepted');
}

describe('flags of run', () => {
  test('nothing but a playbook leaves every decision open', () => {
    expect(parse('site.yml')).toMatchInlineSnapshot(`
      {
        "become": {
          "enabled": "as-written",
          "method": null,
          "password": {
            "kind": "none",
          },
          "user": null,
        },
        "connection": {
          "connectTimeoutMs": null,
          "hostKeys": "strict",
          "kind": null,
          "knownHostsFiles": [],
          "password": {
            "kind": "none",
          },
          "privateKeyFiles": [],
          "sshCommonArgs": null,
          "sshExtraArgs": null,
          "user": null,
        },
        "dates": "no",
        "diff": "hide",
        "exitCodes": "ansible",
        "extraVars": [],
        "forks": null,
        "from": "beginning",
        "handlers": "usual",
        "inventories": [],
        "leases": "usual",
        "limit": null,
        "lists": [],
        "mode": "apply",
        "modulePaths": [],
        "outputs": [],
        "plan": null,
        "playbooks": [
          "site.yml",
        ],
        "rolesPath": null,
        "runTimeoutSeconds": null,
        "save": null,
        "skipTags": [],
        "startAtTask": null,
        "tags": [],
        "task": "run",
        "tasks": "all",
        "vault": {
          "sources": [],
        },
        "verbosity": 0,
      }
    `);
  });

  test('repeatable flags add up, in their order', () => {
    const options = parse(
      ...['a.yml', 'b.yml', '-i', 'one', '--inventory=two', '-i', 'x,y,', '-l', 'web', '--limit', '!web3'],
      ...['-e', 'a=1', '-e', '@vars.yml', '-t', 'one,two', '--tags', 'three', '--skip-tags', 'four, five'],
      ...[
        '--private-key',
        'k1',
        '--key-file',
        'k2',
        '--known-hosts',
        'h1',
        '--known-hosts',
        'h2',
        '-vv',
        '-v',
      ],
    );
    expect(options).toMatchObject({
      playbooks: ['a.yml', 'b.yml'],
      inventories: ['one', 'two', 'x,y,'],
      limit: '!web3',
      extraVars: ['a=1', '@vars.yml'],
      tags: ['one', 'two', 'three'],
      skipTags: ['four', 'five'],
      verbosity: 3,
    });
    expect(options.connection).toMatchObject({
      privateKeyFiles: ['k1', 'k2'],
      knownHostsFiles: ['h1', 'h2'],
    });
  });

  test('flags may stand on both sides of the playbook, letters together', () => {
    expect(parse('-CDb', 'site.yml', '-f', '3')).toMatchObject({
      playbooks: ['site.yml'],
      mode: 'check',
      diff: 'show',
      forks: 3,
      become: { enabled: 'yes' },
    });
  });

  test('connection and become', () => {
    const options = parse(
      ...['s', '-u', 'admin', '-c', 'openssh', '-T', '7', '--ssh-common-args=-J jump', '--ssh-extra-args=-C'],
      ...['--accept-new-host-keys', '-k', '--become-user', 'app', '--become-method', 'su'],
      ...['--become-password-file', 'p'],
    );
    expect(options.connection).toEqual({
      kind: 'openssh',
      user: 'admin',
      privateKeyFiles: [],
      connectTimeoutMs: 7000,
      sshCommonArgs: '-J jump',
      sshExtraArgs: '-C',
      knownHostsFiles: [],
      hostKeys: 'accept-new',
      password: { kind: 'ask' },
    });
    expect(options.become).toEqual({
      enabled: 'as-written',
      user: 'app',
      method: 'su',
      password: { kind: 'file', path: 'p' },
    });
  });

  test('vault passwords with labels', () => {
    expect(
      parse('s', '-J', '--vault-password-file', 'f', '--vault-id', 'dev@prompt', '--vault-id', 'a@b@c').vault,
    ).toEqual({
      sources: [
        { label: 'default', password: { kind: 'ask' } },
        { label: 'default', password: { kind: 'file', path: 'f' } },
        { label: 'dev', password: { kind: 'ask' } },
        { label: 'a', password: { kind: 'file', path: 'b@c' } },
      ],
    });
  });

  test('what to do besides running', () => {
    expect(parse('s', '--syntax-check').task).toBe('syntax-check');
    expect(parse('s', '--list-hosts')).toMatchObject({ task: 'list', lists: ['hosts'] });
    expect(parse('s', '--start-at-task', 'T', '--force-handlers', '--detailed-exitcode')).toMatchObject({
      task: 'run',
      startAtTask: 'T',
      handlers: 'forced',
      exitCodes: 'detailed',
    });
  });

  test('outputs with and without a file', () => {
    expect(parse('s', '--output', 'plain', '--output', 'html=a=b.html').outputs).toEqual([
      { kind: 'plain', file: null },
      { kind: 'html', file: 'a=b.html' },
    ]);
    expect(refusal('s', '--output', 'pdf')).toBe('--output pdf is not known');
    expect(refusal('s', '--output', 'jsonl=')).toBe('--output jsonl= names no file');
    expect(refusal('s', '--output', 'tree=x')).toBe('--output tree is for a terminal, not for a file');
  });

  test('wrong values are refused', () => {
    expect(refusal('s', '-f', '0')).toContain('It must be a whole number from 1.');
    expect(refusal('s', '-c', 'winrm')).toContain('Allowed choices are ssh, local, openssh, smart.');
    expect(refusal('s', '--forks')).toContain('argument missing');
    expect(refusal()).toContain("missing required argument 'playbook'");
  });
});

test('failures of the command line point at it', () => {
  try {
    parse('s', '--output', 'pdf');
  } catch (problem) {
    expect(problem).toBeInstanceOf(Failure);
    expect((problem as Failure).span?.file).toBe('<command line>');
  }
  expect.assertions(2);
});
