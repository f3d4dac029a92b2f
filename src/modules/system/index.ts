import type { AnyModule } from '../module.ts';
import { alternatives } from './alternatives.ts';
import { aptRepository } from './apt-repository.ts';
import { authorizedKey } from './authorized-key.ts';
import { cron } from './cron.ts';
import { debconf } from './debconf.ts';
import { dnf } from './dnf.ts';
import { getent } from './getent.ts';
import { group } from './group.ts';
import { hostname } from './hostname.ts';
import { knownHosts } from './known-hosts.ts';
import { localeGen } from './locale-gen.ts';
import { mount } from './mount.ts';
import { serviceFacts } from './service-facts.ts';
import { timezone } from './timezone.ts';
import { user } from './user.ts';
import { yumRepository } from './yum-repository.ts';

/** The modules for what a Linux system keeps of itself: accounts, names, time, mounts, timed jobs. */
export const systemModules: readonly AnyModule[] = [
  alternatives,
  aptRepository,
  authorizedKey,
  cron,
  debconf,
  dnf,
  getent,
  group,
  hostname,
  knownHosts,
  localeGen,
  mount,
  serviceFacts,
  timezone,
  user,
  yumRepository,
];
