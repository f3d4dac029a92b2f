import type { Target } from '../target.ts';
import { playbook, yaml } from './documents.ts';
import { ini, scriptInventory, yamlInventory } from './inventories.ts';
import { moduleReply, probes } from './replies.ts';
import { greeting, handshake, session, shownKey } from './servers.ts';
import { expression, template } from './templates.ts';
import { vault } from './vaults.ts';
import { frames, knownHosts, refusals, sshOptions } from './wire.ts';

/** Every reader of what others wrote: files of the user, and what hosts send. */
export const targets: readonly Target[] = [
  yaml,
  playbook,
  ini,
  yamlInventory,
  scriptInventory,
  expression,
  template,
  vault,
  knownHosts,
  sshOptions,
  refusals,
  frames,
  greeting,
  handshake,
  session,
  shownKey,
  moduleReply,
  ...probes,
];
