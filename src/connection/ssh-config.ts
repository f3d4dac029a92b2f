import { execFile } from 'node:child_process';
import { Slots } from '../core/slots.ts';
import { matters } from './ssh-config-text.ts';
import { apply, type SshOptions } from './ssh-options.ts';

const configFiles = ['~/.ssh/config', '/etc/ssh/ssh_config'];
const timeoutMs = 10_000;
/** Each is a process; more at once gain nothing. */
const slots = new Slots(4);

const cache = new Map<string, Promise<SshOptions | null>>();
let matter: boolean | null = null;

/**
 * What the user's ssh configuration says about a host, worked out by ssh itself (`ssh -G`) and remembered for the run.
 * `null`: there is no ssh, or nothing in the files that hapb heeds. Values that equal ssh's own defaults are left out.
 */
export function sshConfigFor(alias: string): Promise<SshOptions | null> {
  const known = cache.get(alias);
  if (known !== undefined) return known;
  const asked = ask(alias);
  cache.set(alias, asked);
  return asked;
}

async function ask(alias: string): Promise<SshOptions | null> {
  matter ??= configFiles.some((file) => matters(file));
  if (!matter) return null;
  // A name like this would be read as an option.
  if (alias.startsWith('-')) return null;
  defaults ??= askDefaults();
  const [own, usual] = await Promise.all([limited(['-G', alias]), defaults]);
  if (own === null) return null;
  const itself = `hostname ${alias.toLowerCase()}`;
  const lines = own.split('\n').filter((line) => !usual.has(line) && line.toLowerCase() !== itself);
  return optionsFrom(lines.join('\n'));
}

let defaults: Promise<ReadonlySet<string>> | null = null;

/** What ssh says without a configuration. But for its name, that is the same for every host. */
async function askDefaults(): Promise<ReadonlySet<string>> {
  const plain = await limited(['-G', '-F', 'none', 'host']);
  return new Set(plain?.split('\n'));
}

/** Reads the output of `ssh -G`: a lower-case keyword and its value on each line. */
export function optionsFrom(output: string): SshOptions {
  const options: Parameters<typeof apply>[0] = {};
  for (const line of output.split('\n')) {
    const space = line.indexOf(' ');
    if (space > 0) apply(options, { name: line.slice(0, space), value: line.slice(space + 1).trim() });
  }
  return options;
}

function limited(args: readonly string[]): Promise<string | null> {
  return slots.run(
    () =>
      new Promise((resolve) => {
        execFile('ssh', args, { timeout: timeoutMs, maxBuffer: 1_048_576 }, (error, stdout) =>
          resolve(error === null ? stdout : null),
        );
      }),
  );
}
