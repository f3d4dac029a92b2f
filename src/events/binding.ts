import { createHmac, scryptSync } from 'node:crypto';
import { Float } from '../core/float.ts';
import { reveal } from '../core/reveal.ts';
import { Secret } from '../core/secret.ts';
import type { Value } from '../core/value.ts';

/** What a saved plan belongs to. Contents stand in it as digests alone, of another kind in each plan by its salt. */
export interface Binding {
  /** Of hapb: another one may word a change differently. */
  readonly version: string;
  /** In hex. */
  readonly salt: string;
  /** The inventory's hosts, as far as `--limit` left them. */
  readonly hosts: readonly string[];
  /** Flags that decide what is done, by name, as texts. */
  readonly settings: Readonly<Record<string, string>>;
  /** Every file of the project and the inventory, named from the playbook's folder. */
  readonly files: Readonly<Record<string, string>>;
  /** Extra vars and answers to prompts, by name. */
  readonly variables: Readonly<Record<string, string>>;
}

/** The digest of a file, 32 hex digits. */
export function contentDigest(salt: string, content: Uint8Array | string): string {
  return createHmac('sha256', Buffer.from(salt, 'hex')).update(content).digest('hex').slice(0, 32);
}

/**
 * The digest of a variable. Whoever has the plan can try values; so each try costs as much as trying a password does
 * (scrypt with N = 2¹⁴, about 50 ms).
 */
export function variableDigest(salt: string, name: string, value: Value): string {
  const text = JSON.stringify(revealed(value));
  return scryptSync(text, `${salt} ${name}`, 16, { N: 2 ** 14, r: 8, p: 1 }).toString('hex');
}

function revealed(value: Value): unknown {
  if (value instanceof Secret) return reveal(value);
  if (value instanceof Float) return value.toJSON();
  if (Array.isArray(value)) return value.map((item: Value) => revealed(item));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]: [string, Value]) => [key, revealed(item)]);
  return Object.fromEntries(entries);
}

/** What is otherwise than when the plan was made, in sentences; empty: the plan fits. Fewer hosts are no difference. */
export function differencesFrom(plan: Binding, now: Binding): readonly string[] {
  const strangers = now.hosts.filter((host) => !plan.hosts.includes(host));
  return [
    ...(plan.version === now.version ? [] : [`it was made by hapb ${plan.version}; this is ${now.version}`]),
    ...differing(plan.settings, now.settings).map(
      (name) => `${name}: ${plan.settings[name] ?? 'none'} then, ${now.settings[name] ?? 'none'} now`,
    ),
    ...(strangers.length === 0 ? [] : [`there was nothing of ${strangers.join(', ')}`]),
    ...differing(plan.files, now.files).map((name) => `${name} ${change(plan.files, now.files, name)}`),
    ...differing(plan.variables, now.variables).map(
      (name) => `the variable ${name} ${change(plan.variables, now.variables, name)}`,
    ),
  ];
}

type Texts = Readonly<Record<string, string>>;

function differing(one: Texts, other: Texts): readonly string[] {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].filter((name) => one[name] !== other[name]).sort();
}

function change(before: Texts, after: Texts, name: string): string {
  if (before[name] === undefined) return 'is new';
  return after[name] === undefined ? 'is not used any more' : 'has changed';
}
