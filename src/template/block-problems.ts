import type { Problem } from '../core/failure.ts';
import { suggest } from '../expression/problems.ts';
import { templateCodes } from './codes.ts';
import type { Frame } from './frame.ts';
import { handlebarsForm } from './jinja-statement.ts';
import { type BlockHead, type BlockName, blockNames } from './own-mustache.ts';
import { useOfBlock } from './program.ts';

/** HAPB4023: a block that Handlebars may know but we do not. */
export function noSuchBlock(name: string): Problem {
  return {
    code: templateCodes.unknownBlock,
    message: `there is no block '#${name}'`,
    hint: suggest(name, blockNames, 'Known blocks are #if, #unless, #each and #with.'),
  };
}

/** The deepest that blocks may stand in each other. */
export const maxDepth = 100;

/** HAPB4028 */
export const tooDeep: Problem = {
  code: templateCodes.depth,
  message: `blocks stand in each other deeper than ${maxDepth} levels`,
  hint: 'Prepare the value with set_fact or in vars, so that the text needs fewer blocks.',
};

/** HAPB4023: what is wrong with the head of a known block, or `null`. */
export function headProblem(block: BlockName, head: BlockHead): Problem | null {
  const code = templateCodes.unknownBlock;
  if (head.argument.trim() === '') {
    const hint = block === 'each' ? 'Write {{#each list as |item|}}.' : `Write {{#${block} expression}}.`;
    return { code, message: `'#${block}' needs an expression`, hint };
  }
  const wrong = head.params.find((name) => !/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name));
  const judged = head.params.length > 0 && useOfBlock[block] === 'judge';
  if (wrong === undefined && !judged) return null;
  const message = judged ? `'#${block}' has no items to name` : `'${wrong}' cannot be the name of an item`;
  return {
    code,
    message,
    hint: 'Names of letters, digits and _ follow #each and #with: {{#each list as |item index|}}.',
  };
}

/** HAPB4023: a mustache of another Handlebars feature. */
export function foreignMustache(text: string): Problem {
  return {
    code: templateCodes.unknownBlock,
    message: `${text} has no meaning here`,
    hint: 'Known are {{ expression }}, {{#if}}, {{#unless}}, {{#each}}, {{#with}}, {{else}} and {{! comment }}; braces themselves are written \\{{.',
  };
}

/** HAPB4021 */
export const partialRefused: Problem = {
  code: templateCodes.partial,
  message: 'partials ({{> …}}) are not supported',
  hint: 'Texts stand alone: write the part out here, or render each file with a task of its own.',
};

/** HAPB4020 */
export const neverClosed: Problem = {
  code: templateCodes.unclosed,
  message: '"{{" is never closed',
  hint: 'Add "}}" behind the expression; braces themselves are written \\{{.',
};

/** HAPB4022. `behind`: what follows the statement. */
export function jinjaStatement(text: string, behind: string): Problem {
  const line = text.replace(/\s+/g, ' ');
  const shown = line.length <= 40 ? line : `${line.slice(0, 36)} … %}`;
  return {
    code: templateCodes.statement,
    message: `the Jinja statement ${shown} is not supported`,
    hint: handlebarsForm(line, behind).hint,
  };
}

/** HAPB4024: an `else` where none may stand. */
export function strayElse(frame: Frame | undefined): Problem {
  return {
    code: templateCodes.unbalanced,
    message:
      frame === undefined
        ? '{{else}} stands outside of a block'
        : "{{else}} follows the block's last {{else}}",
    hint: 'Put it between {{#if …}} and {{/if}}, the one without a condition last.',
  };
}

/** HAPB4024: an end that does not fit what is open. */
export function strayClose(name: string, frame: Frame | undefined): Problem {
  const code = templateCodes.unbalanced;
  if (frame === undefined) {
    return {
      code,
      message: `{{/${name}}} closes no block`,
      hint: `Remove it, or open the block with {{#${name} …}}.`,
    };
  }
  const due = frame.head.name;
  return { code, message: `{{/${name}}} stands where {{/${due}}} is due`, hint: `Close {{#${due}}} first.` };
}

/** HAPB4024: a block without an end. */
export function openBlock({ head }: Frame): Problem {
  return {
    code: templateCodes.unbalanced,
    message: `{{#${head.name}}} is never closed`,
    hint: `Add {{/${head.name}}} where it ends.`,
  };
}
