import { expect, it } from 'vitest';
import { type Change, known } from '../../../../src/core/change.ts';
import { type FileState, fileEffect, regularFile } from '../../../../src/modules/asks/file-state.ts';
import { foresee } from '../../../../src/modules/host/asking.ts';
import { barred } from '../../../../src/modules/host/rights.ts';
import { by } from './by.ts';
import { siteWhere } from './fake-site.ts';

const root = { mode: '0644', owner: 'root', group: 'root' } as const;
const folder = (mode: string, owner = 'root', group = 'root') =>
  ({ kind: 'directory', mode, owner, group }) as const;
const absent = { kind: 'absent' } as const;
const file = (text: string, permissions: Partial<typeof root> | { readonly owner: string } = {}) =>
  regularFile('/d/f', text, { ...root, ...permissions });

/** What user nobody hears of a change of /d/f, where a task before leaves the folder and the file so. */
async function heard(parent: FileState, now: FileState, after: FileState, user = 'nobody'): Promise<string> {
  const asked: string[] = [];
  const site = siteWhere({ kind: 'become', user }, (script) => {
    asked.push(script);
    return 'uid=65534(nobody) gid=65534(nogroup) groups=65534(nogroup)\n0022\n';
  });
  foresee(site, [fileEffect('/d', parent), fileEffect('/d/f', now)], by('before'));
  const change: Change = { summary: '', edits: [], effects: [fileEffect('/d/f', after)], forecast: known };
  const said = await barred(site, change).then(
    (why) => why?.reason ?? 'it may',
    (thrown: unknown) => (thrown as Error).message,
  );
  return user === 'root' ? `${said}, ${asked.length} questions` : said;
}

it('a user may make, change and remove what lies in a folder that is open to it', async () => {
  const no = /user nobody may not change what is in \/d$/;
  expect(await heard(folder('0755'), absent, file('x'))).toMatch(no);
  expect(await heard(folder('0755'), file('x'), absent)).toMatch(no);
  expect(await heard(folder('0755'), file('x'), file('y'))).toMatch(no);
  expect(await heard(folder('0755'), absent, folder('0755', 'nobody'))).toMatch(no);
  expect(await heard(folder('0777'), absent, file('x'))).toBe('it may');
  expect(await heard(folder('0700', 'nobody'), absent, file('x'))).toBe('it may');
  expect(await heard(folder('0577', 'nobody'), absent, file('x'))).toMatch(no);
  expect(await heard(folder('0770', 'root', 'nogroup'), absent, file('x'))).toBe('it may');
});

it('whether a group opens it is not known', async () => {
  expect(await heard(folder('0775', 'root', 'staff'), absent, file('x'))).toBe(
    "only a run tells whether nobody is in group staff, which may change /d ('before' at site.yml:1:1)",
  );
});

it('in a sticky folder only the owner takes something away', async () => {
  expect(await heard(folder('1777'), file('x'), absent)).toMatch(/may not change what is in/);
  expect(await heard(folder('1777'), file('x', { owner: 'nobody' }), absent)).toBe('it may');
  expect(await heard(folder('1777'), absent, file('x'))).toBe('it may');
});

it('permissions are changed by the owner, wherever it lies', async () => {
  const mine = { owner: 'nobody' };
  const open = { ...file('x'), mode: '0666' };
  expect(await heard(folder('0755'), file('x'), open)).toMatch(/it belongs to root, and this user is nobody/);
  expect(await heard(folder('0755'), file('x', mine), { ...open, ...mine })).toBe('it may');
  expect(await heard(folder('0755'), file('x', mine), file('x'))).toMatch(/it belongs to nobody/);
  expect(await heard(folder('0755'), file('x'), file('x'))).toBe('it may');
});

it('root is asked nothing', async () => {
  expect(await heard(folder('0500'), file('x'), absent, 'root')).toBe('it may, 0 questions');
});
