/** What differs between two runs of one tool; shown as a mark, so that it must be there but may be anything. */
const varying: ReadonlySet<string> = new Set([
  'start',
  'end',
  'delta',
  'atime',
  'mtime',
  'ctime',
  'inode',
  'dev',
  'device_type',
  'uid',
  'gid',
  'owner',
  'group',
  'pw_name',
  'gr_name',
  'ansible_job_id',
  'results_file',
  'backup_file',
]);

/** What says something about the tool and not about the task. */
const own: ReadonlySet<string> = new Set(['invocation', 'exception', 'warnings', 'deprecations']);
/** Says how ansible-core 2.19 packed its inventory. */
const packing = 'profile';

/** Where the values come from: these texts become their marks. */
export type Places = ReadonlyMap<string, string>;

/** A value as both tools must show it. */
export function normalForm(value: unknown, places: Places): unknown {
  if (typeof value === 'string') return isUndefined(value) ? '(undefined)' : replacePlaces(value, places);
  if (Array.isArray(value)) return value.map((item: unknown) => normalForm(item, places));
  if (typeof value !== 'object' || value === null) return value;
  if ('censored' in value) return { censored: "(in the tool's own words)" };
  const isResult = 'changed' in value || 'exists' in value || 'isreg' in value;
  const entries = Object.entries(value)
    .filter(([key]) => !(isResult && (own.has(key) || key.startsWith('_ansible_'))))
    .filter(([key]) => !(key === packing && 'hostvars' in value))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]): [string, unknown] => [
      replacePlaces(key, places),
      isResult && varying.has(key) && item !== null ? '(varies)' : normalForm(item, places),
    ]);
  return Object.fromEntries(entries);
}

/** How `debug: var` shows a variable that is not there. */
function isUndefined(text: string): boolean {
  return text === 'VARIABLE IS NOT DEFINED!' || /^<< error \d+ - .* >>$/.test(text);
}

/** Text with the folders of the playground replaced by their marks. */
export function replacePlaces(text: string, places: Places): string {
  return [...places].reduce((sofar, [path, mark]) => sofar.replaceAll(path, mark), text);
}

/** JSON with as much on a line as fits. */
export function shortJson(value: unknown, indent = '  '): string {
  const line = oneLine(value);
  if (indent.length + line.length <= 100 || typeof value !== 'object' || value === null) return line;
  const inner = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((item: unknown) => shortJson(item, inner))
    : Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${shortJson(item, inner)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${indent}${close}`;
}

function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}: ${oneLine(item)}`)
    .join(', ')}}`;
}
