import { type Ask, question } from '../ask.ts';

/** Where the user's PATH finds a program; `null`: nowhere. Key `command:NAME`. */
export function commandExists(name: string): Ask<string | null> {
  return question({
    key: `command:${name}`,
    reads: ['package:*'],
    sh: 'PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin; command -v "$1" || :',
    args: [name],
    parse: (reply) => reply.stdout.trim() || null,
  });
}
