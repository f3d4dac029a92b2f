import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { labId } from './lab.ts';

/** Where programs are lent to on a node; they bring their libraries, so the node's own system does not matter. */
const place = '/opt/lent';

/**
 * Puts programs of this machine on a running node, which is barer than most: each with its libraries and loader, called
 * through a wrapper in /usr/local/bin. @throws Error when this machine has none of that name
 */
export function lend(node: string, programs: readonly string[]): void {
  const root = join(process.env.HAPB_LAB_DISKS ?? `/var/lib/hapb-lab/${labId}`, node, 'root');
  for (const folder of ['bin', 'lib', 'git-core']) mkdirSync(join(root, place, folder), { recursive: true });
  for (const program of programs) {
    const path = realpathSync(
      execFileSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).trim(),
    );
    copyFileSync(path, join(root, place, 'bin', program));
    const said = output(`ldd ${path}`);
    for (const [, library = ''] of said.matchAll(/(\/\S+) \(0x/g))
      copyFileSync(realpathSync(library), join(root, place, 'lib', basename(library)));
    const [, loader = ''] = /(\/\S*\/ld-linux\S*) \(0x/.exec(said) ?? [];
    const call = `${place}/lib/${basename(loader)} --library-path ${place}/lib --argv0 "$0" ${place}/bin/${program}`;
    const wrapper = join(root, 'usr/local/bin', program);
    writeFileSync(wrapper, `#!/bin/sh\nexport GIT_EXEC_PATH=${place}/git-core\nexec ${call} "$@"\n`);
    chmodSync(wrapper, 0o755);
  }
  if (programs.includes('git'))
    for (const part of ['git', 'git-upload-pack'])
      symlinkSync('/usr/local/bin/git', join(root, place, 'git-core', part));
}

function output(script: string): string {
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' });
}
