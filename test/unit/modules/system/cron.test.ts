import { describe, expect, it } from 'vitest';
import { Unknown } from '../../../../src/core/unknown.ts';
import { crontab } from '../../../../src/modules/asks/crontab.ts';
import { type CronState, cron } from '../../../../src/modules/system/cron.ts';
import type { CronArgs } from '../../../../src/modules/system/cron-args.ts';
import { jobNames, variableNames } from '../../../../src/modules/system/cron-text.ts';
import { fakeHost, rawReply } from '../../../../src/testing/fake-host.ts';
import { taskContext } from '../../../../src/testing/task-context.ts';
import { localHost, shells } from '../general/local-host.ts';
import { recordedText } from './recorded-text.ts';

const task = taskContext();
const old = 'MAILTO="ops"\n#Ansible: other\n@daily /bin/other\n';

function diff(args: Partial<CronArgs>, text: string, rest: Partial<CronState & { kind: 'crontab' }> = {}) {
  const state: CronState = { kind: 'crontab', text, account: null, tool: '/usr/bin/crontab', ...rest };
  return cron.diff({ name: 'law', job: '/bin/true', ...args }, state, task);
}
const textAfter = (args: Partial<CronArgs>, text: string): string => {
  const what = diff(args, text)?.what;
  if (what?.kind !== 'crontab') throw new Error('nothing to write');
  return what.text;
};

describe('cron', () => {
  it('adds a job at the end, and finds it again by its name', () => {
    const text = textAfter({ minute: '5', hour: '*/2' }, old);
    expect(text).toBe(`${old}#Ansible: law\n5 */2 * * * /bin/true\n`);
    expect(diff({ minute: '5', hour: '*/2' }, text)).toBeNull();
    expect(textAfter({ minute: '6' }, text)).toBe(`${old}#Ansible: law\n6 * * * * /bin/true\n`);
    expect(textAfter({ state: 'absent' }, text)).toBe(old);
    expect(diff({ state: 'absent' }, old)).toBeNull();
  });

  it('gives a job its name that has none', () => {
    expect(textAfter({}, `${old}* * * * * /bin/true\n`)).toBe(`${old}#Ansible: law\n* * * * * /bin/true\n`);
  });

  it('writes nicknames, comments and the user of a file', () => {
    expect(textAfter({ special_time: 'reboot', disabled: true }, '')).toBe(
      '#Ansible: law\n#@reboot /bin/true\n',
    );
    const path = '/etc/cron.d/law';
    const state: CronState = { kind: 'file', path, file: recordedText(path, null) };
    const change = cron.diff({ name: 'law', cron_file: 'law', user: 'root', job: 'x' }, state, task);
    expect(change?.edits[0]).toEqual({
      subject: path,
      before: null,
      after: '#Ansible: law\n* * * * * root x\n',
    });
  });

  it('removes a file with its last job', () => {
    const path = '/etc/cron.d/law';
    const file = recordedText(path, '#Ansible: law\n* * * * * root x\n');
    const args: CronArgs = { name: 'law', cron_file: 'law', state: 'absent' };
    const change = cron.diff(args, { kind: 'file', path, file }, task);
    expect(change?.what).toEqual({ kind: 'remove', path });
    expect(change?.effects).toEqual([{ key: `file:${path}`, state: { kind: 'absent' } }]);
  });

  it('keeps variables on top, or beside another', () => {
    expect(textAfter({ name: 'A', env: true, job: 'b' }, old)).toBe(`A="b"\n${old}`);
    expect(textAfter({ name: 'MAILTO', env: true, job: 'b' }, old)).toBe(old.replace('ops', 'b'));
    const placed = textAfter({ name: 'A', env: true, job: 'b', insertafter: 'MAILTO' }, old);
    expect(variableNames(placed.split('\n'))).toEqual(['MAILTO', 'A']);
    expect(jobNames(placed.split('\n'))).toEqual(['other']);
    expect(() => diff({ name: 'A', env: true, insertbefore: 'NONE' }, old)).toThrow(
      'the crontab has no variable NONE',
    );
  });

  it('ends the last line', () => {
    expect(textAfter({ state: 'absent' }, '@daily x')).toBe('@daily x\n');
  });

  it('says what cannot be, and takes a program for granted that an earlier task brings', () => {
    expect(() => diff({}, '', { tool: null })).toThrow('the host has no crontab');
    expect(diff({}, '', { tool: new Unknown('cron would be installed') })).not.toBeNull();
    expect(() => diff({ user: 'deploy' }, '', { account: { kind: 'absent' } })).toThrow(
      'the host has no user deploy',
    );
    expect(() => diff({ special_time: 'daily', hour: '3' }, '')).toThrow(
      'special_time and hour exclude each other',
    );
    expect(() => diff({ job: 'a\nb' }, '')).toThrow('the job holds more than one line');
    expect(() => diff({ cron_file: 'law' }, '')).toThrow('cron_file needs a user');
  });

  it.each([
    { minute: '*/5', hour: '1,3-5', day: '1-31/2', month: 'JAN,mar-may', weekday: 'sun-fri' },
    { minute: 0, hour: 23, day: 31, month: 12, weekday: 7 },
    { minute: '0~30', hour: '~', day: '~15', month: '*', weekday: '1-5' },
  ])('takes the times that cron takes: %j', (times) => {
    expect(diff(times, '')).not.toBeNull();
  });

  it.each([
    { minute: '60' },
    { minute: '*/0' },
    { minute: 'one' },
    { minute: '1,,2' },
    { hour: 24 },
    { day: 0 },
    { month: 'janu' },
    { weekday: 8 },
    { weekday: '5-2' },
    { hour: '1-2-3' },
  ])('refuses those that it passes over: %j', (times) => {
    expect(() => diff(times, '')).toThrow('cron does not understand the');
  });

  it('reads a crontab without the lines that cron puts in front', async () => {
    const header = '# DO NOT EDIT THIS FILE - edit the master and reinstall.\n# (- installed on Tue)\n';
    const host = fakeHost({ answers: { 'crontab:': rawReply({ stdout: `${header}${old}` }) } });
    expect(await host.ask(crontab(null))).toBe(old);
  });

  it.each(shells)('finds no crontab of somebody who is not there, in %s', async (shell) => {
    const host = localHost(shell);
    expect(await host.ask(crontab('hapb-nobody'))).toBe('');
    host.dispose();
  });
});
