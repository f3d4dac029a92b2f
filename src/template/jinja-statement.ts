/** How a Jinja statement (`{% … %}`) is written here, as a hint. */
export function handlebarsForm(statement: string): string {
  const match = /^\{%(?<before>[-+]?)\s*(?<word>\w*)\s*(?<rest>.*?)\s*(?<after>[-+]?)%\}$/s.exec(statement);
  const { before = '', word = '', rest = '', after = '' } = match?.groups ?? {};
  const form = (inner: string) => `{{${before === '-' ? '~' : ''}${inner}${after === '-' ? '~' : ''}}}`;
  switch (word) {
    case 'if':
      return `Write ${form(`#if ${rest}`)} and end it with {{/if}}.`;
    case 'elif':
      return `Write ${form(`else if ${rest}`)}.`;
    case 'else':
      return `Write ${form('else')}.`;
    case 'endif':
      return `Write ${form('/if')}.`;
    case 'endfor':
      return `Write ${form('/each')}.`;
    case 'for':
      return loopForm(rest, form);
    case 'set':
      return setForm(rest);
    case 'raw':
    case 'endraw':
    case 'verbatim':
      return 'Write \\{{ where two braces shall stay as they are.';
    case 'include':
    case 'import':
    case 'from':
    case 'extends':
      return 'Templates stand alone: copy the part into this file, or render each file with a task of its own.';
    case 'macro':
    case 'call':
    case 'block':
    case 'endmacro':
    case 'endcall':
    case 'endblock':
      return 'There are no macros: write the text out, or loop over data with {{#each list as |item|}} … {{/each}}.';
    default:
      return 'Known are {{#if}}, {{#unless}}, {{#each}} and {{#with}}; for the characters themselves write {{ "{%" }}.';
  }
}

function loopForm(rest: string, form: (inner: string) => string): string {
  const loop =
    /^(?<first>\w+)\s*(?:,\s*(?<second>\w+))?\s+in\s+(?<list>.+?)(?:\s+if\s+(?<condition>.+?))?(?:\s+recursive)?$/s.exec(
      rest,
    );
  const { first = 'item', second, list = 'list', condition } = loop?.groups ?? {};
  const pairs = list.replace(/(?:\.items\(\)|\s*\|\s*(?:dictsort|dict2items|items)(?:\(\))?)$/, '');
  const head =
    second === undefined ? `#each ${list} as |${first}|` : `#each ${pairs} as |${second} ${first}|`;
  const filter = condition === undefined ? '' : `{{#if ${condition}}} … {{/if}} `;
  return `Write ${form(head)} ${filter}… {{/each}}.`;
}

function setForm(rest: string): string {
  const set = /^(?<name>[\w.]+)\s*=\s*(?<value>.+)$/s.exec(rest);
  const { name = 'name', value = 'value' } = set?.groups ?? {};
  return `Define it as a variable: "vars: {${name}: '{{ ${value} }}'}", or name it here: {{#with ${value} as |${name}|}} … {{/with}}.`;
}
