import { describe, expect, it } from 'vitest';
import { Secret } from '../../../../src/core/secret.ts';
import { readRepos, writeRepos } from '../../../../src/modules/system/yum-repo-text.ts';
import { type YumRepositoryArgs, yumRepository } from '../../../../src/modules/system/yum-repository.ts';
import { taskContext } from '../../../../src/testing/task-context.ts';
import { recordedText } from './recorded-text.ts';

const path = '/etc/yum.repos.d/epel.repo';
const task = taskContext();

function plan(args: Partial<YumRepositoryArgs>, text: string | null) {
  const now = recordedText(path, text);
  const whole = { name: 'epel', description: 'EPEL', baseurl: 'http://a/', ...args };
  return yumRepository.diff(whole, { path, now, folder: 'there' }, task);
}

const written = (args: Partial<YumRepositoryArgs>, text: string | null): string =>
  String(plan(args, text)?.plan?.content ?? 'unchanged');

describe('yum_repository', () => {
  it('writes options sorted, flags as 1 and 0, lists as yum reads them', () => {
    expect(
      written(
        {
          baseurl: ['http://a/', 'http://b/'],
          gpgcheck: true,
          enabled: false,
          exclude: 'a, b*',
          gpgkey: 'http://k',
        },
        null,
      ),
    ).toMatchInlineSnapshot(`
      "[epel]
      baseurl = http://a/
      	http://b/
      enabled = 0
      exclude = a b*
      gpgcheck = 1
      gpgkey = http://k
      name = EPEL

      "
    `);
  });

  it('leaves a file that says the same in other words, and replaces it where it does not', () => {
    const same = '# mine\n[epel]\nName: EPEL\nbaseurl=http://a/\n';
    expect(plan({}, same)).toBeNull();
    expect(written({ description: 'Other' }, `${same}\n[z]\nname=z\n`)).toBe(
      '[z]\nname = z\n\n[epel]\nbaseurl = http://a/\nname = Other\n\n',
    );
    expect(plan({ mode: '0600' }, same)?.plan?.write).toBeNull();
  });

  it('takes a repository out, and the file with the last one', () => {
    expect(written({ state: 'absent' }, '[epel]\nname=e\n[z]\nname=z\n')).toBe('[z]\nname = z\n\n');
    const last = plan({ state: 'absent' }, '[epel]\nname=e\n');
    expect(last?.effects).toEqual([{ key: `file:${path}`, state: { kind: 'absent' } }]);
    expect(plan({ state: 'absent' }, null)).toBeNull();
    expect(plan({ state: 'absent' }, '[z]\nname=z\n')).toBeNull();
  });

  it('keeps a secret password out of sight, and a second run changes nothing', () => {
    const args = { username: 'u', password: new Secret('hush-hush', 'repo_password') };
    const first = plan(args, null);
    expect(first?.plan?.content).toBeInstanceOf(Secret);
    expect(JSON.stringify(first)).not.toContain('hush-hush');
    const text = '[epel]\nbaseurl = http://a/\nname = EPEL\npassword = hush-hush\nusername = u\n\n';
    expect(plan(args, text)).toBeNull();
    expect(plan(args, `${text}[z]\nname = z\n\n`)).toBeNull();
    expect(plan(args, text.replace('hush-hush', 'old'))).not.toBeNull();
  });

  it('says what is missing', () => {
    expect(() =>
      yumRepository.diff(
        { name: 'x', baseurl: 'http://a/' },
        { path, now: recordedText(path, null), folder: 'there' },
        task,
      ),
    ).toThrow('the repository x has no description');
    expect(() =>
      yumRepository.diff(
        { name: 'x', description: 'x' },
        { path, now: recordedText(path, null), folder: 'there' },
        task,
      ),
    ).toThrow('the repository x has no address');
    expect(() =>
      yumRepository.diff({ name: 'x' }, { path, now: recordedText(path, null), folder: 'missing' }, task),
    ).toThrow('the folder /etc/yum.repos.d of repositories does not exist');
  });
});

describe('a file of repositories', () => {
  it('is read as configparser does', () => {
    const text =
      'lost=1\n[a]\nName : x = y\n; no\nBaseURL=http://1\n  http://2\n\n\thttp://3\nempty=\nbare\n[b]\n';
    expect(readRepos(text).map(({ id, options }) => [id, [...options]])).toEqual([
      [
        'a',
        [
          ['name', 'x = y'],
          ['baseurl', 'http://1\nhttp://2\nhttp://3'],
          ['empty', ''],
          ['bare', ''],
        ],
      ],
      ['b', []],
    ]);
    expect(readRepos(String(writeRepos(readRepos(text))))).toEqual(readRepos(text));
  });
});
