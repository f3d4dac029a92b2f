import type { Query } from '../ask.ts';
import { pathsOf } from './real-paths.ts';

/** What the kernel shows as files, by the keys of what they show. */
const kernelKeys = ['sysctl:*', 'kernel-module:*', 'mounts', 'swaps', 'hostname', 'unit:*'];

/** Keys that a question reads because its path shows what others are about: files of the kernel, and what systemd links. */
export function mirrored(query: Query): readonly string[] {
  return pathsOf(query).flatMap(({ path }) => {
    if (/^\/(?:proc|sys)(?:\/|$)/.test(path)) return kernelKeys;
    return /^\/etc\/systemd\/(?:system|user)\/[^/]+\.(?:wants|requires)(?:\/|$)/.test(path)
      ? ['unit:*', 'user-unit:*', 'global-unit:*']
      : [];
  });
}

/** Packages bring files to the folders of the system, and accounts for what they run; those that hapb names after itself it writes. */
export function mayComeWithPackage(key: string): boolean {
  if (/\/(?:\d+-)?hapb\.[^/]*$/.test(key)) return false;
  return /^(?:user|group):|^file:\/(?:boot|etc|lib|opt|usr|s?bin|var)(?:\/(?!tmp(?:\/|$))|$)/.test(key);
}

/** A service that starts writes where it runs, such as its number and its socket. */
export function mayComeWithUnit(key: string): boolean {
  return /^file:(?:\/var)?\/run\//.test(key);
}
