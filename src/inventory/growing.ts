import { failure, success } from '../core/diagnostic.ts';
import { addTo } from './addition.ts';
import type { InventoryBuilder } from './builder.ts';
import { type Finished, finishInventory, type InventoryFrame } from './finish.ts';
import type { Addition, Inventory } from './inventory.ts';

/** The inventory of what the sources gave, which a run may add to. It is worked out again at the next look at it. */
export function growingInventory(builder: InventoryBuilder, frame: InventoryFrame): Inventory {
  const additions: Addition[] = [];
  let finished: Finished | null = finishInventory(builder, frame);
  const now = (): Finished => {
    finished ??= finishInventory(builder, frame);
    return finished;
  };
  return {
    get hosts() {
      return now().hosts;
    },
    get implicit() {
      return now().implicit;
    },
    get groups() {
      return now().groups;
    },
    sources: frame.sources,
    folder: frame.folder,
    file: frame.file,
    additions,
    spareLayers: () => frame.folderVars.spare(),
    grow(addition) {
      const before = builder.problems.length;
      const added = addTo(builder, addition);
      if (added.ok && added.value === 'changed') {
        finished = null;
        readVars(frame, addition);
      }
      additions.push(addition);
      const problems = builder.problems.splice(before);
      if (!added.ok) return added;
      return problems.some(({ severity }) => severity === 'error')
        ? failure(problems)
        : success(added.value, problems);
    },
  };
}

/** Reads files of variables for names that may be new, so that the task that brings them tells what is wrong in them. */
function readVars({ folderVars }: InventoryFrame, addition: Addition): void {
  const groups = addition.kind === 'host' ? addition.groups : [addition.name, ...addition.parents];
  for (const level of ['inventory', 'playbook'] as const) {
    folderVars.groups(`${level} group_vars/*`, groups);
    if (addition.kind === 'host') folderVars.hosts(`${level} host_vars/*`, addition.name);
  }
}
