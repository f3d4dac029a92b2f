/** Why a module has no start states here, and what proves it instead. */
export interface Elsewhere {
  readonly reason: string;
  /** The test file that holds it to the law; `null`: its nature leaves nothing to hold. */
  readonly provedBy: string | null;
}

const cluster = 'test/e2e/ha-control-plane.test.ts';

/** Registered modules without start states on a bare node. */
export const elsewhere: Readonly<Record<string, Elsewhere>> = {
  kubeadm_init: { reason: 'makes a cluster', provedBy: cluster },
  kubeadm_join: { reason: 'needs a cluster to join; here it is refused', provedBy: cluster },
  etcd_member: { reason: 'needs a running etcd', provedBy: cluster },
  kubectl_get: { reason: 'needs an API server', provedBy: cluster },
  kubectl_apply: { reason: 'needs an API server', provedBy: cluster },
  vip_state: { reason: 'needs an API server and kube-vip', provedBy: cluster },
  apiserver_sans: { reason: 'needs the certificate that kubeadm made', provedBy: cluster },
  kubeconfig_fetch: { reason: 'needs the kubeconfig that kubeadm made', provedBy: cluster },
  raw: { reason: 'only running it tells what it does', provedBy: null },
  include_tasks: { reason: 'touches nothing; brings tasks', provedBy: 'test/unit/engine/includes.test.ts' },
  add_host: {
    reason: 'touches nothing; adds to the inventory',
    provedBy: 'test/unit/engine/inventory-growth.test.ts',
  },
  group_by: {
    reason: 'touches nothing; adds to the inventory',
    provedBy: 'test/unit/engine/inventory-growth.test.ts',
  },
  meta: { reason: 'touches nothing; steers the run', provedBy: 'test/unit/engine/meta.test.ts' },
  include_vars: {
    reason: 'touches nothing; reads variables',
    provedBy: 'test/unit/engine/include-vars.test.ts',
  },
  include_role: { reason: 'touches nothing; brings tasks', provedBy: 'test/unit/engine/includes.test.ts' },
  tempfile: { reason: 'makes another one every time, as its page says', provedBy: null },
  dnf: {
    reason: 'is for Fedora and its kin, of which the lab has no node',
    provedBy: 'test/unit/modules/system/dnf.test.ts',
  },
  reboot: { reason: 'acts every time, as its page says', provedBy: null },
};

/** Ways of modules that have start states, but break the law by what they are for. */
export const exempt: Readonly<Record<string, string>> = {
  apt: 'update_cache alone, and upgrades after it, act every time or are unknown to check',
  command: 'without creates or removes only running it tells what it does',
  script: 'without creates or removes only running it tells what it does',
  shell: 'without creates or removes only running it tells what it does',
  copy_file: 'what validate says of new content is known once it lies on the node',
  file: 'state touch without preserve renews the times, every time',
  systemd_service: 'restarted and reloaded act every time',
  mount: 'remounted and ephemeral act every time',
  async_status:
    'a job that has ended counts as a change each time it is asked, and its removal as none, as in Ansible',
  pause: 'waits every time, and changes nothing',
  fail: 'fails every time, and changes nothing',
  get_url: 'a file of the same size without a checksum is known only once it is fetched',
  unarchive: 'what is behind an address is known only once it is fetched',
  uri: 'methods that may change something are not foreseen, nor answers that are not as asked yet',
  wait_for: 'what is not so yet is unknown to check, because waiting for it is the point',
};
