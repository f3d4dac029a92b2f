import type { Diagnostic, Result } from '../../core/diagnostic.ts';
import { printDiagnostics } from '../../core/print-diagnostic.ts';
import type { RunEnd } from '../../engine/execute.ts';
import { startRun } from '../../engine/start.ts';
import type { EventBody, Reporter } from '../../events/event.ts';
import { goOn } from '../../events/go-on.ts';
import { safeValue } from '../../events/redact.ts';
import { watchSilence } from '../../events/silence.ts';
import { createEventStream } from '../../events/stream.ts';
import { createTallyFold } from '../../events/tally.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { chooseReporters } from '../../reports/choose.ts';
import { createJsonlReporter } from '../../reports/jsonl.ts';
import type { VarsTools } from '../../variables/vars-file.ts';
import { connectionOpener } from '../connections.ts';
import { exitCodeOf, exitCodes } from '../exit-codes.ts';
import { createSourceReader, openPrivateFile } from '../files.ts';
import { askingForKeys } from '../host-keys.ts';
import { leaseHolder } from '../lease-holder.ts';
import { type LoadedRun, loadRun } from '../load-run.ts';
import { createMeter } from '../meter.ts';
import { gatherPasswords } from '../passwords.ts';
import { askingTerminal } from '../person.ts';
import { bindingOf, holdTo, newSalt, readPlan, type SavedPlan } from '../plan-file.ts';
import { answerPrompts } from '../prompts.ts';
import { reportContext } from '../report-context.ts';
import { runLimit } from '../run-limit.ts';
import type { RunOptions } from '../run-options.ts';
import {
  demandSame,
  type EarlierRun,
  forgetState,
  keepState,
  leftAside,
  readState,
  stateFile,
} from '../run-state.ts';
import { openLedger, type SourceLedger } from '../source-ledger.ts';
import { askSteps } from '../steps.ts';
import { errorPaint, type Terminal } from '../terminal.ts';
import { gatherTools } from '../vault-passwords.ts';
import { showPlan } from './plan-view.ts';

/** Runs, checks, lists or plans playbooks. Gives the exit code. @throws Failure for what stops it before the run */
export async function runCommand(
  options: RunOptions,
  { version, terminal }: { readonly version: string; readonly terminal: Terminal },
): Promise<number> {
  const saved = options.plan === null ? null : readPlan(options.plan);
  const state = stateFile(options, terminal.env);
  const earlier = options.from === 'before' ? readState(state) : null;
  // What is encrypted can only be loaded with its password.
  const tools = await gatherTools(options.vault, terminal);
  // Only a plan and a run that may be gone on with need to know what was read.
  using ledger =
    saved === null && options.save === null && state === null
      ? null
      : openLedger((saved ?? earlier)?.bound.salt ?? newSalt(), options.playbooks[0] ?? '');
  const loaded = loadRun(options, tools);
  showProblems(loaded.ok ? loaded.value.warnings : loaded.diagnostics, terminal);
  if (!loaded.ok)
    return exitCodeOf(loaded.diagnostics.find(({ severity }) => severity === 'error')?.code ?? 'HAPB9000');
  if (options.task !== 'run') {
    terminal.writeOut(showPlan(options.task, loaded.value, options));
    return exitCodes.success;
  }
  return run({ ...loaded.value, tools, saved, state, earlier, ledger, version }, options, terminal);
}

/** A run with what it needs around it. */
interface RunParts extends LoadedRun {
  readonly tools: VarsTools;
  readonly saved: SavedPlan | null;
  /** Where it keeps what it has done; `null`: nowhere. */
  readonly state: string | null;
  /** The run with which it goes on. */
  readonly earlier: EarlierRun | null;
  readonly ledger: SourceLedger | null;
  readonly version: string;
}

function showProblems(problems: readonly Diagnostic[], terminal: Terminal): void {
  if (problems.length === 0) return;
  const style = { source: createSourceReader(), paint: errorPaint(terminal) };
  terminal.writeError(`${printDiagnostics(safeValue(problems), style)}\n`);
}

