import type { AnyModule, ArgSchema } from '../../modules/module.ts';

/** A line for each module: its name and what it does. */
export function moduleList(modules: readonly AnyModule[]): string {
  const width = Math.max(...modules.map(({ name }) => name.length));
  return modules.map(({ name, summary }) => `${name.padEnd(width)}  ${summary}\n`).join('');
}

/** One module's documentation, made from its schema. */
export function moduleDoc(module: AnyModule, columns: number): string {
  const parts = [`${module.name}: ${module.summary}`];
  if (module.aliases !== undefined) parts.push(`Also: ${module.aliases.join(', ')}`);
  for (const note of module.notes ?? []) parts.push(wrap(note, columns, ''));
  const names = Object.keys(module.args.properties).filter(
    (name) => module.args.properties[name]?.refused === undefined,
  );
  const required = new Set(module.args.required ?? []);
  names.sort((a, b) => Number(required.has(b)) - Number(required.has(a)));
  const described = names.flatMap((name) => {
    const schema = module.args.properties[name];
    if (schema === undefined) return [];
    const free = module.freeForm === name ? ['free form'] : [];
    return [
      argumentDoc({ name, schema, facts: [...(required.has(name) ? ['required'] : []), ...free] }, columns),
    ];
  });
  parts.push(names.length === 0 ? 'It takes no arguments.' : `Arguments:\n${described.join('\n')}`);
  const returns = Object.entries(module.returns ?? {}).map(([key, meaning]) =>
    wrap(`${key}: ${meaning}`, columns, '  '),
  );
  if (returns.length > 0) parts.push(`Registers:\n${returns.join('\n')}`);
  parts.push(`Example:\n${module.example.trimEnd().replace(/^(?=.)/gm, '  ')}`);
  return `${parts.join('\n\n')}\n`;
}

function argumentDoc(
  {
    name,
    schema,
    facts,
  }: { readonly name: string; readonly schema: ArgSchema; readonly facts: readonly string[] },
  columns: number,
): string {
  const all = [...facts, ...schemaFacts(schema)];
  return `  ${name}${all.length === 0 ? '' : ` (${all.join('; ')})`}\n${wrap(schema.description, columns, '      ')}`;
}

function schemaFacts(schema: ArgSchema): readonly string[] {
  const facts: string[] = [];
  if (Array.isArray(schema.enum)) facts.push(schema.enum.map((value) => JSON.stringify(value)).join(' | '));
  else if (typeof schema.type === 'string') facts.push(schema.type);
  else if (Array.isArray(schema.type)) facts.push(schema.type.join(' or '));
  if (schema.default !== undefined) facts.push(`default ${JSON.stringify(schema.default)}`);
  if (schema.aliases !== undefined) facts.push(`also ${schema.aliases.join(', ')}`);
  if (schema.secret === 'always') facts.push('secret');
  return facts;
}

/** Breaks a paragraph at spaces. */
function wrap(text: string, columns: number, indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && indent.length + line.length + 1 + word.length > columns) {
      lines.push(indent + line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, indent + line].join('\n');
}
