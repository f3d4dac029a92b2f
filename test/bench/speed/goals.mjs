// What hapb is to reach, and whether a bench has found it. Ratios are of medians within one bench.
import { median } from './measure.mjs';
import { loadedTool, nodeTool } from './memory.mjs';
import { floors } from './tools.mjs';

const [floorTool] = Object.keys(floors);

const found = (rows, part, step, tool, more = {}) =>
  rows.find(
    (row) =>
      row.part === part &&
      row.step === step &&
      row.tool === tool &&
      Object.entries({ work: row.work, hosts: row.hosts, roundTripMs: row.roundTripMs, ...more }).every(
        ([key, value]) => row[key] === value,
      ),
  );

function faster(title, part, step, tool, atLeast) {
  return {
    title: `${title}: times faster than ${tool}`,
    goal: `≥ ${atLeast}`,
    find: (rows) => ratio(found(rows, part, step, tool), found(rows, part, step, 'hapb')),
    floor: (rows) => ratio(found(rows, part, step, tool), found(rows, part, step, floorTool)),
    met: (value) => value >= atLeast,
  };
}

function atMost(title, limit, find, floor = () => null) {
  return { title, goal: `≤ ${limit}`, find, floor, met: (value) => value <= limit };
}

/** As long as OpenSSH, at most so many times. */
function likeOpenSsh(title, step, limit) {
  const times = (tool) => (rows) => ratio(found(rows, 'a', step, tool), found(rows, 'a', step, 'OpenSSH'));
  return atMost(`${title}: times as long as OpenSSH`, limit, times('hapb'), times(floorTool));
}

function ratio(one, other, key = 'wall') {
  return one === undefined || other === undefined ? null : median(one[key]) / median(other[key]);
}

const megabytes = (rows, tool) =>
  found(rows, 'j', 'again', tool, { hosts: 300 })?.processMegabytes ?? null;

const number = (row, key) => (row === undefined ? null : median(row[key]));
const minus = (one, other) => (one === null || other === null ? null : one - other);

const again = '20 tasks, nothing to do';
const first = '20 tasks, first run';

const goals = [
  faster(again, 'a', 'again', 'ansible-core, pipelining', 50),
  faster(again, 'a', 'again', 'ansible-core, Mitogen', 20),
  faster(again, 'a', 'again', 'pyinfra', 5),
  likeOpenSsh(again, 'again', 0.6),
  faster(first, 'a', 'first', 'ansible-core, pipelining', 30),
  faster(first, 'a', 'first', 'ansible-core, Mitogen', 10),
  faster(first, 'a', 'first', 'pyinfra', 4),
  likeOpenSsh(first, 'first', 0.8),
  atMost(`${again}, 50 ms away: round trips with the connection`, 12, (rows) =>
    number(found(rows, 'e', 'again', 'hapb', { roundTripMs: 50 }), 'trips'),
  ),
  atMost('100 items, nothing to do: round trips more than for one item', 3, (rows) =>
    minus(
      number(found(rows, 'f', 'again', 'hapb', { work: 'loop', roundTripMs: 10 }), 'trips'),
      number(found(rows, 'f', 'again', 'hapb', { work: 'one', roundTripMs: 10 }), 'trips'),
    ),
  ),
  atMost("--version: milliseconds over node -e ''", 60, (rows) => {
    const seconds = minus(
      number(found(rows, 'i', 'start', 'hapb'), 'wall'),
      number(found(rows, 'i', 'start', "node -e ''"), 'wall'),
    );
    return seconds === null ? null : seconds * 1000;
  }),
  atMost('loading 300 tasks: times as long as the yaml library', 1.5, (rows) =>
    ratio(found(rows, 'i', '300 tasks', 'hapb'), found(rows, 'i', '300 tasks', 'yaml library alone')),
  ),
  atMost('loading 5,000 hosts: seconds', 1, (rows) => number(found(rows, 'i', '5000 hosts', 'hapb'), 'wall')),
  atMost('loading 5,000 hosts: times as long as 2,500', 2.2, (rows) =>
    ratio(found(rows, 'i', '5000 hosts', 'hapb'), found(rows, 'i', '2500 hosts', 'hapb')),
  ),
  atMost(
    'memory at 300 hosts, MB',
    100,
    (rows) => megabytes(rows, 'hapb'),
    (rows) => {
      const [connections, loaded, node] = [floorTool, loadedTool, nodeTool].map((tool) => megabytes(rows, tool));
      return connections === null || loaded === null || node === null ? null : connections + loaded - node;
    },
  ),
];

/**
 * The goals that a bench has figures for: what was to be reached, what was found, whether that is met, and the floor: what
 * ssh2 alone reaches, for memory what its connections and the loaded program need together. `null`: it has none.
 */
export function judged(rows) {
  return goals.flatMap(({ title, goal, find, floor, met }) => {
    const value = find(rows);
    if (value === null) return [];
    const least = floor(rows);
    const reachable = least === null || met(least);
    return [{ title, goal, value, floor: least, met: met(value) ? 'yes' : reachable ? 'no' : 'no: below the floor' }];
  });
}
