import { isIPv6 } from 'node:net';
import { splitPort } from '../core/host-port.ts';

/** Splits host patterns at commas or, without one, at colons outside brackets. An IPv6 address is one pattern. */
export function splitPatterns(pattern: string | readonly string[]): readonly string[] {
  if (typeof pattern !== 'string') return pattern.flatMap(splitPatterns);
  const trimmed = pattern.trim();
  if (trimmed.includes(','))
    return trimmed
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  // An address, as opposed to names with colons between them.
  const { host } = splitPort(trimmed);
  if (isIPv6(host)) return [host];
  return trimmed.match(/(?:[^\s:[\]]|\[[^\]]*\])+/g) ?? [];
}
