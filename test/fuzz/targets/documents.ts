import { positionsOf } from '../../../src/core/source.ts';
import type { DocNode } from '../../../src/document/node.ts';
import { parseWhole, parseYaml } from '../../../src/document/parse-yaml.ts';
import { toJson } from '../../../src/document/plain.ts';
import { quickYaml } from '../../../src/document/quick-yaml.ts';
import { planOf } from '../plan-of.ts';
import { soundValue } from '../sound.ts';
import { type Target, textOf } from '../target.ts';

const file = 'site.yml';

/** The words of YAML. */
export const yamlWords = [
  ...[
    '\n',
    '\n  ',
    '- ',
    ': ',
    ':',
    '? ',
    '#',
    ' #',
    '---\n',
    '...\n',
    '%YAML 1.2\n',
    '&a ',
    '*a',
    '<<: ',
    '!vault ',
    '!unsafe ',
  ],
  ...[
    '|\n',
    '>-\n',
    '|+2\n',
    '"',
    "'",
    '{',
    '}',
    '[',
    ']',
    ',',
    '\\',
    '\\u0041',
    '~',
    'null',
    'true',
    'yes',
    '0x1f',
    '1e9',
    '.inf',
    '\t',
    '\u2028',
  ],
];

/** YAML files; the quick reader must see what the library sees. */
export const yaml: Target = {
  name: 'yaml',
  seeds: [
    'a: 1\nb: [x, "y", {c: d}]\n',
    '- &x\n  k: v\n- *x\n- <<: *x\n  l: |\n    text\n    more\n',
    'a: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  3132\nb: !unsafe "{{ x }}"\n',
    '%YAML 1.2\n---\n? a\n: - - b\n  - >-\n   folded\n\n   text\n...\n',
    'text: "x\n  y \\\n  z"\nsingle: \'p\n\n  q\'\n',
  ],
  words: yamlWords,
  feed: (input) => {
    const text = textOf(input);
    const parsed = soundValue(parseYaml(text, file), { file, text });
    if (parsed === null) return;
    toJson(parsed);
    const position = positionsOf(text);
    const span = (from: number, to: number) => ({ file, start: position(from), end: position(to) });
    const quick = quickYaml(text, file, span);
    if (quick === null) return;
    const whole = parseWhole(text, span);
    const told = whole.ok && whole.value !== null ? JSON.stringify(data(whole.value)) : 'a refusal';
    if (JSON.stringify(data(quick)) !== told) throw new Error(`the quick reader differs: ${told}`);
  },
};

function data(node: DocNode): unknown {
  switch (node.kind) {
    case 'scalar':
      return [node.value, node.span];
    case 'list':
      return [node.items.map(data), node.span];
    case 'map':
      return [node.entries.map((entry) => [entry.key, data(entry.value)]), node.span];
  }
}

/** Playbooks, as far as they can be judged before anything connects. */
export const playbook: Target = {
  name: 'playbook',
  seeds: [
    '- hosts: all\n  become: true\n  vars: {a: "{{ b }}"}\n  tasks:\n    - name: x\n      copy: src=a dest=/b\n      when: a is defined\n      loop: [1, 2]\n      register: r\n',
    '- hosts: a:b\n  serial: [1, 50%]\n  vars_prompt:\n    - {name: p, private: true}\n  roles:\n    - {role: r, tags: t}\n  handlers:\n    - name: h\n      service: {name: x, state: restarted}\n      listen: l\n',
    '- hosts: all\n  strategy: free\n  tasks:\n    - block:\n        - shell: echo {{ a | default(1) }}\n          notify: h\n      rescue:\n        - debug: msg=x\n      always:\n        - barrier: all here\n    - include_tasks: x.yml\n',
    '- import_playbook: site.yml\n- hosts: all\n  tasks:\n    - template: {src: a.j2, dest: /x, mode: 0644}\n    - command: {argv: [a, b]}\n      with_items: "{{ l }}"\n      until: r.rc == 0\n      retries: 3\n',
  ],
  words: [
    ...yamlWords,
    ...[
      'hosts: ',
      'tasks:\n',
      'vars:\n',
      'when: ',
      'loop: ',
      'with_items: ',
      'block:\n',
      'rescue:\n',
      'include_tasks: ',
      'import_role: ',
      'name: ',
    ],
    ...[
      'copy: ',
      'command: ',
      'debug: ',
      'set_fact: ',
      'a=b ',
      '{{ ',
      ' }}',
      '{% if ',
      'register: ',
      'async: ',
      'tags: ',
      'import_playbook: ',
      'vars_files: ',
    ],
  ],
  feed: (input) => {
    const text = textOf(input);
    const read = { file, text };
    const { plays, plan } = planOf(file, text);
    soundValue(plays, read);
    soundValue(plan, read);
  },
};
