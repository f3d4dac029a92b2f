import type { ConnectionSettings, Jump } from './settings.ts';
import type { SshOptions } from './ssh-options.ts';

/** ssh itself would go round for ever. */
const longestChain = 8;

/**
 * The jump hosts as the ssh configuration knows them, which is asked by `configOf`: their addresses, ports, users and
 * keys, and before the first one those that lead to it. What is said with the jump itself wins.
 */
export async function jumpHosts(
  jumps: readonly Jump[],
  configOf: (alias: string) => Promise<SshOptions | null>,
): Promise<readonly Jump[]> {
  const found: Jump[] = [];
  for (const [index, jump] of jumps.entries()) {
    const config = (await configOf(jump.address)) ?? {};
    if (index === 0 && jumps.length < longestChain) {
      const before = (config.jumps ?? []).filter(({ address }) => address !== jump.address);
      if (before.length > 0) return jumpHosts([...before, ...jumps], skipping(jump.address, configOf));
    }
    found.push({
      user: jump.user ?? config.user ?? null,
      address: config.address ?? jump.address,
      port: jump.port ?? config.port ?? null,
      privateKeyFiles: config.identityFiles ?? [],
      ...needOf(config, index),
    });
  }
  return found;
}

/** How a jump host is reached matters for the first alone: the others are reached through the one before them. */
function needOf({ needsOpenssh }: SshOptions, index: number): Pick<Jump, 'needsOpenssh'> {
  if (needsOpenssh === undefined || (needsOpenssh === 'ProxyCommand' && index > 0)) return {};
  return { needsOpenssh };
}

/** What leads to a jump host is looked up once. */
function skipping(alias: string, configOf: (alias: string) => Promise<SshOptions | null>): typeof configOf {
  return async (asked) => {
    const config = await configOf(asked);
    return asked === alias && config !== null ? { ...config, jumps: [] } : config;
  };
}

/** The settings with which a jump host is logged in to: its own keys come before those of the host behind it. */
export function settingsAt(settings: ConnectionSettings, { privateKeyFiles = [] }: Jump): ConnectionSettings {
  const files = [...new Set([...privateKeyFiles, ...settings.privateKeyFiles])];
  return { ...settings, privateKeyFiles: files };
}
