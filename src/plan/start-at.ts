import { globExpression } from '../core/glob.ts';
import { gathers } from './facts.ts';
import type { Plan, PlanNode, PlanPlay, PlanTask } from './plan.ts';

/**
 * The plan from the first task of this name on, which may be a glob, as `--start-at-task` means it: names as they are
 * written, not those of handlers and rescues, nor of what only the run includes. Plays before it do nothing; its own
 * still gathers facts, which is a task as well. `null`: no task is called so.
 */
export function startAt(plan: Plan, name: string): Plan | null {
  const pattern = globExpression(name);
  const fits = ({ name: own, title }: PlanTask): boolean =>
    [own, title].some((text) => text !== null && (text === name || pattern.test(text)));
  for (const [index, play] of plan.plays.entries()) {
    const body = bodyFrom(play, fits);
    if (body === null) continue;
    const before = plan.plays.slice(0, index).map((earlier) => ({ ...earlier, body: [] }));
    return { ...plan, plays: [...before, { ...play, body }, ...plan.plays.slice(index + 1)] };
  }
  return null;
}

type Fits = (task: PlanTask) => boolean;

function bodyFrom(play: PlanPlay, fits: Fits): readonly PlanNode[] | null {
  const facts = play.body.filter((node) => gathers(play, node));
  if (facts.some((node) => node.kind === 'task' && fits(node))) return play.body;
  const rest = nodesFrom(play.body.slice(facts.length), fits);
  return rest === null ? null : [...facts, ...rest];
}

function nodesFrom(nodes: readonly PlanNode[], fits: Fits): readonly PlanNode[] | null {
  for (const [index, node] of nodes.entries()) {
    const first = nodeFrom(node, fits);
    if (first !== null) return [first, ...nodes.slice(index + 1)];
  }
  return null;
}

function nodeFrom(node: PlanNode, fits: Fits): PlanNode | null {
  switch (node.kind) {
    case 'task':
      return fits(node) ? node : null;
    case 'role': {
      const body = nodesFrom(node.body, fits);
      return body === null ? null : { ...node, body };
    }
    case 'block': {
      const body = nodesFrom(node.body, fits);
      if (body !== null) return { ...node, body };
      const always = nodesFrom(node.always, fits);
      return always === null ? null : { ...node, body: [], rescue: [], always };
    }
    case 'barrier':
    case 'flush':
      return null;
  }
}
