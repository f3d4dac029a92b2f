import { distinct, type Judged, judged } from '../../core/diagnostic.ts';
import type { Span } from '../../core/source.ts';
import type { MapEntry } from '../../document/node.ts';
import { buildPlan } from '../../plan/build.ts';
import type { BuildOptions } from '../../plan/compiler.ts';
import type { Plan } from '../../plan/plan.ts';
import type { PlayAst } from '../../playbook/ast.ts';

interface Built {
  readonly file: string;
  readonly levels: readonly MapEntry[];
  readonly plan: Judged<Plan>;
}

/**
 * Builds plans for a lint, a play that several playbooks import only once: what there is to say of it is the same
 * wherever it stands, below imports that say the same. Its nodes then have the same ids in every plan.
 */
export function playBuilder(options: BuildOptions): (plays: readonly PlayAst[]) => Judged<Plan> {
  /** By their places, which a play of a file that is parsed once shares with all its uses. */
  const built = new WeakMap<Span, Built[]>();
  const planOf = (play: PlayAst): Judged<Plan> => {
    const { file, span } = play;
    const levels = play.imports.flatMap((level) => [...level.values()].filter(({ key }) => key !== 'name'));
    const uses = built.get(span) ?? [];
    built.set(span, uses);
    const known = uses.find((use) => use.file === file && sameItems(use.levels, levels));
    if (known !== undefined) return known.plan;
    const plan = buildPlan([play], options);
    uses.push({ file, levels, plan });
    return plan;
  };
  return (plays) => {
    const parts = plays.map(planOf);
    const plans = parts.map((part) => (part.ok ? part.value : part.partial));
    const problems = parts.flatMap((part) => (part.ok ? part.warnings : part.diagnostics));
    return judged(
      {
        plays: plans.flatMap((plan) => plan.plays),
        playbookStarts: new Set(),
        lostNames: plans.flatMap(({ lostNames }) => lostNames),
      },
      distinct(problems),
    );
  };
}

function sameItems<T>(one: readonly T[], other: readonly T[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}
