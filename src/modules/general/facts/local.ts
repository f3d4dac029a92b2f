import { parseJson } from '../../../core/parse-json.ts';
import type { Value, ValueMap } from '../../../core/value.ts';
import type { FactSource } from './source.ts';

/** Where a host's owner puts facts of his own. */
export const usualFactPath = '/etc/ansible/facts.d';

/** Facts that the host's owner has put there: files in JSON or INI, or executables that print such. */
export const localFacts: FactSource = {
  name: 'local',
  subsets: ['min'],
  gives: ['local'],
  reads: ['file:$1', 'file:$1/*'],
  sh: `for p in "$1"/*.fact; do
  [ -e "$p" ] || continue
  b=\${p##*/}; echo "fact \${b%.fact} $p"
  if [ -x "$p" ]; then
    if t=$("$p" </dev/null 2>/dev/null); then printf '%s\\n' "$t" | sed 's/^/ /'; else echo "failed $?"; fi
  else sed 's/^/ /' "$p" 2>/dev/null; fi
done`,
  read(lines) {
    const local: Record<string, Value> = Object.create(null) as Record<string, Value>;
    let current: {
      readonly name: string;
      readonly path: string;
      text: string;
      failed: string | null;
    } | null = null;
    const finish = (): void => {
      if (current !== null) local[current.name] = current.failed ?? contentOf(current);
    };
    for (const line of lines) {
      const [, name, path] = /^fact (\S+) (.*)$/.exec(line) ?? [];
      if (name !== undefined && path !== undefined) {
        finish();
        current = { name, path, text: '', failed: null };
      } else if (current !== null && line.startsWith('failed ')) {
        current.failed = `Failure executing fact script (${current.path}), rc: ${line.slice(7)}, err: `;
      } else if (current !== null) current.text += `${line.slice(1)}\n`;
    }
    finish();
    return { local };
  },
};

function contentOf({ text, path }: { readonly text: string; readonly path: string }): Value {
  try {
    return parseJson(text) as Value;
  } catch {
    return iniOf(text) ?? `error loading facts as JSON or ini - please check content: ${path}`;
  }
}

/** Sections of `name = value` and `name: value` as Python's configparser reads them; `null`: it would not. */
function iniOf(text: string): ValueMap | null {
  const sections: Record<string, Record<string, string>> = {};
  let section: Record<string, string> | null = null;
  let last: string | null = null;
  for (const line of text.split('\n')) {
    if (/^\s*(?:[#;].*)?$/.test(line)) continue;
    const head = /^\[([^\]]+)\]/.exec(line)?.[1];
    if (head !== undefined) {
      section = sections[head] ?? {};
      sections[head] = section;
      last = null;
    } else if (section === null) return null;
    else if (/^\s/.test(line) && last !== null) section[last] = `${section[last] ?? ''}\n${line.trim()}`;
    else {
      const [, name, value] = /^\s*([^=:]+?)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
      if (name === undefined || value === undefined) return null;
      last = name.toLowerCase();
      section[last] = value;
    }
  }
  return sections;
}
