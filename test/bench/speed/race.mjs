// One piece of work, done by every tool in turn, round after round, and what the hosts look like afterwards.
import { onAll } from './hosts.mjs';
import { timed } from './measure.mjs';
import { floors, inventories, tools } from './tools.mjs';

/** Each round starts with the next tool, so that none always follows the same one. */
function turned(list, by) {
  const at = by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}

function firstDifference(one, other) {
  const before = one.split('\n');
  const after = other.split('\n');
  const at = before.findIndex((line, index) => line !== after[index]);
  return `  ${before[at] ?? '(nothing)'}\n  ${after[at < 0 ? before.length : at] ?? '(nothing)'}`;
}

/** Remembers what the first tool made of the hosts; all others have to make the same. */
function judge(hosts) {
  let reference = null;
  return async (tool) => {
    const states = await onAll(hosts, 'state');
    reference ??= { tool, states };
    const wrong = states.findIndex((state, index) => state !== reference.states[index]);
    if (wrong >= 0)
      throw new Error(
        `${hosts[wrong].name} is not the same after ${reference.tool} and ${tool}:\n` +
          firstDifference(reference.states[wrong], states[wrong]),
      );
  };
}

const modes = { first: 'run', again: 'run', check: 'check' };

/**
 * Runs a race. `set` is some hosts, perhaps far away; `steps` is what to do in a row: first, again, check. Gives a row for
 * each tool and step with what every round took. A tool that needs more than `patience` seconds for a step is left out of
 * the rounds that follow.
 */
export async function race({ part, work, set, steps, chosen, rounds, patience, payload = '' }) {
  const where = inventories(set, payload);
  const same = judge(set.hosts);
  const rows = new Map();
  const slow = new Set();
  for (let round = 0; round < rounds; round += 1) {
    for (const tool of turned(chosen, round)) {
      if (slow.has(tool)) continue;
      await onAll(set.hosts, 'reset');
      for (const step of steps) {
        await set.ask?.();
        const took = await timed({ ...tools, ...floors }[tool](work, modes[step], where));
        const counted = (await set.ask?.()) ?? {};
        const row = rows.get(`${tool} ${step}`) ?? {
          part,
          work,
          step,
          tool,
          hosts: set.hosts.length,
          kind: set.kind,
        };
        for (const [key, value] of Object.entries({ ...took, ...counted }))
          row[key] = [...(row[key] ?? []), value];
        rows.set(`${tool} ${step}`, row);
        const trips = counted.trips === undefined ? '' : `, ${counted.trips} round trips`;
        console.log(
          `${part} round ${round + 1}: ${tool}, ${step}: ${took.wall.toFixed(2)} s, cpu ${took.cpu.toFixed(2)} s${trips}`,
        );
        if (took.wall > patience) slow.add(tool);
        await same(tool);
      }
    }
  }
  return [...rows.values()];
}
