import { Failure } from '../../core/failure.ts';
import type { Text } from '../../core/secret.ts';
import { fits } from '../../core/text-measure.ts';
import { matches, pattern } from '../../expression/pattern.ts';
import { composed } from '../../expression/secrecy.ts';
import { type Ask, on, question, type Target } from '../ask.ts';
import { textOrBytes } from '../asks/file-state.ts';

/** A file in a folder. */
export interface Fragment {
  readonly name: string;
  readonly content: Text | Uint8Array;
}

/** What is at the path of the folder. */
export type Fragments =
  | { readonly kind: 'absent' | 'other' | 'too-long' }
  | { readonly kind: 'folder'; readonly path: string; readonly files: readonly Fragment[] };

/** The most that the files of a folder may hold together, in bytes. */
export const maxFragmentsBytes = 16_777_216;

// Each file is two lines: its name and its content, in base64 or, where the host has none, in hex.
const script = `
max=$1; shift
for d in "$@"; do [ ! -e "$d" ] || break; done
if [ ! -e "$d" ]; then echo absent; exit 0; fi
if [ ! -d "$d" ]; then echo other; exit 0; fi
cd "$d" || exit
if command -v base64 >/dev/null; then
  how=base64; encode() { base64 | tr -d '\\n'; echo; }
else
  how=hex; encode() { od -An -v -tx1 | tr -d ' \\n'; echo; }
fi
sum=0
for f in * .*; do
  [ -f "$f" ] || continue
  size=$(wc -c <"$f") || exit
  sum=$((sum + size))
done
if [ "$sum" -gt "$max" ]; then echo too-long; exit 0; fi
printf 'folder %s\\n%s\\n' "$how" "$d"
for f in * .*; do
  [ -f "$f" ] || continue
  printf %s "$f" | encode
  encode <"$f" || exit
done
`;

/** The files right in the first of some folders that is there, by name. */
export function fragments(paths: readonly string[], target: Target): Ask<Fragments> {
  return on(
    target,
    question<Fragments>({
      key: `fragments:${paths.join(':')}`,
      reads: paths.flatMap((path) => [`file:${path}`, `file:${path}/*`]),
      sh: script,
      args: [String(maxFragmentsBytes), ...paths],
      maxOutputBytes: maxFragmentsBytes * 3,
      parse: (reply) => {
        const [head = '', path = '', ...lines] = reply.stdout.split('\n');
        const [kind, how = 'base64'] = head.split(' ');
        if (kind === 'other' || kind === 'too-long') return { kind };
        if (kind !== 'folder') return { kind: 'absent' };
        const decode = (text: string): Buffer => Buffer.from(text, how === 'hex' ? 'hex' : 'base64');
        const files = lines.flatMap((line, index) =>
          index % 2 === 1 || line === ''
            ? []
            : [{ name: decode(line).toString('utf8'), content: textOrBytes(decode(lines[index + 1] ?? '')) }],
        );
        return { kind: 'folder', path, files };
      },
    }),
  );
}

/** Which files count. */
export interface FragmentChoice {
  readonly regexp: string | undefined;
  readonly hidden: 'taken' | 'left';
}

/** The files that count, in the order of their names' code points. */
export function chosen(files: readonly Fragment[], { regexp, hidden }: FragmentChoice): readonly Fragment[] {
  const expression = regexp === undefined ? null : pattern(regexp, { ignoreCase: false, multiline: false });
  return files
    .filter(({ name }) => hidden === 'taken' || !name.startsWith('.'))
    .filter(({ name }) => expression === null || matches(expression, name, 1).length > 0)
    .sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
}

/** The files as one: a newline where one does not end with it, and the delimiter between two on a line of its own. */
export function joinedFragments(files: readonly Fragment[], delimiter: string): Text | Uint8Array {
  const between = delimiter === '' || delimiter.endsWith('\n') ? delimiter : `${delimiter}\n`;
  const parts = files.flatMap(({ content }, index): readonly (Text | Uint8Array)[] => {
    if (index === 0) return [content];
    return [endsLine(files[index - 1]?.content ?? '') ? '' : '\n', between, content];
  });
  const texts = parts.flatMap((part) => (part instanceof Uint8Array ? [] : [part]));
  if (texts.length === parts.length) return composed(texts, (plain) => (plain as readonly string[]).join(''));
  return new Uint8Array(Buffer.concat(parts.map(plainBytes)));
}

function plainBytes(part: Text | Uint8Array): Uint8Array {
  if (part instanceof Uint8Array) return part;
  if (typeof part === 'string') return Buffer.from(part, 'utf8');
  throw new Failure({
    code: 'HAPB6006',
    message: 'one of the files is encrypted, and another one is not text',
    hint: 'Leave one of them out, or assemble them before they are encrypted.',
    argument: 'src',
  });
}

function endsLine(content: Text | Uint8Array): boolean {
  return content instanceof Uint8Array ? content.at(-1) === 10 : fits(content, /\n$/);
}
