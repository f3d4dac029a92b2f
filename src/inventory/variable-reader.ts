import { type Diagnostic, error } from '../core/diagnostic.ts';
import { Failure } from '../core/failure.ts';
import { numberIn } from '../core/float.ts';
import { Secret, type Text } from '../core/secret.ts';
import type { Span } from '../core/source.ts';
import { Unknown } from '../core/unknown.ts';
import { typeName, type Value } from '../core/value.ts';
import { suggest } from '../document/suggest.ts';
import { yamlElevenBoolean } from '../document/yaml-eleven.ts';
import type { Scope } from '../template/template.ts';
import { explain } from '../variables/scope.ts';
import type { HostEntry } from './inventory.ts';

/** Reads variables whose type is known. Of several names the first that is set counts; `null`: none is. */
export interface VariableReader {
  text(names: readonly string[]): string | null;
  /** A Secret even when it is written in clear. */
  secret(names: readonly string[]): Text | null;
  /** A whole number, or text of digits. */
  number(names: readonly string[], bounds: { readonly min: number; readonly max: number }): number | null;
  /** True or false, or a word that Ansible takes for one. */
  flag(names: readonly string[]): boolean | null;
  choice<T extends string>(names: readonly string[], choices: Readonly<Record<string, T>>): T | null;
  /** Where a variable is set; the host's place when that is not known. */
  spanOf(name: string): Span;
}

/** Where to read and where to report: HAPB3130 wrong type or bounds, HAPB3131 unknown word. */
export interface ReaderContext {
  readonly host: HostEntry;
  readonly variables: Scope;
  readonly problems: Diagnostic[];
}

/** See VariableReader. */
export function variableReader({ host, variables, problems }: ReaderContext): VariableReader {
  const spanOf = (name: string): Span => explain(variables, name).winner?.span ?? host.span;
  const report = (
    code: 'HAPB3130' | 'HAPB3131',
    name: string,
    words: { message: string; hint: string },
  ): null => {
    problems.push(error({ code, span: spanOf(name), ...words }));
    return null;
  };
  const find = (names: readonly string[]): Found | null => {
    for (const name of names) {
      try {
        const value = variables.lookup(name);
        if (value instanceof Unknown) return report('HAPB3130', name, notKnown(name, host.name, value));
        if (value !== undefined && value !== null && value !== '') return { name, value };
      } catch (cause) {
        if (!(cause instanceof Failure)) throw cause;
        problems.push(cause.toDiagnostic(spanOf(name)));
        return null;
      }
    }
    return null;
  };
  const wrongType = ({ name, value }: Found, wanted: string, hint: string): null =>
    report('HAPB3130', name, {
      message: `${name} of ${host.name} must be ${wanted}, not ${shown(value)}`,
      hint,
    });
  return {
    spanOf,
    text(names) {
      const found = find(names);
      if (found === null || typeof found.value === 'string')
        return found === null ? null : (found.value as string);
      return wrongType(found, 'a text', quoteHint(found.value));
    },
    secret(names) {
      const found = find(names);
      if (found === null || found.value instanceof Secret)
        return found === null ? null : (found.value as Secret);
      if (typeof found.value === 'string') return new Secret(found.value, `${found.name} of ${host.name}`);
      const hint = 'Put it in quotes, so that no zero or sign is lost.';
      return report('HAPB3130', found.name, {
        message: `${found.name} of ${host.name} must be a text, not a ${typeName(found.value)}`,
        hint,
      });
    },
    number(names, { min, max }) {
      const found = find(names);
      if (found === null) return null;
      const { name, value } = found;
      const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : numberIn(value);
      const fits = typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max;
      return fits
        ? number
        : wrongType(
            found,
            `a whole number from ${min} to ${max}`,
            `Write ${name}: ${min === 1 && max > 60_000 ? 22 : 10}`,
          );
    },
    flag(names) {
      const found = find(names);
      if (found === null) return null;
      const { name, value } = found;
      if (typeof value === 'boolean') return value;
      const word = typeof value === 'string' || typeof value === 'number' ? String(value).toLowerCase() : '';
      const words: Readonly<Record<string, boolean>> = {
        true: true,
        t: true,
        '1': true,
        false: false,
        f: false,
        '0': false,
      };
      return (
        words[word] ?? yamlElevenBoolean(word) ?? wrongType(found, 'true or false', `Write ${name}: false`)
      );
    },
    choice(names, choices) {
      const found = find(names);
      if (found === null) return null;
      const { name, value } = found;
      const chosen = typeof value === 'string' && Object.hasOwn(choices, value) ? choices[value] : undefined;
      if (chosen !== undefined) return chosen;
      const known = [...new Set(Object.values(choices))];
      const meant = typeof value === 'string' ? suggest(value, known) : null;
      return report('HAPB3131', name, {
        message: `${name} of ${host.name} cannot be ${shown(value)}`,
        hint: meant === null ? `It can be ${known.join(', ')}.` : `Did you mean \`${meant}\`?`,
      });
    },
  };
}

interface Found {
  readonly name: string;
  readonly value: Value;
}

function notKnown(name: string, host: string, { reason }: Unknown): { message: string; hint: string } {
  const hint = 'What leads to a host must be known before anything connects: set it in the inventory.';
  return { message: `${name} of ${host} is not known yet: ${reason}`, hint };
}

function shown(value: Value): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? `"${value}"` : `a ${typeName(value)}`;
}

function quoteHint(value: Value): string {
  if (value instanceof Secret)
    return 'It shows in messages and in the process list, so it cannot be a secret; write it in clear.';
  const simple = typeof value === 'number' || typeof value === 'boolean';
  return simple ? `Put it in quotes: "${String(value)}".` : 'Write a single text.';
}
