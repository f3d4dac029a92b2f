import type { Colour, Paint } from '../core/paint.ts';
import type { Tally } from '../core/tally.ts';

/**
 * The recap's lines, one a host sorted by name, byte for byte as Ansible prints them; `unknown=` and `would-fail=` are
 * ours and stand there only when not zero.
 */
export function recapLines(recap: Readonly<Record<string, Tally>>, paint: Paint): readonly string[] {
  return Object.keys(recap)
    .sort((a, b) => (a < b ? -1 : 1))
    .flatMap((host) => {
      const tally = recap[host];
      return tally === undefined ? [] : [recapLine(host, tally, paint)];
    });
}

function recapLine(host: string, tally: Tally, paint: Paint): string {
  const count = (name: string, value: number, colour: Colour | null): string => {
    const text = `${name}=${String(value).padEnd(4)}`;
    return value === 0 || colour === null ? text : paint(colour, text);
  };
  const counts = [
    count('ok', tally.ok, 'green'),
    count('changed', tally.changed, 'yellow'),
    count('unreachable', tally.unreachable, 'bright red'),
    count('failed', tally.failed, 'red'),
    count('skipped', tally.skipped, 'cyan'),
    count('rescued', tally.rescued, 'green'),
    count('ignored', tally.ignored, 'bright purple'),
  ];
  if (tally.unknown !== 0) counts.push(count('unknown', tally.unknown, 'bright purple'));
  if (tally.wouldFail !== 0) counts.push(count('would-fail', tally.wouldFail, 'red'));
  const padding = ' '.repeat(Math.max(0, 26 - host.length));
  return `${paint(hostColour(tally), host)}${padding} : ${counts.join(' ')}`;
}

function hostColour(tally: Tally): Colour {
  if (tally.failed > 0 || tally.unreachable > 0 || tally.wouldFail > 0) return 'red';
  return tally.changed > 0 ? 'yellow' : 'green';
}
