import { Failure } from '../../core/failure.ts';
import type { Output } from '../../core/value.ts';
import { kernelModule } from '../asks/kernel-module.ts';
import type { HostWriter } from '../module.ts';
import { applyFile } from './file-change.ts';
import { type ModprobeChange, namesOf } from './modprobe-plan.ts';
import { lastLines, notConverged } from './steps.ts';

/** Loads or unloads modules and writes their files. @throws Failure HAPB6051, HAPB6052 */
export async function applyModprobe(wanted: ModprobeChange, host: HostWriter): Promise<Output> {
  const { args } = wanted;
  const state = args.state ?? 'present';
  for (const plan of wanted.files) await applyFile(plan, host);
  for (const name of wanted.names) {
    const params = (args.params ?? '').split(/\s+/).filter((word) => word !== '');
    const words = state === 'present' ? [name, ...params] : ['-r', name];
    const reply = await host.run({ sh: 'PATH=$PATH:/usr/sbin:/sbin; modprobe "$@"', args: words });
    if (reply.exitCode !== 0) throw refused(name, { wanted, output: reply.stderr || reply.stdout });
    const found = await host.ask(kernelModule(name));
    if ((found.presence === 'absent') === (state === 'present')) {
      throw notConverged(`kernel module ${name}`, found.presence);
    }
  }
  return { name: namesOf(args), state, params: args.params ?? '' };
}

function refused(name: string, why: { readonly wanted: ModprobeChange; readonly output: string }): Failure {
  const { wanted, output } = why;
  const denied = /not permitted|permission denied/i.test(output);
  const details = lastLines(output, 10);
  if ((wanted.args.state ?? 'present') === 'absent') {
    const hint = 'Stop what uses it, or remove the modules that depend on it first.';
    return new Failure({ code: 'HAPB6052', message: `module ${name} cannot be unloaded`, hint, details });
  }
  return new Failure({
    code: 'HAPB6051',
    message: `module ${name} cannot be loaded${denied ? ': the kernel does not permit it' : ''}`,
    hint:
      wanted.kernel.place === 'container'
        ? 'This host is a container: load the module on the machine that it runs on.'
        : denied
          ? 'Add `become: true`; with Secure Boot the module must be signed.'
          : 'Read the output below.',
    details,
  });
}
