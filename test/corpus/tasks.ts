import { basename, dirname, join } from 'node:path';
import { type Diagnostic, type Result, success, whatThereIs } from '../../src/core/diagnostic.ts';
import type { DocNode } from '../../src/document/node.ts';
import { findModule, moduleNames } from '../../src/modules/registry.ts';
import { buildPlan } from '../../src/plan/build.ts';
import type { Disk } from '../../src/playbook/disk.ts';
import { loadPlaybook } from '../../src/playbook/load.ts';
import { moduleName } from '../../src/playbook/module-name.ts';
import { openProject } from '../../src/playbook/project.ts';
import { plainTools } from '../../src/variables/vars-file.ts';
import type { CorpusText } from './texts.ts';

/** What a YAML text is for Ansible, as far as its content tells. */
export type Role = 'playbook' | 'tasks' | 'handlers' | 'other';

/** Tells playbooks and task files from other YAML. */
export function roleOf(node: DocNode | null, name: string): Role {
  if (node?.kind !== 'list' || node.items.length === 0) return 'other';
  const keys = node.items.map((item) => (item.kind === 'map' ? item.entries.map((entry) => entry.key) : []));
  if (
    keys.some((names) => names.some((key) => /^(?:hosts|(?:ansible\.builtin\.)?import_playbook)$/.test(key)))
  )
    return 'playbook';
  if (!keys.every((names) => names.some(isActionOrBlock))) return 'other';
  return /\/handlers\//.test(name) ? 'handlers' : 'tasks';
}

function isActionOrBlock(key: string): boolean {
  return (
    /^(?:block|action|local_action|\w+\.\w+\.\w+|(?:import|include)_\w+)$/.test(key) ||
    moduleNames.has(moduleName(key))
  );
}

const known = /^HAPB(?:4022|102\d|3003)$/;

/**
 * Why hapb does not load this file, apart from Jinja statements, modules that hapb does not have, and other files that
 * it names: those are stood in for by empty ones, as each is measured on its own.
 */
export function loadProblems(text: CorpusText, role: Exclude<Role, 'other'>): readonly Diagnostic[] {
  const start = role === 'playbook' ? text.name : join(dirname(text.name), '<start>');
  const imported = JSON.stringify(basename(text.name));
  const texts = new Map([
    [start, `- hosts: all\n  gather_facts: false\n  ${role}:\n    - import_tasks: ${imported}\n`],
    [text.name, text.text],
  ]);
  const context = { modules: moduleNames, disk: diskOf(texts) };
  const plays = loadPlaybook(start, context);
  const problems: Diagnostic[] = [...problemsOf(plays)];
  {
    const plan = buildPlan(whatThereIs(plays) ?? [], {
      findModule,
      tags: { only: [], skip: [] },
      tools: plainTools,
      project: openProject(context),
      rolesPath: [],
      extraVars: null,
    });
    problems.push(...problemsOf(plan));
  }
  return problems.filter(
    ({ severity, code, message }) =>
      severity === 'error' && !known.test(code) && !/is not a keyword or a module/.test(message),
  );
}

/** These texts, and at every other place an empty file, or a folder where the name has no ending. */
function diskOf(texts: ReadonlyMap<string, string>): Disk {
  return {
    read: (path) => success(texts.get(path) ?? ''),
    kind: (path) => (/\.(?:ya?ml|json)$/.test(path) || texts.has(path) ? 'file' : 'folder'),
    list: () => [],
  };
}

function problemsOf(result: Result<unknown>): readonly Diagnostic[] {
  return result.ok ? result.warnings : result.diagnostics;
}
