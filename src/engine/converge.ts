import { ConnectionError } from '../connection/connection.ts';
import type { Change } from '../core/change.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import { Failure } from '../core/failure.ts';
import type { Outcome, ShownChange } from '../core/outcome.ts';
import { Unknown } from '../core/unknown.ts';
import type { Output, Value } from '../core/value.ts';
import { type Ask, nothing } from '../modules/ask.ts';
import { applyAlone } from '../modules/host/alone.ts';
import { ask, askForeseen, foresee } from '../modules/host/asking.ts';
import { failureOf } from '../modules/host/astray.ts';
import { missingNamed, withBringers } from '../modules/host/bringers.ts';
import { withDates } from '../modules/host/dates.ts';
import { hostArguments } from '../modules/host/host-paths.ts';
import { barred } from '../modules/host/rights.ts';
import { hostWriter } from '../modules/host/writer.ts';
import type { AnyModule } from '../modules/module.ts';
import { argumentSpan } from '../modules/render-arguments.ts';
import type { PlanTask } from '../plan/plan.ts';
import type { Call } from './call.ts';
import { leaveOpen } from './leave-open.ts';

/** What is done with a change: perform it, or only foresee it. Everything else is the same in both modes. */
export type Act = (call: Call, wanted: Change) => Promise<Outcome>;

/**
 * Asks, decides, acts. An answer that was read ahead is only good for finding that nothing is to do: before anything else the
 * host is asked again. Failures become outcomes; only a ConnectionError that makes the host unreachable is thrown. */
export async function converge(call: Call, mode: 'apply' | 'check'): Promise<Outcome> {
  const { module } = call.task;
  const missing = new Map<string, Unknown>();
  const find = <T>(asked: Ask<T>): Promise<T | Unknown> =>
    mode === 'check' ? askForeseen(call.site, asked, missing) : ask(call.site, asked);
  let { args } = call;
  try {
    const filled = await find(hostArguments(module, args) ?? nothing(args));
    if (filled instanceof Unknown) return leftOpen(call, filled);
    args = filled;
    const state = await find(module.probe(args, call.context));
    if (state instanceof Unknown) return leftOpen({ ...call, args }, state);
    const wanted = module.diff(args, state, call.context);
    const why = missingNamed(args, missing);
    // Of a file that is written anew the change says so itself.
    if (why !== undefined && (wanted === null || wanted.edits.length === 0))
      return leftOpen({ ...call, args }, why);
    if (wanted === null) return { kind: 'ok', output: module.output?.(args, state, call.context) ?? {} };
    if (isEarly(call, mode)) return await converge(asNow(call), mode);
    return await (mode === 'check' ? foreseeChange : perform)(call, wanted);
  } catch (thrown) {
    if (isEarly(call, mode)) return converge(asNow(call), mode);
    if (mode === 'apply' && call.cuts < mostCuts && wasCut(call, thrown)) {
      call.progress('the connection was lost in the middle; seeing how far it came');
      return await converge({ ...asNow(call), cuts: call.cuts + 1 }, mode);
    }
    const [why] = missing.values();
    // What is wrong now may be right once the package is there.
    if (why !== undefined && thrown instanceof Failure) return leftOpen({ ...call, args }, why);
    return failedOutcome(call, mode, thrown);
  }
}

/** How often a change is taken up again that a lost connection cut. */
const mostCuts = 5;

/** What a module finds when it asks again decides how it goes on; one that cannot ask would do everything twice. */
function wasCut({ task, alone }: Call, thrown: unknown): boolean {
  if (!(thrown instanceof ConnectionError) || thrown.kind !== 'lost' || alone !== null) return false;
  const { traits = [] } = task.module;
  return !traits.includes('reads-everything') && !traits.includes('inventory');
}

/** A check changes nothing, so that it may say what is wanted by an earlier answer. */
function isEarly({ site }: Call, mode: 'apply' | 'check'): boolean {
  return mode === 'apply' && site.reader?.early === true;
}

function asNow({ site: { reader: _, ...site }, ...call }: Call): Call {
  return { ...call, site };
}

function leftOpen(call: Call, why: Unknown): Outcome {
  leaveOpen(call);
  return unknownOutcome(why);
}

const perform: Act = async (call, wanted) => {
  if (call.task.module.foreseen?.(wanted).changed !== false) call.allow(wanted);
  const output = await applied(call, wanted);
  const { changed, ...rest } = output;
  if (changed === false) return { kind: 'ok', output: rest };
  return { kind: 'changed', change: shown(wanted), output: rest };
};

/** What others have asked meanwhile no longer counts: what was begun here may have gone on after its last request. */
async function applied({ task, site, ...call }: Call, wanted: Change): Promise<Output> {
  try {
    if (call.alone === null) return await task.module.apply(wanted, hostWriter(site, call.progress));
    return await applyAlone(task.module, wanted, { ...call, site, alone: call.alone, action: task.action });
  } finally {
    site.pool.ahead.forgetAll(site.host);
  }
}

const foreseeChange: Act = async (call, wanted) => {
  const { task, site } = call;
  const plain = withBringers(site.pool.overlay(site.host), shown(wanted));
  const change = call.dates === 'yes' ? await withDates(site, plain) : plain;
  const why = await barred(site, wanted).catch((thrown: unknown) => failedOutcome(call, 'check', thrown));
  if (why instanceof Unknown) return leftOpen(call, why);
  // A run that is held to the plan tries it, and fails.
  if (why !== null) return { ...why, change } as Outcome;
  foresee(site, wanted.effects, call.cause);
  if (wanted.forecast.kind === 'unknown') return unknownOutcome(wanted.forecast.unknown);
  const { changed, ...output } = foreseenOutput(task, wanted);
  if (changed === false) return { kind: 'ok', output };
  return { kind: 'would-change', change, output };
};

/** The result that `register` gets in check mode: what the module foresees, and unknowns for the rest it returns. */
function foreseenOutput(task: PlanTask, wanted: Change): Output {
  const { module }: { readonly module: AnyModule } = task;
  const output: Record<string, Value> = {};
  for (const key of Object.keys(module.returns ?? {})) {
    if (module.optional?.includes(key) === true) continue;
    output[key] = new Unknown(`${key} of '${task.title}' is known only after a run`, task.span);
  }
  return { ...output, ...module.foreseen?.(wanted) };
}

function shown({ summary, edits }: Change): ShownChange {
  return { summary, edits };
}

/** An unknown as an outcome. */
export function unknownOutcome(unknown: Unknown): Outcome {
  return { kind: 'unknown', reason: unknown.reason, cause: unknown.span, output: {} };
}

function failedOutcome(call: Call, mode: 'apply' | 'check', thrown: unknown): Outcome {
  if (thrown instanceof ConnectionError && (thrown.kind === 'become' || thrown.kind === 'timeout')) {
    return failed(mode, thrown.diagnostic, {});
  }
  const failure = failureOf(thrown, call.task.action, call.site.host);
  const { argument, output } = failure.problem;
  const span = argument === undefined ? call.task.args.node.span : argumentSpan(call.task, argument);
  return failed(mode, failure.toDiagnostic(span), (output ?? {}) as Output);
}

/** A failure, in the words of the mode. */
export function failed(mode: 'apply' | 'check', diagnostic: Diagnostic, output: Output): Outcome {
  return { kind: mode === 'check' ? 'would-fail' : 'failed', diagnostic, output };
}
