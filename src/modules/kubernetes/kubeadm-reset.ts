import { Failure } from '../../core/failure.ts';
import type { HostWriter } from '../module.ts';

/** A node to be reset. */
export interface ResetNode {
  readonly criSocket: string;
  /** `init`: the node of an init that was cut, which is left alone once its etcd has begun; `join`: of a join, cleared away before. */
  readonly after: 'init' | 'join';
}

// kubeadm empties the folders of manifests and certificates. What it did not write itself is somebody else's: manifests such
// as kube-vip's are put back, certificates (a CA may have been brought) are kept. 92: etcd has begun.
const script = `
PATH=$PATH:/usr/local/bin:/usr/local/sbin:/usr/sbin:/sbin
e=/etc/kubernetes
kept=
if [ "$2" = init ]; then
  # A kubelet that pulls etcd's image would start it right now.
  systemctl stop kubelet
  [ ! -d /var/lib/etcd/member ] || { systemctl start kubelet; exit 92; }
  umask 077
  mkdir -p "$e/hapb-backup" && kept=$(mktemp -d "$e/hapb-backup/reset-$(date +%Y%m%dT%H%M%S)-XXXXXX") || exit
  for f in "$e/pki" "$e"/manifests/*.yaml; do
    [ ! -e "$f" ] || cp -a "$f" "$kept" || exit
  done
fi
kubeadm reset -f --cri-socket "$1" 2>&1 || exit
[ -n "$kept" ] || exit 0
for f in "$kept"/*.yaml; do
  n=\${f##*/}
  case $n in etcd.yaml|kube-apiserver.yaml|kube-controller-manager.yaml|kube-scheduler.yaml|'*.yaml') continue ;; esac
  cp -a "$f" "$e/manifests/.$n" && mv "$e/manifests/.$n" "$e/manifests/$n" || exit
done
`;

/**
 * Runs `kubeadm reset`; the VIP and everything outside of /etc/kubernetes stays. After an init, manifests of others stay too,
 * and what was there is kept in /etc/kubernetes/hapb-backup.
 * @throws Failure HAPB6554, and HAPB6575 where etcd has begun
 */
export async function resetNode(host: HostWriter, { criSocket, after }: ResetNode): Promise<void> {
  const done = await host.durable({
    resource: 'kubeadm',
    sh: script,
    args: [criSocket, after],
    timeoutMs: 180_000,
  });
  // One that was begun before is only evidence: the caller asks what became of it.
  if (done.kind === 'finished' && (done.adopted || done.exitCode === 0)) return;
  if (done.kind === 'finished' && done.exitCode === 92) refuseReset(host.name);
  throw new Failure({
    code: 'HAPB6554',
    message: `kubeadm reset failed on ${host.name}`,
    hint: 'Run `kubeadm reset -f` there by hand, and read what it says.',
    details: done.output.trim().split('\n').slice(-12).join('\n'),
  });
}

/** @throws Failure HAPB6575 for an init that was cut when etcd had begun */
export function refuseReset(host: string): never {
  throw new Failure({
    code: 'HAPB6575',
    message: `the init on ${host} was cut after its etcd had begun, and a member of etcd is not reset`,
    hint: '`on_partial: resume` goes on from there and loses nothing. To begin anew and lose what etcd holds, run `kubeadm reset -f` on the node, and run again.',
    argument: 'on_partial',
  });
}
