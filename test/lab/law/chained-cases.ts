import type { LawCase } from './law-case.ts';

const unit = '[Service]\nExecStart=/bin/sleep infinity\n[Install]\nWantedBy=multi-user.target\n';

/** Pairs of tasks on files: the second one meets what the first one has made, and in check what it would make. */
export const chainedFileCases: readonly LawCase[] = [
  {
    module: 'file',
    state: 'a folder that a later task fills',
    args: { path: '/srv/law/filled', state: 'directory', mode: '0755' },
    does: 'change',
  },
  {
    module: 'unarchive',
    state: 'a folder that an earlier task makes',
    args: { src: 'law.tgz', dest: '/srv/law/filled' },
    does: 'change',
    after: 'file: a folder that a later task fills',
  },
  {
    module: 'copy_file',
    state: 'a file in a folder that an earlier task makes',
    args: { dest: '/srv/law/filled/conf', content: 'a=1\n', mode: '0644', force: false },
    does: 'change',
    after: 'file: a folder that a later task fills',
  },
  {
    module: 'lineinfile',
    state: 'a file that an earlier task makes',
    start: 'half done',
    args: { path: '/srv/law/filled/conf', line: 'b=2' },
    does: 'change',
    after: 'copy_file: a file in a folder that an earlier task makes',
  },
];

/** The same with units. Before all that changes packages: of units check knows nothing afterwards. */
export const chainedUnitCases: readonly LawCase[] = [
  {
    module: 'copy_file',
    state: 'the file of a unit',
    args: { dest: '/etc/systemd/system/law-written.service', content: unit, mode: '0644' },
    does: 'change',
  },
  {
    module: 'systemd_service',
    state: 'a unit that an earlier task writes',
    start: 'half done',
    args: { name: 'law-written', state: 'started', enabled: true, daemon_reload: true },
    does: 'change',
    after: 'copy_file: the file of a unit',
  },
];
