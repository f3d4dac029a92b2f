import { describe, expect, test } from 'vitest';
import { problemOf, render, renderFile } from './texts.ts';

function problem(text: string): string {
  return problemOf(() => renderFile(text));
}

function hint(statement: string): string {
  return /hint: (.*)$/.exec(problem(statement))?.[1] ?? '';
}

describe('HAPB4022 a statement of Jinja shows how it is written here', () => {
  test('the whole message, in a template file', () => {
    expect(problem('a\n  {%- for node in nodes if node != "b" %}\n')).toMatchInlineSnapshot(`
      "site.yml:2:3  error HAPB4022: the Jinja statement {%- for node in nodes if node != "b" %} is not supported
        2 |   {%- for node in nodes if node != "b" %}
          |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        hint: Write {{~#each nodes as |node|}}{{#if node != "b"}}…{{/if}}{{/each}}."
    `);
  });

  test('in a value of a playbook', () => {
    expect(problemOf(() => render('{% if a %}x{% else %}y{% endif %}'))).toMatchInlineSnapshot(`
      "site.yml:1:1  error HAPB4022: the Jinja statement {% if a %} is not supported
        1 | {% if a %}x{% else %}y{% endif %}
          | ^^^^^^^^^^
        hint: Write {{#if a}}, and end it with {{/if}}.
      site.yml:1:12  error HAPB4022: the Jinja statement {% else %} is not supported
        1 | {% if a %}x{% else %}y{% endif %}
          |            ^^^^^^^^^^
        hint: Write {{else}}.
      site.yml:1:23  error HAPB4022: the Jinja statement {% endif %} is not supported
        1 | {% if a %}x{% else %}y{% endif %}
          |                       ^^^^^^^^^^^
        hint: Write {{/if}}."
    `);
  });

  test('each statement that begins or ends a part', () => {
    const statements = [
      '{% if port == 1 %}',
      '{%- if a is defined -%}',
      '{% if not loop.last %}',
      '{% elif loop.index > 1 and loop.index0 %}',
      '{% else %}',
      '{% endif %}',
      '{% endfor %}',
      "{% with a = b | d('x') %}",
      '{% with a = 1, b = 2 %}',
      '{% endwith %}',
    ];
    expect(statements.map((text) => `${text} ${hint(text)}`)).toMatchInlineSnapshot(`
      [
        "{% if port == 1 %} Write {{#if port == 1}}, and end it with {{/if}}.",
        "{%- if a is defined -%} Write {{~#if a is defined~}}, and end it with {{/if}}.",
        "{% if not loop.last %} Write {{#if not @last}}, and end it with {{/if}}.",
        "{% elif loop.index > 1 and loop.index0 %} Write {{else if (@index + 1) > 1 and @index}}.",
        "{% else %} Write {{else}}.",
        "{% endif %} Write {{/if}}.",
        "{% endfor %} Write {{/each}}, with a {{/if}} before it where the loop had an "if".",
        "{% with a = b | d('x') %} Write {{#with b | d('x') as |a|}}, and end it with {{/with}}.",
        "{% with a = 1, b = 2 %} Write {{#with 1 as |a|}}{{#with 2 as |b|}}, and end each with {{/with}}.",
        "{% endwith %} Write {{/with}}.",
      ]
    `);
  });

  test('loops, over lists, maps, pairs and words', () => {
    const statements = [
      '{% for x in list %}',
      '{% for x in list if x.on and x.name %}',
      '{% for x in "a", "b" %}',
      "{% for x in f('a, b') %}",
      '{% for key, value in map.items() %}',
      '{% for (key, value) in (a.b | d({})).items() %}',
      '{% for key, value in map | dictsort %}',
      '{% for key, value in (map.items() | sort) %}',
      '{%- for key, value in map | dict2items -%}',
      '{% for a, b in left | zip(right) %}',
    ];
    expect(statements.map((text) => `${text} ${hint(text)}`)).toMatchInlineSnapshot(`
      [
        "{% for x in list %} Write {{#each list as |x|}}…{{/each}}.",
        "{% for x in list if x.on and x.name %} Write {{#each list as |x|}}{{#if x.on and x.name}}…{{/if}}{{/each}}.",
        "{% for x in "a", "b" %} Write {{#each ["a", "b"] as |x|}}…{{/each}}.",
        "{% for x in f('a, b') %} Write {{#each f('a, b') as |x|}}…{{/each}}.",
        "{% for key, value in map.items() %} Write {{#each map as |value key|}}…{{/each}}: the value stands first.",
        "{% for (key, value) in (a.b | d({})).items() %} Write {{#each (a.b | d({})) as |value key|}}…{{/each}}: the value stands first.",
        "{% for key, value in map | dictsort %} Write {{#each map | dictsort | dict as |value key|}}…{{/each}}: the value stands first.",
        "{% for key, value in (map.items() | sort) %} Write {{#each map | dictsort | dict as |value key|}}…{{/each}}: the value stands first.",
        "{%- for key, value in map | dict2items -%} Write {{~#each map as |value key|~}}…{{/each}}: the value stands first.",
        "{% for a, b in left | zip(right) %} Write {{#each left | zip(right) as |row|}}…{{/each}}, and {{ row[0] }} for a, {{ row[1] }} for b.",
      ]
    `);
  });

  test('names that are set', () => {
    const statements = [
      "{% set x = 'a' ~ b %}",
      '{% set x = loop.index %}',
      '{% set a, b = pair %}',
      '{% set ns = namespace(found=false) %}',
      '{% set ns.found = true %}',
      '{% set text %}',
      '{% endset %}',
    ];
    expect(statements.map((text) => `${text} ${hint(text)}`)).toMatchInlineSnapshot(`
      [
        "{% set x = 'a' ~ b %} Set it under vars, x: "{{ 'a' ~ b }}", or, where it is never empty, name it here: {{#with 'a' ~ b as |x|}}…{{/with}}.",
        "{% set x = loop.index %} Write {{#with (@index + 1) as |x|}}…{{/with}}.",
        "{% set a, b = pair %} Write {{#with pair as |row|}}…{{/with}}, and {{ row[0] }} for a, {{ row[1] }} for b.",
        "{% set ns = namespace(found=false) %} Values never change here: compute the value in one expression under vars, for example with map, select and sum.",
        "{% set ns.found = true %} Values never change here: compute the value in one expression under vars, for example with map, select and sum.",
        "{% set text %} Define text as a variable: the text under vars, as it stands here.",
        "{% endset %} Remove it together with its {% set %}.",
      ]
    `);
  });

  test('what has no counterpart says what to do', () => {
    const statements = [
      '{% macro line(key, value="x") %}',
      '{% macro rule() %}',
      '{% endmacro %}',
      '{% call rule() %}',
      '{% include "head.j2" ignore missing %}',
      '{% import "macros.j2" as m %}',
      '{% from "macros.j2" import line %}',
      '{% extends "base.j2" %}',
      '{% block head %}',
      '{% endblock %}',
      '{% do list.append(1) %}',
      '{% filter indent(4) %}',
      '{% endfilter %}',
      '{% break %}',
      '{% autoescape true %}',
      '{% trans %}',
      '{% %}',
    ];
    expect(statements.map((text) => `${text} ${hint(text)}`)).toMatchInlineSnapshot(`
      [
        "{% macro line(key, value="x") %} There are no macros: loop over what line is called with, {{#each [{'key': …, 'value': …}] as |call|}} … {{ call.key }} … {{/each}}.",
        "{% macro rule() %} There are no macros: write the text of rule where it is called.",
        "{% endmacro %} There are no macros: write the text out, or loop over data with {{#each list as |item|}} … {{/each}}.",
        "{% call rule() %} There are no macros: write the text out, or loop over data with {{#each list as |item|}} … {{/each}}.",
        "{% include "head.j2" ignore missing %} Templates stand alone: copy the text of "head.j2" into this file, or render each file with a task of its own.",
        "{% import "macros.j2" as m %} Templates stand alone: copy the part into this file, or render each file with a task of its own.",
        "{% from "macros.j2" import line %} Templates stand alone: copy the part into this file, or render each file with a task of its own.",
        "{% extends "base.j2" %} Templates stand alone: copy the part into this file, or render each file with a task of its own.",
        "{% block head %} Remove it: no template extends another one here, and the text between the two marks stays as it is.",
        "{% endblock %} Remove it: no template extends another one here, and the text between the two marks stays as it is.",
        "{% do list.append(1) %} Values never change here: make the new one where it is used, {{ list + [item] }} or {{ map | combine({…}) }}.",
        "{% filter indent(4) %} Apply it to each value instead: {{ value | indent(4) }}.",
        "{% endfilter %} Remove it together with its begin.",
        "{% break %} Choose the items before the loop: {{#each list | select(…) as |item|}}.",
        "{% autoescape true %} Remove it: nothing is ever escaped here; write {{ value | escape }} where HTML must be.",
        "{% trans %} Known are {{#if}}, {{#unless}}, {{#each}} and {{#with}}; for the characters themselves write {{ "{%" }}.",
        "{% %} Known are {{#if}}, {{#unless}}, {{#each}} and {{#with}}; for the characters themselves write {{ "{%" }}.",
      ]
    `);
  });

  test('{% raw %} is one problem, whatever it holds', () => {
    expect(problem('{% raw %}a {{ $labels.instance }} {{ x y }}{% endraw %}')).toMatchInlineSnapshot(`
      "site.yml:1:1  error HAPB4022: the Jinja statement {% raw %} is not supported
        1 | {% raw %}a {{ $labels.instance }} {{ x y }}{% endraw %}
          | ^^^^^^^^^
        hint: Put a backslash before the braces that shall stay, \\{{ $labels.instance }}, and remove both marks."
    `);
    expect(hint('{% raw %}nothing{% endraw %}')).toMatchInlineSnapshot(
      `"Remove it with its end: nothing in between is read here."`,
    );
  });

  test('a long statement is cut in the message, not in the form', () => {
    expect(problem("{% if 'a' in list and\n  another_name is defined %}")).toMatchInlineSnapshot(`
      "site.yml:1:1  error HAPB4022: the Jinja statement {% if 'a' in list and another_name i … %} is not supported
        1 | {% if 'a' in list and
          | ^^^^^^^^^^^^^^^^^^^^^
        2 |   another_name is defined %}
          |   ^^^^^^^^^^^^^^^^^^^^^^^^^^
        hint: Write {{#if 'a' in list and another_name is defined}}, and end it with {{/if}}."
    `);
  });

  test('what Jinja tells of a loop is told by other names', () => {
    expect(problem('{{#each [1] as |x|}}{{ loop.index }}{{/each}}')).toMatchInlineSnapshot(`
      "site.yml:1:24  error HAPB4002: 'loop' is not defined
        1 | {{#each [1] as |x|}}{{ loop.index }}{{/each}}
          |                        ^^^^
        hint: Inside {{#each}} write @index + 1, @index, @first or @last."
    `);
  });
});
