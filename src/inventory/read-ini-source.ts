import { isIPv6 } from 'node:net';
import { type Diagnostic, error } from '../core/diagnostic.ts';
import { Float } from '../core/float.ts';
import { positionsOf, type Span } from '../core/source.ts';
import { listNode, mapNode, plainScalar, textScalar } from '../document/make-node.ts';
import type { DocNode } from '../document/node.ts';
import { suggest } from '../document/suggest.ts';
import { badName, makeEntry } from '../variables/entries.ts';
import type { VariableEntry } from '../variables/layer.ts';
import {
  addChild,
  addHosts,
  type BuiltGroup,
  groupIn,
  type InventoryBuilder,
  setVariables,
} from './builder.ts';
import { type LiteralValue, pythonLiteral } from './python-literal.ts';
import { shellWords } from './shell-words.ts';

/**
 * Fills an inventory from INI text: `[group]` with host lines, `[group:children]`, `[group:vars]`. Values are Python
 * literals as in Ansible (5, True, [1, 2]), everything else text. HAPB3104 for a line that fits nowhere.
 */
export function readIniSource(builder: InventoryBuilder, text: string, file: string): void {
  const reader = startReader(builder, text, file);
  let lineStart = 0;
  for (const line of text.split('\n')) {
    readLine(reader, line.replace(/\r$/, ''), lineStart);
    lineStart += line.length + 1;
  }
  finishReader(reader);
}

interface IniReader {
  readonly builder: InventoryBuilder;
  readonly span: (from: number, to: number) => Span;
  section: { readonly kind: 'hosts' | 'children' | 'vars'; readonly group: BuiltGroup };
  /** Groups that a `[name]` section or a `:children` line names, as opposed to `[name:vars]` alone. */
  readonly declared: Set<string>;
  /** Groups that must be declared somewhere in this file, with the first place that needs them. */
  readonly wanted: Map<string, Span>;
}

function startReader(builder: InventoryBuilder, text: string, file: string): IniReader {
  const position = positionsOf(text);
  const span = (from: number, to: number): Span => ({ file, start: position(from), end: position(to) });
  const group = groupIn(builder, 'ungrouped', span(0, 0));
  const declared = new Set(['all', ...builder.groups.keys()]);
  return { builder, span, section: { kind: 'hosts', group }, declared, wanted: new Map() };
}

