import { join } from 'node:path';
import type { Result } from '../core/diagnostic.ts';
import { Failure } from '../core/failure.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Text } from '../core/secret.ts';
import { Secret } from '../core/secret.ts';
import { isMap } from '../core/value.ts';
import { printed } from '../expression/print-value.ts';
import { sealed } from '../expression/secrecy.ts';
import type { Site } from '../modules/host/asking.ts';
import type { TaskContext } from '../modules/module.ts';
import type { PlanTask } from '../plan/plan.ts';
import { compileText } from '../template/compile-text.ts';
import type { Scope } from '../template/template.ts';
import { isVaultText } from '../vault/envelope.ts';
import { renderArguments } from './arguments.ts';
import { flag, judge, number, skippedBy, text } from './conditions.ts';
import { converge, failed, unknownOutcome } from './converge.ts';
import type { Run } from './run.ts';

/** One go at a task on a host, or at one item of its loop. */
export interface Attempt {
  readonly run: Run;
  readonly task: PlanTask;
  /** The inventory host whose variables count. */
  readonly host: string;
  readonly scope: Scope;
  readonly playHosts: readonly string[];
  /** Folders in which relative names of files are looked up, nearest first. */
  readonly folders: readonly string[];
  readonly progress: (text: string) => void;
}

/** How a go ended, and on which other host it ran. */
export interface Attempted {
  readonly outcome: Outcome;
  readonly delegate: string | null;
}

/** Decides `when`, then renders and runs. @throws ConnectionError when a host is unreachable */
export async function attempt(it: Attempt): Promise<Attempted> {
  const { task, scope, run } = it;
  let delegate: string | null = null;
  let mode = run.settings.mode;
  try {
    const wanted = judge(task.inherited.when, scope);
    if (wanted.kind === 'false') return { outcome: skippedBy(wanted.by), delegate };
    delegate = text(task.inherited.nearest.delegate_to, scope);
    if (wanted.kind === 'unknown') return { outcome: unknownOutcome(wanted.unknown), delegate };
    mode = modeOf(it);
    const rendered = renderArguments(task, scope);
    if (rendered.kind === 'unknown') return { outcome: unknownOutcome(rendered.unknown), delegate };
    const call = {
      task,
      args: rendered.args,
      context: contextOf(it, delegate ?? it.host),
      site: siteOf(it, delegate ?? it.host),
      progress: it.progress,
    };
    return { outcome: await converge(call, mode), delegate };
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    return { outcome: failed(mode, thrown.toDiagnostic(task.args.node.span), {}), delegate };
  }
}

/** `check_mode` of the task decides against the run's mode. */
function modeOf({ task, scope, run }: Attempt): 'apply' | 'check' {
  return flag(task.inherited.nearest.check_mode, scope, run.settings.mode === 'check') ? 'check' : 'apply';
}

function siteOf({ task, scope, run }: Attempt, host: string): Site {
  const byVariable = scope.lookup('ansible_become');
  const fallback = typeof byVariable === 'boolean' ? byVariable : run.settings.become === 'yes';
  const become = flag(task.inherited.nearest.become, scope, fallback);
  const named = text(task.inherited.nearest.become_user, scope) ?? scope.lookup('ansible_become_user');
  const timeout = number(task.inherited.nearest.timeout, scope);
  const limits = timeout === null || timeout === 0 ? [] : [AbortSignal.timeout(timeout * 1000)];
  return {
    pool: run.pool,
    host,
    user: become ? { kind: 'become', user: typeof named === 'string' ? named : 'root' } : { kind: 'login' },
    signal: limits.length === 0 ? run.signal : AbortSignal.any([run.signal, ...limits]),
    environment: environmentOf(task, scope),
  };
}

function environmentOf(task: PlanTask, scope: Scope): ReadonlyMap<string, Text> {
  const variables = new Map<string, Text>();
  for (const template of task.inherited.environment) {
    const value = template.render(scope);
    if (!isMap(value)) continue;
    for (const [name, item] of Object.entries(value)) {
      if (/^[A-Za-z_]\w*$/.test(name)) variables.set(name, item instanceof Secret ? item : printed(item));
    }
  }
  return variables;
}

function contextOf({ scope, playHosts, folders, run }: Attempt, host: string): TaskContext {
  return {
    host,
    playHosts,
    searchPath: folders.flatMap((folder) => [join(folder, 'files'), join(folder, 'templates'), folder]),
    renderText: (source, file) => {
      const value = unwrap(compileText(unwrap(run.tools.decryptText(source, file)), file)).render(scope);
      return isVaultText(source) ? sealed(value, 'vault') : value;
    },
    openVault: (source, file) => unwrap(run.tools.openFile(source, file)),
  };
}

/** @throws Failure: the first problem */
function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  const first = result.diagnostics.find(({ severity }) => severity === 'error') ?? result.diagnostics[0];
  throw new Failure(
    { code: first?.code ?? 'HAPB9000', message: first?.message ?? '', hint: first?.hint ?? '' },
    first?.span ?? null,
  );
}
