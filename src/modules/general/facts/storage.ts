import type { Value, ValueMap } from '../../../core/value.ts';
import { type FactSource, whole } from './source.ts';

/** What is mounted, with sizes. A file system that does not answer within five seconds is listed without them. */
export const mounts: FactSource = {
  name: 'mounts',
  subsets: ['hardware'],
  gives: ['mounts'],
  reads: ['mounts'],
  sh: `m=/etc/mtab; [ -e $m ] || m=/proc/mounts
command -v lsblk >/dev/null && lsblk --list --noheadings --paths --output NAME,UUID --exclude 2 2>/dev/null | sed 's/^/uuid /'
command -v findmnt >/dev/null && findmnt --list --noheadings --notruncate 2>/dev/null | grep ' [^ ]*\\[/[^ ]*\\] ' | sed 's/^/bind /'
t=; command -v timeout >/dev/null && t='timeout 5'
while read -r d p k o n; do
  case "$k $d" in none\\ *) ;; *\\ /*|*:/*) echo "mount $d $p $k $o $n"; echo "size $($t stat -f -c '%S %s %b %f %a %c %d' "$(printf '%b' "$p")" 2>/dev/null)" ;; esac
done <$m`,
  read(lines) {
    const uuids = new Map<string, string>();
    const bound = new Set<string>();
    const found: Record<string, Value>[] = [];
    for (const line of lines) {
      const [kind = '', ...words] = line.split(/ +/);
      if (kind === 'uuid' && (words[1] ?? '') !== '') uuids.set(words[0] ?? '', words[1] ?? '');
      else if (kind === 'bind') bound.add(words[0] ?? '');
      else if (kind === 'mount') found.push(mountOf(words, { uuids, bound }));
      else if (kind === 'size') Object.assign(found.at(-1) ?? {}, sizesOf(words));
    }
    return { mounts: found };
  },
};

function mountOf(
  words: readonly string[],
  { uuids, bound }: { readonly uuids: ReadonlyMap<string, string>; readonly bound: ReadonlySet<string> },
): Record<string, Value> {
  const plain = (text: string | undefined): string =>
    (text ?? '').replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
  const [device, mount, fstype, options, dump, passno] = words;
  const isBound = bound.has(plain(mount)) && !/(?:^|,)bind(?:,|$)/.test(options ?? '');
  return {
    mount: plain(mount),
    device: plain(device),
    fstype: fstype ?? '',
    options: `${options ?? ''}${isBound ? ',bind' : ''}`,
    dump: whole(dump, 0),
    passno: whole(passno, 0),
    uuid: uuids.get(plain(device)) ?? 'N/A',
  };
}

function sizesOf(words: readonly string[]): ValueMap {
  const numbers = words.filter((word) => word !== '').map(Number);
  const [unit = 0, block = 0, total = 0, , available = 0, inodes = 0, inodesFree = 0] = numbers;
  if (numbers.length < 7) return { note: 'Could not get extra information due to timeout' };
  return {
    size_total: unit * total,
    size_available: unit * available,
    block_size: block,
    block_total: total,
    block_available: available,
    block_used: total - available,
    inode_total: inodes,
    inode_available: inodesFree,
    inode_used: inodes - inodesFree,
  };
}

/** Disks, their partitions, and by which other names they are known. */
export const devices: FactSource = {
  name: 'devices',
  subsets: ['hardware'],
  gives: ['devices', 'device_links'],
  sh: `for k in id uuid label; do for l in /dev/disk/by-$k/*; do [ -L "$l" ] && echo "link $k \${l##*/} $(readlink "$l")"; done; done
for s in /sys/block/*/slaves/*; do [ -e "$s" ] && { b=\${s#/sys/block/}; echo "link master \${b%%/*} \${s##*/}"; }; done
command -v lspci >/dev/null && lspci -D 2>/dev/null | sed 's/^/pci /'
h() { for e in "$1"/holders/dm-*; do [ -e "$e" ] && { l=\${e##*/}; { read -r l <"$e/dm/name"; } 2>/dev/null; echo "holder $l"; }; done; }
for b in /sys/block/*; do
  [ -e "$b" ] || continue
  n=\${b##*/}; echo "disk $n $(readlink "$b")"
  for k in device/vendor device/model device/sas_address device/sas_device_handle device/serial removable size queue/discard_max_hw_bytes queue/discard_granularity queue/rotational queue/scheduler queue/logical_block_size; do f $k "$b/$k"; done
  h "$b"
  for p in "$b/$n"*; do
    [ -e "$p" ] || continue
    echo "partition \${p##*/}"; for k in start size queue/logical_block_size; do f $k "$p/$k"; done; h "$p"
  done
done`,
  read: (lines) => devicesOf(lines),
};

type Links = Readonly<Record<'ids' | 'uuids' | 'labels' | 'masters', Record<string, string[]>>>;

interface Part {
  readonly name: string;
  readonly path: string;
  readonly values: Map<string, string>;
  readonly holders: string[];
  readonly partitions: Part[];
}

