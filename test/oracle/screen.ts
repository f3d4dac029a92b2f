import { normalForm, type Places, replacePlaces, shortJson } from './normal-form.ts';

/** A banner, and what stands below it. */
interface Stretch {
  readonly banner: string;
  /** Lines of no host. */
  readonly notes: string[];
  /** Lines of each host, in order. */
  readonly hosts: Map<string, string[]>;
}

/** What is needed to read a screen. */
export interface ScreenSettings {
  readonly order: 'by task' | 'by host';
  readonly places: Places;
  /** All text of the case: a message that its author wrote is compared, the tools' own words are not. */
  readonly authored: string;
}

const bannerLine = /^(PLAY|TASK|RUNNING HANDLER|BARRIER|PLAY RECAP|NO MORE HOSTS LEFT)( \[.*\])? \*{3,}$/;
const resultLine =
  /^(ok|changed|skipping|fatal|failed|unknown|would change|would fail): \[([^\]]+?)((?: -> [^\]]+)?)\](.*)$/;
const retryLine = /^FAILED - RETRYING: \[([^\]]+?)(?: -> [^\]]+)?\]: .*$/;
const recapLine = /^(\S+)\s+: (ok=.*)$/;

/** Standard output of a run in the form in which two tools are compared. */
export function readScreen(out: string, settings: ScreenSettings): readonly string[] {
  const stretches = readStretches(out, settings);
  return settings.order === 'by task' ? byTask(stretches) : byHost(stretches);
}

function readStretches(out: string, settings: ScreenSettings): readonly Stretch[] {
  const stretches: Stretch[] = [];
  const lines = out.split('\n');
  let last: string[] = [];
  const add = (host: string, text: string): void => {
    const stretch = stretches.at(-1);
    if (stretch === undefined) return;
    last = stretch.hosts.get(host) ?? [];
    stretch.hosts.set(host, last);
    last.push(text);
  };
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const banner = bannerLine.exec(line);
    const result = resultLine.exec(line);
    const retry = retryLine.exec(line);
    const recap = recapLine.exec(line);
    if (banner !== null) {
      const title = replacePlaces(`${banner[1] ?? ''}${banner[2] ?? ''}`, settings.places);
      stretches.push({ banner: title, notes: [], hosts: new Map() });
    } else if (result !== null) {
      const [, word = '', host = '', delegate = '', rest = ''] = result;
      const block = rest.endsWith(' => {') ? lines.indexOf('}', index) : index;
      const whole = [rest, ...lines.slice(index + 1, block + 1)].join('\n');
      // hapb says behind its forecast what would change.
      const shown = word === 'would change' ? whole.replace(/(?<=^|\)): .*/s, '') : whole;
      add(host, `${asRun(word)}: [${host}${delegate}]${readRest(shown, word, settings)}`);
      index = Math.max(index, block);
    } else if (retry !== null) add(retry[1] ?? '', line);
    else if (recap !== null) add(recap[1] ?? '', `${recap[1] ?? ''}: ${counts(recap[2] ?? '')}`);
    else if (line === '...ignoring') last.push(`${last.pop() ?? ''} ...ignoring`);
    else if (line === 'skipping: no hosts matched') stretches.at(-1)?.notes.push(line);
    else if (line.startsWith('included: ')) {
      const [, file = '', hosts = ''] = /^included: (.*) for (.*)$/.exec(line) ?? [];
      const sorted = hosts.split(', ').sort().join(', ');
      stretches.at(-1)?.notes.push(replacePlaces(`included: ${file} for ${sorted}`, settings.places));
    }
  }
  return stretches;
}

/** What check mode foresees is called by the word for what a run does. */
function asRun(word: string): string {
  if (word === 'would change') return 'changed';
  return word === 'would fail' ? 'fatal' : word;
}

/** What follows `ok: [host]`: the item's label and the result. */
function readRest(rest: string, word: string, settings: ScreenSettings): string {
  for (let at = rest.indexOf(' => {'); at !== -1; at = rest.indexOf(' => {', at + 1)) {
    const result = parseJson(rest.slice(at + 4));
    if (result !== null) {
      const isFailure = word === 'fatal' || word === 'failed' || word === 'would fail';
      const shown = isFailure ? failureParts(result, settings) : normalForm(result, settings.places);
      const kind = word === 'would fail' ? ': FAILED!' : '';
      const head = replacePlaces(rest.slice(0, at), settings.places) + kind;
      return isEmpty(shown) ? head : `${head} => ${shortJson(shown)}`;
    }
  }
  return replacePlaces(rest.trimEnd(), settings.places);
}

function failureParts(result: object, settings: ScreenSettings): object {
  const { msg, rc } = result as { readonly msg?: unknown; readonly rc?: unknown };
  const authored = typeof msg === 'string' && msg !== '' && settings.authored.includes(msg);
  // A number above those of processes is a module's own.
  const isExit = typeof rc === 'number' && rc < 256;
  return { ...(authored ? { msg } : {}), ...(isExit ? { rc } : {}) };
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function parseJson(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

/** A recap's counts without what is zero. */
function counts(text: string): string {
  return text
    .trim()
    .split(/\s+/)
    .filter((count) => !count.endsWith('=0'))
    .join(' ');
}

/** ansible-core writes these in numbers that mean nothing: for each host of a flush, twice or not at all at an end. */
const noise: ReadonlySet<string> = new Set(['TASK [meta]', 'NO MORE HOSTS LEFT']);

function byTask(stretches: readonly Stretch[]): readonly string[] {
  // The banner of a meta task comes once for each host.
  const repeated = (index: number): boolean => stretches[index + 1]?.banner === stretches[index]?.banner;
  const telling = stretches.filter(
    ({ banner, notes, hosts }, index) =>
      hosts.size > 0 || (!noise.has(banner) && (notes.length > 0 || !repeated(index))),
  );
  return telling.flatMap(({ banner, notes, hosts }) => [
    banner,
    ...notes.map((note) => `  ${note}`),
    ...sortedHosts(hosts).flatMap((host) => (hosts.get(host) ?? []).map((text) => `  ${text}`)),
  ]);
}

/** Each play's hosts one after the other, with the tasks that showed something for them. */
function byHost(stretches: readonly Stretch[]): readonly string[] {
  const result: string[] = [];
  let play: Map<string, string[]> = new Map();
  const close = (): void => {
    for (const host of sortedHosts(play)) result.push(...(play.get(host) ?? []));
    play = new Map();
  };
  for (const { banner, notes, hosts } of stretches) {
    const isTask = /^(TASK|RUNNING HANDLER|BARRIER)/.test(banner);
    if (!isTask) {
      close();
      result.push(...byTask([{ banner, notes, hosts }]));
      continue;
    }
    for (const note of notes) {
      for (const host of (/ for (.*)$/.exec(note)?.[1] ?? '').split(', '))
        push(play, host, `  ${banner} ${note}`);
    }
    for (const [host, texts] of hosts) for (const text of texts) push(play, host, `  ${banner} ${text}`);
  }
  close();
  return result;
}

function push(lists: Map<string, string[]>, key: string, text: string): void {
  lists.set(key, [...(lists.get(key) ?? []), text]);
}

function sortedHosts(hosts: ReadonlyMap<string, unknown>): readonly string[] {
  return [...hosts.keys()].sort();
}
