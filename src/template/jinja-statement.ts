/** How a Jinja statement is written here. */
export interface HandlebarsForm {
  /** What to write, as a text that compiles; `null` where nothing takes its place. */
  readonly text: string | null;
  /** What to do, as a sentence that quotes the text. */
  readonly hint: string;
}

/** The Handlebars form of a statement (`{% … %}`). `behind`: what follows it, for `raw`. */
export function handlebarsForm(statement: string, behind = ''): HandlebarsForm {
  const match = /^\{%(?<before>[-+]?)\s*(?<word>\w*)\s*(?<rest>.*?)\s*(?<after>[-+]?)%\}$/s.exec(statement);
  const { before = '', word = '', rest = '', after = '' } = match?.groups ?? {};
  const mustache = (inner: string) => `{{${before === '-' ? '~' : ''}${inner}${after === '-' ? '~' : ''}}}`;
  const write = (text: string, more = ''): HandlebarsForm => ({ text, hint: `Write ${text}${more}.` });
  switch (word) {
    case 'if':
      return write(mustache(`#if ${here(rest)}`), ', and end it with {{/if}}');
    case 'elif':
      return write(mustache(`else if ${here(rest)}`));
    case 'else':
      return write(mustache('else'));
    case 'endif':
      return write(mustache('/if'));
    case 'for':
      return loopForm(rest, mustache);
    case 'endfor':
      return write(mustache('/each'), ', with a {{/if}} before it where the loop had an "if"');
    case 'set':
      return setForm(rest, mustache);
    case 'endset':
      return { text: null, hint: 'Remove it together with its {% set %}.' };
    case 'with':
      return withForm(rest, mustache);
    case 'endwith':
      return write(mustache('/with'));
    case 'raw':
    case 'verbatim':
      return rawForm(behind);
    case 'filter':
      return { text: null, hint: `Apply it to each value instead: {{ value | ${rest} }}.` };
    case 'do':
      return {
        text: null,
        hint: 'Values never change here: make the new one where it is used, {{ list + [item] }} or {{ map | combine({…}) }}.',
      };
    case 'break':
    case 'continue':
      return { text: null, hint: 'Choose the items before the loop: {{#each list | select(…) as |item|}}.' };
    case 'macro':
      return macroForm(rest);
    default:
      return { text: null, hint: otherHint(word, rest) };
  }
}

/** What Jinja's `loop` tells is told by names of Handlebars. */
function here(expression: string): string {
  return expression
    .replace(/\bloop\.index0\b/g, '@index')
    .replace(/\bloop\.index\b/g, '(@index + 1)')
    .replace(/\bloop\.(first|last)\b/g, '@$1');
}

type Mustache = (inner: string) => string;

function loopForm(rest: string, mustache: Mustache): HandlebarsForm {
  const loop =
    /^(?<names>\(?\s*\w+(?:\s*,\s*\w+)*\s*,?\s*\)?)\s+in\s+(?<list>.+?)(?:\s+if\s+(?<condition>.+?))?(?:\s+recursive)?$/s.exec(
      rest,
    );
  const { names = 'item', list = 'list', condition } = loop?.groups ?? {};
  const [first = 'item', ...others] = names.match(/\w+/g) ?? [];
  const inner = condition === undefined ? '…' : `{{#if ${here(condition)}}}…{{/if}}`;
  const form = (head: string): string => `${mustache(head)}${inner}{{/each}}`;
  const pairs = /^(?<map>.+?)(?:\.items\(\)|\s*\|\s*(?:dict2items|items)(?:\(\))?)$/s.exec(list)?.groups?.map;
  const sorted = /^(?<map>.+?)(?:\.items\(\)\s*\|\s*sort|\s*\|\s*dictsort)(?:\(\))?$/s.exec(unwrapped(list))
    ?.groups?.map;
  const [second] = others;
  if (second === undefined) {
    const text = form(`#each ${asList(here(list))} as |${first}|`);
    return { text, hint: `Write ${text}.` };
  }
  const map = sorted === undefined ? pairs : `${sorted} | dictsort | dict`;
  if (map !== undefined && others.length === 1) {
    const text = form(`#each ${here(map)} as |${second} ${first}|`);
    return { text, hint: `Write ${text}: the value stands first.` };
  }
  const text = form(`#each ${asList(here(list))} as |row|`);
  return { text, hint: `Write ${text}, and ${columnsOf([first, ...others])}.` };
}

function columnsOf(names: readonly string[]): string {
  return names.map((name, index) => `{{ row[${index}] }} for ${name}`).join(', ');
}

function unwrapped(list: string): string {
  return /^\((?<inner>[^()]*(?:\([^()]*\)[^()]*)*)\)$/s.exec(list)?.groups?.inner ?? list;
}

/** `"a", "b"` without brackets is a list in Jinja's loops. */
function asList(list: string): string {
  return parts(list).length > 1 ? `[${list}]` : list;
}

