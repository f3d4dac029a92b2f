import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { expandHome } from './known-hosts.ts';
import { isHarmless } from './ssh-options.ts';
import { splitWords } from './ssh-words.ts';

const deepestInclude = 16;

/**
 * Whether ssh has to be asked what a configuration file says: not where it holds nothing but options that change nothing
 * for hapb, as those of the distributions do. Conditions (`Host`, `Match`) need not be understood for that, and asking ssh
 * costs a process for each host. What is not understood, or cannot be read, is a matter for ssh.
 */
export function matters(file: string, depth = 0): boolean {
  if (depth > deepestInclude) return true;
  let text: string;
  try {
    text = readFileSync(expandHome(file), 'utf8');
  } catch (thrown) {
    return !isMissing(thrown);
  }
  return text.split('\n').some((line) => lineMatters(line.trim(), file, depth));
}

function lineMatters(line: string, file: string, depth: number): boolean {
  if (line === '' || line.startsWith('#')) return false;
  const [, name = '', value = ''] = /^([A-Za-z0-9]+)(?:\s*=\s*|\s+)(.*)$/.exec(line) ?? [];
  switch (name.toLowerCase()) {
    case 'host':
    case 'match':
      return false;
    case 'include': {
      const files = splitWords(value).map((pattern) => filesOf(pattern, file));
      return files.some((found) => found === null || found.some((each) => matters(each, depth + 1)));
    }
    default:
      return !isHarmless(name.toLowerCase());
  }
}

/** The files that an Include means (ssh_config(5)): relative ones lie beside the file of its kind. `null`: only ssh knows. */
function filesOf(pattern: string, from: string): readonly string[] | null {
  if (/[%$?[\]{}\\]|^~[^/]/.test(pattern)) return null;
  const path = expandHome(pattern);
  const whole = path.startsWith('/')
    ? path
    : join(from.startsWith('/etc/') ? '/etc/ssh' : join(homedir(), '.ssh'), path);
  const folder = dirname(whole);
  if (folder.includes('*')) return null;
  const name = whole.slice(folder.length + 1);
  if (!name.includes('*')) return [whole];
  const fits = new RegExp(`^${name.replace(/[.+^()|]/g, '\\$&').replaceAll('*', '.*')}$`);
  try {
    return readdirSync(folder)
      .filter((entry) => fits.test(entry))
      .map((entry) => join(folder, entry));
  } catch (thrown) {
    return isMissing(thrown) ? [] : null;
  }
}

function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';
}
