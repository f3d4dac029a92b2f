// How much memory the controller needs, by the number of hosts: a run that finds nothing to do.
import { light, lightDown, onAll } from './hosts.mjs';
import { timed } from './measure.mjs';
import { floors, inventories, tools } from './tools.mjs';

/** The slow ones are ended here: by then they have reached their peak. */
const limitSeconds = 180;

/** What the program needs that is loaded and has read everything, and what Node needs. */
export const loadedTool = 'hapb plan, no connection';
export const nodeTool = "node -e ''";

const parts = {
  [loadedTool]: (...how) => {
    const run = tools.hapb(...how);
    return { ...run, words: run.words.map((word) => (word === 'run' ? 'plan' : word)).slice(0, -2) };
  },
  // Long enough to be looked at.
  [nodeTool]: () => ({ words: [process.execPath, '-e', 'setTimeout(() => {}, 500)'], env: {} }),
};

/** Rows with the peaks of each tool, for each number of hosts. */
export async function memory({ counts, chosen }) {
  const rows = [];
  for (const count of counts) {
    const set = light(count);
    try {
      const where = inventories(set, '');
      await onAll(set.hosts, 'reset');
      await timed(tools.OpenSSH('mixed', 'run', where));
      const measured = { ...tools, ...floors, ...parts };
      for (const tool of [...chosen, ...Object.keys(floors), ...Object.keys(parts)]) {
        const took = await timed(measured[tool]('mixed', 'run', where), { memory: true, limitSeconds });
        rows.push({ part: 'j', work: 'mixed', step: 'again', tool, hosts: count, kind: set.kind, ...took });
        console.log(
          `j ${count} hosts: ${tool}: ${took.processMegabytes.toFixed(0)} MB, all its processes ${took.treeMegabytes.toFixed(0)} MB` +
            (took.ended ? ` (ended after ${limitSeconds} s)` : ''),
        );
      }
    } finally {
      lightDown();
    }
  }
  return rows;
}
