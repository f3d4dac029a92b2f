import { escapeMarkup } from '../escape-markup.ts';
import type { RunModel } from '../run-model.ts';
import { duration } from '../tree/live-line.ts';

const width = 1000;
const rowHeight = 22;
const headHeight = 24;

/** An SVG of the run: a row for each host, a bar for each task, a line for each barrier. */
export function timelineSvg(run: RunModel): string {
  const span = Math.max(1, run.endMs - run.startMs);
  const x = (atMs: number): number => Math.round(((atMs - run.startMs) / span) * width * 10) / 10;
  const height = headHeight + run.hosts.length * rowHeight;
  const row = new Map(run.hosts.map((host, index) => [host, headHeight + index * rowHeight]));
  const parts: string[] = [];
  for (let tick = 0; tick <= 4; tick += 1) {
    const at = (width / 4) * tick;
    const anchor = tick === 0 ? 'start' : tick === 4 ? 'end' : 'middle';
    parts.push(`<line class="tick" x1="${at}" x2="${at}" y1="${headHeight}" y2="${height}"/>`);
    parts.push(
      `<text class="time" x="${at}" y="14" text-anchor="${anchor}">${duration((span / 4) * tick)}</text>`,
    );
  }
  for (const play of run.plays) {
    for (const { node, ends } of play.tasks) {
      for (const { startMs, end } of ends) {
        const top = row.get(end.host);
        if (top === undefined || end.outcome.kind === 'skipped') continue;
        const title = `${end.host}: ${node.title}: ${end.outcome.kind} (${duration(end.atMs - startMs)})`;
        const barWidth = Math.max(1.5, x(end.atMs) - x(startMs));
        const bar = `x="${x(startMs)}" y="${top + 3}" width="${barWidth}" height="${rowHeight - 6}"`;
        parts.push(`<rect class="${end.outcome.kind}" ${bar}><title>${escapeMarkup(title)}</title></rect>`);
      }
    }
    for (const { name, atMs } of play.barriers) {
      const line = `x1="${x(atMs)}" x2="${x(atMs)}" y1="${headHeight - 6}" y2="${height}"`;
      parts.push(`<line class="barrier" ${line}><title>${escapeMarkup(`barrier: ${name}`)}</title></line>`);
    }
  }
  const names = run.hosts.map((host) => `<div>${escapeMarkup(host)}</div>`).join('');
  const svg = `<svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" height="${height}">${parts.join('')}</svg>`;
  return `<div class="timeline"><div class="names">${names}</div>${svg}</div>`;
}
