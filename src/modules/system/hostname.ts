import { type Change, known } from '../../core/change.ts';
import type { Output } from '../../core/value.ts';
import { all, question } from '../ask.ts';
import { hostName, hostNameEffect } from '../asks/host-name.ts';
import { applyFile, type FilePlan } from '../general/file-change.ts';
import { notConverged, step } from '../general/steps.ts';
import { planText, type TextFile, textFile, textOf } from '../general/text-file.ts';
import type { Module } from '../module.ts';

/** Arguments of `hostname`. */
export interface HostnameArgs {
  readonly name: string;
  readonly use?: string;
}

/** What `hostname` asks. */
export interface HostnameState {
  readonly running: string;
  readonly file: TextFile;
  /** The name with its domain as /etc/hosts has it; empty: it has none. A resolver may take seconds to say so. */
  readonly fqdn: string;
}

/** A name to give. */
export interface HostnameChange extends Change {
  readonly name: string;
  /** `null`: the file is right. */
  readonly plan: FilePlan | null;
  readonly kernel: 'set' | 'keep';
  readonly result: Output;
}

const path = '/etc/hostname';

/** The host's own name. */
export const hostname: Module<HostnameArgs, HostnameState, HostnameChange> = {
  name: 'hostname',
  summary: 'Gives the host its name, now and at every boot.',
  notes: [
    'It writes /etc/hostname and tells the kernel, which all Linux distributions go by; hostnamectl and its bus are not needed. A pretty name in /etc/machine-info stays.',
    '/etc/hosts is left alone: give the new name an address with `hosts_entry`.',
    'The facts of the host are corrected at once.',
  ],
  args: {
    type: 'object',
    properties: {
      name: {
        type: 'string',
        pattern: '^[A-Za-z0-9]([A-Za-z0-9.-]{0,62}[A-Za-z0-9])?$',
        description: 'The name, alone or with its domain; at most 64 letters, digits, - and dots.',
      },
      use: {
        enum: ['alpine', 'debian', 'generic', 'openrc', 'redhat', 'sles', 'systemd'],
        description: 'Accepted; all mean the same here.',
        refused: 'hapb works on Linux, whose ways are all one here; leave it out.',
      },
    },
    required: ['name'],
    additionalProperties: false,
  },
  returns: {
    name: 'The name.',
    ansible_facts:
      'ansible_hostname and ansible_nodename; ansible_fqdn and ansible_domain where the name or /etc/hosts holds them.',
  },
  example: `- name: Call the host by its name in the inventory
  hostname:
    name: "{{ inventory_hostname }}"
`,
  probe: (args) =>
    all({
      running: hostName(),
      file: textFile(path),
      fqdn: question({
        key: `fqdn:${args.name}`,
        reads: ['file:/etc/hosts'],
        sh: 'cat /etc/hosts 2>/dev/null; exit 0',
        parse: (reply) => longName(args.name, reply.stdout),
      }),
    }),
  diff(args, { running, file, fqdn }) {
    const text = textOf(path, file);
    const kept = nameIn(text ?? '');
    if (kept === args.name && running === args.name) return null;
    const plan = kept === args.name ? null : planText(path, `${args.name}\n`, { now: file });
    return {
      summary: `call the host ${args.name}`,
      edits: [
        ...(running === args.name
          ? []
          : [{ subject: 'hostname', before: `${running}\n`, after: `${args.name}\n` }]),
        ...(plan?.edits ?? []),
      ],
      effects: [hostNameEffect(args.name), ...(plan?.effects ?? [])],
      forecast: known,
      name: args.name,
      plan,
      kernel: running === args.name ? 'keep' : 'set',
      result: outputOf(args.name, fqdn),
    };
  },
  async apply(wanted, host) {
    if (wanted.plan !== null) await applyFile(wanted.plan, host);
    if (wanted.kernel === 'set') {
      await step(
        host,
        { sh: 'printf "%s\\n" "$1" >/proc/sys/kernel/hostname || hostname "$1"', args: [wanted.name] },
        {
          code: 'HAPB6310',
          message: `the kernel does not take the name ${wanted.name}`,
          hint: 'Add `become: true`; in a container the name may belong to the machine that it runs on.',
        },
      );
    }
    const found = await host.ask(hostName());
    if (found !== wanted.name) throw notConverged('the name of the host', found);
    return wanted.result;
  },
  output: (args, state) => outputOf(args.name, state.fqdn),
  foreseen: (wanted) => wanted.result,
};

/** The name in hostname(5): the first line that is no comment. */
function nameIn(text: string): string | null {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.find((line) => line !== '' && !line.startsWith('#')) ?? null;
}

function longName(name: string, hosts: string): string {
  const words = hosts.split('\n').flatMap((line) => line.replace(/#.*/, '').split(/\s+/));
  return words.find((word) => word.startsWith(`${name}.`)) ?? '';
}

function outputOf(name: string, fqdn: string): Output {
  const full = name.includes('.') ? name : fqdn;
  const short = { ansible_hostname: name.split('.')[0] ?? name, ansible_nodename: name };
  const domain = full.slice(full.indexOf('.') + 1);
  return {
    name,
    ansible_facts: full === '' ? short : { ...short, ansible_fqdn: full, ansible_domain: domain },
  };
}
