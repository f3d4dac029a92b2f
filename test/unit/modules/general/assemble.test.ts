import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assemble } from '../../../../src/modules/general/assemble.ts';
import { expectLawful } from '../../../../src/testing/law.ts';
import { taskContext } from '../../../../src/testing/task-context.ts';
import { type LocalHost, localHost, shells } from './local-host.ts';

describe.each(shells)('assemble in %s', (name) => {
  let host: LocalHost;
  beforeEach(() => {
    host = localHost(name);
    mkdirSync(join(host.directory, 'parts/sub'), { recursive: true });
    const parts = { '10-b': 'b', '02 a': 'a\n', '.hidden': 'h\n', '10-B': 'B\n', 'sub/no': 'no\n' };
    for (const [file, text] of Object.entries(parts))
      writeFileSync(join(host.directory, 'parts', file), text);
  });
  afterEach(() => host.dispose());

  const run = async (more: object): Promise<readonly unknown[]> => {
    const dest = join(host.directory, 'whole');
    const args = { src: join(host.directory, 'parts'), dest, ...more };
    const { output } = await expectLawful(assemble, args, { host });
    return [readFileSync(dest, 'utf8'), output.msg];
  };

  it('puts files together in the order of their names, with newlines between them', async () => {
    expect(await run({})).toEqual(['h\na\nB\nb', 'OK']);
  });

  it('takes the files that are wished, with a delimiter', async () => {
    expect(await run({ ignore_hidden: true, delimiter: '### next\\t' })).toEqual([
      'a\n### next\t\nB\n### next\t\nb',
      'OK',
    ]);
    expect(await run({ regexp: '^\\d+-[a-z]$' })).toEqual(['b', 'OK']);
  });

  it('registers the checksum, and has nothing to do the next time', async () => {
    const dest = join(host.directory, 'whole');
    const args = { src: join(host.directory, 'parts'), dest, regexp: '^10-b$', mode: '0600' };
    const first = await expectLawful(assemble, args, { host });
    expect(first.output).toMatchObject({
      checksum: 'e9d71f5ee7c92d6dc9e92ffdad17b8bd49418f98',
      mode: '0600',
    });
    const second = await expectLawful(assemble, args, { host });
    expect(second.change).toBeNull();
    expect(second.output).toMatchObject({
      checksum: 'e9d71f5ee7c92d6dc9e92ffdad17b8bd49418f98',
      src: args.src,
    });
  });

  it('takes files of the controller, decrypted, and bytes that are no text', async () => {
    mkdirSync(join(host.directory, 'files/x'), { recursive: true });
    writeFileSync(join(host.directory, 'files/x/1'), Buffer.from([255, 0]));
    writeFileSync(join(host.directory, 'files/x/2'), 'two');
    const dest = join(host.directory, 'bytes');
    const task = { ...taskContext(), searchPath: [host.directory] };
    await expectLawful(assemble, { src: 'x', dest, remote_src: false }, { host, task });
    expect([...readFileSync(dest)]).toEqual([255, 0, 10, 116, 119, 111]);
  });

  it('says when there is no folder', async () => {
    const args = { src: join(host.directory, 'none'), dest: join(host.directory, 'x') };
    await expect(expectLawful(assemble, args, { host })).rejects.toMatchObject({
      problem: { code: 'HAPB6030', message: `src ${args.src} does not exist on the host` },
    });
  });
});
