import { Failure } from '../../core/failure.ts';
import type { Output } from '../../core/value.ts';
import { all } from '../ask.ts';
import { file } from '../asks/file.ts';
import { mounts } from '../asks/mounts.ts';
import { applyFile } from '../general/file-change.ts';
import { lastLines, notConverged } from '../general/steps.ts';
import { textFile } from '../general/text-file.ts';
import type { HostWriter, Module } from '../module.ts';
import { bare } from './fstab.ts';
import { type MountArgs, mountSchema } from './mount-args.ts';
import { type MountChange, type MountModuleState, mountOutput, planMount } from './mount-plan.ts';

/** What is mounted where, now and at boot. */
export const mount: Module<MountArgs, MountModuleState, MountChange> = {
  name: 'mount',
  summary: 'Mounts file systems, and keeps their lines in /etc/fstab.',
  notes: [
    'A place counts as mounted when anything is mounted there; what differs in fstab is mounted anew (remount, or unmount and mount where source or type differ).',
    'When mounting fails, fstab is put back as it was, because a line that does not work can keep a host from booting.',
    '`remounted` and `ephemeral` act every time.',
    'Swap gets its line with path: none and fstype: swap; turning it on is left to `command`.',
  ],
  args: mountSchema,
  returns: {
    name: 'The place.',
    src: 'What is mounted.',
    fstype: 'Type of its file system.',
    opts: 'Its options, with noauto where boot is false.',
    dump: 'Fifth field of fstab.',
    passno: 'Sixth field of fstab.',
    fstab: 'The file.',
    boot: 'yes or no.',
    backup_file: 'Where the old fstab was kept; empty: nowhere.',
  },
  example: `- name: Keep what is temporary in memory
  mount:
    path: /srv/scratch
    src: tmpfs
    fstype: tmpfs
    opts: size=64m,nosuid
    state: mounted
`,
  probe: (args) =>
    all({
      fstab: textFile(args.fstab ?? '/etc/fstab'),
      mounts: mounts(),
      place: file(bare(args.path), { content: 'none', links: 'follow' }),
    }),
  diff: planMount,
  apply: applyMount,
  output: mountOutput,
  foreseen: (wanted) => wanted.result,
};

const script = `
LC_ALL=C; PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin; export LC_ALL PATH
deed=$1 path=$2 src=$3 type=$4 opts=$5 listed=$6 folder=$7
if [ "$folder" = make ]; then mkdir -p -- "$path" || exit; fi
full() {
  if [ "$listed" = yes ]; then mount "$path"
  elif [ -n "$opts" ]; then mount -t "$type" -o "$opts" "$src" "$path"
  else mount -t "$type" "$src" "$path"
  fi
}
again() {
  if [ "$listed" = no ]; then mount -t "$type" -o "remount\${opts:+,$opts}" "$src" "$path"
  else mount -o "remount\${opts:+,$opts}" "$path"
  fi
}
case $deed in
  mount) full ;;
  replace) umount "$path" && full ;;
  remount)
    again && exit
    [ "$8" = strict ] && exit 32
    umount "$path" && full ;;
  unmount) umount "$path" ;;
esac
`;

async function applyMount(wanted: MountChange, host: HostWriter): Promise<Output> {
  const { args, plan, deed, entry, folder } = wanted;
  if (plan !== null) await applyFile(plan, host);
  if (deed !== 'none') {
    const listed = args.state !== 'ephemeral' && (args.fstab ?? '/etc/fstab') === '/etc/fstab' ? 'yes' : 'no';
    // A remount takes the options from fstab, unless the task names others for this once.
    const given = args.state === 'remounted' && args.opts !== undefined ? args.opts : '';
    const own = entry.options === 'defaults' ? '' : entry.options;
    const options = deed === 'remount' && listed === 'yes' ? given : own;
    const strict = given === '' ? 'lenient' : 'strict';
    const words = [deed, entry.path, entry.source, entry.fileSystem, options, listed, folder, strict];
    const reply = await host.run({ sh: script, args: words });
    if (reply.exitCode !== 0) {
      await goBack(wanted, host);
      throw failed(wanted, reply.stderr || reply.stdout);
    }
    const found = (await host.ask(mounts())).some((each) => each.path === entry.path);
    if (found === (deed === 'unmount')) throw notConverged(`mount ${entry.path}`, found ? 'it' : 'nothing');
  }
  if (folder === 'remove') {
    const reply = await host.run({ sh: 'rmdir -- "$1"', args: [entry.path] });
    if (reply.exitCode !== 0) throw notEmpty(entry.path, reply.stderr);
  }
  return wanted.result;
}

async function goBack({ plan, before, folder, entry, args }: MountChange, host: HostWriter): Promise<void> {
  if (folder === 'make') await host.run({ sh: 'rmdir -- "$1" 2>/dev/null || :', args: [entry.path] });
  if (plan === null || args.state === 'absent') return;
  await applyFile({ ...plan, backupPath: null }, host, before);
}

const causes: readonly { readonly pattern: RegExp; readonly hint: string }[] = [
  { pattern: /must be superuser|[Pp]ermission denied|only root/, hint: 'Add `become: true`.' },
  {
    pattern: /busy/,
    hint: 'Something uses it: see `fuser -m` or `lsof` on the host, and end that first.',
  },
  {
    pattern: /unknown filesystem type|wrong fs type/,
    hint: 'Correct `fstype`, make the file system first, or install its tools (nfs-common, cifs-utils).',
  },
  {
    pattern: /does not exist|can't find|no such device|special device/i,
    hint: 'Correct `src`; `blkid` on the host lists what there is.',
  },
];

function failed({ args, deed, entry }: MountChange, output: string): Failure {
  const cause = causes.find(({ pattern }) => pattern.test(output));
  const verb = deed === 'replace' ? 'mount' : deed;
  return new Failure({
    code: 'HAPB6341',
    message: `cannot ${verb} ${verb === 'mount' ? `${entry.source} at ` : ''}${args.path}`,
    hint: cause?.hint ?? 'Read what mount says below.',
    details: lastLines(output, 10),
  });
}

function notEmpty(path: string, output: string): Failure {
  return new Failure({
    code: 'HAPB6341',
    message: `cannot remove the folder ${path}, where it was mounted`,
    hint: 'Something is in it, or mounted there a second time. Look at it, then remove it by hand.',
    details: lastLines(output, 5),
  });
}
