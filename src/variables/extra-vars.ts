import { type Diagnostic, error, failure, type Result, success } from '../core/diagnostic.ts';
import { fileSpan, type Span } from '../core/source.ts';
import type { Value } from '../core/value.ts';
import type { DocNode, MapNode } from '../document/node.ts';
import { parseYaml } from '../document/parse-yaml.ts';
import { toValue } from '../document/plain.ts';
import { badName } from './entries.ts';
import { filesOf } from './files.ts';
import { splitKeyValues, splitWords } from './key-values.ts';
import type { Layer, VariableEntry } from './layer.ts';
import { sealEntry } from './seal.ts';
import { readVarsMap, type VarsTools } from './vars-file.ts';

/**
 * The layer of all `-e` options in order, later ones winning. Each is `@FILE`, a JSON or YAML map, or `name=value` pairs
 * whose values are always texts, with Python's escapes filled in and the quotes around them gone, as in Ansible. All of it is
 * data: never compiled. Fails with HAPB3001, HAPB3005 (not `name=value`, or a quote that is not closed), HAPB3006 (not a map), or
 * the file's problems.
 */
export function parseExtraVars(options: readonly string[], tools: VarsTools): Result<Layer> {
  const entries = new Map<string, VariableEntry>();
  const problems: Diagnostic[] = [];
  for (const option of options) {
    const read = readOption(option, tools);
    if (!read.ok) {
      problems.push(...read.diagnostics);
      continue;
    }
    for (const [name, { value, span }] of read.value) {
      if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) entries.set(name, { kind: 'value', value, span });
      else problems.push(badName(name, span));
    }
  }
  return problems.length > 0
    ? failure(problems)
    : success({ level: 'extra vars', source: '--extra-vars', entries, files: filesOf(tools) });
}

type Pairs = ReadonlyMap<string, { readonly value: Value; readonly span: Span }>;

function readOption(option: string, tools: VarsTools): Result<Pairs> {
  const text = option.trim();
  if (text.startsWith('@')) {
    const read = readVarsMap(text.slice(1), tools);
    if (!read.ok) return read;
    const pairs = pairsOf(read.value.map, tools);
    return pairs.ok && read.value.texts === 'secret' ? success(sealedPairs(pairs.value)) : pairs;
  }
  if (text.startsWith('{') || text.startsWith('[')) {
    const parsed = parseYaml(text, commandLine);
    if (!parsed.ok) return parsed;
    const node = parsed.value;
    return node === null || node.kind === 'map' ? pairsOf(node, tools) : failure([notMap(node)]);
  }
  const open = splitWords(text).find((word) => word.open === true);
  if (open !== undefined) return failure([openQuote(open.text)]);
  const pairs = new Map<string, { value: Value; span: Span }>();
  for (const word of splitKeyValues(text)) {
    const equals = word.indexOf('=');
    if (equals <= 0) return failure([notPair(word)]);
    pairs.set(word.slice(0, equals).trim(), { value: word.slice(equals + 1), span: fileSpan(commandLine) });
  }
  return success(pairs);
}

const commandLine = '<command line>';

function pairsOf(map: MapNode | null, tools: VarsTools): Result<Pairs> {
  const problems: Diagnostic[] = [];
  const pairs = new Map<string, { value: Value; span: Span }>();
  for (const { key, span, value } of map?.entries ?? []) {
    const plain = toValue(value, (scalar) => {
      if (scalar.tag !== '!vault') return scalar.value;
      const opened = tools.decryptScalar(scalar, key);
      if (opened.ok) return opened.value;
      problems.push(...opened.diagnostics);
      return null;
    });
    pairs.set(key, { value: plain, span });
  }
  return problems.length > 0 ? failure(problems) : success(pairs);
}

function sealedPairs(pairs: Pairs): Pairs {
  const sealOne = (name: string, value: Value): Value => {
    const entry = sealEntry(name, { kind: 'value', value, span: null });
    return entry.kind === 'value' ? entry.value : value;
  };
  return new Map([...pairs].map(([name, pair]) => [name, { ...pair, value: sealOne(name, pair.value) }]));
}

function notPair(word: string): Diagnostic {
  const isFile = /\.(ya?ml|json)$/.test(word);
  return error({
    code: 'HAPB3005',
    message: `-e needs name=value, not \`${word}\``,
    hint: isFile
      ? `Write -e @${word} to read that file.`
      : 'Quote the whole option when a value holds spaces: -e \'msg="two words"\'.',
    span: fileSpan(commandLine),
  });
}

function openQuote(word: string): Diagnostic {
  return error({
    code: 'HAPB3005',
    message: `a quote is not closed in -e \`${word}\``,
    hint: 'Close it, or give a map, where a text may hold any quotes: -e \'{"name": "text"}\'.',
    span: fileSpan(commandLine),
  });
}

function notMap(node: DocNode): Diagnostic {
  return error({
    code: 'HAPB3006',
    message: '-e needs a map of names to values, not a list',
    hint: 'Write -e \'{"name": [1, 2]}\'.',
    span: node.span,
  });
}
