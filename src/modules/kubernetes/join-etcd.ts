import { Failure } from '../../core/failure.ts';
import type { HostWriter } from '../module.ts';
import { isMemberOf } from './etcd-members.ts';
import { etcdProblems, etcdView } from './etcd-view.ts';

/** A node as etcd knows it. */
export interface EtcdNode {
  readonly nodeName: string;
  readonly address: string;
}

/** What etcd is waited for, and how long. */
export interface EtcdWait {
  /** The Node name of the host that is asked. */
  readonly asked: string;
  readonly limitMs: number;
  /** `before`: nothing was done yet; `after`: the node has joined. */
  readonly when: 'before' | 'after';
}

/** Waits until every member of etcd is a started, healthy voter. @throws Failure HAPB6550 */
export async function wholeEtcd(from: HostWriter, { asked, limitMs, when }: EtcdWait): Promise<void> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const problems = etcdProblems(await from.ask(etcdView(asked)));
    if (problems.length === 0) return;
    if (Date.now() > deadline) {
      throw new Failure({
        code: 'HAPB6550',
        message: `etcd is not whole${when === 'before' ? ', so no node can be added' : ` ${limitMs / 1000} s after the join`}: ${problems.join('; ')}`,
        hint: 'If another join is under way, run again when it has ended. A member that will never start or come back is removed by hand; docs/errors.md shows the commands.',
      });
    }
    from.progress(`waiting for etcd: ${problems[0] ?? ''}`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** Whether a node has become a voter, and (with `all`) every member is a healthy one. */
export async function isVoter(from: HostWriter, node: EtcdNode, of: 'itself' | 'all'): Promise<boolean> {
  const view = await from.ask(etcdView(null, node.nodeName));
  const own = view?.members.find((one) => isMemberOf(one, { name: node.nodeName, address: node.address }));
  return own?.state === 'voter' && (of === 'itself' || etcdProblems(view).length === 0);
}
