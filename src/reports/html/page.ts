import type { Tally } from '../../core/tally.ts';
import type { Event } from '../../events/event.ts';
import { escapeMarkup } from '../escape-markup.ts';
import { leftLines } from '../plan-notes.ts';
import { modelOf, type RunModel } from '../run-model.ts';
import { duration } from '../tree/live-line.ts';
import { diagnosticHtml, playHtml } from './plays.ts';
import { style } from './style.ts';
import { timelineSvg } from './timeline.ts';

const columns: readonly (readonly [keyof Tally, string])[] = [
  ['ok', 'ok'],
  ['changed', 'changed'],
  ['unreachable', 'unreachable'],
  ['failed', 'failed'],
  ['skipped', 'skipped'],
  ['rescued', 'rescued'],
  ['ignored', 'ignored'],
  ['unknown', 'unknown'],
  ['wouldFail', 'would fail'],
];

/** The whole page. It loads nothing and runs no script. */
export function htmlPage(events: readonly Event[]): string {
  const run = modelOf(events);
  const title = `hapb ${run.mode === 'check' ? 'check' : 'run'}: ${run.playbooks.join(', ')}`;
  const policy = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${policy}
<meta name="viewport" content="width=device-width">
<title>${escapeMarkup(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escapeMarkup(title)}</h1>
<p>${facts(run)}</p>
${recapTable(run)}
<h2>Timeline</h2>
${timelineSvg(run)}
${run.diagnostics.map(diagnosticHtml).join('\n')}
${run.plays.map(playHtml).join('\n')}
${leftHtml(run)}
</body>
</html>
`;
}

function facts(run: RunModel): string {
  const end = run.exitCode === null ? 'not finished' : `exit code ${run.exitCode}`;
  const took = duration(run.endMs - run.startMs);
  return escapeMarkup(
    `${new Date(run.startMs).toISOString()} · ${took} · ${run.hosts.length} hosts · ${end}`,
  );
}

function leftHtml({ left }: RunModel): string {
  const lines = leftLines(left).map((line) => `<li>${escapeMarkup(line)}</li>`);
  return left.length === 0 ? '' : `<h2>Foreseen by the plan, and not come to</h2><ul>${lines.join('')}</ul>`;
}

function recapTable({ recap }: RunModel): string {
  const head = columns.map(([, name]) => `<th>${name}</th>`).join('');
  const rows = Object.entries(recap).map(([host, tally]) => {
    const cells = columns.map(
      ([key]) => `<td${tally[key] === 0 ? '' : ` class="${cellClass(key)}"`}>${tally[key]}</td>`,
    );
    return `<tr><td>${escapeMarkup(host)}</td>${cells.join('')}</tr>`;
  });
  return `<table><thead><tr><th>host</th>${head}</tr></thead><tbody>${rows.join('\n')}</tbody></table>`;
}

function cellClass(key: keyof Tally): string {
  return key === 'wouldFail' ? 'would-fail' : key;
}
