import { printDiagnostic, type SourceOf } from '../../core/print-diagnostic.ts';
import { formatPlace } from '../../core/source.ts';
import type { Reporter } from '../../events/event.ts';
import type { Screen } from '../screen.ts';
import { diffText } from '../unified-diff.ts';
import {
  createDriftFold,
  type Difference,
  type Doubt,
  type DriftModel,
  type Standing,
  sortedHosts,
} from './model.ts';

/** How drift is shown. */
export interface DriftLook {
  readonly screen: Pick<Screen, 'write' | 'paint'>;
  readonly diff: 'show' | 'hide';
  readonly source: SourceOf;
}

/** What differs on which hosts, in words for those who look after them. Written when the check has ended. */
export function createDriftReporter(look: DriftLook): Reporter {
  const fold = createDriftFold();
  return {
    on: (event) => {
      fold.on(event);
      if (event.type === 'run.finished') look.screen.write(driftText(fold.model, look));
    },
    close: () => Promise.resolve(),
  };
}

function driftText(model: DriftModel, look: DriftLook): string {
  const { paint } = look.screen;
  const style = { source: look.source, paint };
  const parts: string[] = [];
  const section = (title: string, blocks: readonly string[]): void => {
    if (blocks.length > 0) parts.push(`${paint('bold', title)}\n${blocks.join('')}`);
  };
  parts.push(...model.warnings.map((warning) => `${printDiagnostic(warning, style)}\n`));
  section(
    'Differs from the playbook',
    model.differences.map((one) => differenceText(one, look)),
  );
  section(
    'A run would then also',
    model.consequences.map((one) => differenceText(one, look)),
  );
  section(
    'Cannot be known without a run',
    model.doubts.map((one) => doubtText(one, look)),
  );
  for (const { kind, hosts, diagnostic } of model.troubles) {
    const title = kind === 'unreachable' ? 'Could not be reached' : 'A run would fail';
    parts.push(`${paint('red', `${title}: ${names(hosts)}`)}\n${printDiagnostic(diagnostic, style)}\n`);
  }
  return `${[...parts, summary(model)].join('\n')}\n`;
}

function differenceText(one: Difference, { screen: { paint }, diff }: DriftLook): string {
  const item = one.label === null ? '' : ` (item ${one.label})`;
  const head = `  ${paint('yellow', `${names(one.hosts.keys())}: ${one.summary}${item}`)}`;
  const since = sinceText(one);
  const shown = diff === 'show' ? indented(diffText(one.edits, paint)) : [];
  return lines([
    head,
    `    ${one.node.title} (${formatPlace(one.node.span)})`,
    ...(since === '' ? [] : [`    ${since}`]),
    ...shown,
  ]);
}

/** Hosts with one time share it. */
function sinceText({ hosts }: Difference): string {
  const times = new Map<string, string[]>();
  for (const [host, since] of hosts) {
    if (since === null) continue;
    const text = timeText(since);
    times.set(text, [...(times.get(text) ?? []), host]);
  }
  const [only] = times.keys();
  if (only === undefined) return '';
  if (times.size === 1) return `so since ${only}`;
  return `so since ${[...times].map(([text, on]) => `${text} (${names(on)})`).join(', ')}`;
}

function doubtText({ hosts, node, label, reason }: Doubt, { screen: { paint } }: DriftLook): string {
  const item = label === null ? '' : ` (item ${label})`;
  return lines([
    `  ${paint('bright purple', `${names(hosts)}: ${node.title}${item}`)}`,
    `    ${reason} (${formatPlace(node.span)})`,
  ]);
}

function summary({ hosts, playbooks }: DriftModel): string {
  const having = (standing: Standing): readonly string[] =>
    [...hosts].flatMap(([host, own]) => (own === standing ? [host] : []));
  const said = (standing: Standing, words: string): readonly string[] =>
    having(standing).length === 0 ? [] : [`${words}: ${names(having(standing))}`];
  const whole = having('as written').length === hosts.size;
  return [
    whole
      ? `${hosts.size === 1 ? 'The host is' : `All ${hosts.size} hosts are`} as ${playbooks.join(', ')} says: ${names(hosts.keys())}`
      : `${having('as written').length} of ${hosts.size} hosts are as ${playbooks.join(', ')} says`,
    ...(whole
      ? []
      : [
          ...said('as written', '  as written'),
          ...said('drifted', '  drifted'),
          ...said('unknown', '  unknown'),
          ...said('failed', '  would fail'),
          ...said('unreachable', '  unreachable'),
        ]),
  ].join('\n');
}

/** In UTC, as ISO 8601 has it, to the second. */
export function timeText(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}

function names(hosts: Iterable<string>): string {
  return sortedHosts(hosts).join(', ');
}

function indented(text: string): readonly string[] {
  return text === ''
    ? []
    : text
        .trimEnd()
        .split('\n')
        .map((line) => `    ${line}`);
}

function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join('');
}
