import { Failure } from '../../core/failure.ts';
import { parseYaml } from '../../document/parse-yaml.ts';
import { toJson } from '../../document/plain.ts';
import { readSource } from '../../document/read-file.ts';
import { validator } from '../../document/schema.ts';
import type { AnyModule, ArgSchema } from '../module.ts';
import { argsFaults } from './checked-module.ts';
import { fileProblem } from './problem.ts';

/** What `NAME.yml` beside an executable says of it. */
export interface Description
  extends Pick<AnyModule, 'name' | 'summary' | 'args' | 'example' | 'notes' | 'returns' | 'freeForm'> {
  /** Whether it answers to `probe`. */
  readonly probes: boolean;
  /** Keys such as `file:{path}` that the answer to `probe` hangs on, and that `apply` changes; `null`: not said. */
  readonly reads: readonly string[] | null;
  readonly writes: readonly string[] | null;
}

interface Written {
  readonly summary: string;
  readonly notes?: readonly string[];
  readonly args?: Readonly<Record<string, ArgSchema>>;
  readonly required?: readonly string[];
  readonly returns?: Readonly<Record<string, string>>;
  readonly free_form?: string;
  readonly example?: string;
  readonly probe: boolean;
  readonly reads?: readonly string[];
  readonly writes?: readonly string[];
}

const texts = { type: 'array', items: { type: 'string' } };
const descriptionSchema = {
  type: 'object',
  properties: {
    summary: { type: 'string', description: 'One line about what the module does.' },
    notes: texts,
    args: { type: 'object', description: 'A JSON Schema for each argument, with a description.' },
    required: texts,
    returns: { type: 'object', additionalProperties: { type: 'string' } },
    free_form: { type: 'string', description: 'The argument that text behind the module’s name is.' },
    example: { type: 'string', description: 'A task, for the documentation.' },
    probe: { type: 'boolean', description: 'Whether the program answers to `probe`.' },
    reads: texts,
    writes: texts,
  },
  required: ['summary', 'probe'],
  additionalProperties: false,
};

/** Reads the description of an executable module. @throws Failure HAPB2053 and what reading and parsing throw */
export function readDescription(name: string, path: string): Description {
  const read = readSource(path);
  const parsed = read.ok ? parseYaml(read.value, path) : read;
  if (!parsed.ok) throw firstOf(parsed.diagnostics);
  const json = parsed.value === null ? null : toJson(parsed.value);
  const faults = validator(descriptionSchema)(json).map(({ message, hint }) => `${message}. ${hint}`);
  const written = json as unknown as Written;
  const args = {
    type: 'object' as const,
    properties: faults.length === 0 ? (written.args ?? {}) : {},
    ...(faults.length === 0 && written.required !== undefined ? { required: written.required } : {}),
    additionalProperties: false,
  };
  const all = [...faults, ...argsFaults(args)];
  if (all.length > 0) {
    throw fileProblem(path, {
      code: 'HAPB2053',
      message: `${path} does not describe a module: it ${all[0] ?? ''}`,
      hint: 'Write summary, probe (true or false) and args; docs/own-modules.md shows a whole one.',
      ...(all.length > 1 ? { details: all.slice(1).join('\n') } : {}),
    });
  }
  return {
    name,
    summary: written.summary,
    args,
    example: written.example ?? `- ${name}:\n`,
    probes: written.probe,
    reads: written.reads ?? null,
    writes: written.writes ?? null,
    ...(written.notes === undefined ? {} : { notes: written.notes }),
    ...(written.returns === undefined ? {} : { returns: written.returns }),
    ...(written.free_form === undefined ? {} : { freeForm: written.free_form }),
  };
}

function firstOf(diagnostics: readonly { readonly severity: string }[]): Failure {
  const first = diagnostics.find(({ severity }) => severity === 'error') as
    | import('../../core/diagnostic.ts').Diagnostic
    | undefined;
  const { code = 'HAPB2053', message = 'it cannot be read', hint = '', span } = first ?? {};
  return new Failure({ code, message, hint }, span ?? null);
}
