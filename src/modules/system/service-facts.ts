import type { Value } from '../../core/value.ts';
import { question } from '../ask.ts';
import type { Module } from '../module.ts';
import { listsFrom, type ServiceLists, serviceScript, servicesFrom } from './service-lists.ts';

/** The services of a host. */
export const serviceFacts: Module<object, ServiceLists> = {
  name: 'service_facts',
  summary: 'Finds out which services a host has, and how they are.',
  notes: [
    'The result becomes the fact `services`: a mapping of names to name, state, status and source. Services of systemd have their ending: `services["ssh.service"]`.',
    'Besides systemd it asks init scripts (`service`, `chkconfig`) and OpenRC where the host has them; not upstart.',
    'In check mode the services are unknown after a task that would change a unit or a package.',
  ],
  args: { type: 'object', properties: {}, additionalProperties: false },
  facts: ['services'],
  returns: {
    ansible_facts:
      'services; each with name, state, source, and status (systemd, chkconfig) or runlevels (OpenRC).',
  },
  example: `- name: Which services are there?
  service_facts:

- name: Say how many run
  debug:
    msg: "{{ ansible_facts.services.values() | selectattr('state', 'eq', 'running') | length }}"
`,
  probe: () =>
    question({
      key: 'services',
      reads: ['unit:*', 'package:*'],
      sh: serviceScript,
      parse: ({ stdout }) => listsFrom(stdout),
    }),
  diff: () => null,
  apply: async () => ({}),
  output(_args, lists): Readonly<Record<string, Value>> {
    const services = servicesFrom(lists);
    if (Object.keys(services).length > 0) return { ansible_facts: { services } };
    return {
      skipped: true,
      msg: 'no manager of services was found on the host, or none that tells this user',
    };
  },
};
