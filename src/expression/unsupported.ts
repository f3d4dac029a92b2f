const repeat = 'A run must be repeatable: make the value once, keep it in a variable or a vaulted file.';
const files = 'Expressions read no files: load data with vars_files, or read a file of the node with slurp.';

/** Names that Ansible knows and hapb does not, each with what to do instead. */
export const unsupported: ReadonlyMap<string, string> = new Map([
  ['random_mac', repeat],
  ['to_datetime', 'Compare times as numbers of seconds, such as ansible_date_time.epoch | int.'],
  ['now', 'Use ansible_date_time of the gathered facts.'],
  ['password_hash', 'Keep the hash itself in a vaulted variable; make it with: openssl passwd -6'],
  ['json_query', 'Use selectattr, map(attribute=…) and dict2items.'],
  ['realpath', files],
  ['expanduser', 'Write the whole path, or use ansible_env.HOME of the gathered facts.'],
  ['expandvars', 'Use ansible_env of the gathered facts.'],
  ['fileglob', files],
  ['file', files],
  ['exists', 'Ask the node with the stat module: r.stat.exists.'],
  ['directory', 'Ask the node with the stat module: r.stat.isdir.'],
  ['link', 'Ask the node with the stat module: r.stat.islnk.'],
  ['strftime', 'Use ansible_date_time of the gathered facts.'],
  ['vault', 'Encrypt with: hapb vault encrypt'],
  ['unvault', 'Vaulted values are opened where they are used.'],
  ['tojson', 'Write to_json.'],
  ['mount', 'Ask the node: ansible_mounts of the gathered facts lists what is mounted.'],
  ['same_file', 'Ask the node with the stat module, and compare r.stat.inode.'],
  ['vault_encrypted', 'Vaulted values are opened where they are used.'],
  ['namespace', 'Values never change here: compute the value in one expression, or with set_fact in a loop.'],
]);
