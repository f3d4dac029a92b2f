import { becomeProblem } from '../../../src/connection/become-problem.ts';
import { capture } from '../../../src/connection/capture.ts';
import {
  hostKeyAlgorithms,
  judgeKey,
  linesFor,
  parseKnownHosts,
} from '../../../src/connection/known-hosts.ts';
import { markedStream } from '../../../src/connection/marker.ts';
import { opensshProblem } from '../../../src/connection/openssh-problem.ts';
import { identityFrom } from '../../../src/connection/shell-start.ts';
import { optionsFrom } from '../../../src/connection/ssh-config.ts';
import { parseSshOptions } from '../../../src/connection/ssh-options.ts';
import { cleanText } from '../../../src/core/clean-text.ts';
import { fileSpan } from '../../../src/core/source.ts';
import { settingsOf } from '../../unit/connection/settings-of.ts';
import { mustBeSound } from '../sound.ts';
import { type Target, textOf } from '../target.ts';

const marker = '0123456789abcdef0123456789abcdef';
const maxBytes = 512;

/** What a shell writes on one stream, in chunks of any size; a third of the bytes says where it is cut. */
export const frames: Target = {
  name: 'frames',
  seeds: [
    `output${marker}:0;more${marker}:1;`,
    `Welcome!\n${marker}:4711 4711 4711 bash base64;${marker}:`,
    `\xff\xfe\u001b[2Jx${marker}${marker}:127;;`,
  ],
  words: [
    `${marker}:`,
    `${marker}:0;`,
    marker.slice(0, 16),
    ':',
    ';',
    '0',
    '-1',
    'NaN',
    '\u001b[31m',
    '\n',
    '\0',
  ],
  feed: (input) => {
    const taken = [capture(maxBytes), capture(maxBytes), capture(maxBytes)];
    const payloads: string[] = [];
    const stream = markedStream(() => {
      const mine = taken[payloads.length];
      if (mine === undefined) return undefined;
      return {
        marker: Buffer.from(`${marker}:`, 'latin1'),
        take: (bytes) => mine.take(bytes),
        seen: (payload) => void payloads.push(payload),
      };
    });
    for (let at = 0; at < input.length; ) {
      const size = 1 + ((input[at] ?? 0) % 97);
      stream.feed(input.subarray(at, at + size));
      at += size;
    }
    stream.flush();
    for (const one of taken) {
      if (Buffer.byteLength(one.text(), 'latin1') > maxBytes) throw new Error('more is kept than may be');
    }
    for (const payload of payloads) identityFrom(payload);
    if (input.indexOf(`${marker}:`) === -1 && payloads.length > 0) throw new Error('a reply was made up');
  },
};

const key = Buffer.from('AAAAC3NzaC1lZDI1NTE5AAAAIJ4XNo3dxU0gI6Wbl0pLHJe3bGXm1xvXHRMDfBFBvD5E', 'base64');

/** known_hosts files. */
export const knownHosts: Target = {
  name: 'known-hosts',
  seeds: [
    `host,192.0.2.? ssh-ed25519 ${key.toString('base64')} comment\n[host]:2222 ssh-rsa AAAAB3NzaC1yc2E=\n`,
    `|1|bA5gbkpmjsaWjvvvMfoYjTlh0o4=|uK3ZyLmhJhGm3xTTHTIhhV1mMCQ= ssh-ed25519 ${key.toString('base64')}\n`,
    `@revoked * ssh-ed25519 ${key.toString('base64')}\n@cert-authority *.example.com,!host ssh-rsa AAAA\n# c\n`,
  ],
  words: [
    'host',
    '*',
    '?',
    '!',
    ',',
    ' ',
    '\n',
    '|1|',
    '|',
    '@revoked ',
    '@cert-authority ',
    'ssh-ed25519 ',
    'ecdsa-sha2-nistp256 ',
    '[host]:2222',
    '=',
    '\t',
    '#',
    '************',
  ],
  feed: (input) => {
    const lines = parseKnownHosts(textOf(input), '~/.ssh/known_hosts');
    for (const [name, port] of [
      ['host', 22],
      ['host', 2222],
      ['2001:db8::1', 22],
    ] as const) {
      const found = linesFor(lines, name, port);
      judgeKey(found, key);
      judgeKey(found, input.subarray(0, 40));
      if (hostKeyAlgorithms(found).length !== 6) throw new Error('an algorithm is lost');
    }
  },
};

/** What `ssh -G` prints, and options of ssh in variables. */
export const sshOptions: Target = {
  name: 'ssh-options',
  seeds: [
    'hostname 192.0.2.1\nport 2222\nproxyjump a@b:22,[2001:db8::1]:2\nidentityfile ~/.ssh/id\nuserknownhostsfile a "b c"\nconnecttimeout 5\n',
    `-o ProxyJump=bastion -i '~/.ssh/my key' -p 22 -o "ProxyCommand=ssh -W %h:%p -q u@b" -4 -o StrictHostKeyChecking=accept-new`,
  ],
  words: [
    '-o ',
    '-J ',
    '-i ',
    '-F ',
    '=',
    ' ',
    '"',
    "'",
    '\\',
    '\n',
    'ProxyCommand=ssh -W %h:%p ',
    'proxyjump ',
    'none',
    ',',
    '@',
    '[',
    ']',
    ':',
    'ssh://',
    'port ',
    'IdentityAgent=',
  ],
  feed: (input) => {
    const text = textOf(input);
    optionsFrom(text);
    mustBeSound(parseSshOptions(text, fileSpan('hosts')).diagnostics, { file: 'hosts', text });
  },
};

/** What ssh and sudo say when they do not lead to a shell. */
export const refusals: Target = {
  name: 'refusals',
  seeds: [
    '@@@@@@@@@\n@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nOffending key in /root/.ssh/known_hosts:3\n',
    'admin@192.0.2.1: Permission denied (publickey,password).\r\nConnection closed by 192.0.2.1 port 22\n',
    'sudo: a password is required\nSorry, try again.\nadmin is not in the sudoers file.\nsu: Authentication failure\n',
    'Unable to negotiate with 192.0.2.1 port 22: no matching key exchange method found. Their offer: a,b\n',
  ],
  words: [
    '\u001b]0;x\u0007',
    '\u001b[2J',
    '\u202e',
    '\r',
    '\n',
    '\0',
    '\x9b',
    'sudo: ',
    'Permission denied',
    'hapb-password-',
    '%',
    '(',
    ')',
  ],
  feed: (input) => {
    const text = textOf(input);
    const read = { file: 'inventory.yml', text: '' };
    const settings = settingsOf();
    mustBeSound([opensshProblem(settings, text).diagnostic], read);
    for (const method of ['sudo', 'su', 'doas'] as const) {
      const become = { method, user: 'root', password: null, flags: [] };
      const evidence = { stdout: '', stderr: text, exitCode: 1, prompts: (input[0] ?? 0) % 3 };
      mustBeSound([becomeProblem(settings, become, evidence).diagnostic], read);
    }
    if (/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]/.test(cleanText(text))) throw new Error('unclean');
  },
};
