const repeat = 'A run must be repeatable: make the value once, keep it in a variable or a vaulted file.';

/** Names that Ansible knows and hapb does not, each with what to do instead. */
export const unsupported: ReadonlyMap<string, string> = new Map([
  ['random_mac', repeat],
  ['to_datetime', 'Compare times as numbers of seconds, such as ansible_date_time.epoch | int.'],
  ['now', 'Use ansible_date_time of the gathered facts.'],
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
  ['vault_encrypted', 'Vaulted values are opened where they are used.'],
  ['namespace', 'Values never change here: compute the value in one expression, or with set_fact in a loop.'],
]);
