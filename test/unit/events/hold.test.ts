import { describe, expect, it } from 'vitest';
import type { Edit } from '../../../src/core/change.ts';
import type { Event } from '../../../src/events/event.ts';
import { createHold } from '../../../src/events/hold.ts';

const span = {
  file: 'site.yml',
  start: { line: 4, column: 7, offset: 40 },
  end: { line: 4, column: 9, offset: 42 },
};
const play = {
  type: 'play.started',
  play: '0',
  name: 'p',
  span,
  hosts: ['a'],
  tasks: [{ id: '0.0', kind: 'task', title: 'Configure', module: 'copy_file', span }],
} as const;

const path = '/etc/tool.conf';

/** A plan in which a task would write a file, as a check on a bare host foresees it. */
function planOf(edits: readonly Edit[]): readonly Event[] {
  return [
    { seq: 0, atMs: 0, ...play },
    {
      seq: 1,
      atMs: 1,
      type: 'task.finished',
      node: '0.0',
      host: 'a',
      delegate: null,
      looped: false,
      outcome: { kind: 'would-change', change: { summary: `write ${path} (0644)`, edits }, output: {} },
      verdict: 'final',
      durationMs: 1,
    },
  ];
}

const foreseen: readonly Edit[] = [
  { subject: path, before: null, after: 'ours\n' },
  { subject: path, before: null, after: 'mode: 0644\nowner: root\n' },
];

function judged(edits: readonly Edit[], plan: readonly Edit[]): string | null {
  const hold = createHold(planOf(plan), { file: 'plan.jsonl', diff: () => '' });
  hold.on(play);
  const change = { summary: `write ${path} (0600)`, edits };
  const wanted = { node: '0.0', host: 'a', index: null, delegate: null, change, decides: 'module' } as const;
  return hold.judge(wanted)?.code ?? null;
}

describe('a file that a package may bring before it is written', () => {
  const brought = foreseen.map((edit) => ({ ...edit, bringer: "'Install'" }));

  it('may be overwritten with what was foreseen, whatever it was', () => {
    expect(judged([{ subject: path, before: 'theirs\n', after: 'ours\n' }], brought)).toBeNull();
    const permissions = { subject: path, before: 'mode: 0600\n', after: 'mode: 0644\n' };
    expect(judged([permissions], brought)).toBeNull();
  });

  it('may not become anything else', () => {
    expect(judged([{ subject: path, before: 'theirs\n', after: 'other\n' }], brought)).toBe('HAPB7080');
    expect(judged([{ subject: path, before: null, after: 'mode: 0666\n' }], brought)).toBe('HAPB7080');
    expect(judged([{ subject: '/etc/other', before: null, after: 'ours\n' }], brought)).toBe('HAPB7080');
  });

  it('is compared whole where no package may bring it', () => {
    expect(judged([{ subject: path, before: 'theirs\n', after: 'ours\n' }], foreseen)).toBe('HAPB7080');
  });
});

describe('what a check can say no more of', () => {
  const version = (before: string | null, after: string): Edit => ({
    subject: 'package tool',
    before,
    after,
  });

  it('may become what fits, and nothing else', () => {
    const plan = [{ ...version(null, '1.4.*\n'), fits: { after: '1.4.*\n' } }];
    expect(judged([version(null, '1.4.2-1\n')], plan)).toBeNull();
    expect(judged([version(null, '1.5.0-1\n')], plan)).toBe('HAPB7080');
    expect(judged([version('1.3\n', '1.4.2-1\n')], plan)).toBe('HAPB7080');
    expect(judged([version(null, '1.4.2-1\n'), version(null, 'other')], plan)).toBe('HAPB7080');
  });

  it('may have been anything that fits before', () => {
    const plan = [
      { ...version('installed\n', 'installed (held)\n'), fits: { before: '*\n', after: '* (held)\n' } },
    ];
    expect(judged([version('1.4\n', '1.4 (held)\n')], plan)).toBeNull();
    expect(judged([version('1.4\n', '1.4\n')], plan)).toBe('HAPB7080');
  });

  it('may be any number of things that fit', () => {
    const image = (name: string): Edit => ({ subject: `image ${name}`, before: null, after: `${name}\n` });
    const plan = [
      { ...image('of the tool'), fits: { subject: 'image registry.example/*' } },
      image('other/b'),
    ];
    expect(
      judged([image('registry.example/a'), image('registry.example/c'), image('other/b')], plan),
    ).toBeNull();
    expect(judged([image('other/b')], plan)).toBeNull();
    expect(judged([image('registry.example/a')], plan)).toBe('HAPB7080');
    expect(judged([image('other/a'), image('other/b')], plan)).toBe('HAPB7080');
  });
});
