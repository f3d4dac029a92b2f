import type { ShellReply } from '../../connection/connection.ts';
import type { Effect } from '../../core/change.ts';
import { type Ask, question } from '../ask.ts';

/** A systemd unit, in `systemctl show`'s own words; `null` in an effect: not foreseen. */
export interface UnitState {
  /** `loaded`, `not-found`, `masked`, `bad-setting`, `error`; ours: `no-systemd` where systemd does not run. */
  readonly load: string;
  /** `active`, `inactive`, `failed`, `activating`, `deactivating`, `reloading`. */
  readonly active: string;
  /** `running`, `dead`, `exited`, … */
  readonly sub: string | null;
  /** `enabled`, `disabled`, `static`, `masked`, `enabled-runtime`, `indirect`, `generated`, …; empty when there is no unit file. */
  readonly unitFile: string;
  /** The unit file has changed since systemd read it. */
  readonly needsReload: boolean;
}

/** Whose units: those of the system, of the user that the task runs as, or what all users have enabled. */
export type UnitScope = 'system' | 'user' | 'global';

/** A shell function `unitctl SCOPE …`: systemctl for that scope. The user's manager is found as pam_systemd leaves it. */
export const unitctl = `unitctl() {
  scope=$1; shift
  if [ "$scope" = system ]; then systemctl "$@"; return; fi
  XDG_RUNTIME_DIR=\${XDG_RUNTIME_DIR:-/run/user/$(id -u)} systemctl "--$scope" "$@"
}`;

const properties = '-p LoadState -p ActiveState -p SubState -p UnitFileState -p NeedDaemonReload';

const script = `
if ! command -v systemctl >/dev/null || ! [ -d /run/systemd/system ]; then echo LoadState=no-systemd; exit 0; fi
${unitctl}
unitctl "$2" show ${properties} -- "$1"
`;

// One systemctl for all. It puts an empty line between them, and a pattern would bring more than one.
const several = `
command -v systemctl >/dev/null && [ -d /run/systemd/system ] || exit 1
mark=$1 scope=$3; shift
left=$(($# / 2)) newline='
'
while [ "$left" -gt 0 ]; do
  case $1 in ''|*[*?[]*) exit 1 ;; esac
  [ "$2" = "$scope" ] || exit 1
  name=$1 left=$((left - 1)); shift 2; set -- "$@" "$name"
done
${unitctl}
shown=$(unitctl "$scope" show ${properties} -- "$@") || exit 1
said=
for name in "$@"; do
  [ -n "$shown" ] || exit 1
  said=$said\${shown%%"$newline$newline"*}$newline$mark$newline
  case $shown in *"$newline$newline"*) shown=\${shown#*"$newline$newline"} ;; *) shown= ;; esac
done
[ -z "$shown" ] || exit 1
printf '%s' "$said"
`;

/** A systemd unit; a name without a suffix is a service. Key `unit:NAME` (or `user-unit:NAME`), without `.service`. */
export function unit(name: string, scope: UnitScope = 'system'): Ask<UnitState> {
  return question({
    key: unitKey(name, scope),
    reads: ['package:*', ...(scope === 'system' ? otherFiles(unitName(name)) : [])],
    sh: script,
    several,
    args: [unitName(name), scope],
    parse: parseUnit,
  });
}

/** Where else than in /etc a unit's file may lie, or that of its template, and what adds to it. */
function otherFiles(unit: string): readonly string[] {
  const template = unit.replace(/@.+(?=\.[a-z]+$)/, '@');
  const folders = ['/usr/lib', '/lib', '/usr/local/lib', '/run'].map(
    (folder) => `file:${folder}/systemd/system`,
  );
  return [
    ...folders.flatMap((folder) => [...new Set([unit, template])].map((name) => `${folder}/${name}`)),
    ...(template === unit ? [] : [`file:/etc/systemd/system/${template}`]),
  ];
}

/** The name of a unit in the vocabulary of asks and effects. */
export function unitKey(name: string, scope: UnitScope = 'system'): string {
  return `${scope === 'system' ? '' : `${scope}-`}unit:${name.replace(/\.service$/, '')}`;
}

/** A unit's full name: `kubelet` → `kubelet.service`. */
export function unitName(name: string): string {
  return /\.(service|socket|target|timer|mount|automount|swap|path|slice|scope|device)$/.test(name)
    ? name
    : `${name}.service`;
}

/** The effect "this unit will be so". */
export function unitEffect(name: string, state: UnitState, scope: UnitScope = 'system'): Effect {
  return { key: unitKey(name, scope), state };
}

function parseUnit(reply: ShellReply): UnitState {
  const values = new Map<string, string>();
  for (const line of reply.stdout.split('\n')) {
    const at = line.indexOf('=');
    if (at > 0) values.set(line.slice(0, at), line.slice(at + 1).trim());
  }
  return {
    load: values.get('LoadState') ?? 'no-systemd',
    active: values.get('ActiveState') ?? 'inactive',
    sub: values.get('SubState') ?? null,
    unitFile: values.get('UnitFileState') ?? '',
    needsReload: values.get('NeedDaemonReload') === 'yes',
  };
}
