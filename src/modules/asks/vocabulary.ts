import type { Ask } from '../ask.ts';
import { file } from './file.ts';
import { groupOf } from './group.ts';
import { kernelModule } from './kernel-module.ts';
import { packageOf } from './package.ts';
import { swaps } from './swaps.ts';
import { sysctl } from './sysctl.ts';
import { unit } from './unit.ts';
import { userOf } from './user.ts';

/** The ask behind a key of the shared vocabulary, in its fullest form; `null`: the key belongs to a module of its own. */
export function askOfKey(key: string): Ask<unknown> | null {
  const colon = key.indexOf(':');
  const name = key.slice(colon + 1);
  switch (colon === -1 ? key : key.slice(0, colon)) {
    case 'file':
      return file(name, { content: 'text' });
    case 'package':
      return packageOf(name);
    case 'unit':
      return unit(name);
    case 'sysctl':
      return sysctl(name);
    case 'kernel-module':
      return kernelModule(name);
    case 'user':
      return userOf(name);
    case 'group':
      return groupOf(name);
    case 'swaps':
      return swaps();
    default:
      return null;
  }
}
