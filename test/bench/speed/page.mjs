// The page and the picture from the JSON that a bench wrote, beside it: `node test/bench/speed/page.mjs FILE.json`.
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { chart } from './chart.mjs';
import { judged } from './goals.mjs';
import { table, tables } from './tables.mjs';

const intro = `All tools do the same work on the same hosts, in turn: every round does everything with every tool, so what
else the machine does hits all alike. Only figures of one table compare: tables may be of different machines, as told
below. Figures are medians; “from, to” is the least and the greatest. Controller and
hosts share the machine's cores. Each run starts with cold connections, as root, without facts; hosts are put back before
each first run, and what a tool leaves behind (files, modes, contents, kernel settings, services) has to equal what hapb
leaves. OpenSSH is all hosts at once with one sh script each, which looks before it acts: what a careful person types.
ansible-core has as many forks as there are hosts (50 at most). Light hosts are an sshd in namespaces without systemd, so
two tasks about services are left out there. A tool that takes longer than the patience for a step does it in one round
only. The round trips are those that somebody waited for, counted by a proxy that stands between every tool and the host.
Work and tools: [test/bench/speed](../test/bench/speed).
`;

const floorText = `The floor is what ssh2 alone reaches: all hosts at once, one connection each, over which OpenSSH's script runs, with no
playbook, no inventory, no lease and no look at what was done. For memory it is what its connections need and what the loaded
program needs without any. A goal below the floor cannot be met by a tool that logs in with ssh2 and does this work.
`;

function goalsTable(rows) {
  const number = (value) => (value === null ? '' : value < 10 ? value.toFixed(2) : value.toFixed(0));
  const lines = judged(rows).map(({ title, goal, value, floor, met }) => [
    title,
    goal,
    number(value),
    number(floor),
    met,
  ]);
  if (lines.length === 0) return '';
  return `\n## Goals\n\n${floorText}\n${table(['what', 'goal', 'found', 'floor', 'met'], lines)}\n`;
}

/** Writes FILE.md and FILE.svg beside FILE.json. */
export function writePage(file) {
  const found = JSON.parse(readFileSync(file, 'utf8'));
  const { versions, benches, rows } = found;
  const svg = chart(found);
  const name = (ending) => file.replace(/\.json$/, ending);
  if (svg !== null) writeFileSync(name('.svg'), svg);
  const picture = svg !== null ? `\n![Seconds for 20 tasks, by tool](${basename(name('.svg'))})\n` : '';
  const facts = Object.entries(versions);
  const when = benches.map(({ command, machine, date, commit, rounds, patience }) => [
    `\`${command}\``,
    `${machine.cores} × ${machine.cpu}, ${machine.memoryGigabytes} GB, Linux ${machine.kernel}`,
    date,
    commit,
    String(rounds),
    `${patience} s`,
  ]);
  writeFileSync(
    name('.md'),
    `# Performance\n\n${intro}${picture}\n${table(['', ''], facts)}

${table(['measured by', 'on the machine', 'on', 'of commit', 'rounds', 'patience'], when)}
${goalsTable(rows)}\n## Figures\n\n${tables(found)}`,
  );
}

if (process.argv[1]?.endsWith('page.mjs') && process.argv[2] !== undefined) writePage(process.argv[2]);
