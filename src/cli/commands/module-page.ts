import type { AnyModule, ArgSchema } from '../../modules/module.ts';

/** The documentation page of one module, made from its schema. */
export function modulePage(module: AnyModule): string {
  const parts = [`# ${module.name}`, module.summary];
  if (module.aliases !== undefined && module.aliases.length > 0) {
    parts.push(`Also known as ${module.aliases.map(code).join(', ')}.`);
  }
  parts.push(...(module.notes ?? []));
  parts.push('## Arguments', argumentTable(module));
  const refused = Object.entries(module.args.properties).filter(([, { refused }]) => refused !== undefined);
  if (refused.length > 0) {
    parts.push(
      'Arguments of Ansible’s module that are refused:',
      table(
        ['argument', 'taken all the same', 'instead'],
        refused.map(([name, schema]) => [
          code(name),
          Array.isArray(schema.enum) ? schema.enum.map((value) => code(String(value))).join(', ') : 'never',
          cell(schema.refused ?? ''),
        ]),
      ),
    );
  }
  const returns = Object.entries(module.returns ?? {});
  if (returns.length > 0) {
    parts.push(
      '## What `register` gets',
      'Besides `changed`, `failed` and `msg`:',
      table(
        ['key', 'meaning'],
        returns.map(([key, meaning]) => [code(key), cell(meaning)]),
      ),
    );
  }
  parts.push('## Example', `\`\`\`yaml\n${module.example.trim()}\n\`\`\``);
  return `${parts.join('\n\n')}\n`;
}

function argumentTable(module: AnyModule): string {
  const { properties, required = [] } = module.args;
  const names = Object.keys(properties)
    .filter((name) => properties[name]?.refused === undefined)
    .sort((a, b) => Number(required.includes(b)) - Number(required.includes(a)));
  if (names.length === 0) return 'None.';
  const rows = names.map((name) => {
    const schema = properties[name] ?? { description: '' };
    const value = schema.default === undefined ? '' : code(yamlValue(schema.default));
    return [
      code(name) + (schema.aliases === undefined ? '' : ` (${schema.aliases.map(code).join(', ')})`),
      typeOf(schema),
      required.includes(name) ? '**required**' : value,
      cell([schema.description, ...remarks(module, name, schema)].join(' ')),
    ];
  });
  return table(['argument', 'type', 'default', 'meaning'], rows);
}

/** A default as a playbook would write it. */
function yamlValue(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return /^[A-Za-z/~][\w./:@-]*$/.test(value) && !/^(true|false|null)$/.test(value)
    ? value
    : JSON.stringify(value);
}

function remarks(module: AnyModule, name: string, schema: ArgSchema): readonly string[] {
  const said: string[] = [];
  if (module.freeForm === name) said.push(`Can be written behind the module's name: \`${module.name}: …\`.`);
  if (schema.secret === 'always') said.push('Is treated as a secret.');
  if (schema.secret === 'allowed') said.push('May hold a secret.');
  if (schema.expression !== undefined) said.push('Written without `{{ }}`, as in `when`.');
  return said;
}

function typeOf(schema: ArgSchema): string {
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => code(String(value))).join(', ');
  if (schema.expression !== undefined) return schema.expression === 'list' ? 'conditions' : 'expression';
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  const words = types.flatMap((type) => (typeof type === 'string' ? [typeWords[type] ?? type] : []));
  return words.length === 0 ? 'any' : words.join(' or ');
}

/** JSON Schema's words as people who write YAML say them. */
const typeWords: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'true or false',
  array: 'list',
  object: 'map',
  null: 'nothing',
};

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

/** Text that can stand in one cell of a table. */
export function cell(text: string): string {
  return text
    .replaceAll('|', '\\|')
    .replace(/\s*\n\s*/g, ' ')
    .trim();
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}
