import { dirname, isAbsolute, join } from 'node:path';
import { type Judged, judged, whatThereIs } from '../core/diagnostic.ts';
import { nearest } from '../core/nearest.ts';
import { fileSpan, type Span } from '../core/source.ts';
import type { DocNode, MapEntry, MapNode } from '../document/node.ts';
import type { PlayAst, StepAst } from './ast.ts';
import { isText } from './compile-keyword.ts';
import { readDocument } from './document.ts';
import { parsePlaybookImport } from './import-playbook.ts';
import { moduleName } from './module-name.ts';
import { parsePrompts } from './parse-prompt.ts';
import { parseRoleUses } from './parse-role.ts';
import { parseSteps } from './parse-task.ts';
import type { LoadContext } from './project.ts';
import { describe, listOf, type Reader, report, splitKeywords, unknownKey } from './reader.ts';

/** Reads a playbook with all playbooks that it imports. Every problem of every file is reported at once. */
export function loadPlaybook(path: string, context: LoadContext): Judged<readonly PlayAst[]> {
  const loader: Loader = { ...context, problems: [], open: [] };
  const plays = playsOf(loader, path, fileSpan(path));
  return judged(plays, loader.problems);
}

/** `open`: the chain of files that are being read, so that an import cycle ends in a message. */
interface Loader extends Reader, LoadContext {
  readonly open: readonly string[];
}

const aPlaybook = {
  what: 'a playbook',
  insteadOfFolder: 'Name the playbook inside it, for example site.yml.',
};

function playsOf(loader: Loader, path: string, from: Span): readonly PlayAst[] {
  if (loader.open.includes(path)) {
    report(loader, importsItself([...loader.open, path], from));
    return [];
  }
  const document = readDocument(loader, path, { from, wish: aPlaybook });
  loader.problems.push(...(document.ok ? document.warnings : document.diagnostics));
  const contents = whatThereIs(document);
  if (!document.ok && contents === null) return [];
  if (contents === null) {
    const top = { line: 1, column: 1, offset: 0 };
    report(loader, {
      code: 'HAPB2011',
      message: 'a playbook is a list of plays, found nothing',
      span: { file: path, start: top, end: top },
      hint: 'Begin with "- hosts: …" on the first line.',
    });
    return [];
  }
  if (contents.kind === 'list') {
    const inner: Loader = { ...loader, open: [...loader.open, path] };
    return contents.items.flatMap((item) => playOf(inner, item, path));
  }
  report(loader, {
    code: 'HAPB2011',
    message: `a playbook is a list of plays, found ${describe(contents)}`,
    span: contents.span,
    hint: 'Begin with "- hosts: …" on the first line.',
  });
  return [];
}

/** HAPB2012. `chain` ends with the file that is there already. */
export function importsItself(chain: readonly string[], span: Span): Parameters<typeof report>[1] {
  const path = chain.at(-1) ?? '';
  return {
    code: 'HAPB2012',
    message: `${path} imports itself: ${chain.slice(chain.indexOf(path)).join(' → ')}`,
    span,
    hint: 'Remove one of the imports.',
  };
}

function playOf(loader: Loader, node: DocNode, file: string): readonly PlayAst[] {
  if (node.kind !== 'map') {
    report(loader, {
      code: 'HAPB2011',
      message: `a play is a mapping, found ${describe(node)}`,
      span: node.span,
      hint: 'Write "- hosts: …" and below it "tasks:".',
    });
    return [];
  }
  const imported = node.entries.find((entry) => /^(ansible\.builtin\.)?import_playbook$/.test(entry.key));
  if (imported !== undefined) return importPlaybook(loader, node, { target: imported, file });
  const { known, others } = splitKeywords(loader, node, 'play');
  const action = known.has('hosts')
    ? undefined
    : others.find((entry) => loader.modules.has(moduleName(entry.key)));
  if (action !== undefined) {
    report(loader, {
      code: 'HAPB2011',
      message: `"${action.key}" is a module: this is a task, and a playbook is a list of plays`,
      span: action.span,
      hint: 'Put the tasks below "tasks:" of a play, or run a play that has them with import_tasks.',
    });
    return [];
  }
  for (const entry of others) unknownKey(loader, entry, 'play');
  if (!known.has('hosts') && !others.some((entry) => nearest(entry.key, ['hosts']) !== null)) {
    report(loader, {
      code: 'HAPB2013',
      message: 'this play does not say on which hosts it runs',
      span: node.span,
      hint: 'Add "hosts: all", or the name of a group or host of the inventory.',
    });
  }
  for (const { node: wrong, message } of wrongHosts(known.get('hosts')?.value)) {
    report(loader, {
      code: 'HAPB2013',
      message,
      span: wrong.span,
      hint: 'Write "hosts: all", or the name of a group or host of the inventory.',
    });
  }
  checkSerial(loader, known.get('serial')?.value);
  const steps = (key: string, place: 'task' | 'handler'): readonly StepAst[] =>
    parseSteps(loader, listOf(loader, known.get(key)), { file, place, runs: 'always' });
  return [
    {
      span: node.span,
      file,
      keywords: known,
      imports: [],
      preTasks: steps('pre_tasks', 'task'),
      prompts: parsePrompts(loader, known.get('vars_prompt')),
      roles: parseRoleUses(loader, listOf(loader, known.get('roles'))),
      tasks: steps('tasks', 'task'),
      postTasks: steps('post_tasks', 'task'),
      handlers: steps('handlers', 'handler'),
    },
  ];
}

/** HAPB2028 for a size of batches that can be none whatever the hosts are. */
function checkSerial(loader: Loader, serial: DocNode | undefined): void {
  for (const node of serial?.kind === 'list' ? serial.items : serial === undefined ? [] : [serial]) {
    const text = node.kind === 'scalar' ? String(node.value ?? '0').trim() : '';
    if (/^\d+(?:\.\d+)?%$|^\d+$|\{\{/.test(text)) continue;
    report(loader, {
      code: 'HAPB2028',
      message: `"serial" must be a number, a percentage or a list of them, not ${describe(node)}`,
      span: node.span,
      hint: 'Write "serial: 1", "serial: 30%" or "serial: [1, 50%]".',
    });
  }
}

/** What cannot be the pattern of a play, or be in the list of its patterns. */
function wrongHosts(
  hosts: DocNode | undefined,
): readonly { readonly node: DocNode; readonly message: string }[] {
  const items = hosts?.kind === 'list' ? hosts.items : hosts === undefined ? [] : [hosts];
  if (hosts !== undefined && items.every(isNothing)) return [{ node: hosts, message: '"hosts" is empty' }];
  return items.flatMap((node) =>
    isText(node) && !isNothing(node)
      ? []
      : {
          node,
          message: `"hosts" needs names or patterns, found ${isNothing(node) ? 'an empty one' : describe(node)}`,
        },
  );
}

function isNothing(node: DocNode): boolean {
  return node.kind === 'scalar' && (node.value === '' || node.value === null);
}

function importPlaybook(
  loader: Loader,
  node: MapNode,
  { target, file }: { readonly target: MapEntry; readonly file: string },
): readonly PlayAst[] {
  const found = parsePlaybookImport(loader, node, { target, extraVars: loader.extraVars });
  if (found === null) return [];
  const path = isAbsolute(found.name) ? found.name : join(dirname(file), found.name);
  const plays = playsOf(loader, path, target.value.span);
  return plays.map((play) => ({ ...play, imports: [found.keywords, ...play.imports] }));
}
