import { createHash } from 'node:crypto';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { CaseFile } from './case-file.ts';

/** A throw-away place for one case: `folder` is where its commands run, `home` is HOME meanwhile. */
export interface Playground {
  readonly folder: string;
  readonly home: string;
  /** What lies in the folder and did not before, and what is gone: a line for each, in order of their names. */
  changes(): readonly string[];
  remove(): void;
}

/** Lays out a case's files, and a folder `out` for what the case makes. */
export function createPlayground(files: readonly CaseFile[]): Playground {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'hapb-oracle-')));
  const folder = join(root, 'case');
  const home = join(root, 'home');
  for (const path of [folder, home, join(folder, 'out')]) mkdirSync(path);
  for (const file of files) place(join(folder, file.path), file);
  const before = new Map(entries(folder, ''));
  return {
    folder,
    home,
    changes: () => {
      const after = new Map(entries(folder, ''));
      const gone = [...before.keys()].filter((path) => !after.has(path)).map((path) => `${path} (gone)`);
      const made = [...after].filter(([path, state]) => before.get(path) !== state);
      return [...made.map(([path, state]) => `${path} ${state}`), ...gone].sort();
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

function place(path: string, { kind, text }: CaseFile): void {
  mkdirSync(dirname(path), { recursive: true });
  if (kind === 'folder') mkdirSync(path, { recursive: true });
  else if (kind === 'link') symlinkSync(text, path);
  else {
    writeFileSync(path, text);
    chmodSync(path, kind === 'executable' ? 0o755 : 0o644);
  }
}

/** Paths below a folder, each with what lies there. */
function entries(root: string, below: string): readonly (readonly [string, string])[] {
  return readdirSync(join(root, below))
    .sort()
    .flatMap((name): readonly (readonly [string, string])[] => {
      const path = below === '' ? name : `${below}/${name}`;
      const full = join(root, path);
      const found = lstatSync(full);
      // A backup is named after its time.
      const shown = path.replace(/\.\d+\.\d{4}-\d\d-\d\d@[\d:]+~$/, '.(time)~');
      if (found.isSymbolicLink()) return [[shown, `-> ${readlinkSync(full).replace(root, '{case}')}`]];
      const mode = (found.mode & 0o7777).toString(8).padStart(4, '0');
      if (found.isDirectory()) return [[`${shown}/`, mode], ...entries(root, path)];
      return [[shown, `${mode} ${found.isFile() ? content(full, root) : 'special'}`]];
    });
}

function content(path: string, root: string): string {
  const bytes = readFileSync(path);
  const text = bytes.toString('utf8');
  const isText = bytes.length <= 2000 && Buffer.from(text, 'utf8').equals(bytes);
  if (isText) return JSON.stringify(text.replaceAll(root, '{case}'));
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
