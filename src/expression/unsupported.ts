const repeat = 'A run must be repeatable: make the value once, keep it in a variable or a vaulted file.';
const stat = 'Ask the node with the stat module, and look at what it registers under stat.';
const files =
  "Write lookup('file', NAME) or query('fileglob', PATTERN); a file of the node is read with slurp.";

/** Names that Ansible knows and hapb does not, each with what to do instead. */
export const unsupported: ReadonlyMap<string, string> = new Map([
  ['random_mac', repeat],
  ['to_datetime', 'Compare times as numbers of seconds, such as ansible_date_time.epoch | int.'],
  ['now', 'Use ansible_date_time of the gathered facts.'],
  [
    'json_query',
    "Use selectattr and map: list[?key=='x'].name is list | selectattr('key', 'equalto', 'x') | map(attribute='name') | list, list[*].name is list | map(attribute='name') | list, and a.b.c stays as it is.",
  ],
  ['realpath', files],
  ['expanduser', 'Write the whole path, or use ansible_env.HOME of the gathered facts.'],
  ['expandvars', 'Use ansible_env of the gathered facts.'],
  ['fileglob', files],
  ['file', files],
  ['exists', 'Ask the node with the stat module: r.stat.exists.'],
  ['directory', 'Ask the node with the stat module: r.stat.isdir.'],
  ['link', 'Ask the node with the stat module: r.stat.islnk.'],
  ['is_dir', 'Ask the node with the stat module: r.stat.isdir.'],
  ['is_file', 'Ask the node with the stat module: r.stat.isreg.'],
  ['is_link', 'Ask the node with the stat module: r.stat.islnk.'],
  ['link_exists', stat],
  ['is_same_file', stat],
  ['is_mount', 'Ask the node: ansible_mounts of the gathered facts lists what is mounted.'],
  ['vaulted_file', 'Vaulted files are opened where they are used.'],
  ['attr', "Write x.name or x['name']."],
  ['xmlattr', 'Write the attributes with a loop over the map: dict2items.'],
  ['urlize', 'Write the link itself.'],
  ['pprint', 'Write to_nice_json or to_nice_yaml.'],
  ['win_basename', 'hapb has no Windows hosts.'],
  ['win_dirname', 'hapb has no Windows hosts.'],
  ['win_splitdrive', 'hapb has no Windows hosts.'],
  ['strftime', 'Use ansible_date_time of the gathered facts.'],
  ['vault', 'Encrypt with: hapb vault encrypt'],
  ['unvault', 'Vaulted values are opened where they are used.'],
  ['tojson', 'Write to_json.'],
  ['mount', 'Ask the node: ansible_mounts of the gathered facts lists what is mounted.'],
  ['same_file', 'Ask the node with the stat module, and compare r.stat.inode.'],
  ['vault_encrypted', 'Vaulted values are opened where they are used.'],
  ['namespace', 'Values never change here: compute the value in one expression, or with set_fact in a loop.'],
]);
