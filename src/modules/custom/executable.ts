import { readFileSync } from 'node:fs';
import type { Change } from '../../core/change.ts';
import { Secret } from '../../core/secret.ts';
import { Unknown } from '../../core/unknown.ts';
import type { Value } from '../../core/value.ts';
import { jsonText } from '../../document/json-text.ts';
import { tellSource } from '../../document/read-file.ts';
import { type Ask, nothing, question } from '../ask.ts';
import type { AnyModule, Module } from '../module.ts';
import type { Description } from './description.ts';
import { type ExecutableReply, readReply } from './executable-reply.ts';
import { fileProblem } from './problem.ts';

/** What an executable is to do. */
interface ExecutableChange extends Change {
  readonly args: Args;
}

type Args = Readonly<Record<string, Value>>;

/** Larger programs do not travel inside a request. */
const maxSizeBytes = 1_048_576;

/**
 * Puts `$1` (base64) into a folder that programs may run from, as `$program`; removed whatever happens. What follows are
 * names and values for its environment: reading JSON is hard for shell scripts.
 */
const placed = `
program=
for d in "\${XDG_RUNTIME_DIR:-}" /run /dev/shm /tmp /var/tmp; do
  [ -n "$d" ] && [ -w "$d" ] || continue
  t=$(umask 077 && mktemp -d "$d/hapb.XXXXXX" 2>/dev/null) || continue
  trap 'rm -rf -- "$t"' EXIT
  printf '#!/bin/sh\\n' >"$t/module" && chmod 700 "$t/module"
  if "$t/module" 2>/dev/null; then program=$t/module; break; fi
  rm -rf -- "$t"
done
[ -n "$program" ] || { echo 'no folder on this host lets a program be put into it and run' >&2; exit 1; }
printf %s "$1" | base64 -d >"$program" || exit 1
shift
while [ $# -gt 1 ]; do export "hapb_$1=$2"; shift 2; done
`;

/** A module that is a program: it runs on the node with `probe` or `apply` and the arguments as JSON on standard input. */
export function executableModule(description: Description, path: string): AnyModule {
  const program = readFileSync(path);
  tellSource(path, program);
  if (program.length > maxSizeBytes) {
    throw fileProblem(path, {
      code: 'HAPB2053',
      message: `${path} is larger than a module may be: ${program.length} bytes, at most ${maxSizeBytes}`,
      hint: 'Install it with copy_file, and run it with command.',
    });
  }
  const base64 = program.toString('base64');
  const { name } = description;
  const module: Module<Args, ExecutableReply, ExecutableChange> = {
    ...description,
    traits: ['reads-everything'],
    probe: (args) => (description.probes ? probing(description, base64, args) : nothing(unasked)),
    diff: (args, state) =>
      state.changed || state.unknown !== null ? changeOf(description, args, state) : null,
    apply: async ({ args }, host) => {
      const sh = `${placed}"$program" apply`;
      const reply = await host.run({ sh, args: [base64, ...environmentOf(args)], stdin: jsonText(args) });
      const { changed, output } = readReply(name, 'apply', reply);
      return { ...output, changed };
    },
    output: (_, state) => state.output,
  };
  return module as AnyModule;
}

const unasked: ExecutableReply = {
  changed: true,
  unknown: 'only running the module would tell',
  summary: null,
  edits: [],
  output: {},
};

/** Secrets stay away: a question is text, and text may be shown. */
function probing(description: Description, program: string, args: Args): Ask<ExecutableReply> {
  const plain = Object.entries(args).filter(([, value]) => !(value instanceof Secret));
  const text = jsonText(Object.fromEntries(plain));
  const json = typeof text === 'string' ? text : '{}';
  const { name, reads, writes } = description;
  return question({
    // Where it is not said what calls touch, any call of the module may concern this one.
    key: reads === null || writes === null ? `module:${name}` : `module:${name} ${json}`,
    reads: keysOf(reads, args),
    sh: `json=$1; shift\n${placed}printf %s "$json" | "$program" probe`,
    args: [json, program, ...environmentOf(args)],
    parse: (reply) => readReply(name, 'probe', reply),
  });
}

/** `file:{path}` with the argument put in. */
function keysOf(patterns: readonly string[] | null, args: Args): readonly string[] {
  return (patterns ?? []).map((pattern) =>
    pattern.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = args[name];
      return typeof value === 'string' || typeof value === 'number' ? String(value) : whole;
    }),
  );
}

/** Arguments that are one plain word, by name: `hapb_path=/etc/motd`. No secret is among them. */
function environmentOf(args: Args): readonly string[] {
  return Object.entries(args).flatMap(([name, value]) => {
    const plain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    return plain && /^[A-Za-z_]\w*$/.test(name) ? [name, String(value)] : [];
  });
}

function changeOf(description: Description, args: Args, state: ExecutableReply): ExecutableChange {
  const { name, reads, writes } = description;
  const { unknown } = state;
  const touched =
    reads === null || writes === null ? [`module:${name}`, ...keysOf(writes, args)] : keysOf(writes, args);
  return {
    summary: state.summary ?? `run ${name}`,
    edits: state.edits,
    effects: touched.map((key) => ({ key, state: new Unknown(`${name} changes it`) })),
    forecast: unknown === null ? { kind: 'known' } : { kind: 'unknown', unknown: new Unknown(unknown) },
    args,
  };
}
