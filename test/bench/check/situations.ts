/** A start state of a node, and tasks that meet it one after the other. */
export interface Situation {
  readonly name: string;
  /** Makes the state: sh, run as root in the situation's own folder. */
  readonly setup?: string;
  /** In words that both tools know; `DIR` in a text stands for the folder. */
  readonly tasks: readonly Readonly<Record<string, unknown>>[];
  readonly handlers?: readonly Readonly<Record<string, unknown>>[];
}

const unit = '[Service]\nExecStart=/bin/sleep infinity\n[Install]\nWantedBy=multi-user.target\n';

/** What people write: 40 tasks. Each name stands once. */
export const situations: readonly Situation[] = [
  {
    name: 'A file in a folder that is not there yet',
    tasks: [
      { name: 'Folder', file: { path: 'DIR/app', state: 'directory', mode: '0750' } },
      { name: 'File in it', copy: { dest: 'DIR/app/app.conf', content: 'port = 80\n', mode: '0640' } },
      { name: 'Line in it', lineinfile: { path: 'DIR/app/app.conf', line: 'host = all' } },
    ],
  },
  {
    name: 'Files as asked, and changed ones',
    setup: `printf 'one\\n' | tee same other mode old >/dev/null; chmod 644 same other old; chmod 600 mode
echo two > other; ln -s old link; mkdir -m 755 folder; printf 'a\\nb\\n' > lines; printf '#Port 1\\n' > sshd`,
    tasks: [
      { name: 'As asked', copy: { dest: 'DIR/same', content: 'one\n', mode: '0644' } },
      { name: 'Other content', copy: { dest: 'DIR/other', content: 'one\n', mode: '0644' } },
      { name: 'Wrong mode', copy: { dest: 'DIR/mode', content: 'one\n', mode: '0644' } },
      { name: 'Link in its place', copy: { dest: 'DIR/link', content: 'one\n', mode: '0644' } },
      { name: 'Wrong owner', file: { path: 'DIR/folder', state: 'directory', owner: 'admin' } },
      { name: 'A block', blockinfile: { path: 'DIR/lines', block: 'c\nd' } },
      { name: 'A line', lineinfile: { path: 'DIR/sshd', regexp: '^#?Port', line: 'Port 22' } },
      { name: 'Removed', file: { path: 'DIR/old', state: 'absent' } },
    ],
  },
  {
    name: 'A package and its service',
    tasks: [
      { name: 'Package', apt: { name: 'cron', install_recommends: false } },
      { name: 'Its service', service: { name: 'cron', state: 'started', enabled: true } },
      { name: 'No such package', apt: { name: 'check-none' } },
    ],
  },
  {
    name: 'A service of its own',
    tasks: [
      { name: 'Unit', copy: { dest: '/etc/systemd/system/check-own.service', content: unit, mode: '0644' } },
      {
        name: 'Started',
        systemd_service: { name: 'check-own', state: 'started', enabled: true, daemon_reload: true },
      },
    ],
  },
  {
    name: 'What a command printed',
    setup: 'echo blue > colour',
    tasks: [
      { name: 'Ask', command: 'cat DIR/colour', register: 'colour' },
      {
        name: 'When blue',
        copy: { dest: 'DIR/blue', content: 'yes\n', mode: '0644' },
        when: "colour.stdout == 'blue'",
      },
      { name: 'When red', command: 'touch DIR/red', when: "colour.stdout == 'red'" },
      { name: 'Keep it', copy: { dest: 'DIR/kept', content: '{{ colour.stdout }}\n', mode: '0644' } },
    ],
  },
  {
    name: 'What a reading command printed',
    setup: 'echo 7 > version',
    tasks: [
      {
        name: 'Read',
        command: 'cat DIR/version',
        register: 'version',
        changed_when: false,
        check_mode: false,
      },
      {
        name: 'When old',
        copy: { dest: 'DIR/version', content: '8\n', mode: '0644' },
        when: 'version.stdout | int < 8',
      },
    ],
  },
  {
    name: 'Once only',
    setup: 'touch made',
    tasks: [
      { name: 'Made', command: { cmd: 'touch DIR/made', creates: 'DIR/made' } },
      { name: 'Not made', command: { cmd: 'touch DIR/new', creates: 'DIR/new' } },
      { name: 'Look', stat: { path: 'DIR/flag' }, register: 'flag' },
      { name: 'Make', copy: { dest: 'DIR/flag', content: '', mode: '0644' }, when: 'not flag.stat.exists' },
      { name: 'Look again', stat: { path: 'DIR/flag' }, register: 'flag' },
      { name: 'It is there', assert: { that: 'flag.stat.exists' } },
    ],
  },
  {
    name: 'A group, its user, his file',
    tasks: [
      { name: 'Group', group: { name: 'check-team' } },
      { name: 'User', user: { name: 'check-ada', groups: ['check-team'], shell: '/bin/sh' } },
      {
        name: 'His file',
        copy: { dest: '/home/check-ada/hello', content: 'hello\n', owner: 'check-ada', mode: '0600' },
      },
    ],
  },
  {
    name: 'A handler',
    tasks: [
      {
        name: 'Configuration',
        copy: { dest: 'DIR/conf', content: 'a\n', mode: '0644' },
        notify: 'Reload',
      },
    ],
    handlers: [{ name: 'Reload', command: 'touch DIR/reloaded' }],
  },
  {
    name: 'An archive',
    setup: 'mkdir app && echo one > app/one && tar -czf app.tgz app && rm -r app',
    tasks: [
      { name: 'Where to', file: { path: 'DIR/to', state: 'directory', mode: '0755' } },
      { name: 'Unpack', unarchive: { src: 'DIR/app.tgz', dest: 'DIR/to', remote_src: true } },
      { name: 'Edit what was unpacked', lineinfile: { path: 'DIR/to/app/one', line: 'two' } },
    ],
  },
  {
    name: 'A rescue',
    tasks: [
      {
        block: [
          {
            name: 'Cannot work',
            copy: { dest: 'DIR/none/it', content: 'x\n', mode: '0644' },
            ignore_errors: false,
          },
        ],
        rescue: [{ name: 'Rescue', copy: { dest: 'DIR/rescued', content: 'x\n', mode: '0644' } }],
      },
    ],
  },
  {
    name: 'Leftovers',
    setup: 'mkdir tmp && touch tmp/1.old tmp/2.old tmp/3.new',
    tasks: [
      { name: 'Find', find: { paths: 'DIR/tmp', patterns: '*.old' }, register: 'left' },
      {
        name: 'Remove them',
        file: { path: '{{ item.path }}', state: 'absent' },
        loop: '{{ left.files }}',
        loop_control: { label: '{{ item.path }}' },
      },
    ],
  },
];

