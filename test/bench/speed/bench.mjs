// Side by side: see run.sh. Takes the options below, prepares the hosts that the chosen parts need, and writes what it found.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { farAway, light, lightDown, nodes } from './hosts.mjs';
import { memory } from './memory.mjs';
import { writePage } from './page.mjs';
import { race } from './race.mjs';
import { startUp } from './start-up.mjs';
import { floors, tools } from './tools.mjs';
import { tables } from './tables.mjs';

const help = `npm run bench -- [options]

  --only PARTS        of a b c d e f g h i j k, with commas (all): a 20 tasks, first run; b the same, nothing to do; c on one
                      host; d on many light hosts; e far away; f a loop; g files; h --check; i start-up; j memory;
                      k a login and nothing else
  --tools NAMES       parts of names, with commas (all): ${Object.keys(tools).join(' · ')}
  --hosts N           full nodes of the lab, 1 to 10 (10)
  --light N           light hosts of d (50)
  --rounds N          how often everything is done (5)
  --patience SECONDS  a tool that needs longer for a step does it in one round only (60)
  --round-trips MS    of e, with commas (1,10,50)
  --memory-hosts N    of j, with commas (10,50,300)
  --out FILE.json     what was found; a page and a picture are made beside it (dist/bench.json; for the documentation
                      docs/performance.json)
  --keep              leave the parts that are not measured now as FILE.json has them; same versions only
`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'a,b,c,d,e,f,g,h,i,j,k' },
    tools: { type: 'string', default: '' },
    hosts: { type: 'string', default: '10' },
    light: { type: 'string', default: '50' },
    rounds: { type: 'string', default: '5' },
    patience: { type: 'string', default: '60' },
    'round-trips': { type: 'string', default: '1,10,50' },
    'memory-hosts': { type: 'string', default: '10,50,300' },
    out: { type: 'string', default: 'dist/bench.json' },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
const numbers = (text) => text.split(',').map(Number);
const parts = values.only.split(',');
const rounds = Number(values.rounds);
const patience = Number(values.patience);
const wanted = values.tools.split(',');
const chosen = Object.keys(tools).filter((name) => wanted.some((part) => name.includes(part)));
for (const part of wanted.filter((one) => !Object.keys(tools).some((name) => name.includes(one)))) {
  console.error(`bench: there is no tool "${part}": ${Object.keys(tools).join(', ')}`);
  process.exit(2);
}
const has = (...names) => names.some((name) => parts.includes(name));

/** 200 files of about 1 kB and one of 100 MB, with the sums that the script of OpenSSH compares. */
function payload() {
  const place = join(process.env.SPEED_FOLDER, 'payload');
  mkdirSync(join(place, 'small'), { recursive: true });
  for (let index = 0; index < 200; index += 1)
    writeFileSync(join(place, 'small', `file-${index}`), `${index}: some text of a small file\n`.repeat(32));
  execFileSync('sh', ['-c', 'head -c 104857600 /dev/urandom > large; sha256sum small/* large > sums'], {
    cwd: place,
  });
  return place;
}

/** Adds rows as they are found, so that those of the parts before are there when one fails. */
async function onNodes(rows) {
  const all = nodes(has('a', 'b', 'h', 'k') ? Number(values.hosts) : has('g') ? 3 : 1);
  const few = (count) => ({ ...all, hosts: all.hosts.slice(0, count) });
  const common = { chosen, rounds, patience };
  if (has('a', 'b', 'h')) {
    const steps = ['first', 'again', ...(has('h') ? ['check'] : [])];
    rows.push(...(await race({ ...common, part: 'a', work: 'mixed', set: all, steps, chosen: [...chosen, ...Object.keys(floors)] })));
  }
  if (has('k')) {
    const few = ['hapb', 'OpenSSH', ...Object.keys(floors)];
    rows.push(...(await race({ ...common, part: 'k', work: 'nothing', set: all, steps: ['again'], chosen: few })));
  }
  if (has('c'))
    rows.push(
      ...(await race({ part: 'c', work: 'mixed', set: few(1), steps: ['first', 'again'], ...common })),
    );
  if (has('e'))
    for (const roundTripMs of numbers(values['round-trips']))
      rows.push(...(await far(few(1), roundTripMs, 'e', 'mixed')));
  if (has('f')) {
    rows.push(
      ...(await race({ part: 'f', work: 'loop', set: few(1), steps: ['first', 'again'], ...common })),
    );
    for (const work of ['one', 'loop']) rows.push(...(await far(few(1), 10, 'f', work)));
  }
  if (has('g'))
    rows.push(
      ...(await race({
        part: 'g',
        work: 'files',
        set: few(3),
        steps: ['first', 'again'],
        payload: payload(),
        ...common,
      })),
    );
}

