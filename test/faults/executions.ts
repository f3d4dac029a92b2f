import { onNode } from '../lab/rig/lab.ts';

/** Programs that change a node, and whose every start is written down there. */
const counted = ['apt-get', 'dpkg', 'kubeadm', 'ctr', 'systemctl', 'modprobe', 'sysctl', 'swapoff'];

/** In memory, so that it is written while the disk is full; `collect` takes it away before a power cut. */
const log = '/run/lab-executions';
const shim = '/usr/local/lib/lab/counted';

/**
 * Puts a program of the same name before each counted one in root's PATH, which writes down its start and its end. Those of
 * packages to come get theirs as soon as dpkg has put them there.
 */
export async function countExecutions(node: string): Promise<void> {
  await onNode(
    node,
    `cat >${shim} <<'SHIM'
#!/bin/sh
name=\${0##*/}
read -r up idle </proc/uptime
id=$$-$up
line="start $id $name"
for argument; do line="$line $(printf %s "$argument" | tr '\\n\\t' '  ' | cut -c1-200)"; done
printf '%s\\n' "$line" >>${log} 2>/dev/null
for folder in /usr/sbin /usr/bin /sbin /bin; do
  [ -x "$folder/$name" ] || continue
  "$folder/$name" "$@"
  code=$?
  printf '%s\\n' "end $id $code" >>${log} 2>/dev/null
  exit $code
done
exit 127
SHIM
    chmod 755 ${shim}
    cat >/usr/local/lib/lab/count <<'COUNT'
#!/bin/sh
for name in ${counted.join(' ')}; do
  [ -x "/usr/bin/$name" ] || [ -x "/usr/sbin/$name" ] || continue
  [ -e "/usr/local/sbin/$name" ] || ln -s ${shim} "/usr/local/sbin/$name"
done
COUNT
    chmod 755 /usr/local/lib/lab/count
    /usr/local/lib/lab/count
    echo 'DPkg::Post-Invoke { "/usr/local/lib/lab/count"; };' >/etc/apt/apt.conf.d/99lab-count`,
  );
}

/** A start of a counted program; `null`: it never came to an end of its own. */
export interface Execution {
  readonly words: string;
  readonly exitCode: number | null;
  /** Places in the log. */
  readonly start: number;
  readonly end: number | null;
}

/** What was executed on a node since it was last asked, in order; the log is taken away. */
export async function collectLog(node: string): Promise<readonly string[]> {
  const text = await onNode(
    node,
    `mv ${log} ${log}.taken 2>/dev/null && cat ${log}.taken && rm ${log}.taken; :`,
  );
  return text.split('\n').filter((line) => line !== '');
}

/** The executions that a log tells of. */
export function executionsIn(lines: readonly string[]): readonly Execution[] {
  const ends = new Map(
    lines.flatMap((line, place) => {
      const [kind, id = '', code = ''] = line.split(' ');
      return kind === 'end' ? [[id, { place, code: Number(code) }] as const] : [];
    }),
  );
  return lines.flatMap((line, start) => {
    const [kind, id = '', ...words] = line.split(' ');
    if (kind !== 'start') return [];
    const end = ends.get(id);
    return [{ words: words.join(' '), exitCode: end?.code ?? null, start, end: end?.place ?? null }];
  });
}

/** What must happen once on a node, as a name under which executions of it are the same; `null`: may be repeated. */
export function onceOnly(words: string): string | null {
  const kubeadm = /^kubeadm (init|join|config images pull) --config/.exec(words);
  if (kubeadm !== null) return `kubeadm ${kubeadm[1]}`;
  if (/^apt-get .*\binstall\b/.test(words)) return 'apt-get install';
  const image = /^ctr .*\b(?:pull|fetch)\b.* (\S+)$/.exec(words);
  if (image !== null) return `pull ${image[1]}`;
  return null;
}

/** What ran twice: begun while it was running, or begun although it had been done. */
export function ranTwice(executions: readonly Execution[]): readonly string[] {
  const problems: string[] = [];
  for (const [index, later] of executions.entries()) {
    const name = onceOnly(later.words);
    if (name === null) continue;
    for (const earlier of executions.slice(0, index)) {
      if (onceOnly(earlier.words) !== name) continue;
      if (earlier.exitCode === 0 && (earlier.end ?? 0) < later.start)
        problems.push(`begun again after it had been done: ${later.words}`);
      else if (earlier.end !== null && earlier.end > later.start)
        problems.push(`begun twice at the same time: ${later.words}`);
    }
  }
  return problems;
}

/** How often each of the things that must happen once was begun. */
export function counts(executions: readonly Execution[]): Readonly<Record<string, number>> {
  const result: Record<string, number> = {};
  for (const { words } of executions) {
    const name = onceOnly(words);
    if (name !== null && !name.startsWith('pull ')) result[name] = (result[name] ?? 0) + 1;
  }
  return result;
}
