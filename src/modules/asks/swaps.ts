import { type Ask, question } from '../ask.ts';

/** One swap area in use. `type`: `partition` or `file`. */
export interface Swap {
  readonly path: string;
  readonly type: string;
  readonly sizeKib: number;
  readonly usedKib: number;
}

/** Swap areas in use. Key `swaps`. */
export function swaps(): Ask<readonly Swap[]> {
  return question({
    key: 'swaps',
    sh: 'cat /proc/swaps 2>/dev/null || :',
    parse: (reply) =>
      reply.stdout
        .split('\n')
        .slice(1)
        .flatMap((line) => {
          const [path, type, size, used] = line.split(/\s+/);
          if (path === undefined || path === '' || type === undefined) return [];
          const name = path.replace(/\\([0-7]{3})/g, (_, digits: string) =>
            String.fromCharCode(Number.parseInt(digits, 8)),
          );
          return [{ path: name, type, sizeKib: Number(size), usedKib: Number(used) }];
        }),
  });
}
