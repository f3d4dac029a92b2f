import { plainPaint } from '../core/paint.ts';
import type { SourceOf } from '../core/print-diagnostic.ts';
import type { Reporter } from '../events/event.ts';
import { createDriftJsonReporter } from './drift/json.ts';
import { createDriftReporter } from './drift/text.ts';
import { createJsonlReporter } from './jsonl.ts';
import { createJunitReporter } from './junit.ts';
import { createPlainReporter } from './plain.ts';
import type { Screen } from './screen.ts';
import type { Sink } from './sink.ts';

/** See OutputChoice. */
export type OutputKind = 'plain' | 'tree' | 'jsonl' | 'junit' | 'html' | 'drift' | 'drift-json' | 'profile';

/** One report that was asked for. `file: null`: standard output. */
export interface OutputChoice {
  readonly kind: OutputKind;
  readonly file: string | null;
}

/** What reports are made with. */
export interface ReportContext {
  /** Standard output. */
  readonly screen: Screen & { readonly kind: 'terminal' | 'stream'; readonly rows: number };
  /** Opens a report's file. */
  readonly openFile: (path: string) => Sink;
  readonly verbosity: number;
  readonly diff: 'show' | 'hide';
  readonly source: SourceOf;
  /** Milliseconds since the Unix epoch. */
  readonly clock: () => number;
}

/**
 * The reporters that were asked for, and one for people when none of them goes to the screen: the tree on a terminal,
 * plain lines elsewhere and with `-v`. A profile comes after what else the screen shows.
 */
export async function chooseReporters(
  choices: readonly OutputChoice[],
  context: ReportContext,
): Promise<readonly Reporter[]> {
  const forScreen: OutputKind =
    context.screen.kind === 'terminal' && context.verbosity === 0 ? 'tree' : 'plain';
  const hasScreen = choices.some(({ kind, file }) => kind !== 'profile' && file === null);
  const all = hasScreen ? choices : [{ kind: forScreen, file: null }, ...choices];
  return createReporters(all, context);
}

/** These reporters and no others. */
export async function createReporters(
  choices: readonly OutputChoice[],
  context: ReportContext,
): Promise<readonly Reporter[]> {
  return Promise.all(choices.map((choice) => createReporter(choice, context)));
}

async function createReporter({ kind, file }: OutputChoice, context: ReportContext): Promise<Reporter> {
  const { screen } = context;
  const sink = (): Sink => (file === null ? screenSink(screen) : context.openFile(file));
  switch (kind) {
    case 'plain':
      return file === null ? createPlainReporter(context) : plainFile(sink(), context);
    case 'tree':
      if (screen.kind === 'stream') return createPlainReporter(context);
      return createTree(context);
    case 'jsonl':
      return createJsonlReporter(sink());
    case 'drift':
      return file === null ? createDriftReporter(context) : driftFile(sink(), context);
    case 'drift-json':
      return createDriftJsonReporter(sink());
    case 'junit':
      return createJunitReporter(sink());
    case 'profile': {
      const { createProfileReporter } = await import('./profile/profile.ts');
      const out = sink();
      return createProfileReporter(file === null ? screen : paper(out), () => out.close());
    }
    case 'html': {
      const { createHtmlReporter } = await import('./html/html.ts');
      return createHtmlReporter(sink());
    }
  }
}

/** listr2 is loaded only where somebody looks at it. */
async function createTree(context: ReportContext): Promise<Reporter> {
  const [{ createTreeReporter }, { createLiveView }] = await Promise.all([
    import('./tree/tree.ts'),
    import('./tree/live-view.ts'),
  ]);
  const { screen } = context;
  const rows = Math.max(1, Math.min(12, Math.floor(screen.rows / 3)));
  return createTreeReporter({ ...context, view: createLiveView((text) => screen.write(text), rows) });
}

function plainFile(sink: Sink, context: ReportContext): Reporter {
  const plain = createPlainReporter({ ...context, screen: paper(sink) });
  return { on: (event) => plain.on(event), close: () => sink.close() };
}

function driftFile(sink: Sink, context: ReportContext): Reporter {
  const drift = createDriftReporter({ ...context, screen: paper(sink) });
  return { on: (event) => drift.on(event), close: () => sink.close() };
}

/** Without colours. */
function paper(sink: Sink): Screen {
  return { write: (text) => sink.write(text), columns: 79, paint: plainPaint };
}

function screenSink(screen: Screen): Sink {
  return { write: (text) => screen.write(text), close: () => Promise.resolve() };
}
