import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lab } from '../lab/rig/lab.ts';
import { type FullDisk, fullDisk } from './node-disk.ts';

/** The controller's own small disk: home, temporary folder, inventory, kubeconfig and a log lie on it. */
export interface Controller extends FullDisk {
  /** Arguments of the command that is run again and again. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly kubeconfig: string;
  remove(): void;
}

const size = '32m';

/** Makes one with the inventory of the running lab. */
export async function makeController(playbook: string): Promise<Controller> {
  const folder = mkdtempSync(join(tmpdir(), 'hapb-faults-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=700`, 'tmpfs', folder]);
  for (const name of ['home', 'tmp']) mkdirSync(join(folder, name));
  const inventory = join(folder, 'inventory.yml');
  const network = join(folder, 'network.yml');
  writeFileSync(inventory, await lab('inventory'));
  writeFileSync(
    network,
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: network, namespace: kube-system}\ndata: {plugin: none}\n',
  );
  return {
    ...fullDisk(folder, size),
    command: [
      playbook,
      '-i',
      inventory,
      '-e',
      `cni_manifest=${network}`,
      '--output',
      `jsonl=${join(folder, 'log.jsonl')}`,
    ],
    env: { HOME: join(folder, 'home'), TMPDIR: join(folder, 'tmp') },
    kubeconfig: join(folder, 'kubeconfig'),
    remove: () => {
      execFileSync('umount', [folder]);
      rmSync(folder, { recursive: true });
    },
  };
}
