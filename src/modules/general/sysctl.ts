import { type Change, known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import type { Output } from '../../core/value.ts';
import { type Ask, all, question } from '../ask.ts';
import {
  normalSysctlValue,
  type SysctlState,
  sysctl as sysctlAsk,
  sysctlEffect,
  sysctlPath,
} from '../asks/sysctl.ts';
import type { Module } from '../module.ts';
import { pathArgument } from './file-arguments.ts';
import { applyFile, type FilePlan } from './file-change.ts';
import { runThenAsk, stepFailed } from './steps.ts';
import { overriding, type SettingLine, setSetting } from './sysctl-files.ts';
import { planText, type TextFile, textFile, textOf } from './text-file.ts';

/** Arguments of `sysctl`. */
export interface SysctlArgs {
  readonly name: string;
  readonly value?: string | number | boolean;
  readonly state?: 'present' | 'absent';
  readonly file?: string;
  readonly reload?: boolean;
  readonly sysctl_set?: boolean;
  readonly ignoreerrors?: boolean;
}

/** What `sysctl` asks. */
export interface SysctlModuleState {
  readonly runtime: SysctlState;
  readonly file: TextFile;
  readonly lines: readonly SettingLine[];
}

/** A setting to write, now, into the file, or both. */
export interface SysctlChange extends Change {
  readonly name: string;
  /** Written to the running kernel; `null`: it is right already. */
  readonly value: string | null;
  readonly plan: FilePlan | null;
  readonly result: Output;
}

const defaultFile = '/etc/sysctl.d/99-hapb.conf';

/** Kernel settings. */
export const sysctl: Module<SysctlArgs, SysctlModuleState, SysctlChange> = {
  name: 'sysctl',
  summary: 'Sets a kernel setting, now and at every boot.',
  notes: [
    'Unlike Ansible’s, it keeps settings in /etc/sysctl.d/99-hapb.conf unless `sysctl_file` names another, and finds a running kernel that differs.',
    'The running kernel and the file are looked at separately, so a value that somebody changed by hand is found.',
    'A file that is read later and says otherwise is an error, because the next boot would undo the setting.',
    '`state: absent` removes the line; the running kernel keeps its value until the next boot.',
  ],
  args: {
    type: 'object',
    properties: {
      name: {
        type: 'string',
        changes: 'sysctl',
        pattern: '^[^ =]+$',
        description: 'The setting, such as net.ipv4.ip_forward.',
        aliases: ['key'],
      },
      value: {
        type: ['string', 'number', 'boolean'],
        description:
          'Its value. Several numbers are separated by blanks; yes and true are 1, no and false 0.',
        aliases: ['val'],
      },
      state: {
        enum: ['present', 'absent'],
        default: 'present',
        description: 'absent: remove it from the file.',
      },
      file: {
        ...pathArgument('The file that keeps it for the next boot.', ['sysctl_file']),
        default: defaultFile,
      },
      reload: {
        type: 'boolean',
        default: true,
        description:
          'Set it in the running kernel too. false: only at the next boot, unless sysctl_set says so.',
      },
      sysctl_set: {
        type: 'boolean',
        default: false,
        description: 'Set it in the running kernel, also with reload: false.',
      },
      ignoreerrors: {
        type: 'boolean',
        default: false,
        description: 'Write the file even if the running kernel has no such setting.',
      },
    },
    required: ['name'],
    additionalProperties: false,
  },
  returns: { name: 'The setting.', value: 'Its value.', file: 'The file.' },
  example: `- name: Let the host route
  sysctl:
    name: net.ipv4.ip_forward
    value: 1
`,
  probe: (args) =>
    all({
      runtime: sysctlAsk(args.name),
      file: textFile(args.file ?? defaultFile),
      lines: settingLines(args.name),
    }),
  diff(args, state) {
    const path = args.file ?? defaultFile;
    const text = textOf(path, state.file);
    if (args.state === 'absent') {
      const plan =
        text === null ? null : planText(path, setSetting(text, args.name, null), { now: state.file });
      return plan === null ? null : changeOf(args, { plan, value: null, before: null });
    }
    const value = textOfValue(args);
    if (state.runtime.kind === 'absent' && args.ignoreerrors !== true) throw absent(args.name);
    const rival = overriding(state.lines, { path, value });
    if (rival !== null) throw overridden(args.name, rival);
    const plan = planText(path, setSetting(text ?? '', args.name, value), { now: state.file });
    const before = state.runtime.kind === 'absent' ? null : state.runtime.value;
    const now = args.reload !== false || args.sysctl_set === true;
    const runtime = !now || before === null || before === value ? null : value;
    return plan === null && runtime === null ? null : changeOf(args, { plan, value: runtime, before });
  },
  async apply(wanted, host) {
    if (wanted.plan !== null) await applyFile(wanted.plan, host);
    if (wanted.value !== null) {
      const problem = {
        code: 'HAPB6062',
        message: `the kernel does not take ${wanted.name} = ${wanted.value}`,
        hint: 'Check the value; in a container many settings belong to the machine that it runs on.',
      } as const;
      const sh = 'printf "%s\\n" "$2" >"/proc/sys/$1"';
      const call = { sh, args: [sysctlPath(wanted.name), wanted.value] };
      const { reply, found } = await runThenAsk(host, call, sysctlAsk(wanted.name));
      if (found === null) throw stepFailed(reply, problem);
      if (found.kind !== 'value' || found.value !== wanted.value) {
        throw new Failure({
          ...problem,
          message: `${problem.message}: it stays at ${found.kind === 'value' ? found.value : 'nothing'}`,
        });
      }
    }
    return wanted.result;
  },
  output: (args) => outputOf(args),
  foreseen: (wanted) => wanted.result,
};

function changeOf(
  args: SysctlArgs,
  what: { plan: FilePlan | null; value: string | null; before: string | null },
): SysctlChange {
  const { plan, value, before } = what;
  const subject = `sysctl ${args.name}`;
  return {
    summary: value === null ? `write ${plan?.path ?? ''}` : `set ${args.name} to ${value}`,
    edits: [
      ...(value === null ? [] : [{ subject, before: `${before ?? ''}\n`, after: `${value}\n` }]),
      ...(plan?.edits ?? []),
    ],
    effects: [
      ...(value === null ? [] : [sysctlEffect(args.name, { kind: 'value', value })]),
      ...(plan?.effects ?? []),
    ],
    forecast: known,
    name: args.name,
    value,
    plan,
    result: outputOf(args),
  };
}

/** Adds the files that settings are read from to the shell's arguments. */
const settingFiles = `for d in /etc/sysctl.d /run/sysctl.d /usr/local/lib/sysctl.d /usr/lib/sysctl.d /lib/sysctl.d; do
  for f in "$d"/*.conf; do [ ! -f "$f" ] || set -- "$@" "$f"; done
done
[ ! -f /etc/sysctl.conf ] || set -- "$@" /etc/sysctl.conf`;

const several = `
mark=$1; shift
count=$#
for word in "$@"; do set -- "$@" -e "$word"; done
asked=$#
${settingFiles}
[ "$#" = "$asked" ] && lines= || lines=$(shift "$count"; grep -HF "$@")
set -f
IFS='
'
said=
while [ "$count" -gt 0 ]; do
  for line in $lines; do
    case $line in *"$1"*|*"$2"*) said=$said$line$IFS ;; esac
  done
  said=$said$mark$IFS count=$((count - 2)); shift 2
done
printf '%s' "$said"
`;

// Our own file is edited, not asked for here, so an edit foreseen there does not make the answer unknown.
function settingLines(name: string): Ask<readonly SettingLine[]> {
  const path = sysctlPath(name);
  const patterns = [path, path.replace(/[./]/g, (sign) => (sign === '.' ? '/' : '.'))];
  return question({
    key: `sysctl-lines:${path}`,
    sh: `want=$1 other=$2; set --
${settingFiles}
[ "$#" = 0 ] || grep -HF -e "$want" -e "$other" "$@"
exit 0`,
    several,
    args: patterns,
    parse: (reply) =>
      reply.stdout.split('\n').flatMap((line) => {
        const match = /^([^:]+):\s*-?\s*([^=#;\s]+)\s*=\s*(.*)$/.exec(line);
        const [, file = '', key = '', value = ''] = match ?? [];
        return match !== null && sysctlPath(key) === path ? [{ file, value: normalSysctlValue(value) }] : [];
      }),
  });
}

function textOfValue(args: SysctlArgs): string {
  if (args.value === undefined) {
    throw new Failure({
      code: 'HAPB6006',
      message: `sysctl needs a value for ${args.name}`,
      hint: 'Add `value:`.',
      argument: 'name',
    });
  }
  const text = String(args.value).trim();
  if (/^(true|yes|on|y|t)$/i.test(text)) return '1';
  if (/^(false|no|off|n|f)$/i.test(text)) return '0';
  return normalSysctlValue(text);
}

function absent(name: string): Failure {
  const module = sysctlPath(name).startsWith('net/bridge/') ? 'br_netfilter' : null;
  return new Failure({
    code: 'HAPB6060',
    message: `the running kernel has no setting ${name}`,
    hint:
      module === null
        ? 'Correct the name, or load the module that brings it first.'
        : `Load ${module} first: \`modprobe: {name: ${module}}\`.`,
    argument: 'name',
  });
}

function overridden(name: string, rival: SettingLine): Failure {
  return new Failure({
    code: 'HAPB6061',
    message: `${rival.file} sets ${name} to ${rival.value} and is read later, so the next boot would undo this`,
    hint: `Remove the line from ${rival.file}, or name a file that comes after it with \`file:\`.`,
    argument: 'value',
  });
}

function outputOf(args: SysctlArgs): Output {
  const value = args.value === undefined ? {} : { value: textOfValue(args) };
  return { name: args.name, file: args.file ?? defaultFile, ...value };
}
