import type { DocNode, MapNode } from '../document/node.ts';
import type { ActionAst, BarrierAst, BlockAst, Keywords, StepAst, TaskAst } from './ast.ts';
import { type FoundAction, findAction, isAction, withArgs } from './parse-action.ts';
import { isInclude, parseInclude } from './parse-include.ts';
import { describe, listOf, type Reader, report, splitKeywords, unknownKey } from './reader.ts';

const sections: ReadonlySet<string> = new Set(['block', 'rescue', 'always']);

/** Where a list of tasks stands: in which file, whether its items are handlers, and whether all hang on a condition. */
export interface StepPlace {
  readonly file: string;
  readonly place: 'task' | 'handler';
  readonly runs: 'always' | 'perhaps';
}

/** Reads a list of tasks. */
export function parseSteps(reader: Reader, nodes: readonly DocNode[], at: StepPlace): readonly StepAst[] {
  return nodes.flatMap((node) => {
    if (node.kind === 'map') return parseStep(reader, node, at) ?? [];
    report(reader, {
      code: 'HAPB2003',
      message: `a task needs a mapping, found ${describe(node)}`,
      span: node.span,
      hint: hintForTask(reader, node),
    });
    return [];
  });
}

function hintForTask(reader: Reader, node: DocNode): string {
  const text = node.kind === 'scalar' && typeof node.value === 'string' ? node.value : '';
  const [, word = '', rest = ''] = /^([\w.]+)\s*(.*)$/s.exec(text) ?? [];
  if (isAction(reader, word)) return `A colon is missing: write "- ${word}: ${rest}".`;
  if (node.kind === 'list') return 'Remove one of the dashes.';
  return 'Write "- name: …" and the module on the next line, indented like "name".';
}

function parseStep(reader: Reader, node: MapNode, at: StepPlace): StepAst | null {
  if (node.entries.some((entry) => sections.has(entry.key))) return parseBlock(reader, node, at);
  const { known, others } = splitKeywords(reader, node, at.place);
  const found = findAction(reader, { node, others, place: at.place, runs: runsOf(known, at) });
  const { action, keywords, foreign } = found ?? noAction(node);
  if (action.name === 'barrier') return parseBarrier(reader, action, known);
  const whole = foreign === 'yes' ? action : withArgs(reader, action, known);
  const parts = isInclude(whole.name)
    ? parseInclude(reader, whole, known)
    : { action: whole, apply: new Map() };
  const task: TaskAst = {
    kind: 'task',
    span: node.span,
    file: at.file,
    keywords: new Map([...known, ...keywords]),
    ...parts,
  };
  return task;
}

/** Stands in for a module that is not there or not known, so that the rest of the task is looked at too. */
function noAction({ span }: MapNode): FoundAction {
  const action = { name: '', written: '', span, args: null, freeForm: null, whole: [] };
  return { action, keywords: new Map(), foreign: 'no' };
}

function runsOf(known: Keywords, at: StepPlace): StepPlace['runs'] {
  return known.has('when') ? 'perhaps' : at.runs;
}

function parseBlock(reader: Reader, node: MapNode, at: StepPlace): BlockAst {
  const inner = node.entries.filter((entry) => sections.has(entry.key));
  const rest: MapNode = { ...node, entries: node.entries.filter((entry) => !sections.has(entry.key)) };
  const { known, others } = splitKeywords(reader, rest, 'block');
  for (const entry of others) unknownKey(reader, entry, 'block');
  const steps = (key: string): readonly StepAst[] =>
    parseSteps(
      reader,
      listOf(
        reader,
        inner.find((entry) => entry.key === key),
      ),
      { ...at, runs: runsOf(known, at) },
    );
  if (!inner.some((entry) => entry.key === 'block')) {
    report(reader, {
      code: 'HAPB2005',
      message: `"${inner[0]?.key ?? 'rescue'}" has no "block" that it belongs to`,
      span: node.span,
      hint: 'Put the tasks to try under "block:" in the same list item.',
    });
  }
  return {
    kind: 'block',
    span: node.span,
    keywords: known,
    body: steps('block'),
    rescue: steps('rescue'),
    always: steps('always'),
  };
}

function parseBarrier(reader: Reader, action: ActionAst, known: Keywords): BarrierAst | null {
  for (const [key, entry] of known) {
    if (key !== 'tags' && key !== 'name') {
      report(reader, {
        code: 'HAPB2004',
        message: `"${key}" cannot stand on a barrier`,
        span: entry.span,
        hint: 'A barrier holds for every host; put it under a block if only its tags matter.',
      });
    }
  }
  if (typeof action.freeForm?.value === 'string') {
    return { kind: 'barrier', span: action.span, name: action.freeForm.value, keywords: known };
  }
  report(reader, {
    code: 'HAPB2008',
    message: 'a barrier needs a name',
    span: action.span,
    hint: 'Say what is true behind it: "- barrier: Every node is prepared".',
  });
  return null;
}
