import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { matters } from '../../../src/connection/ssh-config-text.ts';

describe('whether ssh has to be asked what its configuration says', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hapb-config-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const put = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  it('not where the file is what Debian brings, or is not there', () => {
    mkdirSync(join(folder, 'parts'));
    const text = `# x\nInclude ${folder}/parts/*.conf\n\nHost *\n    SendEnv LANG LC_*\n    HashKnownHosts yes\n`;
    expect(matters(put('config', text))).toBe(false);
    expect(matters(join(folder, 'missing'))).toBe(false);
  });

  it.each([
    'User x',
    '  port=2222',
    'HostName 192.0.2.1',
    'ProxyJump b',
    'IdentityFile ~/x',
    'Host a\n\tIdentitiesOnly yes',
    'Match exec "true"\n  ProxyCommand nc %h %p',
    'CanonicalizeHostname yes',
    'UserKnownHostsFile "/x y"',
    'SomethingNew 1',
    'Include ~other/config',
    'Include conf.[ab]',
    'Include /*/config',
    `Include ${'%d'}/x`,
    '!?',
  ])('where a line is %j', (line) => {
    expect(matters(put('config', `Host *\n  SendEnv LANG\n${line}\n`))).toBe(true);
  });

  it('where an included file says something, at any depth, and where files include each other', () => {
    put('deep.conf', 'User x\n');
    put('middle', `Include ${folder}/de*.conf\n`);
    expect(matters(put('config', `Include ${folder}/nothing ${folder}/middle\n`))).toBe(true);
    expect(matters(put('round', `Include ${folder}/round\n`))).toBe(true);
  });

  it('where a file cannot be read', () => {
    mkdirSync(join(folder, 'directory'));
    expect(matters(join(folder, 'directory'))).toBe(true);
  });
});
