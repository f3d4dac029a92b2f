import { type Ask, question } from '../ask.ts';

/** The home directory of the task's own user. Key `home`. */
export function home(): Ask<string> {
  return question({
    key: 'home',
    holds: 'connection',
    environment: 'task',
    sh: 'cd && pwd',
    parse: (reply) => reply.stdout.trim() || '/root',
  });
}

/** A path with `~` filled in. */
export function inHome(path: string, folder: string): string {
  return path === '~' || path.startsWith('~/') ? `${folder.replace(/\/$/, '')}${path.slice(1)}` : path;
}
