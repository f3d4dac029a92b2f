import { type Diagnostic, warning } from '../../core/diagnostic.ts';
import type { DocNode, MapEntry, ScalarNode } from '../../document/node.ts';
import { isYamlElevenBoolean, yamlElevenBoolean } from '../../document/yaml-eleven.ts';
import { moduleName } from '../../playbook/module-name.ts';
import type { ModuleNames } from '../../playbook/reader.ts';

/** What reads well and means something else than its author may think (HAPB1050 to HAPB1052, HAPB2060). */
export function lintWords(
  node: DocNode,
  { text, modules }: { readonly text: string; readonly modules: ModuleNames },
): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const visit = (one: DocNode, key: string): void => {
    switch (one.kind) {
      case 'scalar': {
        const problem = ofScalar(one, {
          key,
          source: text.slice(one.span.start.offset, one.span.end.offset),
        });
        if (problem !== null) found.push(problem);
        return;
      }
      case 'list':
        for (const item of one.items) visit(item, key);
        return;
      case 'map':
        for (const entry of one.entries) {
          found.push(...ofArguments(entry, modules));
          visit(entry.value, entry.key);
        }
    }
  };
  visit(node, '');
  return found;
}

interface Written {
  readonly key: string;
  /** As it stands in the file. */
  readonly source: string;
}

function ofScalar({ value, span }: ScalarNode, { key, source }: Written): Diagnostic | null {
  if (typeof value === 'string') {
    if (source !== value) return null;
    if (isYamlElevenBoolean(value)) {
      return warning({
        code: 'HAPB1050',
        message: `${value} is a text in YAML 1.2; Ansible takes it for ${String(yamlElevenBoolean(value))}`,
        hint: `Write ${String(yamlElevenBoolean(value))}, or "${value}" if the word is meant.`,
        span,
      });
    }
    if (!/^0\d+$/.test(value)) return null;
    return warning({
      code: 'HAPB1051',
      message: `${value} is octal to Ansible and a text here`,
      hint: `Put it in quotes: "${value}".`,
      span,
    });
  }
  if (typeof value !== 'number' || !/^\d+\.\d+$/.test(source)) return null;
  if (String(value) === source && !/(?:version|release|tag)$/i.test(key)) return null;
  return warning({
    code: 'HAPB1052',
    message: `${source} is the number ${value}, not a version`,
    hint: `Put it in quotes: "${source}".`,
    span,
  });
}

/** Arguments whose value may be any text. */
const free =
  /^(?:cmd|content|msg|block|line|regexp|replace|insertafter|insertbefore|value|stdin|body|fail_msg|that|when|name)$/;

/** `path: /x state=touch`: one value that was meant as two arguments. */
function ofArguments({ key, value }: MapEntry, modules: ModuleNames): readonly Diagnostic[] {
  if (value.kind !== 'map') return [];
  const known = modules.arguments?.(moduleName(key)) ?? [];
  if (known.length === 0) return [];
  return value.entries.flatMap((entry) => {
    const { value: node } = entry;
    if (node.kind !== 'scalar' || typeof node.value !== 'string' || free.test(entry.key)) return [];
    const match = /\s([a-z_]+)=(\S+)\s*$/.exec(node.value);
    const [, name = '', rest = ''] = match ?? [];
    if (match === null || !known.includes(name)) return [];
    return [
      warning({
        code: 'HAPB2060',
        message: `"${name}=" stands inside the value of ${entry.key}, though ${name} is an argument of ${key}`,
        hint: `Write it on a line of its own: ${name}: ${rest}`,
        span: node.spanOf(match.index + 1, match.index + 1 + name.length + 1),
      }),
    ];
  });
}
