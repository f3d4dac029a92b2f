import type { Module } from '../module.ts';
import { apiserverSans } from './apiserver-sans.ts';
import { containerdConfigModule } from './containerd-config.ts';
import { ctrPull } from './ctr-pull.ts';
import { etcdMember } from './etcd-member.ts';
import { kubePreflight } from './kube-preflight.ts';
import { kubeVipManifest } from './kube-vip-manifest.ts';
import { kubeadmImages } from './kubeadm-images.ts';
import { kubeadmInit } from './kubeadm-init.ts';
import { kubeadmJoin } from './kubeadm-join.ts';
import { kubeconfigFetch } from './kubeconfig-fetch.ts';
import { kubectlApply } from './kubectl-apply.ts';
import { kubectlGet } from './kubectl-get.ts';
import { vipState } from './vip-state.ts';

/** The modules that build and verify Kubernetes control planes. */
export const kubernetesModules: readonly Module<unknown, unknown>[] = [
  kubePreflight,
  containerdConfigModule,
  ctrPull,
  kubeVipManifest,
  kubeadmImages,
  kubeadmInit,
  kubeadmJoin,
  etcdMember,
  kubectlGet,
  kubectlApply,
  vipState,
  apiserverSans,
  kubeconfigFetch,
];
