import type { LawCase } from './law-case.ts';

type Rest = Omit<LawCase, 'module' | 'state'>;
const of =
  (module: string) =>
  (state: string, rest: Rest): LawCase => ({ module, state, ...rest });
const containerd = of('containerd_config');
const pull = of('ctr_pull');
const manifest = of('kube_vip_manifest');

const elsewhere = { path: 'DIR/config.toml', registry_dir: 'DIR/certs.d', restart: false };
const kubeVip = {
  vip: '{{ vip }}',
  generator: 'builtin',
  dest: 'DIR/kube-vip.yaml',
};
const image = 'ghcr.io/kube-vip/kube-vip:v1.1.2';

/** Start states for the modules of Kubernetes that need no cluster. The node has containerd and kubeadm by then. */
export const kubernetesCases: readonly LawCase[] = [
  of('kube_preflight')('a node without cluster', {
    args: { vip: '{{ vip }}', kubernetes_version: 'v{{ kubernetes_version }}' },
    does: 'nothing',
  }),
  of('kube_preflight')('a VIP of another network', {
    args: { vip: '192.0.2.60', kubernetes_version: 'v{{ kubernetes_version }}' },
    does: 'failure',
  }),
  of('kubeadm_join')('no cluster to join', {
    args: { endpoint: 'k8s-api.lab', from: 'cp1' },
    does: 'failure',
  }),
  of('kubeadm_join')('no cluster to be a worker of', {
    args: { endpoint: 'k8s-api.lab', from: 'cp1', role: 'worker' },
    does: 'failure',
  }),
  of('kubeadm_join')('a token that is none', {
    args: { endpoint: 'k8s-api.lab', from: 'cp1', token: 'not-a-token' },
    does: 'failure',
  }),
  containerd('no file', {
    args: { ...elsewhere, registry_mirrors: { 'ghcr.io': 'http://127.0.0.1:5000' } },
    does: 'change',
  }),
  containerd('other content', {
    start: 'other content',
    setup: 'echo version = 2 > config.toml',
    args: elsewhere,
    does: 'change',
  }),
  containerd('the package’s file, and a running containerd', {
    start: 'other content',
    args: {
      registry_mirrors: '{{ registry_mirrors }}',
      cri: {
        restrict_oom_score_adj: true,
        tolerate_missing_hugetlb_controller: true,
        disable_apparmor: true,
      },
    },
    does: 'change',
  }),
  pull('not there', {
    after: 'containerd_config: the package’s file, and a running containerd',
    args: { image },
    does: 'change',
  }),
  pull('pulled just before', { after: 'ctr_pull: not there', args: { image }, does: 'nothing' }),
  of('kubeadm_images')('not there', {
    after: 'containerd_config: the package’s file, and a running containerd',
    args: { kubernetes_version: 'v{{ kubernetes_version }}' },
    does: 'change',
  }),
  of('kubeadm_images')('all there but one that comes with them', {
    after: 'kubeadm_images: not there',
    start: 'half done',
    args: { kubernetes_version: 'v{{ kubernetes_version }}', also: ['ghcr.io/kube-vip/kube-vip:v0.8.0'] },
    does: 'change',
  }),
  of('kubeadm_images')('pulled just before', {
    after: 'kubeadm_images: not there',
    args: { kubernetes_version: 'v{{ kubernetes_version }}' },
    does: 'nothing',
  }),
  pull('pulled just before with the others', {
    after: 'kubeadm_images: not there',
    args: { image: 'registry.k8s.io/kube-apiserver:v{{ kubernetes_version }}' },
    does: 'nothing',
  }),
  pull('an archive of the node', {
    setup: `registry=$(ip route | sed -n 's/^default via \\([0-9.]*\\).*/\\1/p'):5000/kube-vip/kube-vip:v0.8.0
ctr -n law-setup images pull --plain-http $registry >/dev/null
ctr -n law-setup images tag $registry law.example/archived:v1
ctr -n law-setup images export image.tar law.example/archived:v1`,
    args: { image: 'law.example/archived:v1', namespace: 'law', archive: 'DIR/image.tar' },
    does: 'change',
  }),
  pull('fetched, not unpacked, which is done when it is first used', {
    start: 'half done',
    setup: `registry=$(ip route | sed -n 's/^default via \\([0-9.]*\\).*/\\1/p'):5000/kube-vip/kube-vip:v0.8.0
ctr -n law-half content fetch --plain-http $registry >/dev/null
ctr -n law-half images tag $registry ghcr.io/kube-vip/kube-vip:v0.8.0`,
    args: { image: 'ghcr.io/kube-vip/kube-vip:v0.8.0', namespace: 'law-half' },
    does: 'nothing',
  }),
  pull('an archive that is not there', {
    args: { image: 'law.example/missing:v1', archive: 'DIR/missing.tar' },
    does: 'failure',
  }),
  pull('a name without tag', { args: { image: 'ghcr.io/kube-vip/kube-vip' }, does: 'failure' }),
  manifest('not there, for Services alone, with a variable more', {
    args: {
      ...kubeVip,
      controlplane: false,
      leader_election: false,
      extra_env: { prometheus_server: ':2113' },
    },
    does: 'change',
  }),
  manifest('not there, and an image to compare with', {
    after: 'ctr_pull: not there',
    args: { ...kubeVip, generator: 'auto', lease: { duration: 5, renew: 3, retry: 1 } },
    does: 'change',
  }),
  manifest('a VIP that another machine has', {
    start: 'foreign',
    args: { ...kubeVip, vip: "{{ registry_mirrors['ghcr.io'] | regex_replace('^http://|:[0-9]+$', '') }}" },
    does: 'failure',
  }),
  manifest('arguments that contradict each other', {
    args: { ...kubeVip, extra_args: ['--interface', 'eth9'] },
    does: 'failure',
  }),
  manifest('not there', { args: kubeVip, does: 'change' }),
  manifest('other content', {
    start: 'other content',
    setup: 'echo apiVersion: v1 > kube-vip.yaml',
    args: { ...kubeVip, interface: 'host0' },
    does: 'change',
  }),
  manifest('not there, and for a group to read', {
    args: { ...kubeVip, mode_file: '0640' },
    does: 'change',
  }),
];
