import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ShellReply } from '../../../../src/connection/connection.ts';
import { type Ask, each } from '../../../../src/modules/ask.ts';
import { type FileQuestion, file } from '../../../../src/modules/asks/file.ts';
import { packageOf } from '../../../../src/modules/asks/package.ts';
import { sysctl } from '../../../../src/modules/asks/sysctl.ts';
import { type UnitState, unit } from '../../../../src/modules/asks/unit.ts';
import { Gathering, type HostRequest } from '../../../../src/modules/host/gathering.ts';
import { type LocalHost, localHost, shells } from '../general/local-host.ts';

/** Answers the questions of an ask in one flight; gives the answers, and how many requests it took. */
async function together<T>(host: LocalHost, asked: Ask<T>): Promise<{ answers: T; requests: number }> {
  const gathering = new Gathering();
  let requests = 0;
  const send = ({ script, args = [] }: HostRequest): Promise<ShellReply> => {
    requests += 1;
    return host.run({ sh: script, args });
  };
  const answers = await Promise.all(
    asked.queries.map(async ({ sh, args, several, parse }) =>
      parse(await gathering.run('cp1', { script: sh, args, several: several ?? null }, send)),
    ),
  );
  return { answers: asked.decode(answers), requests };
}

describe.each(shells)('questions of one flight, answered by %s', (shell) => {
  let host: LocalHost;
  beforeEach(() => {
    host = localHost(shell);
  });
  afterEach(() => host.dispose());

  it('about files get the answers that each gets for itself, in one request', async () => {
    const at = (name: string): string => join(host.directory, name);
    writeFileSync(at('text'), 'hello world');
    writeFileSync(
      at('bytes'),
      Uint8Array.from({ length: 600 }, (_, index) => index % 256),
    );
    writeFileSync(at("odd '$x'\n name"), 'a\n\nb\n');
    writeFileSync(at('empty'), '');
    writeFileSync(at('lines'), '\n\n a\tb \\n "$c" -n %s\\\n\n\n');
    writeFileSync(at('nul'), 'one\0two\n');
    writeFileSync(at('accents'), 'Zuñiga\n');
    writeFileSync(at('carriage'), 'one\r\ntwo\r\n');
    writeFileSync(at('kibibyte'), 'x'.repeat(1_024));
    writeFileSync(at('longer'), 'x'.repeat(1_025));
    mkdirSync(at('folder'));
    chmodSync(at('folder'), 0o1750);
    symlinkSync('text', at('link'));
    symlinkSync('no\nwhere', at('dangling'));
    const ways: readonly (readonly [string, FileQuestion])[] = [
      ['text', { content: 'text' }],
      ['text', { content: 'hash' }],
      ['text', { content: 'text', maxContentBytes: 3 }],
      ['missing', { content: 'text' }],
      ['bytes', { content: 'text' }],
      ["odd '$x'\n name", { content: 'text' }],
      ['link', { content: 'text', links: 'follow' }],
      ['link', { content: 'text', links: 'keep' }],
      ['dangling', { content: 'none', links: 'keep' }],
      ['dangling', { content: 'none', links: 'follow' }],
      ['empty', { content: 'text' }],
      ...['lines', 'nul', 'accents', 'carriage', 'kibibyte', 'longer'].map(
        (name): readonly [string, FileQuestion] => [name, { content: 'text' }],
      ),
      ['folder', { content: 'none' }],
      ['text/below', { content: 'none', folder: at('text') }],
      ['folder/below', { content: 'none', folder: at('folder') }],
      ['../../dev/null', { content: 'none' }],
    ];
    const questions = ways.map(([name, question]) => file(at(name), question));
    const alone = await Promise.all(questions.map((question) => host.ask(question)));
    expect(alone.map(({ kind }) => kind)).toContain('link');
    expect(await together(host, each(questions))).toEqual({ answers: alone, requests: 1 });
    alone.forEach((state, index) => {
      if (state.kind !== 'file' || state.content === null) return;
      expect([ways[index]?.[0], Buffer.from(state.content as string)]).toEqual([
        ways[index]?.[0],
        readFileSync(state.realPath),
      ]);
    });
  });

  it('about kernel settings get the answers that each gets for itself, in one request', async () => {
    const names = ['net.ipv4.tcp_rmem', 'kernel.hostname', 'no.such', 'net.ipv4.conf.lo/x', 'kernel.ostype'];
    const questions = names.map((name) => sysctl(name));
    const alone = await Promise.all(questions.map((question) => host.ask(question)));
    expect(alone[0]).toMatchObject({ kind: 'value' });
    expect(alone[2]).toEqual({ kind: 'absent' });
    expect(alone[4]).toEqual({ kind: 'value', value: 'Linux' });
    expect(await together(host, each(questions))).toEqual({ answers: alone, requests: 1 });
  });
});

