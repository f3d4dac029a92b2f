import { cell, table } from '../../src/cli/commands/module-page.ts';
import { kubernetesModules } from '../../src/modules/kubernetes/index.ts';
import type { AnyModule } from '../../src/modules/module.ts';

/** The list of all modules with links to their pages. */
export function indexPage(modules: readonly AnyModule[]): string {
  const kubernetes = new Set(kubernetesModules.map(({ name }) => name));
  const list = (chosen: readonly AnyModule[]): string =>
    table(
      ['module', 'what it does'],
      chosen.map(({ name, summary }) => [`[\`${name}\`](${name}.md)`, cell(summary)]),
    );
  return `# Modules

What a task can do. \`hapb modules\` lists them on the terminal, \`hapb modules NAME\` describes one. Names of Ansible's
collections work too: \`ansible.builtin.command\` is \`command\`.

Besides modules, tasks can be \`import_tasks: FILE\`, \`import_role: {name: ROLE}\` and \`barrier: NAME\`; see
[playbooks](../playbooks.md).

## For every host

${list(modules.filter(({ name }) => !kubernetes.has(name)))}

## For Kubernetes

${list(modules.filter(({ name }) => kubernetes.has(name)))}
`;
}
