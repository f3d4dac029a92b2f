import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../../src/core/secret.ts';
import { Unknown } from '../../../../src/core/unknown.ts';
import type { CopyArgs } from '../../../../src/modules/general/copy-apply.ts';
import { copyFile } from '../../../../src/modules/general/copy-file.ts';
import { template } from '../../../../src/modules/general/template.ts';
import { expectLawful } from '../../../../src/testing/law.ts';
import { taskContext } from '../../../../src/testing/task-context.ts';
import { type LocalHost, localHost, shells } from './local-host.ts';

describe.each(shells)('copy_file and template in %s', (name) => {
  let host: LocalHost;
  beforeEach(() => {
    host = localHost(name);
    mkdirSync(at('role/files'), { recursive: true });
    mkdirSync(at('role/templates'), { recursive: true });
  });
  afterEach(() => host.dispose());
  const at = (path: string): string => join(host.directory, path);
  const task = () => taskContext({ host: 'here', searchPath: [at('role')] });
  const run = (args: CopyArgs) => expectLawful(copyFile, args, { host, task: task() });
  const mode = (path: string): string => (lstatSync(at(path)).mode & 0o7777).toString(8);

  it('writes a text without a final newline, shows the difference, and does it once', async () => {
    writeFileSync(at('motd'), 'old\n');
    const { change, output } = await run({ content: 'new', dest: at('motd'), mode: 'u=rw,go=' });
    expect(readFileSync(at('motd'), 'utf8')).toBe('new');
    expect(change?.edits).toEqual([
      { subject: at('motd'), before: 'old\n', after: 'new' },
      { subject: at('motd'), before: 'mode: 0644\n', after: 'mode: 0600\n' },
    ]);
    expect(output).toMatchObject({ dest: at('motd'), mode: '0600', size: 3 });
  });

  it('changes only the permissions of a file whose content is right, and keeps the file itself', async () => {
    writeFileSync(at('same'), 'x');
    const inode = lstatSync(at('same')).ino;
    const { change } = await run({ content: 'x', dest: at('same'), mode: '0400' });
    expect(change?.summary).toBe(`set the permissions of ${at('same')}`);
    expect(lstatSync(at('same')).ino).toBe(inode);
  });

  it('finds a relative src in files/, copies bytes as they are, into a directory too', async () => {
    const bytes = Uint8Array.from({ length: 300 }, (_, index) => index % 256);
    writeFileSync(at('role/files/tool.bin'), bytes);
    mkdirSync(at('bin'));
    symlinkSync('bin', at('link-to-bin'));
    const { output, change } = await run({ src: 'tool.bin', dest: at('link-to-bin'), mode: '0755' });
    expect(new Uint8Array(readFileSync(at('bin/tool.bin')))).toEqual(bytes);
    expect(output).toMatchObject({ dest: at('link-to-bin/tool.bin'), src: 'tool.bin' });
    expect(change?.edits[0]?.after).toMatch(/^size: 300 bytes\nsha256: [0-9a-f]{64}\n$/);
  });

  it('copies from another host with its permissions, without ever showing the content', async () => {
    writeFileSync(at('ca.key'), 'PRIVATE');
    chmodSync(at('ca.key'), 0o600);
    const { change } = await run({ from_host: 'node1', src: at('ca.key'), dest: at('copy.key') });
    expect([readFileSync(at('copy.key'), 'utf8'), mode('copy.key')]).toEqual(['PRIVATE', '600']);
    expect(JSON.stringify(change)).not.toContain('PRIVATE');
  });

  it('never shows a secret, and gives a new file with one mode 0600', async () => {
    const { change, output } = await run({ content: new Secret('hunter22', 'password'), dest: at('secret') });
    expect([readFileSync(at('secret'), 'utf8'), mode('secret')]).toEqual(['hunter22', '600']);
    expect(change?.edits[0]).toMatchObject({ before: null });
    expect(String(change?.edits[0]?.after)).toBe('‹password›');
    expect(output).not.toHaveProperty('sha256');
  });

  it('keeps a backup of what it replaces, named by its content', async () => {
    writeFileSync(at('conf'), 'old');
    const { output, change } = await run({ content: 'new', dest: at('conf'), backup: true });
    expect(output).toMatchObject({ backup_file: at('conf.cba06b57~') });
    expect(readFileSync(at('conf.cba06b57~'), 'utf8')).toBe('old');
    expect(change?.effects.map((effect) => effect.key)).toEqual([
      `file:${at('conf')}`,
      `file:${at('conf.cba06b57~')}`,
    ]);
  });

  it('leaves the old file and no other when the new one is not valid', async () => {
    writeFileSync(at('conf'), 'old');
    await expect(run({ content: 'bad', dest: at('conf'), validate: 'grep -q good %s' })).rejects.toThrow(
      'validate',
    );
    expect(readFileSync(at('conf'), 'utf8')).toBe('old');
    expect(readdirSync(host.directory).sort()).toEqual(['conf', 'role']);
  });

  it('leaves what is there with force: false, and makes a missing folder only when told', async () => {
    writeFileSync(at('conf'), 'mine');
    expect((await run({ content: 'new', dest: at('conf'), force: false })).change).toBeNull();
    const below = { content: 'x', dest: at('no/conf') };
    await expect(run(below)).rejects.toThrow(`the folder ${at('no')} does not exist`);
    await run({ ...below, directory_mode: '0750' });
    expect(mode('no')).toBe('750');
  });

  it('says where it looked for a file, and that it copies no folders of other hosts', async () => {
    const missing = await run({ src: 'none', dest: at('x') }).catch((thrown: unknown) => thrown);
    expect(missing).toMatchObject({
      problem: {
        message: 'src none was not found on the controller',
        hint: `Looked for: ${at('role/files/none')}, ${at('role/none')}.`,
      },
    });
    await expect(run({ src: at('role'), from_host: 'other', dest: at('x') })).rejects.toThrow(
      `src ${at('role')} on other is a directory, which cannot be copied from there`,
    );
  });

  it('renders a template and knows when its text cannot be foreseen', async () => {
    writeFileSync(at('role/templates/a.conf.hbs'), 'name={{ x }}\n');
    const args = { src: 'a.conf.hbs', dest: `${host.directory}/` };
    const renderText = (text: string): string => text.replace('{{ x }}', 'value');
    await expectLawful(template, args, { host, task: taskContext({ searchPath: [at('role')], renderText }) });
    expect(readFileSync(at('a.conf'), 'utf8')).toBe('name=value\n');
    const blind = taskContext({ searchPath: [at('role')], renderText: () => new Unknown("depends on 'r'") });
    const change = template.diff(args, await host.ask(template.probe(args, blind)), blind);
    expect(change).toMatchObject({
      forecast: { kind: 'unknown' },
      effects: [{ key: `file:${at('a.conf')}` }],
    });
  });
});
