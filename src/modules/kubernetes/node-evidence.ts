import type { ShellReply } from '../../connection/connection.ts';
import { type Ask, question } from '../ask.ts';

/** What a node says about why its control plane does not come up. */
export interface Evidence {
  /** The complaint that the kubelet repeats most; `null`: it has none, or there is no journal. */
  readonly kubelet: string | null;
  /** Control-plane containers that ended, with their last words. */
  readonly containers: readonly {
    readonly name: string;
    readonly restarts: number;
    readonly lastLine: string;
  }[];
}

const script = `
PATH=$PATH:/usr/local/bin:/usr/sbin:/sbin
echo kubelet-begin
journalctl -u kubelet --since=-2min --no-pager -o cat 2>/dev/null | tail -n 600 |
  grep -E '^[EF][0-9]{4} |failed to run|command failed|Main process exited' | tail -n 120
echo kubelet-end
for d in /var/log/pods/kube-system_*/*/; do
  [ -d "$d" ] || continue
  n=\${d%/}; n=\${n##*/}
  l=$(ls -t "$d" 2>/dev/null | grep '[.]log$' | head -n 1)
  [ -n "$l" ] || continue
  c=\${l%.log}
  case $c in ''|*[!0-9]*|0) continue ;; esac
  printf 'container %s %s %s\\n' "$n" "$c" "$(tail -n 40 "$d$l" | grep -v '^$' | tail -n 1 | cut -c1-600)"
done
exit 0
`;

/** Asks for the evidence. Key `kubeadm:evidence`. */
export function evidence(): Ask<Evidence> {
  return question({ key: 'kubeadm:evidence', sh: script, parse: parseEvidence });
}

/** Reads what the script printed. */
export function parseEvidence(reply: ShellReply): Evidence {
  const lines = reply.stdout.split('\n');
  const end = lines.indexOf('kubelet-end');
  const containers = lines.slice(end + 1).flatMap((line) => {
    const match = /^container (\S+) (\d+) (.*)$/.exec(line);
    if (match === null) return [];
    const [, name = '', restarts = '0', text = ''] = match;
    // The runtime's own prefix: time, stream, and F (full) or P (partial line).
    return [{ name, restarts: Number(restarts), lastLine: text.replace(/^\S+ std(?:out|err) [FP] /, '') }];
  });
  return { kubelet: complaintOf(lines.slice(lines.indexOf('kubelet-begin') + 1, end)), containers };
}

/** The evidence as lines for a screen. */
export function evidenceLines(found: Evidence): readonly string[] {
  return [
    ...found.containers.map((one) => `${one.name} restarted ${one.restarts} times: ${one.lastLine}`),
    ...(found.kubelet === null ? [] : [`kubelet: ${found.kubelet}`]),
  ];
}

/** What the kubelet said last before it ended, if it keeps ending; else what it says most often. */
function complaintOf(lines: readonly string[]): string | null {
  const ends = lines.flatMap((line, index) => {
    const before = line.includes('Main process exited') ? lines.slice(0, index).map(complaint) : [];
    const last = before.filter((text) => text !== '' && !text.includes('Main process exited')).at(-1);
    return last === undefined ? [] : [last];
  });
  const fatal = mostRepeated(ends);
  return fatal === null ? mostRepeated(lines.map(complaint)) : `it keeps ending: ${fatal}`;
}

// Until the API server is up the kubelet complains that it is not, and of what follows from it: not the cause.
const consequences =
  /connection refused|kubelet.config[.]yaml|network is not ready|NetworkPluginNotReady|not found$|bootstrap client config|unknown method RuntimeConfig|is forbidden: User|Main process exited/i;

function mostRepeated(texts: readonly string[]): string | null {
  const counts = new Map<string, { readonly text: string; count: number }>();
  for (const text of texts) {
    if (text === '' || consequences.test(text)) continue;
    const key = text.replace(/[0-9a-f]{8,}|\d+/g, '#');
    const seen = counts.get(key);
    if (seen === undefined) counts.set(key, { text, count: 1 });
    else seen.count += 1;
  }
  const [most] = [...counts.values()].sort((one, other) => other.count - one.count);
  return most?.text ?? null;
}

/** The `err=` of a structured log line, without its quoting; else the line after its prefix. */
function complaint(line: string): string {
  const text = line.replace(/^E\d{4} [\d:.]+ +\d+ [^\]]*\] /, '');
  const quoted = /\berr="((?:[^"\\]|\\.)*)"/.exec(text)?.[1];
  const plain = quoted === undefined ? text : quoted.replace(/\\+"/g, '"').replace(/\\+n/g, ' ');
  return plain.length > 400 ? `${plain.slice(0, 397)}...` : plain;
}