function readLine(reader: IniReader, line: string, start: number): void {
  const content = line.trim();
  if (content === '' || content.startsWith('#') || content.startsWith(';')) return;
  const indent = line.length - line.trimStart().length;
  const place = reader.span(start + indent, start + indent + content.length);
  // A host may begin with a bracket too: `[2001:db8::1]:22`, `[1:3].example`.
  if (/^\[[^[\]]*\]\s*(?:[#;].*)?$/.test(content) && !isIPv6(content.slice(1, content.indexOf(']')))) {
    readSection(reader, content, place);
    return;
  }
  switch (reader.section.kind) {
    case 'hosts':
      readHostLine(reader, line, start);
      break;
    case 'children':
      readChild(reader, content, place);
      break;
    case 'vars':
      readVariable(reader, { line, start, place });
      break;
  }
}

function readSection(reader: IniReader, content: string, place: Span): void {
  const match = /^\[\s*([^\]:\s]+)\s*(?::\s*(\w*)\s*)?\]\s*(?:[#;].*)?$/.exec(content);
  const [, name, kind = 'hosts'] = match ?? [];
  if (name === undefined) {
    const hint = 'Write [group], [group:children] or [group:vars] on a line of its own.';
    report(reader, { message: `${content} is not a section`, hint, span: place });
    return;
  }
  if (kind !== 'hosts' && kind !== 'children' && kind !== 'vars') {
    const meant = suggest(kind, ['hosts', 'children', 'vars']);
    report(reader, {
      message: `a section cannot end in :${kind}`,
      hint:
        meant === null
          ? 'Known are [group], [group:children] and [group:vars].'
          : `Did you mean [${name}:${meant}]?`,
      span: place,
    });
  }
  const section = kind === 'children' || kind === 'vars' ? kind : 'hosts';
  if (section === 'vars') {
    if (!reader.wanted.has(name)) reader.wanted.set(name, place);
  } else reader.declared.add(name);
  reader.section = { kind: section, group: groupIn(reader.builder, name, place) };
}

function readHostLine(reader: IniReader, line: string, start: number): void {
  const { words, openAt } = shellWords(line);
  if (openAt !== null) {
    const hint = 'Close the quote at the end of the value.';
    report(reader, {
      message: 'the quote that opens here is not closed',
      hint,
      span: reader.span(start + openAt, start + openAt + 1),
    });
    return;
  }
  const [first, ...rest] = words;
  if (first === undefined) return;
  const place = reader.span(start + first.start, start + first.end);
  if (/^[\w.-]+=/.test(first.text) || (rest[0]?.text === '=' && /^\w+$/.test(first.text))) {
    const group = reader.section.group.name;
    const hint = `Variables of a group stand under [${group === 'ungrouped' ? 'all' : group}:vars]; those of a host after its name.`;
    report(reader, {
      message: `${first.text.split('=')[0] ?? ''} is a variable where a host must stand`,
      hint,
      span: place,
    });
    return;
  }
  if (/^[\w.-]+:$/.test(first.text)) {
    const hint = 'Name the file .yml if it is YAML; in INI a host stands without a colon.';
    report(reader, { message: `${first.text} looks like YAML in an INI inventory`, hint, span: place });
    return;
  }
  const hosts = addHosts(reader.builder, reader.section.group, { pattern: first.text, span: place });
  const entries = new Map<string, VariableEntry>();
  for (const word of rest) {
    const at = reader.span(start + word.start, start + word.end);
    const equals = word.text.indexOf('=');
    if (equals < 1) {
      const hint =
        'Write name=value without blanks around the =, and quote values that hold blanks: name="two words".';
      report(reader, { message: `\`${word.text}\` after a host is not name=value`, hint, span: at });
      continue;
    }
    const name = word.text.slice(0, equals);
    const value = word.text.slice(equals + 1);
    if (entries.has(name)) {
      report(reader, {
        message: `${name} is given twice on one line`,
        hint: 'Remove one of the two.',
        span: at,
      });
    }
    const source = line.slice(word.start, word.end);
    const exact = source.endsWith(value)
      ? word.end - value.length
      : source.slice(0, -1).endsWith(value)
        ? word.end - 1 - value.length
        : null;
    addVariable(reader, entries, { name, value, span: at, valueAt: exact === null ? null : start + exact });
  }
  for (const host of hosts) setVariables(reader.builder, host, entries);
}

function readChild(reader: IniReader, content: string, place: Span): void {
  const name = content.replace(/\s+[#;].*$/, '').trim();
  if (/[\s=[\]]/.test(name)) {
    const hint = `A line under [${reader.section.group.name}:children] is the name of one group.`;
    report(reader, { message: `\`${name}\` cannot be the name of a group`, hint, span: place });
    return;
  }
  if (!reader.wanted.has(name)) reader.wanted.set(name, place);
  addChild(reader.builder, reader.section.group, { name, span: place });
}

function readVariable(
  reader: IniReader,
  { line, start, place }: { line: string; start: number; place: Span },
): void {
  const equals = line.indexOf('=');
  if (equals === -1) {
    const hint = 'Write name=value, one a line.';
    report(reader, { message: `\`${line.trim()}\` is not name=value`, hint, span: place });
    return;
  }
  const name = line.slice(0, equals).trim();
  const raw = line.slice(equals + 1);
  const value = raw.trim();
  const entries = new Map<string, VariableEntry>();
  const valueAt = start + equals + 1 + (raw.length - raw.trimStart().length);
  addVariable(reader, entries, { name, value, span: place, valueAt });
  setVariables(reader.builder, reader.section.group, entries);
}

interface IniVariable {
  readonly name: string;
  readonly value: string;
  readonly span: Span;
  /** Offset of the value when it stands in the file as it is; `null` when quotes lie inside it. */
  readonly valueAt: number | null;
}

function addVariable(
  reader: IniReader,
  entries: Map<string, VariableEntry>,
  { name, value, span, valueAt }: IniVariable,
): void {
  const { builder } = reader;
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    builder.problems.push(badName(name, span));
    return;
  }
  const literal = pythonLiteral(value);
  const at = valueAt ?? span.start.offset;
  const node =
    literal !== null
      ? nodeOf(literal.value, span)
      : textScalar(
          value,
          { style: 'plain', source: valueAt === null ? '' : value, offset: at },
          { span, tag: null, make: reader.span },
        );
  const made = makeEntry(node, span, builder.decrypt);
  if (made.ok) entries.set(name, made.value);
  else builder.problems.push(...made.diagnostics);
}

function nodeOf(value: LiteralValue, span: Span): DocNode {
  if (value instanceof Float) return { ...plainScalar(value.number, span), float: true };
  if (Array.isArray(value))
    return listNode(
      value.map((item) => nodeOf(item, span)),
      span,
    );
  if (typeof value !== 'object' || value === null) return plainScalar(value, span);
  return mapNode(
    Object.entries(value).map(([key, item]) => ({ key, span, value: nodeOf(item, span) })),
    span,
  );
}

function finishReader({ builder, declared, wanted }: IniReader): void {
  for (const [name, span] of wanted) {
    if (declared.has(name)) continue;
    const meant = suggest(name, declared);
    builder.problems.push(
      error({
        code: 'HAPB3108',
        message: `there is no group ${name}`,
        hint: meant === null ? `Add a section [${name}], or remove this.` : `Did you mean \`${meant}\`?`,
        span,
      }),
    );
  }
}

function report(reader: IniReader, problem: Pick<Diagnostic, 'message' | 'hint' | 'span'>): void {
  reader.builder.problems.push(error({ code: 'HAPB3104', ...problem }));
}
