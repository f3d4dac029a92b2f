import type { Effect } from '../../core/change.ts';
import { type Ask, question } from '../ask.ts';

/** The name that the running kernel has, with its domain where it holds one. Key `hostname`. */
export function hostName(): Ask<string> {
  return question({
    key: 'hostname',
    sh: 'cat /proc/sys/kernel/hostname',
    parse: (reply) => reply.stdout.trim(),
  });
}

/** The effect "the kernel will have this name". */
export function hostNameEffect(name: string): Effect {
  return { key: 'hostname', state: name };
}
