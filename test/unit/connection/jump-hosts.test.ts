import { describe, expect, it } from 'vitest';
import { jumpHosts } from '../../../src/connection/jump-hosts.ts';
import { opensshArguments } from '../../../src/connection/openssh-arguments.ts';
import { parseJump, type SshOptions } from '../../../src/connection/ssh-options.ts';
import { settingsOf } from './settings-of.ts';

const hop = (text: string) => {
  const jump = parseJump(text);
  if (jump === null) throw new Error(`no jump: ${text}`);
  return jump;
};
const resolve = async (jumps: readonly string[], config: Readonly<Record<string, SshOptions>>) =>
  (await jumpHosts(jumps.map(hop), (alias) => Promise.resolve(config[alias] ?? null))).map(
    ({ user, address, port, privateKeyFiles = [] }) =>
      `${user}@${address}:${port} ${privateKeyFiles.join(',')}`,
  );

describe('jump hosts', () => {
  it('are what the ssh configuration makes of their names', async () => {
    const gate = { address: '192.0.2.1', port: 2222, user: 'op', identityFiles: ['~/.ssh/gate'] };
    expect(await resolve(['gate', 'plain'], { gate })).toEqual([
      'op@192.0.2.1:2222 ~/.ssh/gate',
      'null@plain:null ',
    ]);
    expect(await resolve(['me@gate:22'], { gate })).toEqual(['me@192.0.2.1:22 ~/.ssh/gate']);
  });

  it('have before the first one those that lead to it', async () => {
    const config = {
      inner: { address: '10.0.0.1', jumps: [hop('gate')] },
      gate: { address: '192.0.2.1', jumps: [hop('street')] },
    };
    expect(await resolve(['inner', 'last'], config)).toEqual([
      'null@street:null ',
      'null@192.0.2.1:null ',
      'null@10.0.0.1:null ',
      'null@last:null ',
    ]);
  });

  it('tell what only the system client can do for them, at the first what leads to it too', async () => {
    const configs: Readonly<Record<string, SshOptions>> = {
      gate: { needsOpenssh: 'ProxyCommand' },
      signed: { needsOpenssh: 'CertificateFile' },
      inner: { jumps: [hop('gate')] },
    };
    const needs = async (...jumps: readonly string[]) =>
      (await jumpHosts(jumps.map(hop), (alias) => Promise.resolve(configs[alias] ?? null))).map(
        ({ needsOpenssh = '' }) => needsOpenssh,
      );
    expect(await needs('gate', 'plain')).toEqual(['ProxyCommand', '']);
    expect(await needs('plain', 'gate')).toEqual(['', '']);
    expect(await needs('plain', 'signed')).toEqual(['', 'CertificateFile']);
    expect(await needs('inner')).toEqual(['ProxyCommand', '']);
  });

  it('that lead to each other come to an end', async () => {
    const config = { a: { jumps: [hop('b')] }, b: { jumps: [hop('a')] }, '*': {} };
    expect((await resolve(['a'], config)).length).toBeLessThanOrEqual(9);
    expect(await resolve(['a'], { a: { jumps: [hop('a')] } })).toEqual(['null@a:null ']);
  });

  it('keep the port that the configuration has for the system client', () => {
    const { options } = opensshArguments(settingsOf({ jumps: [hop('gate'), hop('me@far:22')] }));
    expect(options.slice(-2)).toEqual(['-J', 'gate,me@far:22']);
  });
});