async function far(set, roundTripMs, part, work) {
  const moved = await farAway(set, roundTripMs);
  try {
    const found = await race({ part, work, set: moved, steps: ['first', 'again'], chosen, rounds, patience });
    return found.map((row) => ({ ...row, roundTripMs }));
  } finally {
    moved.end();
  }
}

async function onLight() {
  const set = light(Number(values.light));
  try {
    return await race({ part: 'd', work: 'mixed', set, steps: ['first', 'again'], chosen, rounds, patience });
  } finally {
    lightDown();
  }
}

function machine() {
  const model = cpus()[0]?.model ?? 'unknown';
  return {
    cpu: model,
    cores: cpus().length,
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
  };
}

/** What was compared: versions of the tools, as they say it themselves. */
function versions() {
  const site = readdirSync(join(process.env.SPEED_ENVIRONMENT, 'lib'))[0];
  const installed = readdirSync(join(process.env.SPEED_ENVIRONMENT, 'lib', site, 'site-packages'));
  const of = (name) =>
    installed.find((entry) => entry.startsWith(`${name}-`))?.replace(/^.*?-(.*)\.dist-info$/, '$1');
  const ssh = execFileSync('sh', ['-c', 'ssh -V 2>&1'], { encoding: 'utf8' }).split(',')[0];
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  return {
    hapb: version,
    node: process.version,
    'ansible-core': of('ansible_core'),
    mitogen: of('mitogen'),
    pyinfra: of('pyinfra'),
    python: site,
    openssh: ssh,
  };
}

async function run(rows) {
  if (has('i')) rows.push(...(await startUp({ rounds: Math.max(rounds, 3) })));
  if (has('a', 'b', 'c', 'e', 'f', 'g', 'h', 'k')) await onNodes(rows);
  if (has('d')) rows.push(...(await onLight()));
  if (has('j')) rows.push(...(await memory({ counts: numbers(values['memory-hosts']), chosen })));
}

/** What is left of the file that is written to: the rows of other parts, and the benches they are from. */
function kept(versions) {
  if (!values.keep || !existsSync(values.out)) return { benches: [], rows: [] };
  const before = JSON.parse(readFileSync(values.out, 'utf8'));
  if (!isDeepStrictEqual(before.versions, versions)) {
    console.error(`bench: ${values.out} is of other versions, so nothing of it can be kept`);
    process.exit(2);
  }
  const rows = before.rows.filter(({ part }) => !has(part) && !(part === 'a' && has('b', 'h')));
  const left = new Set(rows.map(({ part }) => part));
  const benches = before.benches
    .map((bench) => ({ ...bench, parts: bench.parts.filter((part) => left.has(part)) }))
    .filter((bench) => bench.parts.length > 0);
  return { benches, rows };
}

function write(rows, before) {
  const bench = {
    parts: [...new Set(rows.map(({ part }) => part))],
    date: new Date().toISOString().slice(0, 10),
    command: `npm run bench -- ${process.argv.slice(2).join(' ')}`.replace(/ -- $/, ''),
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
    rounds,
    patience,
    machine: machine(),
  };
  const found = {
    versions: versions(),
    benches: [...before.benches, bench],
    rows: [...before.rows, ...rows].sort((one, other) => one.part.localeCompare(other.part)),
  };
  mkdirSync(dirname(values.out), { recursive: true });
  writeFileSync(values.out, `${JSON.stringify(found, null, 1)}\n`);
  writePage(values.out);
  console.log(`\n${tables({ rows })}\n${values.out} and the page and picture beside it are written`);
}

if (values.help) console.log(help);
else {
  const before = kept(versions());
  const rows = [];
  try {
    await run(rows);
  } finally {
    if (rows.length > 0) write(rows, before);
  }
}
