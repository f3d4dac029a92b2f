import { type Ask, question } from '../ask.ts';

// crictl comes with kubeadm's packages, but a node may lack it; the log files of pods tell names and restarts too.
const script = `
PATH=$PATH:/usr/local/bin:/usr/sbin:/sbin
echo 'containers (crictl ps -a):'
if command -v crictl >/dev/null && t=$(timeout 10 crictl ps -a 2>/dev/null); then
  printf '%s\\n' "$t" | head -n 40
else
  echo 'crictl does not answer; by their logs:'
  for d in /var/log/pods/kube-system_*/*/; do
    [ -d "$d" ] || continue
    n=\${d%/}
    l=$(ls -t "$d" 2>/dev/null | grep '[.]log$' | head -n 1)
    echo "\${n##*/}, restarted \${l%.log} times"
  done
fi
for d in /var/log/pods/kube-system_*/*/; do
  [ -d "$d" ] || continue
  n=\${d%/}
  l=$(ls -t "$d" 2>/dev/null | grep '[.]log$' | head -n 1)
  case \${l%.log} in ''|*[!0-9]*|0) continue ;; esac
  echo "last lines of \${n##*/}:"
  tail -n 30 "$d$l" | sed 's/^[^ ]* std[a-z]* [FP] //' | cut -c1-240
done
if command -v journalctl >/dev/null; then
  echo 'kubelet (journalctl -u kubelet -n 50):'
  journalctl -u kubelet -n 50 --no-pager -o cat 2>/dev/null | cut -c1-240
fi
exit 0
`;

/** All that a node has to say after kubeadm failed on it: containers, the failing ones' last words, the kubelet's. */
export function nodeReport(): Ask<string> {
  return question({
    key: 'kubeadm:report',
    sh: script,
    parse: ({ stdout }) => stdout.replace(/\n+$/, ''),
  });
}
