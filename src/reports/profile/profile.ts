import type { Event, Reporter } from '../../events/event.ts';
import { modelOf } from '../run-model.ts';
import { banner, type Screen } from '../screen.ts';
import { costLines } from './cost-table.ts';
import { criticalPath, type Span, spansOf } from './critical-path.ts';
import { seconds } from './units.ts';

/** Tasks of the path that took less of it are added up. */
const smallestShare = 0.01;

/** Which tasks decided how long a run took, and, where the log says it, what each cost. Written when the run has ended. */
export function createProfileReporter(screen: Screen, end: () => Promise<void>): Reporter {
  const events: Event[] = [];
  return {
    on: (event) => void events.push(event),
    close: () => {
      for (const text of profileText(events, screen)) screen.write(text);
      return end();
    },
  };
}

function profileText(events: readonly Event[], { columns, paint }: Screen): readonly string[] {
  const run = modelOf(events);
  const path = criticalPath(run);
  const totalMs = run.endMs - run.startMs;
  const costs = costLines(spansOf(run));
  const lines = (texts: readonly string[]): readonly string[] => texts.map((text) => `${text}\n`);
  return [
    banner(`CRITICAL PATH of ${seconds(totalMs)}`, columns),
    ...lines(
      pathLines(path, totalMs).map(({ text, tone }) => (tone === 'wait' ? paint('yellow', text) : text)),
    ),
    ...(costs.length === 0 ? [] : [banner('COST OF EACH TASK', columns), ...lines(costs)]),
  ];
}

interface PathLine {
  readonly text: string;
  readonly tone: 'task' | 'wait';
}

function pathLines(path: readonly Span[], totalMs: number): readonly PathLine[] {
  if (path.length === 0) return [{ text: 'No task has ended.', tone: 'task' }];
  const lines: PathLine[] = [];
  const small = { count: 0, ms: 0 };
  for (const span of path) {
    const ms = span.endMs - span.startMs;
    const { waited } = span;
    if (waited !== null && waited.ms >= totalMs * smallestShare)
      lines.push({
        text: `${' '.repeat(12)}${span.host} waited ${seconds(waited.ms)} for ${waited.forHost}, before '${span.title}'`,
        tone: 'wait',
      });
    if (ms >= totalMs * smallestShare)
      lines.push({ text: `${seconds(ms).padStart(10)}  ${span.host}: ${span.title}`, tone: 'task' });
    else {
      small.count += 1;
      small.ms += ms;
    }
  }
  if (small.count > 0)
    lines.push({
      text: `${seconds(small.ms).padStart(10)}  in ${small.count} ${small.count === 1 ? 'task' : 'tasks'} of less than ${seconds(totalMs * smallestShare)} each`,
      tone: 'task',
    });
  const between = totalMs - path.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  if (between >= totalMs * smallestShare)
    lines.push({
      text: `${seconds(between).padStart(10)}  before the first task, between tasks and after the last`,
      tone: 'task',
    });
  return lines;
}
