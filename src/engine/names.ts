import type { PlanTask } from '../plan/plan.ts';
import type { Title } from '../template/compile-title.ts';
import type { Scope } from '../template/template.ts';

/** A task's own name (`null`: none) and its title on screens, with the variables in them filled in. */
export function namesOf(
  {
    name,
    title,
    naming,
  }: { readonly name: string | null; readonly title: string; readonly naming: Title | null },
  scope: () => Scope,
): Pick<PlanTask, 'name' | 'title'> {
  if (naming === null || name === null) return { name, title };
  const here = naming.render(scope());
  return { name: here, title: title.slice(0, title.length - name.length) + here };
}
