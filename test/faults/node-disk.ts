import { execFileSync } from 'node:child_process';
import { rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { labId } from '../lab/rig/lab.ts';

/** Something that can be full: a file system with a file of ours that takes what is left. */
export interface FullDisk {
  fill(): void;
  free(): void;
}

const slack = 4_194_304;

/** A file system below `folder`, filled to the last block. */
export function fullDisk(folder: string): FullDisk {
  const filler = join(folder, 'filler');
  return {
    fill: () => {
      const { bavail, bsize } = statfsSync(folder);
      execFileSync('fallocate', ['-l', String(Math.max(bavail * bsize - slack, bsize)), filler]);
      // What others write at the same moment is theirs; the rest goes block by block, until there is none.
      execFileSync('sh', ['-c', 'dd if=/dev/zero bs=4k status=none >>"$1" 2>/dev/null; :', 'fill', filler]);
    },
    free: () => rmSync(filler, { force: true }),
  };
}

/** The disk of a node: `/`, and the folders of kubelet, etcd and containerd. `/run` and `/tmp` are file systems of their own. */
export function diskOfNode(host: string): FullDisk {
  return fullDisk(join(process.env.HAPB_LAB_DISKS ?? `/var/lib/hapb-lab/${labId}`, host));
}
