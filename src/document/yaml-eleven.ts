const booleans = new Map<string, boolean>([
  ['yes', true],
  ['no', false],
  ['on', true],
  ['off', false],
  ['y', true],
  ['n', false],
]);

/** Whether an unquoted text was a boolean in YAML 1.1 and is plain text in YAML 1.2: yes, No, ON, off, … */
export function isYamlElevenBoolean(text: string): boolean {
  return yamlElevenBoolean(text) !== null && !/^[yn]$/i.test(text);
}

/** The boolean that YAML 1.1 took this text for, `null` when it was a text there too. `y` and `n` count. */
export function yamlElevenBoolean(text: string): boolean | null {
  return booleans.get(text.toLowerCase()) ?? null;
}
