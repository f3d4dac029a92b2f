import type { AnyModule } from '../module.ts';
import { group } from './group.ts';
import { user } from './user.ts';

/** The modules for what a Linux system keeps of itself: accounts, names, time, mounts, timed jobs. */
export const systemModules: readonly AnyModule[] = [group, user];
