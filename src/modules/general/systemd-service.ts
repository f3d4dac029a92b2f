import { Unknown } from '../../core/unknown.ts';
import { type Ask, all, andThen, map, nothing, orUnknown, question } from '../ask.ts';
import { file } from '../asks/file.ts';
import { type UnitScope, unitctl } from '../asks/unit.ts';
import type { Module } from '../module.ts';
import { refusedArgument } from './refused-argument.ts';
import { applyService } from './systemd-apply.ts';
import {
  asksForStale,
  maskPath,
  planService,
  type ServiceArgs,
  type ServiceChange,
  type ServiceState,
} from './systemd-plan.ts';
import { unitToCome } from './systemd-unit.ts';

const unused = 'systemd has no use for it, and Ansible ignores it there, too; leave it out.';

/** Units of systemd. */
export const systemdService: Module<ServiceArgs, ServiceState, ServiceChange> = {
  name: 'systemd_service',
  aliases: ['systemd', 'service'],
  summary: 'Starts, stops, enables and masks systemd units.',
  notes: [
    '`restarted` and `reloaded` act every time; put them into a handler.',
    'A unit that is starting again and again (`activating`), as kubelet does before its node has joined, counts as started.',
    'When a unit does not start, the error holds the last lines of its journal.',
  ],
  args: {
    type: 'object',
    properties: {
      name: {
        type: 'string',
        changes: 'unit',
        description: 'Name of the unit; without an ending it is a service.',
        aliases: ['unit', 'service'],
      },
      state: {
        enum: ['started', 'stopped', 'restarted', 'reloaded'],
        description: 'What it is to do now. Absent: as it is.',
      },
      enabled: { type: 'boolean', description: 'Whether it starts at boot. Absent: as it is.' },
      masked: {
        type: 'boolean',
        description: 'Whether it is barred from starting at all. Absent: as it is.',
      },
      daemon_reload: {
        type: 'boolean',
        default: false,
        description: 'Let systemd read its unit files anew where they have changed since it read them.',
        aliases: ['daemon-reload'],
      },
      daemon_reexec: {
        type: 'boolean',
        default: false,
        description: 'Let systemd start itself anew, every time. By itself it counts as no change.',
        aliases: ['daemon-reexec'],
      },
      no_block: {
        type: 'boolean',
        default: false,
        description: 'Do not wait until it has started or stopped.',
      },
      force: {
        type: 'boolean',
        default: false,
        description: 'Replace links that are in the way when it is enabled or masked.',
      },
      scope: {
        enum: ['system', 'user', 'global'],
        default: 'system',
        description:
          'Units of the system, of the user that the task runs as (whose manager must run: log in, or `loginctl enable-linger`), or what is enabled for all users.',
      },
      use: {
        enum: ['auto', 'systemd'],
        description: 'Accepted.',
        refused: 'Services are managed by systemd only; use `command` with the host’s own tools elsewhere.',
      },
      sleep: refusedArgument(unused),
      pattern: refusedArgument(unused),
      runlevel: refusedArgument(unused),
      arguments: refusedArgument(unused),
      args: refusedArgument(unused),
    },
    anyOf: [{ required: ['name'] }, { required: ['daemon_reload'] }, { required: ['daemon_reexec'] }],
    additionalProperties: false,
  },
  returns: {
    name: 'The unit.',
    state: 'started or stopped.',
    enabled: 'Whether it starts at boot.',
    status: 'systemd’s own words: LoadState, ActiveState, SubState, UnitFileState.',
  },
  example: `- name: Run the time server, now and at boot
  systemd_service:
    name: chrony
    state: started
    enabled: true
`,
  probe: (args) => {
    const now = all({
      unit: args.name === undefined ? nothing(null) : unitToCome(args.name, args.scope ?? 'system'),
      place: args.masked === true ? placeOfMask(args) : nothing(null),
    });
    return andThen(now, (found) =>
      map(
        asksForStale(args, found.unit)
          ? orUnknown(staleUnits(args.scope ?? 'system'))
          : nothing<readonly string[]>([]),
        (stale) => ({ ...found, stale }),
      ),
    );
  },
  diff: planService,
  apply: applyService,
  output: (args, state) => outputOf(args, state.unit),
  foreseen: (wanted) => ({
    ...outputOf(wanted.args, wanted.after),
    ...(wanted.verbs.every((verb) => verb === 'daemon-reexec') ? { changed: false } : {}),
  }),
};

function placeOfMask({ name, scope }: ServiceArgs): Ask<ServiceState['place']> {
  const path = name === undefined ? null : maskPath(name, scope);
  return path === null ? nothing(null) : orUnknown(file(path, { content: 'none' }));
}

// systemd loads units that it has not read yet freshly, so only those it has read can be stale. It takes about a millisecond to
// tell of each; one is enough to know.
function staleUnits(scope: UnitScope): Ask<readonly string[]> {
  return question({
    key: `stale-units:${scope}`,
    reads: ['file:/etc/systemd/*'],
    args: [scope],
    sh: `[ -d /run/systemd/system ] || exit 0
${unitctl}
unitctl "$1" show --all -p Id -p NeedDaemonReload '*' | while IFS= read -r line; do
  case $line in Id=*) id=\${line#Id=} ;; NeedDaemonReload=*) need=\${line#*=} ;; esac
  if [ -n "$id" ] && [ -n "$need" ]; then [ "$need" = no ] || { echo "$id"; exit; }; id= need=; fi
done
exit 0`,
    parse: (reply) => reply.stdout.split('\n').filter((line) => line !== ''),
  });
}

function outputOf(
  args: ServiceArgs,
  found: ServiceState['unit'],
): Record<string, string | boolean | null | Record<string, string | null>> {
  if (args.name === undefined) return { name: null, status: {} };
  if (found === null || found instanceof Unknown) return {};
  return {
    name: args.name,
    state: found.active === 'active' || found.active === 'activating' ? 'started' : 'stopped',
    enabled: found.unitFile === 'enabled' || found.unitFile === 'enabled-runtime',
    status: {
      LoadState: found.load,
      ActiveState: found.active,
      SubState: found.sub,
      UnitFileState: found.unitFile,
    },
  };
}
