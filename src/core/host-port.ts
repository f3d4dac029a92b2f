import { isIPv6 } from 'node:net';

/** A host as written, with its port split off: `web:2222`, `[2001:db8::1]:22`, `2001:db8::1`. `null`: no port given. */
export function splitPort(text: string): { readonly host: string; readonly port: number | null } {
  const bracketed = /^\[([0-9a-fA-F:.]+)\](?::(\d{1,5}))?$/.exec(text);
  if (bracketed?.[1] !== undefined && isIPv6(bracketed[1])) {
    return { host: bracketed[1], port: bracketed[2] === undefined ? null : Number(bracketed[2]) };
  }
  if (isIPv6(text)) return { host: text, port: null };
  const withPort = /^((?:[^:[\]]|\[[^\]]*\])+):(\d{1,5})$/.exec(text);
  if (withPort?.[1] === undefined) return { host: text, port: null };
  return { host: withPort[1], port: Number(withPort[2]) };
}