/** A machine whose systemctl knows two units and refuses one name. */
const systemctl = `#!/bin/sh
while [ "$1" != -- ]; do shift; done; shift
for unit; do
  [ "$unit" != bad.service ] || exit 1
  [ -z "$more" ] || echo; more=yes
  case $unit in
    ssh.service) printf 'LoadState=loaded\\nActiveState=active\\nSubState=running\\nUnitFileState=enabled\\nNeedDaemonReload=no\\n' ;;
    *) printf 'LoadState=not-found\\nActiveState=inactive\\nSubState=dead\\nUnitFileState=\\nNeedDaemonReload=no\\n' ;;
  esac
done
`;

/** The question as a machine answers it that has such a systemctl in the folder. */
function withSystemctl(asked: Ask<UnitState>, folder: string): Ask<UnitState> {
  const there = (sh: string): string => `PATH=${folder}:$PATH\n${sh.replace('/run/systemd/system', folder)}`;
  const queries = asked.queries.map((query) => ({
    ...query,
    sh: there(query.sh),
    several: there(query.several ?? ''),
  }));
  return { ...asked, queries };
}

it.each(shells)('questions about units get the answers that each gets for itself, in %s', async (shell) => {
  const host = localHost(shell);
  try {
    writeFileSync(join(host.directory, 'systemctl'), systemctl, { mode: 0o755 });
    const questionsOf = (names: readonly string[]): readonly Ask<UnitState>[] =>
      names.map((name) => withSystemctl(unit(name), host.directory));
    const questions = questionsOf(['ssh', 'none', 'odd name@x.socket', 'ssh.service']);
    const alone = await Promise.all(questions.map((question) => host.ask(question)));
    expect(alone.map(({ load }) => load)).toEqual(['loaded', 'not-found', 'not-found', 'loaded']);
    expect(await together(host, each(questions))).toEqual({ answers: alone, requests: 1 });
    // A refused name, and a pattern that may bring more than one.
    for (const odd of ['bad', 'ss*']) {
      const few = questionsOf(['ssh', odd]);
      const said = await Promise.all(few.map((question) => host.ask(question)));
      expect(await together(host, each(few))).toEqual({ answers: said, requests: 3 });
    }
  } finally {
    host.dispose();
  }
});

// A machine with busybox for its programs has no dpkg.
it.each(shells.filter((shell) => shell !== 'busybox'))(
  'questions about packages get the answers that each gets for itself, in %s',
  async (shell) => {
    const host = localHost(shell);
    try {
      const questions = ['dpkg', 'no-such-package', 'libc6', 'dash'].map((name) => packageOf(name));
      const alone = await Promise.all(questions.map((question) => host.ask(question)));
      expect(alone[0]).toMatchObject({ kind: 'installed' });
      expect(await together(host, each(questions))).toEqual({ answers: alone, requests: 1 });
      const odd = ['dash', 'libc6:amd64'].map((name) => packageOf(name));
      const oddAlone = await Promise.all(odd.map((question) => host.ask(question)));
      expect(await together(host, each(odd))).toEqual({ answers: oddAlone, requests: 3 });
    } finally {
      host.dispose();
    }
  },
);

describe('questions of one flight', () => {
  const well = (stdout = ''): ShellReply => ({ exitCode: 0, stdout, stderr: '', droppedBytes: 0 });
  function shell(answer: (request: HostRequest) => ShellReply) {
    const seen: string[] = [];
    const gathering = new Gathering();
    const run = (request: HostRequest): Promise<ShellReply> =>
      gathering.run('cp1', request, (asked) => {
        seen.push(asked.script);
        return Promise.resolve(answer(asked));
      });
    return { seen, run };
  }

  it('that cannot be answered together are asked one by one', async () => {
    const { seen, run } = shell(({ script }) =>
      script === 'all' ? { ...well(), exitCode: 1 } : well(script),
    );
    const replies = await Promise.all([
      run({ script: 'one', several: 'all' }),
      run({ script: 'two', several: 'all' }),
    ]);
    expect(replies.map(({ stdout }) => stdout)).toEqual(['one', 'two']);
    expect(seen).toEqual(['all', 'one', 'two']);
  });

  it('whose common answer was cut are asked one by one', async () => {
    const { run } = shell(({ script, args = [] }) =>
      script === 'all'
        ? { ...well(`1${String(args[0])}\n2${String(args[0])}\n`), droppedBytes: 5 }
        : well(script),
    );
    const replies = [run({ script: 'one', several: 'all' }), run({ script: 'two', several: 'all' })];
    expect((await Promise.all(replies)).map(({ stdout }) => stdout)).toEqual(['one', 'two']);
  });

  it('go before a change that is sent in the same turn', async () => {
    const { seen, run } = shell(({ script }) => well(script));
    await Promise.all([run({ script: 'ask', several: 'all' }), run({ script: 'change' })]);
    expect(seen).toEqual(['ask', 'change']);
  });

  it('do not wait for each other where their ends differ', async () => {
    const { seen, run } = shell(({ script }) => well(script));
    const { signal } = new AbortController();
    await Promise.all([
      run({ script: 'one', several: 'all' }),
      run({ script: 'two', several: 'all', signal }),
    ]);
    expect(seen).toEqual(['one', 'two']);
  });
});
