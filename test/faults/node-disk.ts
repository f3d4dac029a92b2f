import { execFileSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { join } from 'node:path';
import { labId } from '../lab/rig/lab.ts';

/** A file system in memory that can be full. */
export interface FullDisk {
  fill(): void;
  free(): void;
}

/** The file system mounted at `folder`: it is full when it gets no larger than what is in use, and free at its `size`. */
export function fullDisk(folder: string, size: string): FullDisk {
  return {
    fill: () => {
      // It cannot become smaller than what it holds. Whoever writes meanwhile (a package that is unpacked) gets a little more room
      // each time, and fills it at once.
      for (let attempt = 0; attempt < 100; attempt += 1) {
        const { blocks, bfree, bsize } = statfsSync(folder);
        try {
          resize(folder, String((blocks - bfree) * bsize + attempt * 65_536));
          return;
        } catch {}
      }
      throw new Error(`${folder} cannot be made full`);
    },
    free: () => resize(folder, size),
  };
}

function resize(folder: string, size: string): void {
  execFileSync('mount', ['-o', `remount,size=${size}`, folder], { stdio: 'ignore' });
}

/** The disk of a node: `/`, and the folders of kubelet, etcd and containerd. `/run` and `/tmp` are file systems of their own. */
export function diskOfNode(host: string): FullDisk {
  const folder = join(process.env.HAPB_LAB_DISKS ?? `/var/lib/hapb-lab/${labId}`, host);
  return fullDisk(folder, process.env.HAPB_LAB_DISK_SIZE ?? '6G');
}
