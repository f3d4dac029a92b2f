// Phases of hapb runs from their event logs, and the comparison that bench:cluster ends with.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where a phase ends: at a barrier, or with a task on a host. */
const ends = [
  ['checks before the first change', { play: 1 }],
  ['prepare, all nodes', { barrier: 'Every node has its packages' }],
  ['pull images, first node', { task: 'Pull the images of the control plane' }],
  ['kubeadm init', { task: 'Initialise the control plane' }],
  ['VIP answers', { barrier: 'The control plane answers at its virtual address' }],
  ['joins and kube-vip', { barrier: 'Every node has joined' }],
  ['verification and kubeconfig', { end: true }],
];

function phases(file) {
  const events = readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
  const started = events[0].atMs;
  const titles = new Map();
  let plays = 0;
  const at = new Map();
  for (const event of events) {
    if (event.type === 'play.started') {
      plays += 1;
      for (const task of event.tasks) titles.set(task.id, task.title);
    }
    for (const [name, end] of ends) {
      if (at.has(name)) continue;
      const reached =
        (end.play !== undefined && plays > end.play) ||
        (end.barrier !== undefined && event.type === 'barrier.opened' && event.name === end.barrier) ||
        (end.task !== undefined && event.type === 'task.finished' && event.host === 'cp1' && titles.get(event.node) === end.task) ||
        (end.end && event.type === 'run.finished');
      if (reached) at.set(name, (event.atMs - started) / 1000);
    }
  }
  let before = 0;
  return ends.map(([name]) => {
    const seconds = (at.get(name) ?? before) - before;
    before = at.get(name) ?? before;
    return [name, seconds];
  });
}

const total = (list) => list.reduce((sum, [, seconds]) => sum + seconds, 0);
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const line = (name, seconds) => `${name.padEnd(34)} ${seconds.toFixed(1).padStart(6)} s`;

function medians(runs) {
  return runs[0].map(([name], index) => [name, median(runs.map((run) => run[index][1]))]);
}

/** The phases that by-hand.sh prints, without its total. */
function byHand(file) {
  const found = [...readFileSync(file, 'utf8').matchAll(/^(\S.{33}) +([\d.]+) s/gm)];
  return found.map(([, name, seconds]) => [name.trim(), Number(seconds)]).filter(([name]) => name !== 'total');
}

function print(title, runs) {
  console.log(`== ${title}, medians of ${runs.length}`);
  for (const [name, seconds] of medians(runs)) console.log(line(name, seconds));
  const totals = runs.map(total);
  console.log(line('total', median(totals)), ` (${totals.map((value) => value.toFixed(1)).join(', ')})`);
  return median(totals);
}

const [first, second] = process.argv.slice(2);
if (first === '--compare') {
  const files = (prefix) => readdirSync(second).filter((name) => name.startsWith(prefix)).map((name) => join(second, name));
  const hand = print('by hand', files('by-hand.').map(byHand));
  const own = print('hapb', files('hapb.').map(phases));
  console.log(`hapb takes ${(own / hand).toFixed(2)} of the time by hand`);
} else {
  const list = phases(first);
  for (const [name, seconds] of list) console.log(line(name, seconds));
  console.log(line('total', total(list)));
}
