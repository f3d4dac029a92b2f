import type { AnyModule } from '../module.ts';
import { authorizedKey } from './authorized-key.ts';
import { group } from './group.ts';
import { hostname } from './hostname.ts';
import { timezone } from './timezone.ts';
import { user } from './user.ts';

/** The modules for what a Linux system keeps of itself: accounts, names, time, mounts, timed jobs. */
export const systemModules: readonly AnyModule[] = [authorizedKey, group, hostname, timezone, user];
