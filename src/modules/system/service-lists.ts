/** One service, in Ansible's words. */
export type Service = Readonly<Record<string, string | readonly string[] | null>>;

/** What each program of the host printed, by the section's name; absent: the host does not have it. */
export type ServiceLists = ReadonlyMap<string, string>;

// Each answer stands behind a line with a control character. `chkconfig` has 7 columns where it is not systemd's own.
/** Asks every manager of services that a host may have: one script, because one host has several. */
export const serviceScript = `
LC_ALL=C; export LC_ALL
PATH=$PATH:/usr/sbin:/sbin
part() { printf '\\001%s\\n' "$1"; }
has() { command -v "$1" >/dev/null; }
if has chkconfig; then
  part chkconfig
  list=$(chkconfig --list 2>/dev/null)
  printf '%s\\n' "$list"
  part running
  printf '%s\\n' "$list" | while read -r name rest; do
    case $rest in
      *0:o*3:o*) service "$name" status >/dev/null 2>&1 </dev/null && printf '%s\\n' "$name" ;;
    esac
  done
elif has rc-status && has rc-update; then
  part rc-status; rc-status -a -s -m 2>/dev/null
  part rc-update; rc-update show -v 2>/dev/null
elif has service; then
  part service; service --status-all 2>/dev/null </dev/null
fi
if has systemctl && [ -d /run/systemd/system ]; then
  part units; systemctl list-units --no-pager --type service --all --plain
  part files
  files=$(systemctl list-unit-files --no-pager --type service --all)
  printf '%s\\n' "$files"
  set --
  for name in $(printf '%s\\n' "$files" | sed -n 's/^\\([^ ]*\\.service\\) .*/\\1/p'); do
    case $name in *@.service) ;; *) set -- "$@" "$name" ;; esac
  done
  part states
  if [ $# -gt 0 ]; then
    printf '%s ' "$@"; echo
    systemctl show -p ActiveState -- "$@"
  fi
fi
exit 0
`;

/** The answer of `serviceScript`, taken apart. */
export function listsFrom(stdout: string): ServiceLists {
  return new Map(
    stdout
      .split('\u0001')
      .slice(1)
      .map((part) => {
        const end = part.indexOf('\n');
        return [part.slice(0, end), part.slice(end + 1)] as const;
      }),
  );
}

/** All services by name. Those of systemd win, as with Ansible. */
export function servicesFrom(lists: ServiceLists): Readonly<Record<string, Service>> {
  const all = [...ofChkconfig(lists), ...ofOpenRc(lists), ...ofSysv(lists), ...ofSystemd(lists)];
  return Object.fromEntries(all.map((service) => [String(service.name), service]));
}

function linesOf(lists: ServiceLists, part: string): readonly string[] {
  return (lists.get(part) ?? '').split('\n').filter((line) => line.trim() !== '');
}

function ofSysv(lists: ServiceLists): readonly Service[] {
  return linesOf(lists, 'service').flatMap((line) => {
    const [, sign, name] = /^\s*\[ ([+-]) \]\s+(.+)$/.exec(line) ?? [];
    if (name === undefined) return [];
    return [{ name, state: sign === '+' ? 'running' : 'stopped', source: 'sysv' }];
  });
}

function ofChkconfig(lists: ServiceLists): readonly Service[] {
  const running = new Set(linesOf(lists, 'running'));
  return linesOf(lists, 'chkconfig').flatMap((line) => {
    const [, name, level3] = /^(\S+)\s.*\b3:(on|off)\b.*\b6:(?:on|off)/.exec(line) ?? [];
    if (name === undefined) return [];
    const state = running.has(name) ? 'running' : 'stopped';
    return [{ name, state, status: level3 === 'on' ? 'enabled' : 'disabled', source: 'sysv' }];
  });
}

function ofOpenRc(lists: ServiceLists): readonly Service[] {
  const levels = new Map(
    linesOf(lists, 'rc-update').flatMap((line) => {
      const [name = '', words] = line.split('|');
      if (words === undefined) return [];
      const names = words.trim().split(/\s+/).filter(Boolean);
      return [[name.trim(), names.length === 0 ? null : names] as const];
    }),
  );
  return linesOf(lists, 'rc-status').flatMap((line) => {
    if (!line.startsWith(' ')) return [];
    const [name = '', state] = line.replace(/[[\]]/g, '').trim().split(/\s+/);
    const runlevels = levels.get(name);
    if (state === undefined || runlevels === undefined) return [];
    return [{ name, runlevels, state, source: 'openrc' }];
  });
}

const badStates = ['not-found', 'masked', 'failed'];

function ofSystemd(lists: ServiceLists): readonly Service[] {
  const found = new Map<string, Service>();
  const put = (name: string, state: string, status: string): void => {
    found.set(name, { name, state, status, source: 'systemd' });
  };
  for (const line of linesOf(lists, 'units')) {
    const [name = '', load = '', active = '', sub = ''] = line.trim().split(/\s+/);
    if (!name.endsWith('.service')) continue;
    const status = badStates.find((bad) => [load, active, sub].includes(bad)) ?? active;
    put(name, sub === 'running' ? 'running' : 'stopped', status);
  }
  const states = statesOf(lists);
  for (const line of linesOf(lists, 'files')) {
    const [name = '', status] = line.trim().split(/\s+/);
    if (!name.endsWith('.service') || status === undefined) continue;
    const loaded = found.get(name);
    if (loaded === undefined) put(name, states.get(name) ?? 'unknown', status);
    else if (!badStates.includes(String(loaded.status))) put(name, String(loaded.state), status);
  }
  return [...found.values()];
}

/** `systemctl show` answers in the order of the names; a template has no state. */
function statesOf(lists: ServiceLists): ReadonlyMap<string, string> {
  const [names = '', ...lines] = linesOf(lists, 'states');
  const asked = names.trim().split(' ');
  const states = lines.flatMap((line) => /^ActiveState=(.*)$/.exec(line)?.[1] ?? []);
  if (states.length !== asked.length) return new Map();
  return new Map(asked.map((name, index) => [name, states[index] ?? 'unknown']));
}
