import type { Effect } from '../../core/change.ts';
import { type Cause, causedBy } from './cause.ts';
import { matches } from './overlay.ts';

const files = ['passwd', 'shadow', 'group', 'gshadow'].map((name) => `file:/etc/${name}`);
const families = ['user:', 'group:', 'uid:', 'group-users:'] as const;

/**
 * What a task does to the accounts of a host besides what it says: one that writes their files, as those for accounts and packages do
 * not, leaves it to their text who there is.
 */
export function accountsByHand(effects: readonly Effect[], cause: Cause): readonly Effect[] {
  const written = effects.find(({ key }) => files.some((file) => matches(key, file)));
  if (written === undefined || effects.some(({ key }) => /^(?:user|group):/.test(key))) return [];
  const path = written.key.slice('file:'.length);
  const may = written.key.endsWith('*')
    ? `may write what lists them, as ${path}`
    : `would write ${path} itself`;
  const state = causedBy(cause, `${cause.words} ${may}`);
  return families.map((family) => ({ key: `${family}*`, state, ...hostOf(written) }));
}

function hostOf({ host }: Effect): Pick<Effect, 'host'> {
  return host === undefined ? {} : { host };
}
