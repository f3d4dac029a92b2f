import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where Ansible looks for roles besides the playbook's folder. */
const usual = ['~/.ansible/roles', '/usr/share/ansible/roles', '/etc/ansible/roles'];

/** Folders with roles besides those of the playbook: those named, else the usual ones. `~` is the user's home. */
export function roleFolders(named: readonly string[] | null): readonly string[] {
  return (named ?? usual).map((folder) =>
    /^~(?:\/|$)/.test(folder) ? join(homedir(), folder.slice(1)) : folder,
  );
}
