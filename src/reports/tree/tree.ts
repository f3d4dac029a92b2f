import type { Diagnostic } from '../../core/diagnostic.ts';
import { printDiagnostic, type SourceOf } from '../../core/print-diagnostic.ts';
import type { Event, Reporter } from '../../events/event.ts';
import { noHosts } from '../no-hosts.ts';
import { leftLines } from '../plan-notes.ts';
import { recapLines } from '../recap.ts';
import { banner, type Screen } from '../screen.ts';
import { silentLine } from '../silence.ts';
import { createStopNotes } from '../stopping.ts';
import { closedLines } from './closed-lines.ts';
import { liveStatus, titleCell, treeTitle } from './live-line.ts';
import type { LiveView } from './live-view.ts';
import { emptyTree, foldTree } from './state.ts';

/** What the live tree needs. */
export interface TreeOptions {
  readonly screen: Screen;
  readonly view: LiveView;
  readonly diff: 'show' | 'hide';
  readonly source: SourceOf;
  /** Milliseconds since the Unix epoch, for running times. */
  readonly clock: () => number;
}

/** How often the live lines are drawn, in milliseconds; events may come a thousand times as often. */
const tickMs = 100;

/**
 * A tree that lives on a terminal: one line per task, all hosts together, while it runs; what it did stays above. The
 * recap comes at the end and below it every problem whole.
 */
export function createTreeReporter(options: TreeOptions): Reporter {
  const { screen, view, diff } = options;
  const state = emptyTree();
  const problems: Diagnostic[] = [];
  const stop = createStopNotes();
  const look = { paint: screen.paint, columns: screen.columns, diff };
  const draw = (): void => {
    const now = { hostCount: state.hostCount, nowMs: options.clock() };
    const lines = [...state.active.values()].map(
      (task) => `${titleCell(treeTitle(task), screen.columns)} ${liveStatus(task, now)}`,
    );
    view.show(lines);
  };
  const ticker = setInterval(draw, tickMs);
  ticker.unref();

  const on = (event: Event): void => {
    const over = foldTree(state, event);
    if (over.length > 0) view.print(over.map((task) => closedLines(task, look)).join(''));
    keepProblem(event, problems);
    stop.on(event);
    switch (event.type) {
      case 'play.started':
        view.print(`\n${screen.paint('bold', event.name === '' ? 'PLAY' : `PLAY [${event.name}]`)}\n`);
        break;
      case 'play.no-hosts':
        view.print(`\nPLAY [${event.name}]\n${noHosts(event, screen.paint)}\n`);
        break;
      case 'play.aborted':
        view.print(
          `${screen.paint('red', `✖ the play ends here: ${event.reason || 'no hosts are left'}`)}\n`,
        );
        break;
      case 'plan.left':
        view.print(`\n${leftLines(event.changes).join('\n')}\n`);
        break;
      case 'task.silent': {
        const title = state.nodes.get(event.node)?.title ?? event.node;
        view.print(`${screen.paint('yellow', silentLine(event, title))}\n`);
        break;
      }
      case 'host.goes-on': {
        const title = state.nodes.get(event.node)?.title ?? event.node;
        view.print(`${screen.paint('cyan', `${event.host} goes on at '${title}'`)}\n`);
        break;
      }
      case 'run.stopping':
        view.print(`${screen.paint('yellow', stop.now())}\n`);
        break;
      case 'run.finished':
        view.print(ending(event, problems, options));
        for (const text of stop.left()) view.print(`${screen.paint('yellow', text)}\n`);
        break;
      default:
        break;
    }
  };
  const close = async (): Promise<void> => {
    clearInterval(ticker);
    await view.close();
  };
  return { on, close };
}

/** Warnings and final failures are told whole at the end; ignored and rescued ones have had their line. */
function keepProblem(event: Event, problems: Diagnostic[]): void {
  if (event.type === 'diagnostic') problems.push(event.diagnostic);
  if (event.type !== 'task.finished' || event.verdict !== 'final') return;
  const { outcome } = event;
  if (outcome.kind === 'failed' || outcome.kind === 'would-fail' || outcome.kind === 'unreachable') {
    problems.push(outcome.diagnostic);
  }
}

function ending(
  event: Event & { readonly type: 'run.finished' },
  problems: readonly Diagnostic[],
  { screen, source }: TreeOptions,
): string {
  const recap = recapLines(event.recap, screen.paint)
    .map((line) => `${line}\n`)
    .join('');
  const style = { source, paint: screen.paint };
  const told = new Set(problems.map((problem) => `\n${printDiagnostic(problem, style)}\n`));
  return `${banner('PLAY RECAP', screen.columns)}${recap}${[...told].join('')}`;
}
