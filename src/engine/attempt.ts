import { ConnectionError } from '../connection/connection.ts';
import { warning } from '../core/diagnostic.ts';
import { Failure, unwrap } from '../core/failure.ts';
import type { Outcome } from '../core/outcome.ts';
import { settled } from '../core/settled.ts';
import { type Unknown, Unresolved } from '../core/unknown.ts';
import { isList, type Output, type Value } from '../core/value.ts';
import { withoutEdits } from '../events/censor.ts';
import { printed } from '../expression/print-value.ts';
import type { Site } from '../modules/host/asking.ts';
import { withLimit } from '../modules/host/limit.ts';
import type { TaskContext } from '../modules/module.ts';
import { renderArguments } from '../modules/render-arguments.ts';
import { earlyReading } from '../plan/task.ts';
import { flag, hostName, judge, skippedBy } from '../template/conditions.ts';
import { renderedText } from '../variables/files.ts';
import { scopeMap } from '../variables/lazy-map.ts';
import { extend, valuesOf } from '../variables/scope.ts';
import { converge, failed, unknownOutcome } from './converge.ts';
import { aloneOf, limitOf } from './deadline.ts';
import { enlist } from './enlist.ts';
import { leaveOpen, toldArguments } from './leave-open.ts';
import { ownNames } from './overrule.ts';
import { allowance } from './plan-guard.ts';
import { siteOf } from './site.ts';
import type { Attempt, Attempted } from './task-run.ts';

/** Decides `when`, then renders and runs. */
export async function attempt(given: Attempt): Promise<Attempted> {
  const { task, run, doubt, cause } = given;
  let it = given;
  let delegate: string | null = null;
  let mode = run.settings.mode;
  /** What would be brought where it is only unknown whether. */
  const unknown = (why: Unknown): Attempted => {
    const site = { pool: run.pool, host: delegate ?? it.host };
    leaveOpen({ task, args: toldArguments(task, it.scope), cause, site });
    return { outcome: enlist(given, unknownOutcome(why)), delegate, grown: task.growth?.known ?? null };
  };
  try {
    const wanted = judge(task.inherited.when, it.scope);
    if (wanted.kind === 'false') return { outcome: skippedBy(wanted.by), delegate, grown: null };
    const elsewhere = hostName(task.inherited.nearest.delegate_to, it.scope);
    if (elsewhere !== null && elsewhere !== it.host) delegate = elsewhere;
    if (elsewhere !== null) it = { ...it, scope: extend(it.scope, ownNames(delegatedNames(it, elsewhere))) };
    const { scope } = it;
    if (wanted.kind === 'unknown') return unknown(wanted.unknown);
    if (doubt !== null) return unknown(doubt);
    mode = modeOf(it);
    const rendered = renderArguments(task, scope);
    if (rendered.kind === 'unknown') return unknown(rendered.unknown);
    const host = delegate ?? it.host;
    const alone = aloneOf(task, scope);
    const real = run.settings.mode === 'apply';
    // What was foreseen here does not outlive a change.
    if (real && mode === 'apply') run.pool.forgetForeseen(host);
    const ended = await withLimit(run.signal, limitOf(task, scope, alone), (signal) => {
      const site = { ...siteOf(it, { host, signal }), ...readerFor(it, host) };
      const allow = allowance(it, delegate);
      const { dates } = run.settings;
      const context = contextOf(it, host);
      return converge(
        {
          ...{ task, args: rendered.args, cause, context, site, alone },
          ...{ progress: it.progress, dates, allow, cuts: 0 },
        },
        mode,
      );
    });
    const checked = real && mode === 'check' ? settled(ended, task.module.returns) : ended;
    const outcome = enlist(
      it,
      flag(task.inherited.nearest.diff, scope, true) ? checked : withoutEdits(checked),
    );
    warn(it, outcome);
    const grown = outcome.kind === 'ok' ? (task.growth?.grow(outcome.output, scope) ?? null) : null;
    const told =
      task.register === null || grown === null ? {} : { ansible_facts: valuesOf(grown.variables, scope) };
    return {
      outcome: grown?.output == null ? outcome : { ...outcome, output: { ...grown.output, ...told } },
      delegate,
      grown,
    };
  } catch (thrown) {
    if (thrown instanceof Unresolved) return unknown(thrown.unknown);
    if (thrown instanceof ConnectionError)
      return { outcome: { kind: 'unreachable', diagnostic: thrown.diagnostic }, delegate, grown: null };
    if (!(thrown instanceof Failure)) throw thrown;
    const output = (thrown.problem.output ?? {}) as Output;
    const diagnostic = thrown.toDiagnostic(task.args.node.span);
    const outcome = failed(run.settings.mode === 'apply' ? 'apply' : mode, diagnostic, output);
    return { outcome, delegate, grown: null };
  }
}

/** Says what a module warns of, which its result tells as `warnings`. */
function warn({ task, run }: Attempt, { output }: Outcome): void {
  const warnings = output?.warnings;
  if (warnings === undefined || !isList(warnings)) return;
  for (const message of warnings.map(printed)) {
    const hint = 'The task went on all the same.';
    run.emit({
      type: 'diagnostic',
      diagnostic: warning({ code: 'HAPB7077', message, span: task.span, hint }),
    });
  }
}

/** What a delegated task may know of the host it runs on. */
function delegatedNames({ scopeOf }: Attempt, host: string): Readonly<Record<string, Value>> {
  const names = scopeOf(host);
  return { ansible_delegated_vars: { [host]: scopeMap(() => names, 'hostvars') } };
}

/** `check_mode` of the task decides against the run's mode. */
function modeOf({ task, scope, run }: Attempt): 'apply' | 'check' {
  return flag(task.inherited.nearest.check_mode, scope, run.settings.mode === 'check') ? 'check' : 'apply';
}

/** A task that waits for others asks for itself, and what was asked before it no longer counts. */
function readerFor(
  { task, run: { pool }, ahead, before, behind }: Attempt,
  host: string,
): Pick<Site, 'reader' | 'behind'> {
  if (earlyReading(task) === 'no-further') {
    pool.ahead.forget(host);
    return {};
  }
  const usual = pool.ahead.taking((to, asked) => pool.read(to, asked), ahead);
  const reader = before?.reader(usual) ?? usual;
  return behind === null ? { reader } : { reader, behind };
}

/** What a module may know of a task's place. */
export function contextOf(
  { scope, playHosts, folders, run }: Pick<Attempt, 'scope' | 'playHosts' | 'folders' | 'run'>,
  host: string,
): TaskContext {
  let known: readonly string[] | null = null;
  return {
    host,
    get playHosts() {
      // The same ones for all questions and the decision, though a host may drop out in between.
      known ??= playHosts();
      return known;
    },
    searchPath: folders,
    renderText: (text, file) => renderedText({ text, file }, run.tools, scope),
    openVault: (source, file) => unwrap(run.tools.openFile(source, file)),
  };
}
