import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../rig/run-playbook.ts';
import { page } from './examples.ts';

const systemd = spawnSync('systemd-analyze', ['--version']);

/** Units as the page has them, by the names of their files. */
function unitsOf(text: string): readonly { readonly name: string; readonly unit: string }[] {
  return [...text.matchAll(/^```ini\n# (\/etc\/systemd\/system\/\S+)\n([\s\S]*?)^```$/gm)].map(
    ([, path = '', unit = '']) => ({ name: basename(path), unit }),
  );
}

test('the units of docs/drift.md are three', () => {
  expect(unitsOf(page('docs/drift.md')).map(({ name }) => name)).toEqual([
    'hapb-drift.service',
    'hapb-drift.timer',
    'hapb-drift-found.service',
  ]);
});

test.runIf(systemd.status === 0)('systemd finds nothing wrong with the units of docs/drift.md', () => {
  const folder = temporaryFolder();
  const units = unitsOf(page('docs/drift.md'));
  for (const { name, unit } of units) {
    // Programs must be there to be accepted; this one is.
    writeFileSync(join(folder, name), unit.replace(/^ExecStart=\S+/gm, `ExecStart=${process.execPath}`));
  }
  const files = units.map(({ name }) => join(folder, name));
  const verified = spawnSync('systemd-analyze', ['verify', '--man=no', ...files], {
    encoding: 'utf8',
    env: { ...process.env, SYSTEMD_UNIT_PATH: `${folder}:` },
  });
  const said = `${verified.stdout}${verified.stderr}`.split('\n').filter((line) => line.includes('hapb-'));
  expect({ said, status: verified.status }).toEqual({ said: [], status: 0 });
});

test.runIf(systemd.status === 0)('systemd would find it', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'hapb-wrong.service');
  writeFileSync(file, '[Service]\nType=oneshot\nExecStartt=/bin/true\n');
  expect(spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' }).stderr).toMatch(
    /ExecStartt|lacks/,
  );
});
