import type { JsonSchema, SchemaError } from './compile-schema.ts';
import type { FoundProblem, Path, SchemaContext } from './schema-problem.ts';
import { suggest } from './suggest.ts';
import { yamlElevenBoolean } from './yaml-eleven.ts';

/** The problem of a key that is unknown, missing or needs another one; `null` when the error is about a value. */
export function keyProblem(
  error: SchemaError,
  path: Path,
  { subject, value }: SchemaContext,
): FoundProblem | null {
  const place = placeOf(path, subject.name);
  const params = error.params as Readonly<Record<string, unknown>>;
  switch (error.keyword) {
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const key = String(params.additionalProperty ?? params.unevaluatedProperty);
      const known = keysOf(error.parentSchema as JsonSchema);
      const present = valueAt(value, path);
      const free = known.filter((name) => !isObject(present) || !Object.hasOwn(present, name));
      const meant = suggest(key, free);
      const list = known.length === 0 ? 'It takes none.' : `It takes ${known.join(', ')}.`;
      return {
        code: 'HAPB1030',
        path: [...path, key],
        at: 'key',
        message: `${place}has no ${path.length === 0 ? subject.noun : 'key'} "${key}"`,
        hint: meant === null ? list : `Did you mean \`${meant}\`? ${list}`,
        ...(meant === null ? {} : { meant }),
      };
    }
    case 'propertyNames': {
      const key = String(params.propertyName);
      return {
        code: 'HAPB1034',
        path: [...path, key],
        at: 'key',
        message: `${place}cannot have the name "${key}"`,
        hint: 'Use letters, digits and underscores, and begin with a letter or an underscore.',
      };
    }
    case 'required': {
      const missing = String(params.missingProperty);
      const description = propertyOf(error.parentSchema as JsonSchema, missing)?.description;
      return {
        code: 'HAPB1031',
        path,
        at: 'value',
        message: `${place}needs ${path.length === 0 ? subject.noun : 'key'} "${missing}"`,
        hint: typeof description === 'string' ? `Add ${missing}: ${description}` : `Add \`${missing}:\`.`,
        missing: [missing],
      };
    }
    case 'dependentRequired':
    case 'dependencies': {
      const [property, missing] = [String(params.property), String(params.missingProperty)];
      const message = `${place}needs "${missing}" when "${property}" is given`;
      return {
        code: 'HAPB1036',
        path,
        at: 'value',
        message,
        hint: `Add \`${missing}:\`, or remove \`${property}:\`.`,
      };
    }
    default:
      return null;
  }
}

const wholePath = "Write it whole, or begin it with ~/ for what is in the home of the task's user.";

/** The problem of a value of the wrong type or outside its bounds. */
export function explainKeyword(error: SchemaError, path: Path, { subject }: SchemaContext): FoundProblem {
  const place = placeOf(path, subject.name);
  const schema = (error.parentSchema ?? {}) as JsonSchema;
  const params = error.params as Readonly<Record<string, unknown>>;
  const about = typeof schema.description === 'string' ? schema.description : 'Change the value.';
  const found = describeJson(error.data, schema);
  const problem = (code: FoundProblem['code'], predicate: string, hint = about): FoundProblem => ({
    code,
    path,
    at: 'value',
    message: `${place}${predicate}`,
    hint,
  });
  if (typeof schema.refused === 'string') {
    const name = String(path[path.length - 1] ?? '');
    const value = schema.enum === undefined ? '' : `: ${describeJson(error.data, schema)}`;
    const whose = subject.name === '' ? '' : ` of ${subject.name}`;
    const message = `"${name}"${whose} is not supported${value}`;
    return { code: 'HAPB1037', path, at: 'value', message, hint: schema.refused };
  }
  switch (error.keyword) {
    case 'type': {
      const types = typesOf(schema.type);
      return problem(
        'HAPB1032',
        `must be ${orList(types.map(typeWords))}, not ${found}`,
        typeHint(types, { data: error.data, key: path[path.length - 1] }) ?? about,
      );
    }
    case 'enum':
    case 'const': {
      const allowed: readonly unknown[] = Array.isArray(params.allowedValues)
        ? params.allowedValues
        : [params.allowedValue];
      const words = allowed.map((item) => (typeof item === 'string' ? item : JSON.stringify(item)));
      const near = typeof error.data === 'string' ? suggest(error.data, words) : null;
      const hint = near === null ? about : `Did you mean \`${near}\`?`;
      return problem('HAPB1033', `must be ${orList(words)}, not ${found}`, hint);
    }
    case 'minimum':
    case 'exclusiveMinimum':
    case 'maximum':
    case 'exclusiveMaximum': {
      const words: Readonly<Record<string, string>> = {
        '>=': 'at least',
        '>': 'more than',
        '<=': 'at most',
        '<': 'less than',
      };
      const bound = `${words[String(params.comparison)] ?? ''} ${String(params.limit)}`;
      return problem('HAPB1034', `must be ${bound}, not ${found}`);
    }
    case 'minLength':
    case 'minItems':
    case 'minProperties':
      if (params.limit === 1) return problem('HAPB1034', 'must not be empty');
      return problem('HAPB1034', `must have at least ${String(params.limit)} ${unitOf(error.keyword)}`);
    case 'maxLength':
    case 'maxItems':
    case 'maxProperties':
      return problem('HAPB1034', `must have at most ${String(params.limit)} ${unitOf(error.keyword)}`);
    case 'uniqueItems':
      return problem(
        'HAPB1034',
        `holds the same item twice (${String(params.j)} and ${String(params.i)}, counted from 0)`,
      );
    case 'pattern':
      if (schema.hostPath !== undefined)
        return problem('HAPB1034', `must be an absolute path on the host, not ${found}`, wholePath);
      return problem('HAPB1034', `is ${found}, which does not have the form ${String(params.pattern)}`);
    case 'format':
      return problem('HAPB1034', `must be a valid ${String(params.format)}, not ${found}`);
    case 'not': {
      const keys = (error.schema as JsonSchema | undefined)?.required;
      if (Array.isArray(keys)) {
        const names = keys.map((key) => `"${String(key)}"`).join(' or ');
        return problem('HAPB1034', `takes ${names}, not both`, 'Remove one of them.');
      }
      return problem('HAPB1034', error.message ?? 'does not fit');
    }
    default:
      return problem('HAPB1034', error.message ?? 'does not fit');
  }
}

