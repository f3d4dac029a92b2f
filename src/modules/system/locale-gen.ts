import { type Change, known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import { type Ask, all, question } from '../ask.ts';
import { applyFile, type FilePlan } from '../general/file-change.ts';
import { lastLines, notConverged } from '../general/steps.ts';
import { joinLines, planText, splitLines, type TextFile, textFile, textOf } from '../general/text-file.ts';
import type { Module } from '../module.ts';

/** Arguments of `locale_gen`. */
export interface LocaleGenArgs {
  readonly name: string | readonly string[];
  readonly state?: 'present' | 'absent';
}

/** Locales that are compiled, and those that could be. */
export interface Locales {
  readonly tool: 'locale-gen' | 'none';
  readonly compiled: readonly string[];
  /** Lines of /usr/share/i18n/SUPPORTED. */
  readonly supported: readonly string[];
}

/** What `locale_gen` asks. */
export interface LocaleGenState {
  readonly locales: Locales;
  readonly file: TextFile;
}

/** A file to write, and locales to compile anew. */
export interface LocaleGenChange extends Change {
  readonly plan: FilePlan | null;
  readonly wanted: readonly string[];
  readonly state: 'present' | 'absent';
}

const path = '/etc/locale.gen';

/** Locales of the host. */
export const localeGen: Module<LocaleGenArgs, LocaleGenState, LocaleGenChange> = {
  name: 'locale_gen',
  summary: 'Makes locales such as de_DE.UTF-8 available (Debian and its kin).',
  notes: ['It edits /etc/locale.gen and runs locale-gen, which come with the package locales.'],
  args: {
    type: 'object',
    properties: {
      name: {
        type: ['array', 'string'],
        items: { type: 'string' },
        minItems: 1,
        description: 'Locale, or a list of them, such as de_DE.UTF-8.',
      },
      state: { enum: ['present', 'absent'], default: 'present', description: 'Whether it is to be there.' },
    },
    required: ['name'],
    additionalProperties: false,
  },
  returns: { mechanism: 'glibc.' },
  example: `- name: Speak German
  locale_gen:
    name: de_DE.UTF-8
`,
  probe: () => all({ locales: locales(), file: textFile(path) }),
  diff: plan,
  async apply(wanted, host) {
    if (wanted.plan !== null) await applyFile(wanted.plan, host);
    const reply = await host.run({ sh: 'PATH=$PATH:/usr/sbin:/sbin locale-gen', timeoutMs: 1_800_000 });
    if (reply.exitCode !== 0) {
      throw new Failure({
        code: 'HAPB6365',
        message: `cannot ${wanted.summary}`,
        hint: 'Read what locale-gen says below.',
        details: lastLines(reply.stderr || reply.stdout, 10),
      });
    }
    const { compiled } = await host.ask(locales());
    const odd = wanted.wanted.find((name) => compiled.includes(bare(name)) !== (wanted.state === 'present'));
    if (odd !== undefined)
      throw notConverged(`locale ${odd}`, compiled.includes(bare(odd)) ? 'it' : 'no such');
    return { mechanism: 'glibc' };
  },
  output: () => ({ mechanism: 'glibc' }),
  foreseen: () => ({ mechanism: 'glibc' }),
};

function locales(): Ask<Locales> {
  return question<Locales>({
    key: 'locales',
    reads: ['package:locales'],
    sh: `PATH=$PATH:/usr/sbin:/sbin
command -v locale-gen >/dev/null && echo @tool
echo @compiled; locale -a 2>/dev/null
echo @supported; cat /usr/share/i18n/SUPPORTED /usr/local/share/i18n/SUPPORTED 2>/dev/null
exit 0`,
    parse: (reply) => {
      const [head = '', rest = ''] = reply.stdout.split('@compiled\n');
      const [compiled = '', supported = ''] = rest.split('@supported\n');
      const lines = (text: string): readonly string[] =>
        text.split('\n').filter((line) => line.trim() !== '');
      return {
        tool: head.includes('@tool') ? 'locale-gen' : 'none',
        compiled: lines(compiled).map(bare),
        supported: lines(supported),
      };
    },
  });
}

/** Names are compared as `locale -a` writes them: de_DE.UTF-8 is de_DE.utf8. */
function bare(name: string): string {
  const [place = '', rest] = name.trim().split('.');
  if (rest === undefined) return place;
  const [codeset = '', modifier] = rest.split('@');
  return `${place}.${codeset.toLowerCase().replaceAll('-', '')}${modifier === undefined ? '' : `@${modifier}`}`;
}

function plan(args: LocaleGenArgs, { locales: now, file }: LocaleGenState): LocaleGenChange | null {
  if (now.tool === 'none') {
    throw new Failure({
      code: 'HAPB6364',
      message: 'the host has no locale-gen',
      hint: 'Install the package locales first.',
    });
  }
  const state = args.state ?? 'present';
  const names = typeof args.name === 'string' ? [args.name] : args.name;
  const wanted = names.filter((name) => now.compiled.includes(bare(name)) !== (state === 'present'));
  if (wanted.length === 0) return null;
  const supported = wanted.map((name) => lineFor(name, now));
  const { lines, newline } = splitLines(textOf(path, file) ?? '');
  const after = state === 'present' ? uncommented(lines, supported) : commented(lines, supported);
  const plan =
    after.join('\n') === lines.join('\n') ? null : planText(path, joinLines(after, newline), { now: file });
  const compiled =
    state === 'present'
      ? [...now.compiled, ...wanted.map(bare)]
      : now.compiled.filter((name) => !wanted.map(bare).includes(name));
  return {
    summary: `${state === 'present' ? 'compile' : 'remove'} ${wanted.join(', ')}`,
    edits: [
      ...wanted.map((name) => ({
        subject: `locale ${name}`,
        before: state === 'present' ? null : 'compiled\n',
        after: state === 'present' ? 'compiled\n' : null,
      })),
      ...(plan?.edits ?? []),
    ],
    effects: [{ key: 'locales', state: { ...now, compiled } }, ...(plan?.effects ?? [])],
    forecast: known,
    plan,
    wanted,
    state,
  };
}

function lineFor(name: string, now: Locales): string {
  const found = now.supported.find((line) => line.split(/\s+/)[0] === name);
  if (found !== undefined) return found.trim().split(/\s+/).join(' ');
  throw new Failure({
    code: 'HAPB6364',
    message: `the host does not know the locale ${name}`,
    hint: '/usr/share/i18n/SUPPORTED on the host lists them, such as de_DE.UTF-8; capitals count.',
    argument: 'name',
  });
}

/** The entry that a line holds, in force or as a comment. */
function entryOf(line: string): string {
  return line
    .replace(/^[#\s]+/, '')
    .trim()
    .split(/\s+/)
    .join(' ');
}

function uncommented(lines: readonly string[], wanted: readonly string[]): readonly string[] {
  const placed = new Set<string>();
  const result = lines.map((line) => {
    const entry = entryOf(line);
    if (!wanted.includes(entry)) return line;
    placed.add(entry);
    return line.trim().startsWith('#') ? entry : line;
  });
  return [...result, ...wanted.filter((entry) => !placed.has(entry))];
}

function commented(lines: readonly string[], wanted: readonly string[]): readonly string[] {
  return lines.map((line) =>
    wanted.includes(entryOf(line)) && !line.trim().startsWith('#') ? `# ${entryOf(line)}` : line,
  );
}
