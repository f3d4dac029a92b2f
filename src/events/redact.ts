import { cleanText } from '../core/clean-text.ts';
import { Float } from '../core/float.ts';
import { knownSecrets } from '../core/secret.ts';
import { secretForms } from './secret-forms.ts';

interface Form {
  readonly text: string;
  readonly label: string;
}

interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly label: string;
}

// Secrets are only ever added, so the number of them tells whether the forms are still complete.
let forms: readonly Form[] = [];
let secretsSeen = 0;

function currentForms(): readonly Form[] {
  const secrets = knownSecrets();
  if (secrets.size !== secretsSeen) {
    const labels = new Map<string, string>();
    for (const [secret, label] of secrets) {
      for (const form of secretForms(secret, cleanText)) if (!labels.has(form)) labels.set(form, label);
    }
    forms = [...labels].map(([text, label]) => ({ text, label }));
    secretsSeen = secrets.size;
  }
  return forms;
}

/** Base64 as programs wrap it: long lines of its alphabet, one below the other. */
const wrappedBase64 = /(?:[A-Za-z0-9+/_-]{32,}\r?\n)+[A-Za-z0-9+/_=-]+/g;

/** The text with every known secret, in every spelling of it, replaced by `‹label›`. */
export function redactText(text: string): string {
  const current = currentForms();
  if (current.length === 0 || text.length < 4) return text;
  const stretches = [...secretStretches(text, current), ...wrappedStretches(text, current)];
  return replaceStretches(text, stretches, ({ label }) => `‹${label}›`);
}

/** The text with the characters of known secrets masked one by one, so that columns still fit (source excerpts). */
export function maskText(text: string): string {
  const current = currentForms();
  if (current.length === 0) return text;
  const mask = ({ start, end }: Stretch): string => text.slice(start, end).replace(/[^\n]/g, '•');
  return replaceStretches(text, secretStretches(text, current), mask);
}

function secretStretches(text: string, current: readonly Form[]): Stretch[] {
  const found: Stretch[] = [];
  for (const form of current) {
    let start = text.indexOf(form.text);
    while (start !== -1) {
      found.push({ start, end: start + form.text.length, label: form.label });
      start = text.indexOf(form.text, start + form.text.length);
    }
  }
  return found;
}

function wrappedStretches(text: string, current: readonly Form[]): Stretch[] {
  if (!text.includes('\n')) return [];
  const found: Stretch[] = [];
  for (const match of text.matchAll(wrappedBase64)) {
    const joined = match[0].replace(/\r?\n/g, '');
    const form = current.find((candidate) => joined.includes(candidate.text));
    // What the lines hold as a whole is the secret or a file around it.
    if (form !== undefined) {
      found.push({ start: match.index, end: match.index + match[0].length, label: form.label });
    }
  }
  return found;
}

/** Stretches that overlap become one, so that no end of a secret stays when two of them overlap. */
function replaceStretches(text: string, stretches: Stretch[], replace: (stretch: Stretch) => string): string {
  if (stretches.length === 0) return text;
  stretches.sort((a, b) => a.start - b.start || b.end - a.end);
  let result = '';
  let done = 0;
  for (const stretch of merge(stretches)) {
    result += text.slice(done, stretch.start) + replace(stretch);
    done = stretch.end;
  }
  return result + text.slice(done);
}

function merge(sorted: readonly Stretch[]): readonly Stretch[] {
  const merged: Stretch[] = [];
  for (const stretch of sorted) {
    const last = merged.at(-1);
    if (last === undefined || stretch.start >= last.end) merged.push(stretch);
    else merged[merged.length - 1] = { ...last, end: Math.max(last.end, stretch.end) };
  }
  return merged;
}

/** Text fit for every screen, log and report: secrets redacted, control sequences gone. */
export function safeText(text: string): string {
  const redacted = redactText(text);
  const cleaned = cleanText(redacted);
  // A secret may have been cut in two by a control sequence.
  return cleaned === redacted ? cleaned : redactText(cleaned);
}

/**
 * A JSON-able value with every string in it, keys too, made safe. What is safe already is returned as it is, not
 * copied. Values with `toJSON` (secrets, unknowns) become what that gives.
 */
export function safeValue<T>(value: T): T {
  return visit(value) as T;
}

function visit(value: unknown): unknown {
  if (typeof value === 'string') return safeText(value);
  if (typeof value !== 'object' || value === null) return value;
  // A screen shows 3.0 as it is, and a log has 3 by its toJSON.
  if (value instanceof Float) return value;
  if (hasToJson(value)) return visit(value.toJSON());
  return Array.isArray(value) ? visitList(value) : visitMap(value);
}

function hasToJson(value: object): value is { toJSON(): unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}

function visitList(list: readonly unknown[]): readonly unknown[] {
  const safe = list.map(visit);
  if (list.length > 1 && currentForms().length > 0 && list.every((item) => typeof item === 'string')) {
    // Lines of one output: a secret may span several of them.
    const joined = safe.join('\n');
    const whole = redactText(joined);
    if (whole !== joined) return whole.split('\n');
  }
  return safe.some((item, index) => item !== list[index]) ? safe : list;
}

function visitMap(map: object): object {
  const entries = Object.entries(map) as [string, unknown][];
  const items = entries.map(([, item]) => visit(item));
  if (entries.every(([key, item], index) => items[index] === item && safeText(key) === key)) return map;
  const safe: Record<string, unknown> = {};
  for (const [index, [key]] of entries.entries()) {
    const value = items[index];
    Object.defineProperty(safe, safeText(key), {
      value,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return safe;
}