/** Where the situations' folders are. */
export const situationsFolder = '/srv/check';

/** A situation's own folder on the node. */
export function folderOf({ name }: Situation): string {
  return `${situationsFolder}/${name.toLowerCase().replace(/[^a-z]+/g, '-')}`;
}

/** The script that makes all start states. */
export function setupScript(): string {
  const each = situations.map((one) => `mkdir -p ${folderOf(one)}\ncd ${folderOf(one)}\n${one.setup ?? ':'}`);
  return ['set -eu', ...each].join('\n');
}

/** One playbook with a play for each situation, for both tools. JSON is YAML too. A failure ends nothing. */
export function playbookText(): string {
  const plays = situations.map((one) => {
    const { name, tasks, handlers = [] } = one;
    const play = {
      name,
      hosts: 'cp1',
      gather_facts: false,
      become: true,
      ignore_errors: true,
      tasks,
      handlers,
    };
    return JSON.parse(JSON.stringify(play).replaceAll('DIR', folderOf(one))) as unknown;
  });
  return `${JSON.stringify(plays, null, 2)}\n`;
}

/** The names of all tasks, in order. */
export function taskNames(): readonly string[] {
  const of = (task: Readonly<Record<string, unknown>>): readonly string[] =>
    ['block', 'rescue', 'always']
      .flatMap((part) => {
        const inner = task[part];
        return Array.isArray(inner)
          ? inner.flatMap((one) => of(one as Readonly<Record<string, unknown>>))
          : [];
      })
      .concat(typeof task.name === 'string' ? [task.name] : []);
  return situations.flatMap(({ tasks, handlers = [] }) => [...tasks, ...handlers].flatMap(of));
}