async function run(loaded: RunParts, options: RunOptions, terminal: Terminal): Promise<number> {
  const { inventory, readInventory, extraVars, saved, state, earlier, ledger, version } = loaded;
  const { plan, warnings } = await answerPrompts(loaded.plan, extraVars, terminal);
  showProblems(warnings, terminal);
  const now =
    ledger === null
      ? null
      : bindingOf({ ...loaded, plan }, options, {
          version,
          salt: ledger.salt,
          files: ledger.take(),
          variables: state === null ? 'each' : 'together',
        });
  const hold = saved === null || now === null ? null : holdTo(saved, now, options.playbooks[0] ?? '');
  if (earlier !== null && now !== null) demandSame(earlier, now, options.playbooks[0] ?? '');
  const asked = askSteps(options, terminal);
  const asking = askingTerminal(terminal);
  const passwords = await gatherPasswords(options, terminal);
  let current = inventory;
  const refresh = (): Result<Inventory> => {
    const fresh = readInventory();
    if (fresh.ok) current = fresh.value;
    return fresh;
  };
  const forks = options.forks ?? Math.min(50, Math.max(1, inventory.hosts.size));
  const aside = state === null || now === null ? null : leftAside(state, now, inventory.hosts);
  const keeper =
    state === null || now === null || (aside !== null && earlier === null)
      ? null
      : keepState(state, now, earlier);
  const reporters = [
    ...(await chooseReporters(asked.outputs, reportContext(options, asking.terminal))),
    ...(options.save === null ? [] : [createJsonlReporter(openPrivateFile(options.save))]),
    ...(keeper === null ? [] : [keeper]),
  ];
  if (earlier !== null)
    terminal.writeError(
      `Goes on with the run of ${new Date(earlier.atMs).toISOString()}: what ${earlier.ends.size} tasks came to is kept.\n`,
    );
  const stream = watchSilence(createEventStream(reporters, Date.now), { clock: Date.now, forks });
  const open = askingForKeys(
    connectionOpener({ inventory: () => current, extraVars, options, passwords, env: terminal.env }),
    asking.person,
  );
  const meter = asked.outputs.some(({ kind }) => kind === 'profile') ? createMeter(open) : null;
  const tally = createTallyFold();
  using limit = runLimit(
    options.runTimeoutSeconds,
    { stopping: asked.stopping, interrupted: terminal.interrupted },
    (diagnostic) => stream.emit({ type: 'diagnostic', diagnostic }),
  );
  const started = performance.now();
  let exitCode: number = exitCodes.bug;
  let pending = false;
  try {
    const end = await startRun({
      plan,
      playbooks: options.playbooks,
      inventory,
      refresh,
      settings: {
        mode: options.mode,
        forks,
        forceHandlers: options.handlers === 'forced' ? 'yes' : 'no',
        diff: options.diff === 'show' ? 'yes' : 'no',
        dates: options.dates,
        become: options.become.enabled === 'yes' ? 'yes' : 'no',
        becomeUser: options.become.user ?? 'root',
        extraVars,
        limit: options.limit,
        tags: options.tags,
        skipTags: options.skipTags,
        verbosity: options.verbosity,
      },
      open: meter?.open ?? open,
      holder: leaseHolder(options),
      tools: loaded.tools,
      emit: (event) => {
        tally.on(event);
        pending ||= isPending(event);
        const noted = hold?.on(event) ?? event;
        stream.emit(meter?.on(noted) ?? noted);
      },
      ask: asked.ask,
      person: asking.person,
      bound: options.save === null ? null : now,
      hold,
      before: earlier === null ? null : goOn(earlier.ends, (event) => stream.emit(event)),
      stopping: limit.stopping,
      signal: limit.interrupted,
    });
    if (ledger !== null && (options.save !== null || keeper !== null))
      stream.emit({ type: 'files.read', files: ledger.take() });
    const changes = hold?.left() ?? [];
    if (changes.length > 0) stream.emit({ type: 'plan.left', changes });
    const recap = tally.recap();
    exitCode = exitCodeOfRun(end, { pending: pending && options.exitCodes === 'detailed' });
    stream.emit({
      type: 'run.finished',
      exitCode,
      durationMs: Math.round(performance.now() - started),
      recap,
    });
  } finally {
    showProblems(await stream.close(), terminal);
  }
  tellOfState({ state, keeper, aside, exitCode }, terminal);
  return exitCode;
}

/** Whether there is something to go on with, and with what. */
function tellOfState(
  {
    state,
    keeper,
    aside,
    exitCode,
  }: {
    readonly state: string | null;
    readonly keeper: Reporter | null;
    readonly aside: Pick<EarlierRun, 'atMs'> | null;
    readonly exitCode: number;
  },
  terminal: Terminal,
): void {
  const well = exitCode === exitCodes.success;
  if (aside !== null && (well || keeper === null)) {
    const when = new Date(aside.atMs).toISOString();
    terminal.writeError(
      `What the run of ${when} has left stays for --resume: this one was of fewer hosts or tasks.\n`,
    );
  } else if (state !== null && well) forgetState(state);
  else if (keeper !== null)
    terminal.writeError('The same command with --resume goes on where this run stopped.\n');
}

/** What check mode itself has done (add_host, check_mode: false) is done. */
function isPending(event: EventBody): boolean {
  if (event.type !== 'task.finished' && event.type !== 'item.finished') return false;
  return event.outcome.kind === 'would-change' || event.outcome.kind === 'unknown';
}

function exitCodeOfRun(end: RunEnd, { pending }: { readonly pending: boolean }): number {
  if (end.interrupted) return exitCodes.interrupted;
  if (end.unreachable) return exitCodes.unreachable;
  if (end.failed) return exitCodes.failed;
  return pending ? exitCodes.pending : exitCodes.success;
}
