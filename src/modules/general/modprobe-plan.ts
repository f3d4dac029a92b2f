import { type Change, type Edit, type Effect, known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import { type Ask, question } from '../ask.ts';
import { type KernelModuleState, kernelModuleEffect } from '../asks/kernel-module.ts';
import { sysctlEffect } from '../asks/sysctl.ts';
import type { FilePlan } from './file-change.ts';
import { joinLines, planText, splitLines, type TextFile, textOf } from './text-file.ts';

/** Arguments of `modprobe`. */
export interface ModprobeArgs {
  readonly name: string | readonly string[];
  readonly state?: 'present' | 'absent';
  readonly params?: string;
  readonly persist?: boolean;
  readonly persistent?: 'disabled' | 'absent' | 'present';
}

/** Whether modprobe could load a module: `no-modprobe` where the program is missing. */
export type Loadable = 'yes' | 'no' | 'no-modprobe';

/** The running kernel, and those that modules are installed for. */
export interface Kernel {
  readonly release: string;
  readonly installed: readonly string[];
  /** Containers share the kernel of their host and may not load modules. */
  readonly place: 'machine' | 'container';
}

/** What `modprobe` asks. */
export interface ModprobeState {
  readonly modules: readonly {
    readonly name: string;
    readonly presence: KernelModuleState['presence'];
    readonly loadable: Loadable;
  }[];
  readonly load: TextFile;
  readonly options: TextFile;
  readonly kernel: Kernel;
}

/** Modules to load or unload, and files to write. */
export interface ModprobeChange extends Change {
  readonly args: ModprobeArgs;
  readonly names: readonly string[];
  readonly files: readonly FilePlan[];
  readonly kernel: Kernel;
}

/** Where modules are named for the next boot, and their parameters. */
export const paths = { load: '/etc/modules-load.d/hapb.conf', options: '/etc/modprobe.d/hapb.conf' } as const;

/** The names as a list. */
export function namesOf(args: ModprobeArgs): readonly string[] {
  return typeof args.name === 'string' ? [args.name] : args.name;
}

/** Whether modprobe knows the module. */
export function loadable(name: string): Ask<Loadable> {
  return question<Loadable>({
    key: `kernel-module-file:${name}`,
    sh: `PATH=$PATH:/usr/sbin:/sbin
if ! command -v modprobe >/dev/null; then echo no-modprobe; elif modprobe -n -q "$1" 2>/dev/null; then echo yes; else echo no; fi`,
    args: [name],
    parse: (reply) => {
      const word = reply.stdout.trim();
      return word === 'yes' || word === 'no-modprobe' ? word : 'no';
    },
  });
}

/** The running kernel. */
export function kernel(): Ask<Kernel> {
  return question<Kernel>({
    key: 'kernel',
    sh: `uname -r
if [ -s /run/systemd/container ] || [ -e /.dockerenv ] || [ -e /run/.containerenv ]; then echo container; else echo machine; fi
ls /lib/modules 2>/dev/null || :`,
    parse: (reply) => {
      const [release = '', place, ...installed] = reply.stdout.trim().split('\n');
      return { release, place: place === 'container' ? 'container' : 'machine', installed };
    },
  });
}

/** What has to be done; `null`: nothing. @throws Failure HAPB6050 to HAPB6052 */
export function planModprobe(args: ModprobeArgs, state: ModprobeState): ModprobeChange | null {
  const wanted = args.state ?? 'present';
  if (args.params !== undefined && namesOf(args).length > 1) {
    throw new Failure({
      code: 'HAPB6006',
      message: 'params are for one module, and name has several',
      hint: 'Give the module with parameters a task of its own.',
      argument: 'params',
    });
  }
  const modules = state.modules.filter((module) => (wanted === 'present') === (module.presence === 'absent'));
  for (const module of modules) {
    if (wanted === 'present' && module.loadable !== 'yes') throw notThere(module, state.kernel);
    if (wanted === 'absent' && module.presence === 'built-in') throw builtIn(module.name);
  }
  const files = planFiles(args, state);
  if (modules.length === 0 && files.length === 0) return null;
  const names = modules.map((module) => module.name);
  const verb = wanted === 'present' ? 'load' : 'unload';
  const edits: readonly Edit[] = names.map((name) => ({
    subject: `kernel module ${name}`,
    before: wanted === 'present' ? null : 'loaded\n',
    after: wanted === 'present' ? 'loaded\n' : null,
  }));
  return {
    summary: [
      ...(names.length > 0 ? [`${verb} ${names.join(', ')}`] : []),
      ...files.map((plan) => `write ${plan.path}`),
    ].join(', '),
    edits: [...edits, ...files.flatMap((plan) => plan.edits)],
    effects: [...names.flatMap((name) => effectsOf(name, wanted)), ...files.flatMap((plan) => plan.effects)],
    forecast: known,
    args,
    names,
    files,
    kernel: state.kernel,
  };
}

/** What the files for the next boot are to say; `null`: they are left alone. */
function persistenceOf(args: ModprobeArgs): 'present' | 'absent' | null {
  if (args.persistent !== undefined) return args.persistent === 'disabled' ? null : args.persistent;
  return args.persist === false ? null : (args.state ?? 'present');
}

function planFiles(args: ModprobeArgs, state: ModprobeState): readonly FilePlan[] {
  const names = namesOf(args);
  const wanted = persistenceOf(args);
  if (wanted === null) return [];
  const loads = wanted === 'present' ? names : [];
  const load = editLines(textOf(paths.load, state.load) ?? '', {
    drop: (line) => names.some((name) => sameModule(line.trim(), name)),
    add: loads,
  });
  const options = editLines(textOf(paths.options, state.options) ?? '', {
    drop: (line) =>
      names.some((name) => /^options\s/.test(line) && sameModule(line.trim().split(/\s+/)[1] ?? '', name)),
    add:
      wanted === 'present' && args.params !== undefined
        ? names.map((name) => `options ${name} ${args.params ?? ''}`)
        : [],
  });
  const plans: (FilePlan | null)[] = [];
  if (wanted === 'present' || state.load.file.kind !== 'absent')
    plans.push(planText(paths.load, load, { now: state.load }));
  if (
    (wanted === 'present' && args.params !== undefined) ||
    (wanted === 'absent' && state.options.file.kind !== 'absent')
  ) {
    plans.push(planText(paths.options, options, { now: state.options }));
  }
  return plans.filter((plan) => plan !== null);
}

/** Lines that are right stay where they are; others that match are dropped. */
function editLines(
  text: string,
  edit: { readonly drop: (line: string) => boolean; readonly add: readonly string[] },
): string {
  const { lines, newline } = splitLines(text);
  const kept = lines.filter((line) => edit.add.includes(line) || !edit.drop(line));
  const missing = edit.add.filter((line) => !kept.includes(line));
  return joinLines([...kept, ...missing], newline);
}

function sameModule(left: string, right: string): boolean {
  return left.replaceAll('-', '_') === right.replaceAll('-', '_');
}

/** br_netfilter brings settings that are on until somebody turns them off (kernel: ip-sysctl, bridge). */
function effectsOf(name: string, wanted: 'present' | 'absent'): readonly Effect[] {
  const loaded = wanted === 'present';
  const effect = kernelModuleEffect(name, { presence: loaded ? 'loaded' : 'absent' });
  if (name.replaceAll('-', '_') !== 'br_netfilter') return [effect];
  const settings = ['iptables', 'ip6tables', 'arptables'].map((table) =>
    sysctlEffect(
      `net/bridge/bridge-nf-call-${table}`,
      loaded ? { kind: 'value', value: '1' } : { kind: 'absent' },
    ),
  );
  return [effect, ...settings];
}

function notThere(module: ModprobeState['modules'][number], kernel: Kernel): Failure {
  const others = kernel.installed.filter((release) => release !== kernel.release);
  const updated = !kernel.installed.includes(kernel.release) && others.length > 0;
  const installed = others.length > 0 ? ` (modules are installed for ${others.join(', ')})` : '';
  return new Failure({
    code: 'HAPB6050',
    message:
      module.loadable === 'no-modprobe'
        ? `module ${module.name} is not loaded, and the host has no modprobe`
        : `module ${module.name} was not found for the running kernel ${kernel.release}${installed}`,
    hint:
      kernel.place === 'container'
        ? 'This host is a container: load the module on the machine that it runs on.'
        : module.loadable === 'no-modprobe'
          ? 'Install the package kmod.'
          : updated
            ? 'The kernel was updated and the host not rebooted since; reboot it.'
            : 'Install the kernel package that holds the module, or correct the name.',
    argument: 'name',
  });
}

function builtIn(name: string): Failure {
  return new Failure({
    code: 'HAPB6052',
    message: `module ${name} is built into the kernel, so it cannot be unloaded`,
    hint: 'Leave it; use another kernel if it must not be there.',
    argument: 'name',
  });
}
