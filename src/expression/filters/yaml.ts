import { omit } from '../../core/omit.ts';
import { isMap, type Value } from '../../core/value.ts';
import type { DocNode } from '../../document/node.ts';
import { parseYaml } from '../../document/parse-yaml.ts';
import { scalarValue } from '../../document/plain.ts';
import { flagArgument, numberArgument } from '../arguments.ts';
import type { Bound, Filter, Parameters, Table } from '../callable.ts';
import { codes, fail } from '../problems.ts';
import { mapOf } from '../secrecy.ts';
import { holdsOmitted } from '../without-omitted.ts';
import { writeYaml, type YamlStyle } from '../yaml/write.ts';
import { wants } from './text.ts';

const styling: Parameters = [
  ...['width?', 'sort_keys?', 'default_flow_style?'],
  ...['explicit_start?', 'explicit_end?', 'allow_unicode?'],
];

/** Filters between data and YAML. */
export const yamlFilters: Table<Filter> = {
  from_yaml: {
    parameters: [],
    reads: 'content',
    run: (input) => (typeof input === 'string' ? fromYaml(input) : input),
  },
  from_yaml_all: {
    parameters: [],
    reads: 'content',
    run: (input) =>
      typeof input === 'string' ? documentsOf(input).map(fromYaml) : wants('from_yaml_all', 'a text', input),
  },
  to_yaml: writer(['*rest', 'indent?', ...styling], { indent: 2, brackets: 'leaves' }),
  to_nice_yaml: writer(['indent?', '*rest', ...styling], { indent: 4, brackets: 'none' }),
};

function writer(parameters: Parameters, usual: Pick<YamlStyle, 'indent' | 'brackets'>): Filter {
  const place = (name: string): number => parameters.indexOf(`${name}?`);
  const style = (args: Bound): YamlStyle => {
    const indent = numberArgument(args, place('indent'), usual.indent);
    const flow = args[place('default_flow_style')];
    return {
      // PyYAML takes these for what it does not like, too.
      indent: indent >= 2 && indent <= 9 ? indent : 2,
      width: numberArgument(args, place('width'), 80),
      sorted: flagArgument(args, place('sort_keys'), true),
      brackets:
        flow === undefined ? usual.brackets : flow === true ? 'all' : flow === null ? 'leaves' : 'none',
    };
  };
  return {
    parameters,
    reads: 'content',
    run: (input, args) => {
      const start = flagArgument(args, place('explicit_start'))
        ? isMap(input) || Array.isArray(input)
          ? '---\n'
          : '--- '
        : '';
      const end = flagArgument(args, place('explicit_end')) ? '...\n' : '';
      if (holdsOmitted(input)) return wants('to_yaml', 'values', omit);
      return start + writeYaml(input, style(args)) + end;
    },
  };
}

/** The documents of a stream; a mark at the begin of a line can be nothing else. */
function documentsOf(text: string): readonly string[] {
  const documents = text.replace(/^\.\.\.\s*$/gm, '').split(/^---(?=\s|$)/m);
  return documents.filter((document, index) => index > 0 || /^\s*[^\s#]/m.test(document));
}

function fromYaml(text: string): Value {
  const parsed = parseYaml(text, '<text>');
  if (parsed.ok) return parsed.value === null ? null : valueOfNode(parsed.value);
  const [first] = parsed.diagnostics;
  const where = first === undefined ? '' : `, line ${first.span.start.line}: ${first.message}`;
  return fail(
    codes.filterFailed,
    `the text is not YAML${where}`,
    first?.hint ?? 'Look at the text with the debug module.',
  );
}

function valueOfNode(node: DocNode): Value {
  switch (node.kind) {
    case 'scalar':
      return scalarValue(node);
    case 'list':
      return node.items.map(valueOfNode);
    case 'map':
      return mapOf(node.entries.map(({ key, value }) => [key, valueOfNode(value)] as const));
  }
}
