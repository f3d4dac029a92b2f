import type { JsonSchema } from './compile-schema.ts';
import { type FoundProblem, type LocatedError, type SchemaContext, startsWith } from './schema-problem.ts';
import { describeJson, orList, placeOf, typesOf, typeWords } from './schema-words.ts';

/**
 * Sums up `anyOf` and `oneOf`: where one form was clearly meant, its own errors are told; else one problem names the
 * forms. Answers with the errors that remain and the summaries.
 */
export function summarise(
  errors: readonly LocatedError[],
  context: SchemaContext,
): { readonly rest: readonly LocatedError[]; readonly problems: readonly FoundProblem[] } {
  const groupAt = errors.findLastIndex(({ error }) => error.keyword === 'anyOf' || error.keyword === 'oneOf');
  const group = errors[groupAt];
  if (group === undefined) return { rest: errors, problems: [] };
  const inside = (other: LocatedError, index: number): boolean =>
    index < groupAt &&
    startsWith(other.path, group.path) &&
    (other.error.schemaPath.startsWith(`${group.error.schemaPath}/`) ||
      other.error.schemaPath.startsWith('#/$defs/'));
  const own = errors.filter(inside);
  const others = errors.filter((other, index) => index !== groupAt && !inside(other, index));
  const after = summarise(others, context);
  // A value that is not known yet may still make one of the forms fit.
  const forms: readonly JsonSchema[] = Array.isArray(group.error.schema) ? group.error.schema : [];
  const isOpen = context.open.some((open) => startsWith(open, group.path));
  if (isOpen && !forms.every(onlyRequires)) return after;
  const meant = meantForm(own, group);
  if (meant !== null) {
    const form = summarise(meant, context);
    return { rest: [...after.rest, ...form.rest], problems: [...after.problems, ...form.problems] };
  }
  return { rest: after.rest, problems: [...after.problems, formProblem(group, context)] };
}

/** The errors of the one form whose outside fits, so that only something inside it is wrong. */
function meantForm(errors: readonly LocatedError[], group: LocatedError): readonly LocatedError[] | null {
  const byForm = new Map<string, LocatedError[]>();
  const base = group.error.schemaPath.length + 1;
  for (const located of errors) {
    const { schemaPath } = located.error;
    const isOwn = schemaPath.startsWith(`${group.error.schemaPath}/`);
    const form = isOwn
      ? (schemaPath.slice(base).split('/')[0] ?? '')
      : schemaPath.split('/').slice(0, 3).join('/');
    byForm.set(form, [...(byForm.get(form) ?? []), located]);
  }
  const misfit = (keyword: string): boolean =>
    ['type', 'enum', 'const', 'required', 'pattern'].includes(keyword);
  const close = [...byForm.values()].filter((form) =>
    form.every(({ error, path }) => path.length > group.path.length || !misfit(error.keyword)),
  );
  return close.length === 1 ? (close[0] ?? null) : null;
}

function formProblem({ error, path }: LocatedError, { subject }: SchemaContext): FoundProblem {
  const place = placeOf(path, subject.name);
  const forms = (Array.isArray(error.schema) ? error.schema : []) as readonly JsonSchema[];
  const keys = forms.map((form) =>
    onlyRequires(form) ? (form.required as readonly string[]).join(' with ') : null,
  );
  const passed = (error.params as { readonly passingSchemas?: readonly number[] | null }).passingSchemas;
  const clash = passed !== undefined && passed !== null;
  if (keys.every((key) => key !== null)) {
    const words = orList(keys);
    return clash
      ? {
          code: 'HAPB1036',
          path,
          at: 'value',
          message: `${place}takes only one of ${words}`,
          hint: 'Remove the others.',
        }
      : {
          code: 'HAPB1036',
          path,
          at: 'value',
          message: `${place}needs one of ${words}`,
          hint: `Add ${words}.`,
          missing: keys,
        };
  }
  const schema = (error.parentSchema ?? {}) as JsonSchema;
  const found = describeJson(error.data, schema);
  const words = orList([...new Set(forms.map(formWords))]);
  return {
    code: 'HAPB1035',
    path,
    at: 'value',
    message: clash ? `${place}fits more than one form: ${words}` : `${place}must be ${words}, not ${found}`,
    hint: typeof schema.description === 'string' ? schema.description : 'Write it in one of these forms.',
  };
}

function onlyRequires(form: JsonSchema): boolean {
  const keywords = Object.keys(form);
  return keywords.length === 1 && keywords[0] === 'required' && Array.isArray(form.required);
}

function formWords(form: JsonSchema): string {
  if (typeof form.title === 'string') return form.title;
  if (Array.isArray(form.enum)) return orList(form.enum.map(String));
  if ('const' in form) return String(form.const);
  const types = typesOf(form.type).map(typeWords);
  const items = form.items;
  const itemTypes = typeof items === 'object' && items !== null && 'type' in items ? typesOf(items.type) : [];
  if (form.type === 'array' && itemTypes.length === 1) {
    const plural: Readonly<Record<string, string>> = {
      string: 'texts',
      integer: 'whole numbers',
      number: 'numbers',
      object: 'maps',
    };
    const word = plural[itemTypes[0] ?? ''];
    if (word !== undefined) return `a list of ${word}`;
  }
  if (typeof form.pattern === 'string') return `a text of the form ${form.pattern}`;
  return types.length > 0 ? orList(types) : 'another form';
}
