import type { Range } from '../expression/node.ts';
import type { Mustache } from './segment.ts';

/** The blocks of Handlebars that may be used. */
export type BlockName = 'if' | 'unless' | 'each' | 'with';
/** Their names. */
export const blockNames: readonly BlockName[] = ['if', 'unless', 'each', 'with'];

/** What an expression of a block is: its text and place, and the names that the block gives to its items. */
export interface BlockHead {
  readonly name: string;
  readonly nameAt: Range;
  readonly argument: string;
  readonly argumentAt: Range;
  readonly params: readonly string[];
}

/** What a mustache is for. */
export type Purpose =
  | { readonly kind: 'output' }
  | { readonly kind: 'open'; readonly head: BlockHead; readonly mark: '#' | '^' }
  | { readonly kind: 'else'; readonly head: BlockHead | null }
  | { readonly kind: 'close'; readonly name: string }
  | { readonly kind: 'partial' }
  | { readonly kind: 'foreign'; readonly text: string };

/** Tells Handlebars' own mustaches from expressions by their first characters. */
export function purposeOf({ content, at }: Mustache): Purpose {
  if (/^\s*(?!else)[\w('"[]/.test(content)) return { kind: 'output' };
  const blank = /^\s*/.exec(content)?.[0].length ?? 0;
  const text = content.slice(blank);
  const rest = (length: number) => headOf(text.slice(length), at.start + blank + length);
  const other = /^(?:else)(?![\w(.[])/.exec(text);
  if (other !== null) return { kind: 'else', head: text.slice(4).trim() === '' ? null : rest(4) };
  const mark = text[0] ?? '';
  switch (mark) {
    case '#':
      if (/^#[*>]/.test(text)) return { kind: 'foreign', text: `{{${text.slice(0, 2)}` };
      return { kind: 'open', head: rest(1), mark: '#' };
    case '^':
      return text.trim() === '^' ? { kind: 'else', head: null } : { kind: 'open', head: rest(1), mark: '^' };
    case '/':
      return { kind: 'close', name: text.slice(1).trim() };
    case '>':
      return { kind: 'partial' };
    case '*':
    case '&':
      return { kind: 'foreign', text: `{{${mark}` };
    case '{':
      return text.startsWith('{{') && blank === 0 ? { kind: 'foreign', text: '{{{{' } : { kind: 'output' };
    default:
      return { kind: 'output' };
  }
}

/** `each list as |item index|`, from `offset` of the whole text on. */
function headOf(text: string, offset: number): BlockHead {
  const [, blank = '', name = ''] = /^(\s*)([^\s|("']*)/.exec(text) ?? [];
  const naming = /\s+as\s+\|([^|]*)\|\s*$/.exec(text);
  const start = blank.length + name.length;
  const argument = text.slice(start, Math.max(start, naming?.index ?? text.length));
  return {
    name,
    nameAt: { start: offset + blank.length, end: offset + start },
    argument,
    argumentAt: { start: offset + start, end: offset + start + argument.length },
    params: naming?.[1]?.trim().split(/\s+/).filter(Boolean) ?? [],
  };
}
