import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Failure } from '../core/failure.ts';
import { fileSpan } from '../core/source.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The one setting of Ansible's by which variables would have other values without a word: it is looked for where Ansible
 * would find it, in ANSIBLE_HASH_BEHAVIOUR or in the first ansible.cfg that is there, and nothing else is read from these.
 * @throws Failure HAPB8015: maps would be merged
 */
export function refuseMergedMaps(env: Environment): void {
  const named = env.ANSIBLE_HASH_BEHAVIOUR ?? '';
  if (named !== '') {
    if (named === 'merge') throw merged('ANSIBLE_HASH_BEHAVIOUR=merge', '<environment>');
    return;
  }
  const files = [
    env.ANSIBLE_CONFIG ?? '',
    'ansible.cfg',
    `${env.HOME ?? ''}/.ansible.cfg`,
    '/etc/ansible/ansible.cfg',
  ];
  for (const file of files.filter((path) => path !== '')) {
    const text = readIfThere(file);
    if (text === null) continue;
    if (behaviourIn(text) === 'merge') throw merged('hash_behaviour = merge', file);
    return;
  }
}

/** `hash_behaviour` of the section `[defaults]`. */
function behaviourIn(text: string): string | null {
  let section = '';
  let found: string | null = null;
  for (const line of text.split(/\r?\n/)) {
    section = /^\[(.*)\]/.exec(line)?.[1] ?? section;
    const value = /^hash_behaviour\s*[=:]\s*(\w*)/i.exec(line)?.[1];
    if (section === 'defaults' && value !== undefined) found = value;
  }
  return found;
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(resolve(path), 'utf8');
  } catch {
    return null;
  }
}

function merged(setting: string, file: string): Failure {
  return new Failure(
    {
      code: 'HAPB8015',
      message: `${setting} is not supported: a map replaces the one that it hides`,
      hint: 'Merge where it is wanted, as in "{{ defaults | combine(own, recursive=true) }}", and take the setting out.',
    },
    fileSpan(file),
  );
}
