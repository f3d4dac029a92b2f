import { type Ask, question } from '../ask.ts';

/** Where the shells of the host begin: on a node in the login user's home, on this machine in the playbook's folder. */
export function startFolder(): Ask<string> {
  return question({
    key: 'start-folder',
    sh: 'pwd',
    parse: (reply) => reply.stdout.replace(/\n$/, '') || '/',
  });
}

/** A relative path as an absolute one. */
export function inFolder(path: string, folder: string): string {
  const below = path.replace(/^(?:\.\/+)*(?:\.$)?/, '');
  const start = folder.replace(/\/$/, '');
  return below === '' ? start || '/' : `${start}/${below}`;
}
