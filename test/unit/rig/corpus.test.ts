import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { measure } from '../../corpus/measure.ts';
import { temporaryFolder } from './run-playbook.ts';

const tasks = `- name: Greet
  command: echo {{ greeting | default('hi') | nosuchfilter }}
  when: greeting is defined and users | selectattr('admin', 'equalto', true) | length > 0
- name: Leave
  command: "exit {{ code }}"
  when: code =
`;

const page = `Conditions
==========

.. code-block:: yaml
   :caption: An example

   - hosts: all
     tasks:
       - some.unknown.module: {a: b}
         when: x is defined

and text.
`;

const template = `{% macro line(a) %}{{ a }}{% endmacro %}
{% if users | length > 1 %}{{ users | first }}{% endif %}
{{ line('x') }}{% raw %}{{ not one }}{% endraw %}
`;

it('counts what hapb takes of a corpus, and says why not the rest', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'roles/web/tasks'), { recursive: true });
  const files = {
    'roles/web/tasks/main.yml': tasks,
    'page.rst': page,
    'motd.j2': template,
    'broken.yml': 'a: {{ b }}\n',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const shown = JSON.parse(JSON.stringify(measure([folder])).replaceAll(folder, '{folder}')) as unknown;
  expect(shown).toMatchInlineSnapshot(`
    {
      "conditions": {
        "reasons": [
          {
            "count": 1,
            "reason": "HAPB4001 "=" cannot follow here",
            "where": "{folder}/roles/web/tasks/main.yml:6",
          },
        ],
        "taken": 2,
        "total": 3,
      },
      "expressions": {
        "reasons": [
          {
            "count": 1,
            "reason": "HAPB4005 there is no filter 'nosuchfilter'",
            "where": "{folder}/roles/web/tasks/main.yml:2",
          },
        ],
        "taken": 3,
        "total": 4,
      },
      "filters": [
        {
          "count": 2,
          "name": "length",
          "support": "yes",
        },
        {
          "count": 1,
          "name": "default",
          "support": "yes",
        },
        {
          "count": 1,
          "name": "first",
          "support": "yes",
        },
        {
          "count": 1,
          "name": "nosuchfilter",
          "support": "unknown",
        },
        {
          "count": 1,
          "name": "selectattr",
          "support": "yes",
        },
      ],
      "macroCalls": 1,
      "statements": {
        "reasons": [
          {
            "count": 1,
            "reason": "{% macro %} has no counterpart",
            "where": "{folder}/motd.j2",
          },
          {
            "count": 1,
            "reason": "{% endmacro %} has no counterpart",
            "where": "{folder}/motd.j2",
          },
          {
            "count": 1,
            "reason": "{% endraw %} has no counterpart",
            "where": "{folder}/motd.j2",
          },
        ],
        "taken": 3,
        "total": 6,
      },
      "taskFiles": {
        "reasons": [
          {
            "count": 1,
            "reason": "HAPB4005 there is no filter 'nosuchfilter'",
            "where": "{folder}/roles/web/tasks/main.yml",
          },
          {
            "count": 1,
            "reason": "HAPB4001 "=" cannot follow here",
            "where": "{folder}/roles/web/tasks/main.yml",
          },
        ],
        "taken": 1,
        "total": 2,
      },
      "tests": [
        {
          "count": 2,
          "name": "defined",
          "support": "yes",
        },
        {
          "count": 1,
          "name": "equalto",
          "support": "yes",
        },
      ],
      "texts": 4,
      "unreadable": {
        "reasons": [
          {
            "count": 1,
            "reason": "HAPB1003 a value that begins with {{ must be in quotes: YAML takes the braces for a map",
            "where": "{folder}/broken.yml",
          },
        ],
        "taken": 2,
        "total": 3,
      },
    }
  `);
});
