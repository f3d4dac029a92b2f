import type { Outcome } from '../core/outcome.ts';
import { type DiagnosticStyle, printDiagnostic } from '../core/print-diagnostic.ts';
import { isOwnSkip } from '../core/skip-words.ts';
import { formatPlace } from '../core/source.ts';
import { type Event, isSteering, type Reporter, type TaskNode } from '../events/event.ts';
import { noHosts } from './no-hosts.ts';
import type { PlainOptions } from './plain-options.ts';
import { outcomeLines } from './plain-outcome.ts';
import { leftLines, noteLine } from './plan-notes.ts';
import { recapLines } from './recap.ts';
import { banner } from './screen.ts';
import { createScreenOrder } from './screen-order.ts';
import { silentLine } from './silence.ts';
import { createStopNotes } from './stopping.ts';

const none: ReadonlySet<Outcome['kind']> = new Set();

/** Ansible's lines, grouped by task in the playbook's order. */
export function createPlainReporter(options: PlainOptions): Reporter {
  const { screen, verbosity } = options;
  const style: DiagnosticStyle = { source: options.source, paint: screen.paint };
  /** The task whose headline stands above; a line of another one needs its own. */
  let headline: TaskNode | null = null;
  const told = new Set<string>();
  const stop = createStopNotes();
  /** Kinds of outcome that the items of a running loop had, by node and host. */
  const items = new Map<string, Set<Outcome['kind']>>();
  const line = (text: string): void => screen.write(`${text}\n`);
  const showBanner = (title: string): void => screen.write(banner(title, screen.columns));

  const head = (node: TaskNode): void => {
    if (headline?.id === node.id) return;
    headline = node;
    told.clear();
    showBanner(headlineOf(node));
    if (verbosity >= 2) line(screen.paint('gray', `task path: ${formatPlace(node.span)}`));
  };
  const show = (event: Event, node: TaskNode | null): void => {
    if (node !== null && needsHeadline(event)) head(node);
    switch (event.type) {
      case 'play.started':
        headline = null;
        showBanner(event.name === '' ? 'PLAY' : `PLAY [${event.name}]`);
        return;
      case 'play.no-hosts':
        showBanner(event.name === '' ? 'PLAY' : `PLAY [${event.name}]`);
        line(noHosts(event, screen.paint));
        return;
      case 'run.stopping':
        line(screen.paint('yellow', stop.now()));
        return;
      case 'play.aborted':
        showBanner('NO MORE HOSTS LEFT');
        if (event.reason !== '') line(screen.paint('red', event.reason));
        return;
      case 'item.finished': {
        const kinds = items.get(`${event.node} ${event.host}`) ?? new Set();
        items.set(`${event.node} ${event.host}`, kinds.add(event.outcome.kind));
        if (node !== null && isSteering(node) && event.outcome.kind === 'ok') return;
        screen.write(outcomeLines(event, { ...options, style, node, items: none, told }));
        screen.write(noteLine(event, screen.paint));
        return;
      }
      case 'task.finished': {
        const kinds = items.get(`${event.node} ${event.host}`) ?? none;
        items.delete(`${event.node} ${event.host}`);
        if (node !== null && isSteering(node) && event.outcome.kind === 'ok') return;
        screen.write(outcomeLines(event, { ...options, style, node, items: kinds, told }));
        screen.write(noteLine(event, screen.paint));
        return;
      }
      case 'included': {
        const item = event.label === null ? '' : ` => (item=${event.label})`;
        line(screen.paint('cyan', `included: ${event.file} for ${event.hosts.join(', ')}${item}`));
        return;
      }
      case 'task.retrying': {
        const left = `${event.retriesLeft} retries left`;
        line(
          screen.paint('gray', `FAILED - RETRYING: [${event.host}]: ${node?.title ?? event.node} (${left}).`),
        );
        return;
      }
      case 'task.progress':
        if (verbosity >= 1 && event.text !== '')
          line(screen.paint('gray', `  [${event.host}] ${event.text}`));
        return;
      case 'task.silent':
        line(screen.paint('yellow', silentLine(event, node?.title ?? event.node)));
        return;
      case 'barrier.waiting':
        if (verbosity >= 2) line(screen.paint('blue', `waiting: [${event.host}]`));
        return;
      case 'host.goes-on':
        line(screen.paint('cyan', `${event.host} goes on at '${node?.title ?? event.node}'`));
        return;
      case 'barrier.opened':
        if (verbosity >= 1) line(screen.paint('blue', `passed by: ${event.hosts.join(', ')}`));
        return;
      case 'handler.notified':
        if (verbosity >= 2) line(screen.paint('gray', `NOTIFIED HANDLER ${event.handler} for ${event.host}`));
        return;
      case 'host.connected':
        if (verbosity >= 3) line(screen.paint('blue', `<${event.host}> CONNECTED in ${event.durationMs} ms`));
        return;
      case 'diagnostic':
        screen.write(`${printDiagnostic(event.diagnostic, style)}\n`);
        return;
      case 'run.finished':
        showBanner('PLAY RECAP');
        for (const text of recapLines(event.recap, screen.paint)) line(text);
        line('');
        for (const text of stop.left()) line(screen.paint('yellow', text));
        return;
      case 'plan.left':
        showBanner('FORESEEN BY THE PLAN, AND NOT COME TO');
        for (const text of leftLines(event.changes)) line(screen.paint('cyan', text));
        return;
      case 'run.started':
      case 'files.read':
      case 'tasks.added':
      case 'task.named':
      case 'task.started':
      case 'node.closed':
        return;
    }
  };
  const order = createScreenOrder(show);
  const on = (event: Event): void => {
    stop.on(event);
    order.on(event);
  };
  return { on, close: () => Promise.resolve() };
}

function headlineOf(node: TaskNode): string {
  switch (node.kind) {
    case 'task':
      return `TASK [${node.title}]`;
    case 'handler':
      return `RUNNING HANDLER [${node.title}]`;
    case 'barrier':
      return `BARRIER [${node.title}]`;
  }
}

/** What shows nothing by itself does not announce its task: a `run_once` task on the hosts that it does not run on. */
function needsHeadline(event: Event): boolean {
  if (['handler.notified', 'task.progress', 'task.silent'].includes(event.type)) return false;
  if (event.type !== 'task.finished' || event.outcome.kind !== 'skipped') return true;
  return isOwnSkip(event.outcome.because);
}
