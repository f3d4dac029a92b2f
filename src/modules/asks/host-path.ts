import { type Ask, map, nothing, question } from '../ask.ts';
import { expandedWords } from '../general/expand-words.ts';
import { home, inHome } from './home.ts';
import { userOf } from './user.ts';

/**
 * A path as the host reads it: `$NAME` and `${NAME}` of the task's environment, then `~` and `~USER` filled in, as Python's
 * `expandvars` and `expanduser` do. What is not set and whom nobody knows stays as it is written.
 */
export function hostPath(path: string): Ask<string> {
  const words = expandedWords([path]);
  if (words === null) return nothing(path);
  if (path.includes('$'))
    return question({
      key: `variables:${path}`,
      environment: 'task',
      sh: `printf '%s.' ${words}`,
      parse: (reply) => reply.stdout.slice(0, -1),
    });
  const [name, ...rest] = path.slice(1).split('/');
  if (name === undefined || name === '') return map(home(), (folder) => inHome(path, folder));
  return map(userOf(name), (user) =>
    user.kind === 'absent' ? path : [user.home.replace(/\/$/, ''), ...rest].join('/'),
  );
}
