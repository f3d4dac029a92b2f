import { all, each, map } from '../ask.ts';
import { kernelModule } from '../asks/kernel-module.ts';
import type { Module } from '../module.ts';
import { applyModprobe } from './modprobe-apply.ts';
import {
  kernel,
  loadable,
  type ModprobeArgs,
  type ModprobeChange,
  type ModprobeState,
  namesOf,
  paths,
  planModprobe,
} from './modprobe-plan.ts';
import { textFile } from './text-file.ts';

/** Kernel modules. */
export const modprobe: Module<ModprobeArgs, ModprobeState, ModprobeChange> = {
  name: 'modprobe',
  summary: 'Loads kernel modules, now and at every boot.',
  notes: [
    'What is built into the kernel counts as loaded, also where only the feature itself shows it: kernels without module support list nothing.',
    '`params` are written for the next load; a module that is loaded already keeps those it was loaded with.',
    'Unlike Ansible’s, it keeps modules for the next boot unless `persist: false` or `persistent: disabled` says otherwise.',
    'Undo: `state: absent`, which unloads the module and removes the lines.',
  ],
  args: {
    type: 'object',
    properties: {
      name: {
        type: ['string', 'array'],
        items: { type: 'string' },
        minItems: 1,
        description: 'Module name, or a list of them.',
      },
      state: { enum: ['present', 'absent'], default: 'present', description: 'Whether it is to be loaded.' },
      params: { type: 'string', description: 'Parameters, such as `hashsize=131072`; for a single module.' },
      persist: {
        type: 'boolean',
        default: true,
        description:
          'Load it at boot too (/etc/modules-load.d/hapb.conf, with params /etc/modprobe.d/hapb.conf).',
      },
      persistent: {
        enum: ['disabled', 'absent', 'present'],
        description:
          "In Ansible's words: present and absent set or remove the lines for the next boot, whatever `state` says; disabled leaves them alone. Absent: as `persist` says.",
      },
    },
    required: ['name'],
    additionalProperties: false,
  },
  returns: { name: 'The modules.', state: 'present or absent.', params: 'The parameters.' },
  example: `- name: Load what containers need
  modprobe:
    name: [overlay, br_netfilter]
`,
  probe: (args) =>
    all({
      modules: each(
        namesOf(args).map((name) =>
          map(all({ state: kernelModule(name), loadable: loadable(name) }), (found) => ({
            name,
            presence: found.state.presence,
            loadable: found.loadable,
          })),
        ),
      ),
      load: textFile(paths.load),
      options: textFile(paths.options),
      kernel: kernel(),
    }),
  diff: planModprobe,
  apply: applyModprobe,
  output: (args) => ({ name: namesOf(args), state: args.state ?? 'present', params: args.params ?? '' }),
  foreseen: ({ args }) => ({
    name: namesOf(args),
    state: args.state ?? 'present',
    params: args.params ?? '',
  }),
};
