// One run of a tool, measured; and what many runs come to.
import { spawn } from 'node:child_process';
import { createWriteStream, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.env.SPEED_FOLDER ?? '/tmp';

/** Kilobytes of a kind (VmHWM, VmRSS) of a process; 0 when it has ended. */
function kilobytes(pid, kind) {
  try {
    return Number(
      new RegExp(`^${kind}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0,
    );
  } catch {
    return 0;
  }
}

/** A process and all below it. */
function tree(root) {
  const children = new Map();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const parent = / \w (\d+) /.exec(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/, ' '))?.[1];
      children.set(parent, [...(children.get(parent) ?? []), pid]);
    } catch {
      // It has ended.
    }
  }
  const found = [String(root)];
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return found;
}

/** Looks at a process tree's memory until told to stop: the highest peak of one process, and the highest sum of all. */
function watchMemory(root) {
  let one = 0;
  let all = 0;
  const look = () => {
    const pids = tree(root);
    one = Math.max(one, ...pids.map((pid) => kilobytes(pid, 'VmHWM')));
    all = Math.max(
      all,
      pids.reduce((sum, pid) => sum + kilobytes(pid, 'VmRSS'), 0),
    );
  };
  const timer = setInterval(look, 100);
  return () => {
    clearInterval(timer);
    return { processMegabytes: one / 1024, treeMegabytes: all / 1024 };
  };
}

/**
 * Runs a command to its end. `wall` and `cpu` are seconds; cpu is that of the command and of what it waited for. With
 * `memory`, also its peaks, which costs the machine a little: not for runs whose time is compared; there the limit is no
 * failure.
 */
export async function timed({ words, env, after }, { memory = false, limitSeconds = 3600 } = {}) {
  const log = join(folder, 'last.log');
  const started = process.hrtime.bigint();
  // bash knows the CPU time of its children, Node does not.
  const child = spawn(
    'bash',
    ['-c', 'TIMEFORMAT="cpu %U %S"; { time "$@" 2>&3; } 3>&1 2>&4', 'bash', ...words],
    {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit', 'ignore', 'pipe'],
      // A group of its own can be ended as a whole, but would outlive Ctrl-C.
      detached: memory,
    },
  );
  child.stdout.pipe(createWriteStream(log));
  let times = '';
  child.stdio[4].on('data', (chunk) => {
    times += chunk;
  });
  const peaks = memory ? watchMemory(child.pid) : () => ({});
  let ended = false;
  const limit = setTimeout(() => {
    ended = true;
    process.kill(memory ? -child.pid : child.pid, 'SIGKILL');
  }, limitSeconds * 1000);
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  clearTimeout(limit);
  const wall = Number(process.hrtime.bigint() - started) / 1e9;
  const found = peaks();
  after?.();
  if (code !== 0 && !(ended && memory))
    throw new Error(`${words.join(' ')} ended with ${code}:\n${readFileSync(log, 'utf8').slice(-3000)}`);
  const cpu = [...times.matchAll(/[\d.]+/g)].reduce((sum, [text]) => sum + Number(text), 0);
  return { wall, cpu, ...found, ...(ended ? { ended } : {}) };
}

/** The middle one; of an even number the lower of the two in the middle. */
export function median(values) {
  return [...values].sort((one, other) => one - other)[(values.length - 1) >> 1];
}

/** Least, middle and greatest. */
export function spread(values) {
  return { least: Math.min(...values), median: median(values), greatest: Math.max(...values) };
}
