import { describe, expect, it } from 'vitest';
import { type AuthorizedKeyArgs, authorizedKey } from '../../../../src/modules/system/authorized-key.ts';
import {
  isWhole,
  lineOf,
  parseKey,
  withKeys,
  withoutKeys,
} from '../../../../src/modules/system/authorized-keys-text.ts';
import { fakeHost } from '../../../../src/testing/fake-host.ts';
import { taskContext } from '../../../../src/testing/task-context.ts';
import { recordedText } from './recorded-text.ts';

const task = taskContext();
const data = 'AAAAC3NzaC1lZDI1NTE5AAAAIP2+Kl1jA+95uLZTLC/koSirFK4eAR5m23y/0LCTL/WI';
const ada = `ssh-ed25519 ${data} ada`;
const eve = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAID7UI35C/XrcmEm/qWkhhCQ8mANm1udOrJ9cVhYf6M4j eve';

function key(line: string) {
  const found = parseKey(line);
  if (found === null) throw new Error(`no key: ${line}`);
  return found;
}

describe('lines of authorized_keys', () => {
  it('are read with options, quotes and comments', () => {
    const line = `from="10.0.0.0/8,10.1.2.3",command="echo a, \\"b\\"" ${ada} lovelace`;
    expect(key(line)).toEqual({
      type: 'ssh-ed25519',
      data,
      options: ['from="10.0.0.0/8,10.1.2.3"', 'command="echo a, \\"b\\""'],
      comment: 'ada lovelace',
    });
    expect(lineOf(key(line))).toBe(line);
    expect(parseKey('# ssh-ed25519 AAAA')).toBeNull();
    expect(parseKey('')).toBeNull();
    expect(parseKey('nonsense')).toBeNull();
  });

  it('hold whole keys, or not', () => {
    expect(isWhole(key(ada))).toBe(true);
    expect(isWhole(key(`ssh-ed25519 ${data.slice(0, -4)}`))).toBe(false);
    expect(isWhole(key(`ssh-rsa ${data}`))).toBe(false);
    expect(isWhole(key('ssh-ed25519 private'))).toBe(false);
  });

  it('stay where they are when a key is added, set right or removed', () => {
    const lines = ['# ours', `no-pty ${ada}`, eve];
    expect(withKeys(lines, [key(ada)], 'keep')).toEqual(['# ours', ada, eve]);
    expect(withKeys(['# ours', eve], [key(ada), key(ada)], 'keep')).toEqual(['# ours', eve, ada]);
    expect(withKeys(lines, [key(ada)], 'only')).toEqual([ada]);
    expect(withKeys([ada, eve, ada], [key(ada)], 'keep')).toEqual([ada, eve]);
    expect(withoutKeys(lines, [key(ada)])).toEqual(['# ours', eve]);
  });
});

describe('authorized_key', () => {
  const path = '/home/deploy/.ssh/authorized_keys';
  const account = {
    kind: 'present',
    uid: 1001,
    gid: 1001,
    group: 'deploy',
    groups: [],
    comment: '',
    home: '/home/deploy',
    homeExists: true,
    shell: '/bin/sh',
    shadow: null,
  } as const;
  const folder = { kind: 'directory', mode: '0700', owner: 'deploy', group: 'deploy' } as const;
  const diff = (args: Partial<AuthorizedKeyArgs>, text: string | null, rest: object = {}) =>
    authorizedKey.diff(
      { user: 'deploy', key: ada, ...args },
      { user: account, path, keys: recordedText(path, text), folder, source: null, ...rest },
      task,
    );

  it('asks for the home first, and then for the file in it', async () => {
    const host = fakeHost({
      answers: {
        'user:deploy': account,
        [`file:${path}`]: { kind: 'absent' },
        'file:/home/deploy/.ssh': { kind: 'absent' },
        mounts: [],
        identity: { user: 'root', group: 'root', uid: 0, gid: 0, umask: '0022' },
      },
    });
    const state = await host.ask(authorizedKey.probe({ user: 'deploy', key: ada }, task));
    expect(state).toMatchObject({ path, folder: { kind: 'absent' } });
    const change = authorizedKey.diff({ user: 'deploy', key: ada }, state, task);
    expect(change?.edits.map(({ subject }) => subject)).toEqual(['/home/deploy/.ssh', path, path]);
    expect(change?.effects).toMatchObject([
      { key: 'file:/home/deploy/.ssh', state: { mode: '0700', owner: 'deploy', group: 'deploy' } },
      { key: `file:${path}`, state: { content: `${ada}\n`, mode: '0600', owner: 'deploy' } },
    ]);
  });

  it('leaves the file alone when the key is in it, and its folder too', () => {
    expect(diff({}, `${ada}\n`, { folder: { ...folder, mode: '0755' } })).toBeNull();
    expect(diff({ state: 'absent' }, `${eve}\n`)).toBeNull();
    expect(diff({ key_options: 'no-pty,no-X11-forwarding' }, `no-X11-forwarding,no-pty ${ada}\n`)).toBeNull();
  });

  it('replaces a link unless it is to follow it', () => {
    const keys = recordedText('/srv/keys', `${eve}\n`);
    expect(diff({}, null, { keys })?.plan.path).toBe(path);
    expect(diff({ follow: true }, null, { keys })?.plan.path).toBe('/srv/keys');
  });

  it('reads keys from a file of the host', () => {
    const source = recordedText('/srv/ada.pub', `# of ada\n\n${ada}\n`);
    expect(diff({ key: 'file:///srv/ada.pub' }, null, { source })?.plan.content).toBe(`${ada}\n`);
  });

  it('says what cannot be', () => {
    expect(() => diff({}, null, { user: { kind: 'absent' } })).toThrow('the host has no user deploy');
    expect(() => diff({ key: 'ssh-rsa nonsense' }, null)).toThrow('not a whole public key: ssh-rsa nonsense');
    expect(() => diff({ key: 'https://example.org/ada.keys' }, null)).toThrow('"key" is not supported');
  });
});
