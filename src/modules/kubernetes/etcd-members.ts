/** A line of `etcdctl member list`. */
export interface EtcdMember {
  /** Hexadecimal, as etcdctl takes it. */
  readonly id: string;
  /** Empty until its etcd has started for the first time. */
  readonly name: string;
  /** `unstarted`: added, never seen. `learner`: gets the data, has no vote yet. `voter`: counts for the quorum. */
  readonly state: 'unstarted' | 'learner' | 'voter';
  readonly peerUrls: readonly string[];
}

/** Reads `etcdctl member list -w simple` of etcd 3.4 and later (with the learner column). */
export function parseMembers(text: string): readonly EtcdMember[] {
  return text.split('\n').flatMap((line): readonly EtcdMember[] => {
    const [id = '', status = '', name = '', peers = '', , learner = ''] = line.split(', ');
    if (!/^[0-9a-f]{1,16}$/.test(id)) return [];
    const state = status !== 'started' ? 'unstarted' : learner.trim() === 'true' ? 'learner' : 'voter';
    return [{ id, name, state, peerUrls: peers.split(',').filter((url) => url !== '') }];
  });
}

/** Whether a member is the one of this node: by name, or, before it has one, by the address of its peer URL. */
export function isMemberOf(
  member: EtcdMember,
  node: { readonly name: string; readonly address: string | null },
): boolean {
  if (member.name !== '') return member.name === node.name;
  return node.address !== null && member.peerUrls.some((url) => hostOf(url) === node.address);
}

function hostOf(url: string): string {
  return /^\w+:\/\/\[?([^\]/]*?)\]?(?::\d+)?$/.exec(url)?.[1] ?? '';
}

/** One member's health from `etcdctl endpoint health --cluster`. */
export interface EndpointHealth {
  readonly endpoint: string;
  readonly healthy: boolean;
}

/** Reads `etcdctl endpoint health --cluster` (its plain output goes to stdout and, for sick members, to stderr). */
export function parseHealth(text: string): readonly EndpointHealth[] {
  return text.split('\n').flatMap((line): readonly EndpointHealth[] => {
    const match = /^(https?:\/\/\S+) is (healthy|unhealthy)/.exec(line);
    return match === null ? [] : [{ endpoint: match[1] ?? '', healthy: match[2] === 'healthy' }];
  });
}
