import { expect, test } from 'vitest';
import { ends, runPlaybook } from '../rig/run-playbook.ts';

const playbook = `
- {hosts: a, gather_facts: false, tasks: [{name: one, debug: {msg: x}}]}
- {hosts: a, gather_subset: '!all', tasks: [{name: two, debug: {msg: x}}]}
- {hosts: a, gather_facts: false, tasks: [{name: three, debug: {msg: x}}]}
`;

// ansible-core gathers twice here.
test.each(['Gathering Facts', '*Facts'])('a run can begin with %s, once', async (first) => {
  const ran = await runPlaybook(playbook, { args: ['--start-at-task', first] });
  expect(ends(ran, 'a')).toEqual(['Gathering Facts: ok', 'two: ok', 'three: ok']);
});
