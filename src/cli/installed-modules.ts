import { command } from '../modules/general/command.ts';
import { copyFile } from '../modules/general/copy-file.ts';
import { file } from '../modules/general/file.ts';
import { hostsEntry } from '../modules/general/hosts-entry.ts';
import { shell } from '../modules/general/shell.ts';
import { template } from '../modules/general/template.ts';
import { apiserverSans } from '../modules/kubernetes/apiserver-sans.ts';
import { containerdConfigModule } from '../modules/kubernetes/containerd-config.ts';
import { ctrPull } from '../modules/kubernetes/ctr-pull.ts';
import { etcdMember } from '../modules/kubernetes/etcd-member.ts';
import { kubePreflight } from '../modules/kubernetes/kube-preflight.ts';
import { kubeVipManifest } from '../modules/kubernetes/kube-vip-manifest.ts';
import { kubeadmInit } from '../modules/kubernetes/kubeadm-init.ts';
import { kubeadmJoin } from '../modules/kubernetes/kubeadm-join.ts';
import { kubeconfigFetch } from '../modules/kubernetes/kubeconfig-fetch.ts';
import { kubectlGet } from '../modules/kubernetes/kubectl-get.ts';
import { vipState } from '../modules/kubernetes/vip-state.ts';
import type { AnyModule } from '../modules/module.ts';

/** Every module that comes with hapb, by name. */
export const installedModules: readonly AnyModule[] = [
  apiserverSans,
  command,
  containerdConfigModule,
  copyFile,
  ctrPull,
  etcdMember,
  file,
  hostsEntry,
  kubePreflight,
  kubeVipManifest,
  kubeadmInit,
  kubeadmJoin,
  kubeconfigFetch,
  kubectlGet,
  shell,
  template,
  vipState,
].sort((a, b) => (a.name < b.name ? -1 : 1));
