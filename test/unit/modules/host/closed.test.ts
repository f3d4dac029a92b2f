import { expect, it } from 'vitest';
import { Unknown } from '../../../../src/core/unknown.ts';
import { file } from '../../../../src/modules/asks/file.ts';
import { fileEffect } from '../../../../src/modules/asks/file-state.ts';
import { askForeseen, foresee } from '../../../../src/modules/host/asking.ts';
import { by } from './by.ts';
import { siteWhere } from './fake-site.ts';

/** What is said of /d/sub/f, which the host says is `found`, where a task before would leave /d with this mode. */
async function said(found: 'denied' | 'absent', mode: string | null, login: 'root' | 'anna') {
  const who = login === 'root' ? 'uid=0(root) gid=0(root)' : 'uid=1000(anna) gid=1000(anna)';
  const site = siteWhere({ kind: 'login' }, (script) =>
    script.includes('umask') ? `${who}\n0022\n` : `${found}\n`,
  );
  const folder = { kind: 'directory', owner: 'root', group: 'root' } as const;
  if (mode !== null) foresee(site, [fileEffect('/d', { ...folder, mode })], by("'before'"));
  return askForeseen(site, file('/d/sub/f', { content: 'none' })).then(
    (answer) => (answer instanceof Unknown ? answer.reason : answer.kind),
    (thrown: unknown) => (thrown as Error).message,
  );
}

it('what a user may not look at now is unknown where a task before sets permissions above it', async () => {
  expect(await said('denied', '0755', 'anna')).toMatch(/'before'.* may open \/d\/sub\/f to this user/);
  expect(await said('denied', null, 'anna')).toBe('/d/sub/f may not be read by this user');
});

it('what a task before closes is unknown to who has logged in, unless that is root', async () => {
  expect(await said('absent', '0700', 'anna')).toMatch(/'before'.* may close \/d\/sub\/f to this user/);
  expect(await said('absent', '0700', 'root')).toBe('absent');
  expect(await said('absent', '0755', 'anna')).toBe('absent');
});
