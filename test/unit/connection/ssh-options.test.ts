import { describe, expect, it } from 'vitest';
import { optionsFrom } from '../../../src/connection/ssh-config.ts';
import { parseJump, parseSshOptions } from '../../../src/connection/ssh-options.ts';
import { splitWords } from '../../../src/connection/ssh-words.ts';
import { fileSpan } from '../../../src/core/source.ts';

const parse = (args: string) => parseSshOptions(args, fileSpan('inventory.yml'));

describe('options of ssh in ansible_ssh_common_args', () => {
  it('become settings', () => {
    const { options, diagnostics } = parse(
      '-o UserKnownHostsFile=/a -o "UserKnownHostsFile /b" -oStrictHostKeyChecking=no -o IdentitiesOnly=yes ' +
        "-o ProxyJump=me@bastion:2222,[fe80::1]:22 -i '~/my key' -i k2 -p 2200 -l admin -o ConnectTimeout=7 -o GlobalKnownHostsFile=/dev/null",
    );
    expect(diagnostics).toEqual([]);
    expect(options).toEqual({
      knownHostsFiles: ['/a'],
      globalKnownHostsFiles: ['/dev/null'],
      hostKeyPolicy: 'off',
      useAgent: false,
      jumps: [
        { user: 'me', address: 'bastion', port: 2222 },
        { user: null, address: 'fe80::1', port: 22 },
      ],
      identityFiles: ['~/my key', 'k2'],
      port: 2200,
      user: 'admin',
      connectTimeoutMs: 7_000,
    });
  });

  it.each([
    ['-J host', { jumps: [{ user: null, address: 'host', port: null }] }],
    ['-o ProxyJump=none', { jumps: [] }],
    [
      '-o ProxyCommand="ssh -W %h:%p -q -p 2222 me@bastion"',
      { jumps: [{ user: 'me', address: 'bastion', port: 2222 }] },
    ],
    ['-o StrictHostKeyChecking=accept-new', { hostKeyPolicy: 'accept-new' }],
    ['-o stricthostkeychecking=yes', { hostKeyPolicy: 'strict' }],
    ['-o UserKnownHostsFile="/a /b"', { knownHostsFiles: ['/a', '/b'] }],
    ['-o IdentityAgent=none', { agentSocket: null }],
    ['-C -q -o ControlMaster=auto -o ControlPersist=60s -o ServerAliveInterval=30', {}],
    ['', {}],
  ])('%j means %j', (args, options) => {
    expect(parse(args)).toEqual({ options, diagnostics: [] });
  });

  it.each([
    '-o ProxyCommand=nc',
    '-W x:1',
    '-o Foo=bar',
    '-F /etc/x',
    'word',
    '-o',
    '-o Port=70000000',
    '-o ProxyJump=a:b:c',
    '-L 1:x:2',
  ])('refuses %j', (args) => {
    expect(parse(args).diagnostics).toMatchObject([{ code: 'HAPB5060', severity: 'error' }]);
  });

  it('say what to do when one is not supported', () => {
    expect(parse('-o ProxyCommand="nc %h %p"')).toMatchInlineSnapshot(`
      {
        "diagnostics": [
          {
            "code": "HAPB5060",
            "hint": "Remove it if hapb works without it, or set \`ansible_connection: openssh\`, which hands all options to the system ssh client.",
            "message": "the ssh option \`ProxyCommand=nc %h %p\` is not supported",
            "severity": "error",
            "span": {
              "end": {
                "column": 1,
                "line": 1,
                "offset": 0,
              },
              "file": "inventory.yml",
              "start": {
                "column": 1,
                "line": 1,
                "offset": 0,
              },
            },
          },
        ],
        "options": {
          "needsOpenssh": "ProxyCommand",
        },
      }
    `);
  });

  it.each([
    ['ssh://me@host:22/', { user: 'me', address: 'host', port: 22 }],
    ['host', { user: null, address: 'host', port: null }],
    ['', null],
    ['a b', null],
  ])('read the jump host %j', (text, jump) => {
    expect(parseJump(text)).toEqual(jump);
  });
});

describe('the answer of ssh -G', () => {
  it('becomes the same options', () => {
    expect(
      optionsFrom(
        'user admin\nhostname 10.0.0.1\nidentityfile ~/.ssh/lab\nproxyjump bastion\nport 2222\nforwardx11 no\n',
      ),
    ).toEqual({
      user: 'admin',
      address: '10.0.0.1',
      identityFiles: ['~/.ssh/lab'],
      jumps: [{ user: null, address: 'bastion', port: null }],
      port: 2222,
    });
  });

  it('tells what only the system ssh client can do', () => {
    expect(optionsFrom('proxycommand nc %h %p\n')).toEqual({ needsOpenssh: 'ProxyCommand' });
  });
});

describe('splitting words', () => {
  it.each([
    ['a  b', ['a', 'b']],
    ['"a b" c', ['a b', 'c']],
    ["'a \"b' c", ['a "b', 'c']],
    ['a\\ b "c\\"d"', ['a b', 'c"d']],
    ["''", ['']],
    ['pre"mid"post', ['premidpost']],
    ['"open', ['open']],
  ])('%j gives %j', (text, words) => {
    expect(splitWords(text)).toEqual(words);
  });
});
