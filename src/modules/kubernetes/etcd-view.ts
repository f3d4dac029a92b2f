import type { ShellReply } from '../../connection/connection.ts';
import { type Ask, question } from '../ask.ts';
import { type EndpointHealth, type EtcdMember, parseHealth, parseMembers } from './etcd-members.ts';
import { kubeadmKey, localKubectl } from './kubeadm-facts.ts';

/** etcd as one of its members sees it. */
export interface EtcdView {
  readonly members: readonly EtcdMember[];
  readonly health: readonly EndpointHealth[];
}

const script = `
${localKubectl}
node=$1
[ -n "$node" ] || node=$(uname -n | tr 'A-Z' 'a-z')
m=$(etcdctl member list -w simple) || { echo unanswered; exit 0; }
printf '%s\\nhealth\\n' "$m"
# While somebody only waits for one member, the others' health is of interest when it has become a voter.
case $m in *", started, $2, "*", false"*) ;; *) [ -z "$2" ] || exit 0 ;; esac
etcdctl endpoint health --cluster 2>&1
exit 0
`;

/**
 * Members and their health. Key `etcd:view`; `null`: etcd on this node does not answer. Runs as root. With `awaited`
 * health is asked for only once that member is started.
 */
export function etcdView(nodeName: string | null, awaited: string | null = null): Ask<EtcdView | null> {
  return question({
    key: 'etcd:view',
    reads: [kubeadmKey],
    sh: script,
    args: [nodeName ?? '', awaited ?? ''],
    parse: parseEtcdView,
  });
}

/** Reads what the script printed. */
export function parseEtcdView(reply: ShellReply): EtcdView | null {
  const [list = '', health] = reply.stdout.split(/^health$/m);
  if (health === undefined) return null;
  return { members: parseMembers(list), health: parseHealth(health) };
}

/** What keeps etcd from being whole, in words; empty when every member is a started, healthy voter. */
export function etcdProblems(view: EtcdView | null): readonly string[] {
  if (view === null) return ['etcd does not answer'];
  const sick = view.health.filter((one) => !one.healthy).map((one) => `${one.endpoint} is unhealthy`);
  const unfinished = view.members
    .filter((member) => member.state !== 'voter')
    .map(
      (member) =>
        `member ${member.name || member.peerUrls.join(',') || member.id} is ${stateWords(member.state)}`,
    );
  const voters = view.members.filter((member) => member.state === 'voter').length;
  const silent =
    view.health.length < voters ? [`only ${view.health.length} of ${voters} members were heard`] : [];
  return [...unfinished, ...sick, ...silent];
}

function stateWords(state: EtcdMember['state']): string {
  switch (state) {
    case 'unstarted':
      return 'added but not started';
    case 'learner':
      return 'still a learner';
    case 'voter':
      return 'a voter';
  }
}
