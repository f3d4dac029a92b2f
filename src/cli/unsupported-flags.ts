import { usageFailure } from './usage.ts';

/** Flags of ansible-playbook that hapb does not have, each with what to do instead. */
const unsupported: ReadonlyMap<string, string> = new Map([
  ['--scp-extra-args', 'Leave it out: files travel over the connection of the host.'],
  ['--sftp-extra-args', 'Leave it out: files travel over the connection of the host.'],
  ['--become-exe', 'Set ansible_become_method; the program is found on the PATH of the host.'],
]);

/** Refuses by name what Ansible has and hapb has not, before anything else is looked at. @throws Failure HAPB8002 */
export function refuseUnsupported(words: readonly string[]): void {
  for (const word of words) {
    if (word === '--') return;
    const flag = word.startsWith('--') ? (word.split('=')[0] ?? word) : word;
    const remedy = unsupported.get(flag);
    if (remedy !== undefined) throw usageFailure('HAPB8002', `hapb has no ${flag}`, remedy);
  }
}
