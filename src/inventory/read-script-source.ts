import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { type Diagnostic, error, warning } from '../core/diagnostic.ts';
import { parseJson } from '../core/parse-json.ts';
import { fileSpan } from '../core/source.ts';
import type { Value } from '../core/value.ts';
import { shapeOf } from '../document/plain.ts';
import { tellSource } from '../document/read-file.ts';
import type { VariableEntry } from '../variables/layer.ts';
import {
  addChild,
  addHosts,
  type BuiltHost,
  groupIn,
  type InventoryBuilder,
  setVariables,
} from './builder.ts';

/** The longest that an inventory script may take, in milliseconds. */
const scriptTimeoutMs = 120_000;

/** Why a script gave nothing, in words that go on after its name. */
interface ScriptFailure {
  readonly problem: string;
  readonly details: string;
}

/** Runs a script and gives what it printed. */
export type RunScript = (path: string, args: readonly string[]) => string | ScriptFailure;

/**
 * Runs an executable inventory with `--list` and fills the inventory from its JSON; `--host NAME` per host when there is
 * no `_meta`. Everything it prints is data. HAPB3109 when it fails, HAPB3110 when what it prints has no known form.
 */
export function readScriptSource(builder: InventoryBuilder, path: string, run: RunScript = runProgram): void {
  const listed = objectFrom(builder, { path, args: ['--list'], run });
  if (listed === null) return;
  const { _meta: meta, ...groups } = listed;
  const named = new Set<BuiltHost>();
  for (const [name, content] of Object.entries(groups)) readGroup(builder, { path, name, content, named });
  const hostvars = isObject(meta) && isObject(meta.hostvars) ? meta.hostvars : null;
  for (const host of named) {
    const variables =
      hostvars === null
        ? objectFrom(builder, { path, args: ['--host', host.name], run })
        : hostvars[host.name];
    if (isObject(variables)) setVariables(builder, host, dataOf(variables));
  }
  const known = new Set([...named].map(({ name }) => name));
  const strays = Object.keys(hostvars ?? {}).filter((name) => !known.has(name));
  if (strays.length > 0) builder.problems.push(strayHosts(path, strays));
}

/** Ansible ignores them without a word. */
function strayHosts(path: string, names: readonly string[]): Diagnostic {
  const shown = [...names.slice(0, 3), ...(names.length > 3 ? ['…'] : [])].join(', ');
  return warning({
    code: 'HAPB3117',
    message: `the inventory script ${path} gives variables of ${shown}, which is in none of its groups`,
    hint: 'They are ignored. List the host in a group of the script, `all` or `ungrouped` for one.',
    span: fileSpan(path),
  });
}

interface ScriptGroup {
  readonly path: string;
  readonly name: string;
  readonly content: unknown;
  /** Filled with the hosts that the groups list. */
  readonly named: Set<BuiltHost>;
}

function readGroup(builder: InventoryBuilder, { path, name, content, named }: ScriptGroup): void {
  const span = fileSpan(path);
  const group = groupIn(builder, name, span);
  const add = (pattern: unknown): readonly BuiltHost[] => {
    const hosts = addHosts(builder, group, { pattern: String(pattern), span });
    for (const host of hosts) named.add(host);
    return hosts;
  };
  const wrong = (part: string, form: string): void => {
    builder.problems.push(
      error({
        code: 'HAPB3110',
        message: `the inventory script ${path} gives \`${part}\` in no known form`,
        hint: `It must be ${form}; see "Developing dynamic inventory" of Ansible for the JSON that --list prints.`,
        span,
      }),
    );
  };
  if (Array.isArray(content)) {
    for (const host of content) add(host);
    return;
  }
  if (!isObject(content)) {
    wrong(name, 'a list of hosts or an object with hosts, vars and children');
    return;
  }
  const { hosts, vars, children } = content;
  if (hosts === undefined && vars === undefined && children === undefined) {
    for (const host of add(name)) setVariables(builder, host, dataOf(content));
    return;
  }
  if (Array.isArray(hosts)) for (const host of hosts) add(host);
  else if (hosts !== undefined) wrong(`${name}.hosts`, 'a list of names');
  if (isObject(vars)) setVariables(builder, group, dataOf(vars));
  else if (vars !== undefined) wrong(`${name}.vars`, 'an object');
  if (Array.isArray(children))
    for (const child of children) addChild(builder, group, { name: String(child), span });
  else if (children !== undefined) wrong(`${name}.children`, 'a list of names');
}

interface Asked {
  readonly path: string;
  readonly args: readonly string[];
  readonly run: RunScript;
}

function objectFrom(builder: InventoryBuilder, { path, args, run }: Asked): Record<string, unknown> | null {
  const fail = ({ problem, details }: ScriptFailure): null => {
    builder.problems.push(
      error({
        code: 'HAPB3109',
        message: `the inventory script ${path} ${problem}`,
        hint: `Run it by hand: ${path} ${args.join(' ')}`,
        span: fileSpan(path),
        ...(details === '' ? {} : { details }),
      }),
    );
    return null;
  };
  const printed = run(path, args);
  if (typeof printed !== 'string') return fail(printed);
  tellSource(`${path} ${args.join(' ')}`, printed);
  // A host without variables may be answered with nothing.
  if (args[0] === '--host' && printed.trim() === '') return {};
  try {
    const value = parseJson(printed);
    return isObject(value) ? value : fail({ problem: 'printed JSON that is not an object', details: '' });
  } catch (cause) {
    return fail({
      problem: `did not print JSON: ${cause instanceof Error ? cause.message : String(cause)}`,
      details: printed.slice(0, 400),
    });
  }
}

function runProgram(path: string, args: readonly string[]): string | ScriptFailure {
  const run = spawnSync(resolve(path), args, {
    encoding: 'utf8',
    timeout: scriptTimeoutMs,
    maxBuffer: 256 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const details = (run.stderr ?? '').trim().split('\n').slice(-10).join('\n');
  if (run.error !== undefined) return { problem: `cannot be run: ${run.error.message}`, details };
  if (run.status !== 0)
    return { problem: `ended with ${run.signal ?? `exit code ${run.status ?? '?'}`}`, details };
  return run.stdout;
}

function dataOf(variables: Readonly<Record<string, unknown>>): Map<string, VariableEntry> {
  return new Map(
    Object.entries(variables).map(([name, value]) => [
      name,
      { kind: 'value', value: shapeOf(value) as Value, span: null },
    ]),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
