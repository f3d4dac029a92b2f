import { readdirSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { globExpression } from '../../core/glob.ts';
import { textOf } from '../arguments.ts';
import type { Filter, Table } from '../callable.ts';

function text(run: (path: string) => string | readonly string[]): Filter {
  return { parameters: [], reads: 'content', run: (input) => run(textOf(input)) };
}

/** Filters of paths that look at this machine. */
export const ownFileFilters: Table<Filter> = {
  expanduser: text((path) => path.replace(/^~(?=\/|$)/, homedir())),
  expandvars: text((path) =>
    path.replace(/\$(?:(\w+)|\{(\w+)\})/g, (whole, bare?: string, braced?: string) => {
      return process.env[bare ?? braced ?? ''] ?? whole;
    }),
  ),
  realpath: { ...text(real), looksAt: (input) => textOf(input) },
  fileglob: {
    ...text((pattern) =>
      globbed(pattern).filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true),
    ),
    looksAt: (input) => textOf(input).replace(/[^/]*[*?[].*$/, ''),
  },
};

/** The path without links; what is not there stays as it is. */
function real(path: string): string {
  const whole = resolve(path);
  try {
    return realpathSync(whole);
  } catch {
    const parent = resolve(whole, '..');
    return parent === whole ? whole : join(real(parent), whole.slice(whole.lastIndexOf('/') + 1));
  }
}

/** Paths that fit, sorted; each part of the pattern may hold `*`, `?` and `[…]`, which no dot at the beginning fits. */
function globbed(pattern: string): readonly string[] {
  const parts = pattern.split('/').filter((part) => part !== '');
  return parts.reduce<readonly string[]>(
    (paths, part) => {
      if (!/[*?[]/.test(part)) return paths.map((path) => join(path, part));
      const fits = globExpression(part);
      return paths.flatMap((path) =>
        namesIn(path)
          .filter((name) => fits.test(name) && (part.startsWith('.') || !name.startsWith('.')))
          .map((name) => join(path, name)),
      );
    },
    [isAbsolute(pattern) ? '/' : ''],
  );
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder === '' ? '.' : folder).sort();
  } catch {
    return [];
  }
}
