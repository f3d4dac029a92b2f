import type { DiagnosticCode } from '../../core/diagnostic.ts';
import { Failure } from '../../core/failure.ts';

/** Flags of `kube-vip manifest pod` (0.7 to 1.2), by the argument that sets them. */
const flagOf: Readonly<Record<string, readonly string[]>> = {
  interface: ['interface'],
  vip: ['address', 'vip'],
  controlplane: ['controlplane'],
  services: ['services'],
  mode: ['arp', 'bgp'],
  leader_election: ['leaderElection'],
  port: ['port'],
  subnet: ['cidr', 'vipSubnet'],
  lease: ['leaseDuration', 'leaseRenewDuration', 'leaseRetry'],
  kubeconfig: ['k8sConfigPath', 'inCluster'],
  bgp: ['localAS', 'bgpRouterID', 'bgppeers'],
  image: ['image'],
};

/** Variables of its container, by the argument that sets them. */
const variableOf: Readonly<Record<string, readonly string[]>> = {
  interface: ['vip_interface'],
  vip: ['address', 'vip_address'],
  controlplane: ['cp_enable'],
  services: ['svc_enable'],
  mode: ['vip_arp', 'bgp_enable'],
  leader_election: ['vip_leaderelection'],
  port: ['port'],
  subnet: ['vip_cidr', 'vip_subnet'],
  lease: ['vip_leaseduration', 'vip_renewdeadline', 'vip_retryperiod'],
  bgp: ['bgp_as', 'bgp_routerid', 'bgp_peers'],
};

/** Flags after which no manifest comes, or one of something else than the task says. */
const unfit = ['help', 'h', 'config-file'];

/** The further flags of a task, told apart by whether the built-in text knows them. */
export interface ExtraFlags {
  readonly loadBalancer: boolean;
  /** As they stand, with their values. */
  readonly others: readonly string[];
}

/** @throws Failure HAPB6516 for what is no flag, belongs to an argument, or makes no manifest */
export function extraFlags(words: readonly string[]): ExtraFlags {
  const others: string[] = [];
  let loadBalancer = false;
  let takesValue = false;
  for (const word of words) {
    if (/\s/.test(word)) throw refused('HAPB6516', `'${word}' holds a space`, splitHint);
    const name = /^--?([A-Za-z][^=]*)/.exec(word)?.[1];
    if (name === undefined) {
      if (!takesValue)
        throw refused('HAPB6516', `'${word}' is not a flag, and no flag before it takes it`, splitHint);
      takesValue = false;
      others.push(word);
      continue;
    }
    const owner = ownerOf(flagOf, name);
    if (owner !== null) {
      throw refused('HAPB6516', `--${name} is what the argument ${owner} sets`, `Set \`${owner}\` instead.`);
    }
    if (unfit.includes(name)) {
      throw refused('HAPB6516', `with ${word} kube-vip makes no manifest for this task`, 'Take it out.');
    }
    const known = /^--enableLoadBalancer(=true)?$/.test(word);
    loadBalancer ||= known;
    takesValue = !known && !word.includes('=');
    if (!known) others.push(word);
  }
  return { loadBalancer, others };
}

/** @throws Failure HAPB6517 for a variable that belongs to an argument, or has no name that a container can take */
export function extraVariables(
  wanted: Readonly<Record<string, string | number | boolean>>,
): readonly (readonly [name: string, value: string])[] {
  return Object.entries(wanted).map(([name, value]) => {
    const owner = ownerOf(variableOf, name);
    if (owner !== null) {
      throw refused('HAPB6517', `${name} is what the argument ${owner} sets`, `Set \`${owner}\` instead.`);
    }
    if (!/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name)) {
      const hint = 'Letters, digits, _, . and -, and no digit first.';
      throw refused('HAPB6517', `'${name}' cannot be the name of a variable`, hint);
    }
    return [name, String(value)] as const;
  });
}

const splitHint = 'Write each flag and each value as an item of its own, or `--flag=value`.';

function ownerOf(table: Readonly<Record<string, readonly string[]>>, name: string): string | null {
  return Object.entries(table).find(([, names]) => names.includes(name))?.[0] ?? null;
}

function refused(code: DiagnosticCode, message: string, hint: string): Failure {
  const argument = code === 'HAPB6516' ? 'extra_args' : 'extra_env';
  return new Failure({ code, message: `${argument}: ${message}`, hint, argument });
}
