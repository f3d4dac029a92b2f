import type { Template } from '../template/template.ts';
import type { Layer, VariableEntry } from '../variables/layer.ts';
import type { NearestKeyword } from './keywords.ts';

/** Keywords that say how a host is reached, with the variables that mean the same. */
const connectionKeywords = {
  connection: 'ansible_connection',
  port: 'ansible_port',
  remote_user: 'ansible_user',
  become_method: 'ansible_become_method',
  become_flags: 'ansible_become_flags',
  become_exe: 'ansible_become_exe',
} as const satisfies Partial<Record<NearestKeyword, string>>;

type Nearest = Readonly<Partial<Record<NearestKeyword, Template>>>;

/** Whether any of these keywords says how a host is reached. */
export function saysHowToConnect(keywords: Nearest): boolean {
  return Object.keys(connectionKeywords).some((keyword) => keyword in keywords);
}

/** What these keywords say of the connection, as the variables of Ansible's that every other place beats. */
export function connectionLayer(keywords: Nearest): Layer {
  const entries = new Map<string, VariableEntry>();
  for (const [keyword, variable] of Object.entries(connectionKeywords)) {
    const found = keywords[keyword as keyof typeof connectionKeywords];
    if (found !== undefined) entries.set(variable, { kind: 'template', template: found, span: found.span });
  }
  return { level: 'command line values', source: 'keywords', entries };
}
