import { Failure } from '../../core/failure.ts';
import { jsonReply, senseless } from '../asks/json-reply.ts';

/** etcd on a node that has too few members in reach to elect a leader. */
export interface LostQuorum {
  /** How many vote. */
  readonly voters: number;
  /** Those that do not answer this node: name, or its peer URL before it has one. */
  readonly off: readonly string[];
}

/**
 * Asked of the etcd of this node itself, since without a quorum there is no API server: its members from the peer port, the
 * leader and the peers in reach from its metrics (etcd 3.4 and later). kubectl is the only HTTP client that the node has for
 * sure; the peer port speaks no HTTP/2. Prints nothing where etcd does not run.
 */
export const localEtcdText = `
raw() { timeout 5 kubectl --kubeconfig /dev/null --cache-dir /dev/null "$@" 2>/dev/null; }
local_etcd() {
  m=/etc/kubernetes/manifests/etcd.yaml p=/etc/kubernetes/pki/etcd
  peer=$(sed -n 's/^ *- --listen-peer-urls=\\([^,]*\\).*/\\1/p' $m 2>/dev/null)
  metrics=$(sed -n 's/^ *- --listen-metrics-urls=\\([^,]*\\).*/\\1/p' $m 2>/dev/null)
  [ -n "$peer" ] && [ -n "$metrics" ] || return 0
  members=$(DISABLE_HTTP2=true raw --server "$peer" --certificate-authority $p/ca.crt --client-certificate $p/peer.crt \\
    --client-key $p/peer.key get --raw /members) || return 0
  echo "local-members=$members"
  raw --server "$metrics" get --raw /metrics | sed -n \\
    -e 's/^etcd_server_has_leader /local-leader=/p' \\
    -e 's/^etcd_server_id{server_id="\\([0-9a-f]*\\)"} 1$/local-id=\\1/p' \\
    -e 's/^etcd_network_active_peers{.*Remote="\\([0-9a-f]*\\)".*} [1-9].*/local-peer=\\1/p'
}
`;

interface Member {
  readonly id: string;
  readonly name?: string;
  readonly isLearner?: boolean;
  readonly peerURLs?: readonly string[];
}

/** Reads what `local_etcd` printed; `null`: etcd has its quorum, or does not run here. */
export function parseLostQuorum(values: ReadonlyMap<string, readonly string[]>): LostQuorum | null {
  const [text] = values.get('local-members') ?? [];
  const [leader] = values.get('local-leader') ?? [];
  if (text === undefined || leader !== '0') return null;
  // Ids are numbers of 64 bits, more than JSON.parse keeps.
  const members = membersOf(jsonReply(text.replaceAll(/"id":(\d+)/g, '"id":"$1"'), 'etcd'));
  const near = new Set([...(values.get('local-id') ?? []), ...(values.get('local-peer') ?? [])]);
  const voters = members.filter(({ isLearner }) => isLearner !== true);
  const off = voters.filter(({ id }) => !near.has(BigInt(id).toString(16)));
  if ((voters.length - off.length) * 2 > voters.length) return null;
  return { voters: voters.length, off: off.map(nameOf).sort() };
}

function membersOf(answer: unknown): readonly Member[] {
  if (Array.isArray(answer) && answer.every(isMember)) return answer;
  throw senseless('etcd', 'it is no list of members', JSON.stringify(answer));
}

function isMember(item: unknown): item is Member {
  if (typeof item !== 'object' || item === null || !('id' in item)) return false;
  const { id, name, peerURLs } = item as Readonly<Record<string, unknown>>;
  return (
    typeof id === 'string' &&
    /^\d{1,20}$/.test(id) &&
    (name === undefined || typeof name === 'string') &&
    (peerURLs === undefined || (Array.isArray(peerURLs) && peerURLs.every((url) => typeof url === 'string')))
  );
}

function nameOf({ name, peerURLs, id }: Member): string {
  const [url = id] = peerURLs ?? [];
  return name === undefined || name === '' ? url : `${name} (${url})`;
}

/** What is wrong and what to do, in the words of a message. */
export function quorumProblem({ voters, off }: LostQuorum): {
  readonly text: string;
  readonly remedy: string;
} {
  const needed = Math.floor(voters / 2) + 1;
  return {
    text: `etcd has no quorum: ${voters - off.length} of ${voters} members can be reached, and ${needed} are needed. Off: ${off.join(', ')}`,
    remedy: `Start those machines, or their network, again: etcd goes on by itself as soon as ${needed} see each other (after a boot that takes up to a minute). Nothing was changed. If they are lost for good, restore etcd from a snapshot.`,
  };
}

/** HAPB6574. */
export function refuseLostQuorum(host: string, lost: LostQuorum): never {
  const { text, remedy } = quorumProblem(lost);
  throw new Failure({ code: 'HAPB6574', message: `on ${host} ${text}`, hint: remedy });
}
