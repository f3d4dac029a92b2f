import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runPlaybook, temporaryFolder } from '../../rig/run-playbook.ts';

/** A folder with one executable module called `tool`. */
function withTool(script: string, description: string): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'modules'));
  writeFileSync(join(folder, 'modules/tool'), `#!/bin/sh\n${script}`);
  chmodSync(join(folder, 'modules/tool'), 0o755);
  writeFileSync(join(folder, 'modules/tool.yml'), description);
  return join(folder, 'modules');
}

const described = `summary: A tool.
probe: true
args: {path: {type: string, description: A file.}, key: {type: string, secret: allowed, description: A key.}}
`;
const touch = `
[ ! -e "$hapb_path" ] || { echo '{"changed": false, "size": 7}'; exit; }
[ "$1" = probe ] || echo >"$hapb_path"
echo '{"changed": true, "summary": "make it"}'
`;
const tasks = (text: string): string => `- hosts: a\n  gather_facts: false\n  tasks:\n${text}`;

describe('an executable module', () => {
  test('is foreseen, run once, and registers what it prints; nothing of it stays', async () => {
    const args = ['-M', withTool(touch, described)];
    const before = readdirSync('/tmp').filter((name) => name.startsWith('hapb.'));
    const target = join(temporaryFolder(), 'made');
    const playbook = tasks(
      `    - tool: {path: ${target}}\n      register: r\n    - debug: {var: r.size}\n      when: r is not changed\n`,
    );
    const check = await runPlaybook(playbook, { hosts: ['a'], args: [...args, '--check'] });
    expect(check.out).toContain('would change: [a]: make it');
    expect(existsSync(target)).toBe(false);
    expect((await runPlaybook(playbook, { hosts: ['a'], args })).recap.a).toBe('ok=1 changed=1 skipped=1');
    const again = await runPlaybook(playbook, { hosts: ['a'], args });
    expect(again.recap.a).toBe('ok=2');
    expect(again.out).toContain('"r.size": 7');
    expect(readdirSync('/tmp').filter((name) => name.startsWith('hapb.'))).toEqual(before);
  });

  test('makes later calls of itself unknown in a check, unless it says what it touches', async () => {
    const paths = [join(temporaryFolder(), '1'), join(temporaryFolder(), '2')];
    const playbook = tasks(paths.map((path) => `    - tool: {path: ${path}}\n`).join(''));
    const silent = ['-M', withTool(touch, described), '--check'];
    const said = [
      '-M',
      withTool(touch, `${described}reads: ['file:{path}']\nwrites: ['file:{path}']\n`),
      '--check',
    ];
    expect((await runPlaybook(playbook, { hosts: ['a'], args: silent })).recap.a).toBe(
      'ok=1 changed=1 unknown=1',
    );
    expect((await runPlaybook(playbook, { hosts: ['a'], args: said })).recap.a).toBe('ok=2 changed=2');
  });

  test('gets a secret on standard input of apply only', async () => {
    const seen = join(temporaryFolder(), 'seen');
    const script = `
{ echo "$1"; env | grep '^hapb_key'; cat; echo; } >>'${seen}'
echo '{"changed": true}'
`;
    const args = ['-M', withTool(script, described.replace('secret: allowed', 'secret: always'))];
    await runPlaybook(tasks('    - tool: {path: /x, key: hunter2hunter2}\n'), { hosts: ['a'], args });
    expect(readFileSync(seen, 'utf8')).toBe(
      'probe\n{"path":"/x"}\napply\n{"path":"/x","key":"hunter2hunter2"}\n',
    );
  });

  test.each([
    ['fails', 'echo no luck >&2; exit 3', /HAPB6491: tool: probe ended with exit code 3[\s\S]*no luck/],
    [
      'says so',
      `echo '{"failed": true, "msg": "too old", "hint": "Upgrade."}'`,
      /HAPB6491: tool: too old[\s\S]*Upgrade\./,
    ],
    [
      'prints something else',
      'echo hello',
      /HAPB6492: tool printed no reply to 'probe': it is not one JSON object/,
    ],
    ['forgets changed', `echo '{}'`, /HAPB6492: tool printed no reply to 'probe': "changed" is missing/],
  ])('that %s is an error', async (_, script, error) => {
    const args = ['-M', withTool(script, described)];
    const { out, exitCode } = await runPlaybook(tasks('    - tool: {path: /x}\n'), { hosts: ['a'], args });
    expect(exitCode).toBe(2);
    expect(out).toMatch(error);
  });

  test('without probe is unknown in a check', async () => {
    const args = ['-M', withTool(touch, described.replace('probe: true', 'probe: false')), '--check'];
    const { out } = await runPlaybook(tasks('    - tool: {path: /x}\n'), { hosts: ['a'], args });
    expect(out).toContain('only running the module would tell');
  });
});