/** The parts of a text between commas that stand in no brackets and quotes. */
function parts(text: string): readonly string[] {
  const found: string[] = [''];
  let depth = 0;
  for (const piece of text.match(/"[^"]*"|'[^']*'|./gs) ?? []) {
    if ('([{'.includes(piece)) depth += 1;
    else if (')]}'.includes(piece)) depth -= 1;
    if (piece === ',' && depth === 0) found.push('');
    else found[found.length - 1] += piece;
  }
  return found.map((part) => part.trim());
}

function setForm(rest: string, mustache: Mustache): HandlebarsForm {
  const { names = '', value } = /^(?<names>[\w., ]+?)\s*=\s*(?<value>.+)$/s.exec(rest)?.groups ?? {};
  if (value === undefined) {
    return {
      text: null,
      hint: `Define ${names || rest || 'it'} as a variable: the text under vars, as it stands here.`,
    };
  }
  if (/[.]/.test(names) || /^namespace\(/.test(value)) {
    return {
      text: null,
      hint: 'Values never change here: compute the value in one expression under vars, for example with map, select and sum.',
    };
  }
  const [name = 'name', ...others] = parts(names);
  if (others.length > 0) {
    const text = `${mustache(`#with ${here(asList(value))} as |row|`)}…{{/with}}`;
    return { text, hint: `Write ${text}, and ${columnsOf([name, ...others])}.` };
  }
  const text = `${mustache(`#with ${here(asList(value))} as |${name}|`)}…{{/with}}`;
  if (/\bloop\./.test(value)) return { text, hint: `Write ${text}.` };
  const quoted = value.includes("'") ? JSON.stringify(`{{ ${value} }}`) : `'{{ ${value} }}'`;
  return {
    text,
    hint: `Set it under vars, ${name}: ${quoted}, or, where it is never empty, name it here: ${text}.`,
  };
}

function withForm(rest: string, mustache: Mustache): HandlebarsForm {
  const pairs = parts(rest).map((pair) => /^(?<name>\w+)\s*=\s*(?<value>.+)$/s.exec(pair)?.groups);
  const heads = pairs.map((pair) =>
    mustache(`#with ${here(pair?.value ?? 'value')} as |${pair?.name ?? 'name'}|`),
  );
  const text = heads.join('');
  return { text, hint: `Write ${text}, and end ${heads.length === 1 ? 'it' : 'each'} with {{/with}}.` };
}

function rawForm(behind: string): HandlebarsForm {
  const first = /^.*?(?<braces>\{\{.*?\}\})/s.exec(behind.split(/\{%[-+]?\s*end(?:raw|verbatim)/)[0] ?? '')
    ?.groups?.braces;
  if (first === undefined)
    return { text: null, hint: 'Remove it with its end: nothing in between is read here.' };
  const shown = first.length > 60 || first.includes('\n') ? '{{ … }}' : first;
  return {
    text: `\\${first}`,
    hint: `Put a backslash before the braces that shall stay, \\${shown}, and remove both marks.`,
  };
}

function macroForm(rest: string): HandlebarsForm {
  const { name = 'macro', parameters = '' } =
    /^(?<name>\w+)\s*\((?<parameters>.*)\)$/s.exec(rest)?.groups ?? {};
  const names = parameters.split(',').map((part) => part.replace(/=.*/s, '').trim());
  const [first = ''] = names;
  if (first === '')
    return { text: null, hint: `There are no macros: write the text of ${name} where it is called.` };
  const call = names.map((one) => `'${one}': …`).join(', ');
  return {
    text: null,
    hint: `There are no macros: loop over what ${name} is called with, {{#each [{${call}}] as |call|}} … {{ call.${first} }} … {{/each}}.`,
  };
}

function otherHint(word: string, rest: string): string {
  switch (word) {
    case 'include':
      return `Templates stand alone: copy the text of ${rest.split(' ')[0] ?? ''} into this file, or render each file with a task of its own.`;
    case 'import':
    case 'from':
    case 'extends':
      return 'Templates stand alone: copy the part into this file, or render each file with a task of its own.';
    case 'block':
    case 'endblock':
      return 'Remove it: no template extends another one here, and the text between the two marks stays as it is.';
    case 'call':
    case 'endcall':
    case 'endmacro':
      return 'There are no macros: write the text out, or loop over data with {{#each list as |item|}} … {{/each}}.';
    case 'endraw':
    case 'endverbatim':
    case 'endfilter':
    case 'endautoescape':
      return 'Remove it together with its begin.';
    case 'autoescape':
      return 'Remove it: nothing is ever escaped here; write {{ value | escape }} where HTML must be.';
    default:
      return 'Known are {{#if}}, {{#unless}}, {{#each}} and {{#with}}; for the characters themselves write {{ "{%" }}.';
  }
}
