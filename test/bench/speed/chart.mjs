// The picture of what a bench found: how long each tool takes for 20 tasks, the first time and with nothing to do.
import { median } from './measure.mjs';
import { groups, timesHapb, titleOf } from './tables.mjs';

const width = 760;
const left = 190;
const right = 130;
const bar = 18;
const gap = 8;

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const at = (x, y, kind, text) => `<text x="${x}" y="${y}" class="${kind}">${escaped(text)}</text>`;

/** One group of bars below `top`; gives its lines and where it ends. */
function bars(group, top) {
  const longest = Math.max(...group.map(({ wall }) => median(wall)));
  const lines = [at(0, top + 14, 'title', titleOf(group[0]))];
  let y = top + 26;
  for (const row of group) {
    const seconds = median(row.wall);
    const length = Math.max(2, (seconds / longest) * (width - left - right));
    const times = timesHapb(group, row);
    const label = `${seconds.toFixed(seconds < 10 ? 2 : 1)} s${times === null ? '' : ` · ${times.toFixed(1)} ×`}`;
    lines.push(
      at(left - 10, y + 13, 'name', row.tool),
      `<rect x="${left}" y="${y}" width="${length.toFixed(1)}" height="${bar}" rx="3" class="${row.tool === 'hapb' ? 'own' : 'other'}"/>`,
      at((left + length + 8).toFixed(1), y + 13, 'value', label),
    );
    y += bar + gap;
  }
  return { lines, bottom: y + 16 };
}

/** An SVG for pages that are light or dark, or null where the bench has no such figures. */
export function chart({ rows, versions, benches }) {
  const wanted = groups(rows).filter(([row]) => row.part === 'a' && row.step !== 'check');
  if (wanted.length === 0) return null;
  const { date, machine } = benches.find(({ parts }) => parts.includes('a'));
  const body = [];
  let y = 4;
  for (const group of [...wanted].reverse()) {
    const { lines, bottom } = bars(group, y);
    body.push(...lines);
    y = bottom;
  }
  const tools = `hapb ${versions.hapb}, ansible-core ${versions['ansible-core']}, Mitogen ${versions.mitogen}, pyinfra ${versions.pyinfra}, ${versions.openssh}`;
  body.push(
    at(0, y + 4, 'note', tools),
    at(0, y + 20, 'note', `${machine.cores} cores for both ends, ${machine.cpu}, ${date}; less is better`),
  );
  const style = `text{font:13px system-ui,sans-serif;fill:#1f2328}.title{font-weight:600}.name{text-anchor:end}
.note{font-size:11px;fill:#59636e}.own{fill:#1a7f37}.other{fill:#9aa4af}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.note{fill:#9198a1}.own{fill:#3fb950}.other{fill:#59636e}}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y + 30}" role="img" aria-label="Seconds for 20 tasks, by tool">
<style>${style}</style>
${body.join('\n')}
</svg>
`;
}
