import { type Diagnostic, error } from '../core/diagnostic.ts';
import type { Problem } from '../core/failure.ts';
import type { Range } from '../expression/node.ts';
import * as problem from './block-problems.ts';
import { compileMustache } from './compile-at.ts';
import { bindingsOf, type Frame } from './frame.ts';
import { type BlockHead, type BlockName, blockNames, purposeOf } from './own-mustache.ts';
import { type Program, type SlotUse, useOfBlock } from './program.ts';
import { programWriter } from './program-writer.ts';
import type { Mustache, Segment, Trim } from './segment.ts';
import type { Reference } from './template.ts';
import type { TextSource } from './text-source.ts';

/** A text whose mustaches were read; with problems its program must not run. */
export interface Built {
  readonly program: Program;
  readonly references: readonly Reference[];
  readonly problems: readonly Diagnostic[];
}

/** Builds the program of a text. */
export function buildProgram(segments: readonly Segment[], { text, place, escapes }: TextSource): Built {
  const writer = programWriter();
  const references: Reference[] = [];
  const problems: Diagnostic[] = [];
  const frames: Frame[] = [];
  let params = 0;

  const report = (range: Range, { code, message, hint }: Problem) => {
    problems.push(error({ code, message, hint, span: place(range) }));
  };

  /** The call that computes an expression; `reached` says whether it runs whenever the text is rendered. */
  const call = (
    text: string,
    start: number,
    how: { readonly use: SlotUse; readonly reached: boolean },
  ): string => {
    const compiled = compileMustache({ text, start, place, escapes });
    if (!compiled.ok) {
      problems.push(...compiled.diagnostics);
      return '__hapb 0';
    }
    const expression = compiled.value;
    const { hash, ...bindings } = bindingsOf(
      expression.names.map(({ name }) => name),
      frames,
    );
    for (const { name, at, guarded, paths } of expression.names) {
      if (bindings.locals.includes(name)) continue;
      references.push({
        name,
        span: expression.source.place(at),
        guarded: guarded || !how.reached || bindings.inItem,
        paths,
      });
    }
    return writer.slot({ expression, use: how.use, ...bindings }) + hash;
  };

  /** Reads a block's head; the text behind `#` or `else`, and the frame for what it encloses. */
  const enter = (head: BlockHead, range: Range, reached: 'always' | 'perhaps') => {
    const block: BlockName | undefined = blockNames.find((name) => name === head.name);
    if (block === undefined) report(head.name === '' ? range : head.nameAt, problem.noSuchBlock(head.name));
    const wrong = block === undefined ? null : problem.headProblem(block, head);
    if (wrong !== null) report(range, wrong);
    const use = useOfBlock[block ?? 'if'];
    const sound = block !== undefined && wrong === null;
    const how = { use, reached: reached === 'always' };
    const argument = sound ? call(head.argument, head.argumentAt.start, how) : '';
    const named = new Map(head.params.map((name) => [name, `p${params++}`]));
    const naming = named.size === 0 ? '' : ` as |${[...named.values()].join(' ')}|`;
    return { text: `${head.name} (${argument})${naming}`, block: block ?? 'if', params: named };
  };

  const open = (head: BlockHead, segment: Range & Trim, mark: '#' | '^') => {
    if (frames.length >= problem.maxDepth) {
      if (frames.length === problem.maxDepth) report(segment, problem.tooDeep);
      frames.push({ head, block: 'if', params: new Map(), ended: false });
      return;
    }
    const { text, ...frame } = enter(head, segment, frames.length === 0 ? 'always' : 'perhaps');
    frames.push({ ...frame, head, ended: false });
    writer.mustache(mark + text, segment);
  };

  const otherwise = (head: BlockHead | null, segment: Range & Trim) => {
    const frame = frames.pop();
    if (frame === undefined || frame.ended) {
      report(segment, problem.strayElse(frame));
      if (frame !== undefined) frames.push(frame);
    } else if (head === null) {
      // Behind `else` the items and their names are gone, as behind the end of the block.
      frames.push({ ...frame, block: 'if', params: new Map(), ended: true });
      writer.mustache('else', segment);
    } else {
      const { text, ...next } = enter(head, segment, 'perhaps');
      frames.push({ ...frame, ...next });
      writer.mustache(`else ${text}`, segment);
    }
  };

  const close = (name: string, segment: Range & Trim) => {
    const frame = frames.pop();
    if (frame?.head.name !== name) report(segment, problem.strayClose(name, frame));
    writer.mustache(`/${name}`, segment);
  };

  const mustache = (segment: Mustache & Range) => {
    const purpose = purposeOf(segment);
    switch (purpose.kind) {
      case 'output':
        return writer.mustache(
          call(segment.content, segment.at.start, { use: 'output', reached: frames.length === 0 }),
          segment,
        );
      case 'open':
        return open(purpose.head, segment, purpose.mark);
      case 'else':
        return otherwise(purpose.head, segment);
      case 'close':
        return close(purpose.name, segment);
      case 'partial':
        return report(segment, problem.partialRefused);
      case 'foreign':
        return report(segment, problem.foreignMustache(purpose.text));
    }
  };

  let raw = false;
  for (const segment of segments) {
    // What stands in {% raw %} was never meant to be read; the statement itself is the problem.
    if (raw) {
      raw = !(segment.kind === 'statement' && isRaw(segment.text, 'end'));
      continue;
    }
    switch (segment.kind) {
      case 'text':
        writer.text(segment.text);
        break;
      case 'mustache':
        mustache(segment);
        break;
      case 'comment':
        writer.mustache('! ', segment);
        break;
      case 'statement':
        report(segment, problem.jinjaStatement(segment.text, text.slice(segment.end)));
        raw = isRaw(segment.text, 'begin');
        break;
      case 'unclosed':
        report(segment, problem.neverClosed);
        break;
    }
  }
  for (const frame of frames.slice(0, problem.maxDepth)) report(frame.head.nameAt, problem.openBlock(frame));
  return { program: writer.finish(), references, problems };
}

function isRaw(statement: string, which: 'begin' | 'end'): boolean {
  return (which === 'begin' ? /^\{%[-+]?\s*(?:raw|verbatim)\b/ : /^\{%[-+]?\s*end(?:raw|verbatim)\b/).test(
    statement,
  );
}
