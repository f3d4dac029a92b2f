import type { MapEntry } from '../document/node.ts';
import type { Keywords } from '../playbook/ast.ts';
import { conditions, fixedText, report, template, templateOf } from '../playbook/compile-keyword.ts';
import { compileTemplate, compileWhatIsDefined } from '../template/compile-template.ts';
import { type LoopForm, loopForms } from '../variables/loops/forms.ts';
import type { Compiler } from './compiler.ts';
import type { LoopControl, PlanLoop } from './plan.ts';

const forms: ReadonlyMap<string, LoopForm | null> = new Map<string, LoopForm | null>([
  ['loop', null],
  ...Object.entries(loopForms).map(([name, form]) => [`with_${name}`, form] as const),
]);

/** The loop of a task; `null`: it has none. HAPB2040 for more than one. */
export function buildLoop(compiler: Compiler, keywords: Keywords): PlanLoop | null {
  const [first, second] = [...keywords.values()].filter((entry) => forms.has(entry.key));
  if (first === undefined || (first.value.kind === 'scalar' && first.value.value === null)) return null;
  if (second !== undefined) {
    report(compiler, {
      code: 'HAPB2040',
      message: `a task has one loop; this one has "${first.key}" and "${second.key}"`,
      span: second.span,
      hint: 'Combine them: with_nested loops over every combination of lists.',
    });
  }
  // As in Ansible, a file whose name mentions what is not defined is none of those that are looked for.
  const compile = first.key === 'with_first_found' ? compileWhatIsDefined : compileTemplate;
  const compiled = templateOf(compiler, first.value, compile);
  return compiled === null
    ? null
    : { keyword: first.key, template: compiled, form: forms.get(first.key) ?? null };
}

/** What a task without loop_control has. */
export const plainLoop: LoopControl = {
  loopVar: 'item',
  indexVar: null,
  label: null,
  pause: null,
  extended: null,
  extendedAllItems: null,
  breakWhen: [],
};

const controls = ['loop_var', 'index_var', 'label', 'pause', 'extended', 'extended_allitems', 'break_when'];

/** `loop_control`; HAPB2002 for what it does not know. */
export function buildLoopControl(compiler: Compiler, entry: MapEntry | undefined): LoopControl {
  if (entry?.value.kind !== 'map') {
    if (entry !== undefined) {
      report(compiler, {
        code: 'HAPB2003',
        message: '"loop_control" needs a mapping',
        span: entry.value.span,
        hint: `Write lines such as "loop_var: NAME" below it. There are: ${controls.join(', ')}.`,
      });
    }
    return plainLoop;
  }
  const found = new Map(entry.value.entries.map((item) => [item.key, item]));
  for (const item of entry.value.entries) {
    if (controls.includes(item.key)) continue;
    report(compiler, {
      code: 'HAPB2002',
      message: `"${item.key}" is not supported in loop_control`,
      span: item.span,
      hint: `These are: ${controls.join(', ')}.`,
    });
  }
  return {
    loopVar: fixedText(compiler, found.get('loop_var')?.value, 'loop_var') ?? 'item',
    indexVar: fixedText(compiler, found.get('index_var')?.value, 'index_var'),
    label: template(compiler, found.get('label')),
    pause: template(compiler, found.get('pause')),
    extended: template(compiler, found.get('extended')),
    extendedAllItems: template(compiler, found.get('extended_allitems')),
    breakWhen: conditions(compiler, found.get('break_when')),
  };
}
