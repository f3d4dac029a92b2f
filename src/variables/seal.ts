import { sealed } from '../expression/secrecy.ts';
import type { VariableEntry } from './layer.ts';

/**
 * A variable of a file that is encrypted as a whole: every text in it becomes a Secret with the variable's name. How to
 * reach a host (`ansible_host`, `ansible_user`, …) stays in clear, since it shows in messages anyway.
 */
export function sealEntry(name: string, entry: VariableEntry): VariableEntry {
  if (name.startsWith('ansible_') && !name.includes('pass')) return entry;
  switch (entry.kind) {
    case 'value':
      return { ...entry, value: sealed(entry.value, name) };
    case 'template': {
      // Without `apart`: it would hand out members that are not sealed.
      const { apart, ...template } = entry.template;
      return { ...entry, template: { ...template, render: (scope) => sealed(template.render(scope), name) } };
    }
    case 'lazy':
      return entry;
  }
}
