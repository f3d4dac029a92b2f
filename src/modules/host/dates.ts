import type { Edit } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import type { ShownChange } from '../../core/outcome.ts';
import { Unknown } from '../../core/unknown.ts';
import { question } from '../ask.ts';
import { fileKey } from '../asks/file-state.ts';
import { askForeseen, type Site } from './asking.ts';

// A line for each path: when its content and when its properties changed, in seconds since 1970; empty: it is not there.
const script = 'for p in "$@"; do stat -c "%Y %Z" "$p" 2>/dev/null || echo; done';

const property = /^(?:mode|owner|group): /;

/** The change with the time since when each file in it is as it is, by the host's clock. */
export async function withDates(site: Site, change: ShownChange): Promise<ShownChange> {
  const paths = [...new Set(change.edits.filter(isOfFile).map(({ subject }) => subject))];
  if (paths.length === 0) return change;
  const times = await askedTimes(site, paths);
  if (times === null) return change;
  return { ...change, edits: change.edits.map((edit) => dated(edit, times.get(edit.subject))) };
}

function isOfFile({ subject, before }: Edit): boolean {
  return before !== null && subject.startsWith('/');
}

interface Times {
  readonly contentMs: number;
  readonly propertiesMs: number;
}

async function askedTimes(site: Site, paths: readonly string[]): Promise<ReadonlyMap<string, Times> | null> {
  try {
    const times = await askForeseen(
      site,
      question({
        key: `dates:${paths.join(' ')}`,
        reads: paths.map(fileKey),
        sh: script,
        args: paths,
        parse: ({ stdout }) => readTimes(paths, stdout.split('\n')),
      }),
    );
    return times instanceof Unknown ? null : times;
  } catch (thrown) {
    if (thrown instanceof Failure) return null;
    throw thrown;
  }
}

function readTimes(paths: readonly string[], lines: readonly string[]): ReadonlyMap<string, Times> {
  const times = new Map<string, Times>();
  for (const [index, path] of paths.entries()) {
    const [content, properties] = (lines[index] ?? '').split(' ').map((text) => Number(text) * 1000);
    if (content && properties) times.set(path, { contentMs: content, propertiesMs: properties });
  }
  return times;
}

/** A mode that was changed leaves the time of the content as it was. */
function dated(edit: Edit, times: Times | undefined): Edit {
  if (times === undefined || edit.before === null) return edit;
  const lines = `${String(edit.before)}\n${String(edit.after ?? '')}`
    .split('\n')
    .filter((line) => line !== '');
  const onlyProperties = lines.length > 0 && lines.every((line) => property.test(line));
  return { ...edit, sinceMs: onlyProperties ? times.propertiesMs : times.contentMs };
}
