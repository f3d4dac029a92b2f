import type { Outcome } from '../../../src/core/outcome.ts';
import { differences } from '../rig/lab.ts';
import { lawFolder } from './law-case.ts';
import { namesPath, type Seen } from './verdict.ts';

/** Gives the node what the modules of Kubernetes work with, from the lab's servers; sh. */
export function preparation(kubernetesRepo: string): string {
  return `set -eu
export DEBIAN_FRONTEND=noninteractive
list=/etc/apt/sources.list.d/prepare.list
echo 'deb [trusted=yes] ${kubernetesRepo} /' > $list
apt-get update -q
systemctl mask -q --runtime kubelet
apt-get install -q -y --no-install-recommends containerd socat kubeadm kubelet kubectl
systemctl unmask -q --runtime kubelet
rm $list
apt-get update -q`;
}

/** Folders that belong to programs which modules call, and which no edit can name file by file. */
const ofPrograms = [
  '/var/lib/dpkg/',
  '/var/lib/apt/',
  '/var/lib/containerd/',
  '/usr/',
  '/opt/',
  '/etc/alternatives/',
  '/var/cache/debconf/',
  '/etc/network/',
];

/** Paths outside the cases' own folders that the run changed, and that neither check named nor a program owns. */
export function unforeseen({ foreseen, before, after }: Seen): readonly string[] {
  const outcomes = foreseen.events.flatMap((event) =>
    event.type === 'task.finished' ? [event.outcome] : [],
  );
  return differences(before, after).filter(
    (path) =>
      !path.startsWith(`${lawFolder}/`) &&
      !ofPrograms.some((folder) => `${path}/`.startsWith(folder)) &&
      !outcomes.some((outcome) =>
        [namesPath, enablesUnit, keepsAccounts, keepsJobs].some((names) => names(outcome, path)),
      ),
  );
}

/** Whether a path is where systemd keeps that a service which check named is enabled or masked. */
function enablesUnit(outcome: Outcome, path: string): boolean {
  const name = /^\/etc\/systemd\/system\/(?:.*\/)?([^/]+)\.service$/.exec(path)?.[1];
  if (name === undefined || outcome.kind !== 'would-change') return false;
  return outcome.change.edits.some(({ subject }) => subject === `unit ${name}`);
}

/** Whether a path is where a system keeps its accounts, and check named one. */
function keepsAccounts(outcome: Outcome, path: string): boolean {
  if (!/^\/etc\/(passwd|shadow|group|gshadow|subuid|subgid)-?$/.test(path)) return false;
  if (outcome.kind !== 'would-change') return false;
  return outcome.change.edits.some(({ subject }) => /^(user|group) /.test(subject));
}

/** Whether a path is where cron keeps the crontab of a user, and check named that. */
function keepsJobs(outcome: Outcome, path: string): boolean {
  const user = /^\/var\/spool\/cron\/crontabs\/([^/]+)$/.exec(path)?.[1];
  if (user === undefined || outcome.kind !== 'would-change') return false;
  return outcome.change.edits.some(({ subject }) => subject === `crontab of ${user}`);
}