function devicesOf(lines: readonly string[]): {
  readonly devices: ValueMap;
  readonly device_links: ValueMap;
} {
  const links: Links = { ids: {}, uuids: {}, labels: {}, masters: {} };
  const pci = new Map<string, string>();
  const disks: Part[] = [];
  const kinds: Readonly<Record<string, keyof Links>> = {
    id: 'ids',
    uuid: 'uuids',
    label: 'labels',
    master: 'masters',
  };
  let current: Part | undefined;
  for (const line of lines) {
    const [word = '', ...rest] = line.split(' ');
    const [first = '', second = '', third = ''] = rest;
    const kind = kinds[first];
    if (word === 'link' && kind !== undefined) {
      const target = third.split('/').at(-1) ?? third;
      links[kind][target] = [...(links[kind][target] ?? []), second].sort();
    } else if (word === 'pci') pci.set(first, rest.slice(1).join(' '));
    else if (word === 'disk' || word === 'partition') {
      current = { name: first, path: second, values: new Map(), holders: [], partitions: [] };
      if (word === 'disk') disks.push(current);
      else disks.at(-1)?.partitions.push(current);
    } else if (word === 'holder') current?.holders.push(rest.join(' '));
    else {
      const at = line.indexOf('=');
      if (at > 0) current?.values.set(line.slice(0, at), line.slice(at + 1).trim());
    }
  }
  const shown = disks.map((disk) => [disk.name, diskOf(disk, links, pci)] as const);
  return { devices: Object.fromEntries(shown), device_links: links };
}

function diskOf(disk: Part, links: Links, pci: ReadonlyMap<string, string>): ValueMap {
  const value = (key: string): string | null => disk.values.get(key) ?? null;
  const address = /.+\/([a-f0-9]{4}:[a-f0-9]{2}:[0-1][a-f0-9]\.[0-7])\//.exec(disk.path)?.[1] ?? '';
  const wwn = links.ids[disk.name]?.find((id) => id.startsWith('wwn-'));
  const serial = value('device/serial');
  return {
    virtual: 1,
    links: linksOf(disk.name, links),
    vendor: value('device/vendor'),
    model: value('device/model'),
    sas_address: value('device/sas_address'),
    sas_device_handle: value('device/sas_device_handle'),
    ...(serial === null || serial === '' ? {} : { serial }),
    removable: value('removable'),
    support_discard: value('queue/discard_max_hw_bytes') === '0' ? '0' : value('queue/discard_granularity'),
    ...(wwn === undefined ? {} : { wwn: wwn.slice('wwn-'.length) }),
    partitions: Object.fromEntries(disk.partitions.map((part) => [part.name, partitionOf(part, links)])),
    rotational: value('queue/rotational'),
    scheduler_mode: /\[(.*?)\]/.exec(value('queue/scheduler') ?? '')?.[1] ?? '',
    ...extentOf(disk, '512'),
    host: pci.get(address) ?? '',
    holders: disk.holders,
  };
}

function partitionOf(part: Part, links: Links): ValueMap {
  return {
    links: linksOf(part.name, links),
    start: part.values.get('start') ?? '0',
    ...extentOf(part, 512),
    uuid: links.uuids[part.name]?.[0] ?? null,
    holders: part.holders,
  };
}

function linksOf(name: string, links: Links): ValueMap {
  return Object.fromEntries(Object.entries(links).map(([kind, known]) => [kind, known[name] ?? []]));
}

/** The kernel counts in units of 512 bytes whatever the device's own are. */
function extentOf({ values }: Part, usual: string | number): ValueMap {
  const sectorsize = values.get('queue/logical_block_size') || usual;
  const sectors = Math.floor((whole(values.get('size'), 0) * 512) / Number(sectorsize));
  return { sectorsize, sectors, size: humanBytes(sectors * Number(sectorsize)) };
}

function humanBytes(bytes: number): string {
  const units = ['Bytes', 'KB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB'];
  let power = units.length - 1;
  while (power > 0 && bytes < 1024 ** power) power -= 1;
  return `${(bytes / 1024 ** power).toFixed(2)} ${units[power] ?? ''}`;
}

/** Logical volumes, where root asks and the programs are there. */
export const volumes: FactSource = {
  name: 'lvm',
  subsets: ['hardware'],
  gives: ['lvm'],
  sh: `if command -v vgs >/dev/null; then
  [ "$(id -u)" = 0 ] && { echo asked
  for c in vgs lvs pvs; do $c --noheadings --nosuffix --units g --separator , 2>/dev/null | sed "s/^ */$c /"; done; }
else echo none; fi`,
  read(lines) {
    if (lines[0] !== 'asked') return { lvm: 'N/A' };
    const of = (kind: string): readonly (readonly string[])[] =>
      lines.filter((line) => line.startsWith(`${kind} `)).map((line) => line.slice(4).trim().split(','));
    const named = (items: readonly (readonly [string, Value])[]): ValueMap => Object.fromEntries(items);
    const lvm = {
      vgs: named(
        of('vgs').map((items) => [
          items[0] ?? '',
          {
            size_g: items.at(-2) ?? '',
            free_g: items.at(-1) ?? '',
            num_lvs: items[2] ?? '',
            num_pvs: items[1] ?? '',
          },
        ]),
      ),
      lvs: named(of('lvs').map(([name = '', vg = '', , size = '']) => [name, { size_g: size, vg }])),
      pvs: named(
        of('pvs').map(([name = '', vg = '', , , size = '', free = '']) => [
          name,
          { size_g: size, free_g: free, vg },
        ]),
      ),
    };
    return { lvm };
  },
};
