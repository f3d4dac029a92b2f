import { distribution, lsb, packageManager } from './distribution.ts';
import { load, machine, memory, processors } from './hardware.ts';
import { localFacts } from './local.ts';
import { nameServers, network } from './network.ts';
import { capabilities, hardening, hostKeys, kernelWords, selinux, storageNames } from './security.ts';
import type { FactSource, Facts } from './source.ts';
import { devices, mounts, volumes } from './storage.ts';
import { chroot, fullName, platform, serviceManager } from './system.ts';
import { clock, environment, user } from './user.ts';
import { virtualization } from './virtual.ts';

/** Every source, the environment first: what follows changes it. */
export const factSources: readonly FactSource[] = [
  environment,
  platform,
  fullName,
  chroot,
  distribution,
  packageManager,
  serviceManager,
  lsb,
  virtualization,
  processors,
  memory,
  load,
  machine,
  mounts,
  devices,
  volumes,
  network,
  nameServers,
  user,
  clock,
  localFacts,
  selinux,
  hardening,
  capabilities,
  hostKeys,
  kernelWords,
  storageNames,
];

const prologue = `LC_ALL=C; export LC_ALL; PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
f() { l=; { IFS= read -r l <"$2"; } 2>/dev/null || [ -n "$l" ] || [ -r "$2" ] || return 0; printf '%s=%s\\n' "$1" "$l"; }`;

/** One read-only script for these sources. `$1` is the folder of local facts. */
export function factsScript(sources: readonly FactSource[]): string {
  const parts = sources.map(({ name, sh }) => `echo @${name}\n${sh}`);
  const [first = '', ...rest] = parts;
  const ordered = sources[0] === environment ? [first, prologue, ...rest] : [prologue, ...parts];
  return `${ordered.join('\n')}\nexit 0\n`;
}

/** The facts out of that script's output. */
export function factsFrom(sources: readonly FactSource[], text: string): Facts {
  const facts: Record<string, Facts[string]> = {};
  const lines = text.replace(/\n$/, '').split('\n');
  let at = lines.indexOf(`@${sources[0]?.name ?? ''}`);
  for (const [index, source] of sources.entries()) {
    const next = sources[index + 1];
    // A heading counts only where it comes next, so that no line of a file can pass for it.
    const end = next === undefined ? lines.length : lines.indexOf(`@${next.name}`, at + 1);
    Object.assign(facts, source.read(lines.slice(at + 1, end === -1 ? lines.length : end)));
    at = end;
  }
  return facts;
}
