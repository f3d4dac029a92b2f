import { setTimeout as sleep } from 'node:timers/promises';
import { lab, onNode, runProgramFile } from '../lab/rig/lab.ts';
import type { FaultName } from './cells.ts';
import type { Controller } from './controller.ts';
import { diskOfNode } from './node-disk.ts';
import type { WatchedRun } from './watched-run.ts';

/** Where a fault strikes. */
export interface Target {
  readonly host: string;
  readonly run: WatchedRun;
  readonly controller: Controller;
  /** Settles when the task on that host has ended, or the run. */
  readonly taskEnded: Promise<void>;
  /** Counts strikes, for faults that have two forms. */
  readonly turn: number;
}

/** Strikes; settles when what was broken is whole again. What the run makes of it is its own business. */
export async function strike(fault: FaultName, target: Target): Promise<void> {
  const { host, run, controller, taskEnded, turn } = target;
  switch (fault) {
    case 'hapb killed':
      run.process.kill('SIGKILL');
      await run.end;
      return;
    case 'connection reset':
      await reset(host);
      return;
    case 'link cut for 20 s':
      await lab('cut', host);
      await sleep(20_000);
      await lab('heal', host);
      return;
    case 'power cut':
      await lab('power-cut', host);
      await lab('wait', host);
      // containerd would go on with a half-fetched layer, which the lab's registry cannot: it wants ranges with an end.
      await onNode(host, 'rm -rf /var/lib/containerd/io.containerd.content.v1.content/ingest/*');
      return;
    case 'sshd restarted':
      // By itself it leaves sessions alone; every other time they end with it.
      await onNode(
        host,
        `systemctl reset-failed ssh; systemctl restart ssh${turn % 2 === 0 ? '' : "; pkill -KILL -f '^sshd.*: '; :"}`,
      );
      return;
    case 'disk of the node full': {
      const disk = diskOfNode(host);
      disk.fill();
      await Promise.race([taskEnded, sleep(10_000)]);
      disk.free();
      return;
    }
    case 'disk of the controller full':
      controller.fill();
      await Promise.race([taskEnded, sleep(10_000)]);
      controller.free();
      return;
  }
}

/** Both ends learn of it at once: this one with an error, the node by an RST. */
async function reset(host: string): Promise<void> {
  const ended = await runProgramFile('ss', ['-K', 'dst', await addressOf(host), 'dport', '=', ':22']);
  if (ended.exitCode !== 0) throw new Error(`ss -K: ${ended.err}`);
}

async function addressOf(host: string): Promise<string> {
  const inventory = await lab('inventory');
  const found = new RegExp(`${host}:\\n +ansible_host: (\\S+)`).exec(inventory)?.[1];
  if (found === undefined) throw new Error(`${host} is not in the lab's inventory`);
  return found;
}
