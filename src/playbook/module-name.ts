/** Collections whose modules are known here by their short names. */
const collections = [
  'ansible.builtin.',
  'ansible.legacy.',
  'ansible.posix.',
  'community.general.',
  'kubernetes.core.',
  'hapb.',
];

/** The short name of a module as playbooks may write it: `ansible.posix.sysctl` is `sysctl`. */
export function moduleName(written: string): string {
  const prefix = collections.find((collection) => written.startsWith(collection));
  return prefix === undefined ? written : written.slice(prefix.length);
}