/** `copy: containers[0].name ` before a predicate; empty at the root of something without a name. */
export function placeOf(path: Path, name: string): string {
  const inside = path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : index === 0 ? key : `.${key}`))
    .join('');
  if (inside === '') return name === '' ? '' : `${name} `;
  return name === '' ? `${inside} ` : `${name}: ${inside} `;
}

/** A value in words; secret ones only by type. */
export function describeJson(value: unknown, schema: JsonSchema): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (schema.secret !== undefined) return typeof value === 'string' ? 'a text' : `a ${typeof value}`;
  if (typeof value === 'string') {
    return value === ''
      ? 'an empty text'
      : `the text "${value.length > 60 ? `${value.slice(0, 57)}…` : value}"`;
  }
  return typeof value === 'number' ? `the number ${value}` : JSON.stringify(value);
}

/** A JSON Schema type in words that playbook authors use. */
export function typeWords(type: string): string {
  const words: Readonly<Record<string, string>> = {
    string: 'a text',
    integer: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a map',
    null: 'empty',
  };
  return words[type] ?? type;
}

/** `a`, `a or b`, `a, b or c`. */
export function orList(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} or ${words[words.length - 1] ?? ''}`;
}

/** The types that a schema's `type` allows. */
export function typesOf(type: unknown): readonly string[] {
  return Array.isArray(type) ? type.map(String) : typeof type === 'string' ? [type] : [];
}

/** The digits of a mode: as written, or those of `0o644`, of which only the number 420 is left, where they look like one. */
function modeMeant(number: number): string {
  const [decimal, octal] = [String(number), number.toString(8)];
  const isMode = (digits: string): boolean => {
    const [user = 8, group = 8, other = 8] = [...digits.slice(-3)].map(Number);
    return /^[0-7]{3,4}$/.test(digits) && (user & group) === group && (group & other) === other;
  };
  return (!isMode(decimal) && isMode(octal) ? octal : decimal).padStart(4, '0');
}

function typeHint(
  types: readonly string[],
  { data, key }: { readonly data: unknown; readonly key: string | number | undefined },
): string | null {
  if (types.includes('boolean') && typeof data === 'string') {
    const meant = yamlElevenBoolean(data);
    if (meant !== null) return `Write ${String(meant)}: YAML 1.2 reads ${data} as a text.`;
  }
  if (types.includes('string') && typeof data === 'number' && key === 'mode') {
    return `Put it in quotes, with the zero in front: "${modeMeant(data)}".`;
  }
  if (types.includes('string') && (typeof data === 'number' || typeof data === 'boolean')) {
    return `Put it in quotes: "${String(data)}".`;
  }
  if (
    (types.includes('integer') || types.includes('number')) &&
    typeof data === 'string' &&
    /^-?\d+$/.test(data)
  ) {
    return `Remove the quotes: ${data}.`;
  }
  if (types.includes('array') && typeof data !== 'object')
    return 'Write one item per line, each after a dash.';
  return null;
}

function unitOf(keyword: string): string {
  return keyword.endsWith('Length') ? 'characters' : keyword.endsWith('Items') ? 'items' : 'keys';
}

function keysOf(schema: JsonSchema): readonly string[] {
  if (!isObject(schema.properties)) return [];
  return Object.entries(schema.properties).flatMap(([name, property]) =>
    isObject(property) && 'refused' in property ? [] : [name],
  );
}

function propertyOf(schema: JsonSchema, name: string): JsonSchema | undefined {
  const properties = schema.properties;
  const property = isObject(properties) ? properties[name] : undefined;
  return isObject(property) ? property : undefined;
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, key) => (isObject(inner) ? inner[key] : undefined), value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
