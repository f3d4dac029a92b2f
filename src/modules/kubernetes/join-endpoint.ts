import { isIP } from 'node:net';
import type { ShellReply } from '../../connection/connection.ts';
import { Failure } from '../../core/failure.ts';
import { question } from '../ask.ts';
import { resolves } from '../asks/resolves.ts';
import type { HostWriter } from '../module.ts';
import { etcdView } from './etcd-view.ts';
import { knownProblem } from './kubeadm-errors.ts';
import { kubeadmKey } from './kubeadm-facts.ts';
import { network } from './network.ts';

/** Whom a join concerns. */
export interface JoinPlace {
  /** The node that joins. */
  readonly host: HostWriter;
  /** A host in the cluster. */
  readonly from: HostWriter;
  /** `NAME:PORT`. */
  readonly endpoint: string;
}

/** The cluster's CA certificate (PEM) on a node of it. Key `kubeadm:ca`. */
export function clusterCa(from: HostWriter): Promise<string> {
  return from.ask(
    question({
      key: 'kubeadm:ca',
      reads: [kubeadmKey],
      sh: 'cat /etc/kubernetes/pki/ca.crt',
      parse: (reply) => reply.stdout,
    }),
  );
}

// Any answer will do that comes with a certificate of the cluster; without the token kubectl would ask for a user.
const script = `
PATH=$PATH:/usr/local/bin:/usr/local/sbin:/usr/sbin:/sbin
command -v kubectl >/dev/null || exit 0
umask 077
d=$(mktemp -d /run/hapb-endpoint.XXXXXX) || exit 0
trap 'rm -rf "$d"' EXIT
trap 'exit 143' INT TERM HUP
cat >"$d/ca.crt"
kubectl --kubeconfig /dev/null --cache-dir /dev/null --server "https://$1" --certificate-authority "$d/ca.crt" \\
  --token none --request-timeout 5s get --raw /version
`;

/** Waits up to 30 s until the endpoint answers on the joining node itself. @throws Failure HAPB6545 to HAPB6549, HAPB6585 */
export async function endpointAnswers(place: JoinPlace, ca: string): Promise<void> {
  const { host, endpoint } = place;
  const deadline = Date.now() + 30_000;
  for (;;) {
    const reply = await host.run({ sh: script, args: [endpoint], stdin: ca, timeoutMs: 60_000 });
    if (isAnswered(reply)) return;
    const said = reply.stderr.trim();
    if (Date.now() > deadline || said.includes('x509: ')) throw await unanswered(place, said);
    host.progress(`waiting for ${endpoint}: ${said.split('\n').at(-1) ?? ''}`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** The node itself does not know a name better than kubectl, which only says that it waited. */
async function unanswered({ host, endpoint }: JoinPlace, said: string): Promise<Failure> {
  const name = nameOf(endpoint);
  const lost = name !== null && (await addressesOf(host, name))?.length === 0;
  const found = knownProblem(lost ? `dial tcp: lookup ${name}: ` : said);
  return new Failure({
    code: found?.code ?? 'HAPB6549',
    message: `${host.name} cannot join through ${endpoint}: ${found?.message ?? 'it does not answer'}`,
    hint: found?.hint ?? 'Check firewalls, and what the endpoint resolves to here.',
    details: said.split('\n').slice(-4).join('\n'),
    argument: 'endpoint',
  });
}

/** A refusal is an answer: it came over a connection that the cluster's CA vouches for. */
function isAnswered({ exitCode, stderr }: ShellReply): boolean {
  return exitCode === 0 || /must be logged in|Unauthorized|[Ff]orbidden/.test(stderr);
}

/** A failed join with what can be found out about it: what the endpoint resolves to, clocks, the member in the way. */
export async function explained(failure: Failure, place: JoinPlace): Promise<Failure> {
  const { problem } = failure;
  const notes = await notesOn(problem.code, place).catch((): readonly string[] => []);
  if (notes.length === 0) return failure;
  return new Failure(
    {
      ...problem,
      message: `${problem.message} (${notes.join('; ')})`,
    },
    failure.span,
  );
}

async function notesOn(code: string, place: JoinPlace): Promise<readonly string[]> {
  switch (code) {
    case 'HAPB6542':
      return learners(place);
    case 'HAPB6547':
      return [...(await resolution(place)), ...(await ownAddresses(place))];
    case 'HAPB6545':
    case 'HAPB6549':
    case 'HAPB6557':
      return [...(await resolution(place)), ...(await clocks(place))];
    case 'HAPB6546':
      return clocks(place);
    default:
      return [];
  }
}

async function learners({ from }: JoinPlace): Promise<readonly string[]> {
  const view = await from.ask(etcdView(null));
  return (view?.members ?? [])
    .filter((member) => member.state !== 'voter')
    .map((member) => `it is that of ${member.name || member.peerUrls.join(', ') || member.id}`);
}

async function resolution({ host, endpoint }: JoinPlace): Promise<readonly string[]> {
  const name = nameOf(endpoint);
  const found = name === null ? null : await addressesOf(host, name);
  if (found === null) return [];
  return [`${name} resolves to ${found.length === 0 ? 'nothing' : found.join(' and ')} on ${host.name}`];
}

/** A kube-vip that was killed, by `kubeadm reset` too, leaves the VIP on the node, which then asks itself for ever. */
async function ownAddresses({ host, endpoint }: JoinPlace): Promise<readonly string[]> {
  const name = nameOf(endpoint);
  const wanted = name === null ? [endpoint.replace(/:\d+$/, '')] : ((await addressesOf(host, name)) ?? []);
  const { interfaces } = await host.ask(network()).catch(() => ({ interfaces: [] }));
  return interfaces.flatMap((each) =>
    each.addresses
      .filter(({ address }) => wanted.includes(address))
      .map(
        ({ address, prefix }) =>
          `that address is on ${host.name} itself: take it off with \`ip addr del ${address}/${prefix} dev ${each.name}\``,
      ),
  );
}

/** The name in an endpoint; `null`: it is an address. */
function nameOf(endpoint: string): string | null {
  const name = endpoint.replace(/:\d+$/, '');
  return isIP(name.replace(/^\[|\]$/g, '')) === 0 ? name : null;
}

/** What a name resolves to on a node; `null`: it cannot say. */
async function addressesOf(host: HostWriter, name: string): Promise<readonly string[] | null> {
  const found = await host.ask(resolves(name));
  return found.kind === 'no-getent' ? null : [...found.ipv4, ...found.ipv6];
}

/** A difference of less than this many seconds spoils nothing. */
const toleratedSeconds = 5;

async function clocks({ host, from }: JoinPlace): Promise<readonly string[]> {
  const [own, other] = await Promise.all([clock(host), clock(from)]);
  const ahead = own - other;
  if (Math.abs(ahead) < toleratedSeconds) return [];
  return [`its clock is ${Math.abs(ahead)} s ${ahead > 0 ? 'ahead of' : 'behind'} that of ${from.name}`];
}

function clock(host: HostWriter): Promise<number> {
  return host.ask(question({ key: 'clock', sh: 'date +%s', parse: (reply) => Number(reply.stdout) }));
}
