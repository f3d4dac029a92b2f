import { passwords } from './ground.ts';
import type { Row } from './row.ts';

const asked = 'echo "op ALL=(ALL) ALL" > /etc/sudoers';
const by = (method: string, password?: string) => () => ({
  ansible_become_method: method,
  ...(password === undefined ? {} : { ansible_become_password: password }),
});
const row = (demand: string, outcome: Row['outcome'], more: Partial<Row> = {}): Row => ({
  demand,
  outcome,
  become: 'root',
  ...more,
});
const asLogin = (demand: string, more: Omit<Row, 'demand' | 'outcome'>): Row => ({
  demand,
  outcome: 'works',
  ...more,
});

/** What is tried on a node that is logged in to. */
export const nodeRows: Readonly<Record<string, readonly Row[]>> = {
  'Becoming root': [
    row('sudo without a password', 'works'),
    row('sudo with its password', 'works', { lay: { node: asked }, vars: by('sudo', passwords.op) }),
    row('sudo with a password that a person types', 'works', {
      lay: { node: asked },
      args: ({ files }) => ['--known-hosts', `${files}/known_hosts`, '--ask-become-pass'],
      answers: [[/BECOME password/, passwords.op]],
    }),
    row('sudo with a wrong password', 'HAPB5052', { lay: { node: asked }, vars: by('sudo', 'wrong') }),
    row('sudo that wants a password, and none is known', 'HAPB5051', { lay: { node: asked } }),
    row('sudo without a rule for the user, who has a password', 'HAPB5050', {
      lay: { node: 'echo > /etc/sudoers' },
      vars: by('sudo', passwords.op),
    }),
    row('sudo with `requiretty`', 'HAPB5053', {
      lay: { node: 'echo "Defaults requiretty" >> /etc/sudoers' },
    }),
    row('sudo with an expired account', 'HAPB5055', {
      lay: {
        node: 'printf "auth required pam_permit.so\\naccount required pam_permit.so\\nsession required pam_permit.so\\n" > /etc/pam.d/sshd; chage -E 1 op',
      },
    }),
    row('sudo to a user that does not exist', 'HAPB5056', {
      vars: () => ({ ansible_become_user: 'nobody-there' }),
    }),
    row('sudo that is not installed', 'HAPB5054', {
      lay: {
        node: 'mkdir "$files/own/over" "$files/own/work"; mount -t overlay -o "lowerdir=/usr/bin,upperdir=$files/own/over,workdir=$files/own/work" none /usr/bin; rm /usr/bin/sudo',
      },
    }),
    row('su with the password of root', 'works', { vars: by('su', passwords.root) }),
    row('su with a wrong password', 'HAPB5052', { vars: by('su', 'wrong') }),
    row('su without a password', 'HAPB5051', { vars: by('su') }),
    row('doas with `nopass`', 'works', { vars: by('doas') }),
    row('doas that wants a password', 'HAPB5051', {
      lay: { node: 'echo "permit op" > /etc/doas.conf' },
      vars: by('doas'),
    }),
    row('doas without a rule', 'HAPB5050', {
      lay: { node: 'echo "permit nopass root" > /etc/doas.conf' },
      vars: by('doas'),
    }),
  ],
  'Limits of the sshd': [
    asLogin('MaxSessions 1, as the login user', { lay: { sshd: ['MaxSessions 1'] } }),
    row('MaxSessions 1, with sudo', 'works', { lay: { sshd: ['MaxSessions 1'] } }),
    asLogin('MaxStartups 10:30:100, with fifty connections at once', {
      lay: { sshd: ['MaxStartups 10:30:100'] },
      names: 50,
    }),
    asLogin('MaxStartups 2:100:2, with ten connections at once', {
      lay: { sshd: ['MaxStartups 2:100:2'] },
      names: 10,
    }),
  ],
  'Login shells': [
    ...['/bin/bash', '/bin/dash', '/usr/bin/fish'].map((shell) =>
      row(`${shell} as login shell`, 'works', {
        lay: { shell, node: asked },
        vars: by('sudo', passwords.op),
      }),
    ),
    row("busybox's sh as login shell", 'works', {
      lay: { shell: '/run/sh', node: `cp "$(command -v busybox)" /run/sh; ${asked}` },
      vars: by('sudo', passwords.op),
    }),
    row('A .bashrc that takes three seconds', 'works', {
      lay: { shell: '/bin/bash', node: 'echo "sleep 3" > "$home/.bashrc"' },
    }),
    row('A .bashrc that prints', 'works', {
      lay: { shell: '/bin/bash', node: 'echo "echo Welcome; echo Beware >&2" > "$home/.bashrc"' },
    }),
  ],
  'File systems of the node': [
    row('A full /tmp', 'works', {
      lay: {
        node: 'mount -t tmpfs -o size=16k,mode=1777 none /tmp; ! dd if=/dev/zero of=/tmp/full bs=1k 2>/dev/null',
      },
    }),
    row('/tmp, /run and the home mounted noexec', 'works', {
      lay: { node: 'for on in /tmp /run "$files/own"; do mount -o remount,noexec "$on"; done' },
    }),
    row('A read-only root, /etc and /tmp', 'works', {
      lay: { node: 'for on in / /etc /tmp; do mount -o remount,bind,ro "$on"; done' },
    }),
  ],
};
