import type { BlockHead, BlockName } from './own-mustache.ts';

/** An open block. */
export interface Frame {
  readonly block: BlockName;
  readonly head: BlockHead;
  /** The generated names under which Handlebars knows the block's items. */
  readonly params: ReadonlyMap<string, string>;
  /** Whether an `else` without a condition was seen. */
  readonly ended: boolean;
}

/** What a program must hand to a slot so that it knows the blocks around it. */
export interface Bindings {
  /** `l0=p3 l1=@index c=this` with a leading blank, or nothing. */
  readonly hash: string;
  readonly locals: readonly string[];
  readonly visible: readonly string[];
  readonly inItem: boolean;
}

const loopData: ReadonlySet<string> = new Set(['@index', '@key', '@first', '@last']);

/** How the names of an expression reach it through these frames, innermost last. */
export function bindingsOf(names: readonly string[], frames: readonly Frame[]): Bindings {
  const inner = [...frames].reverse();
  const changing = inner.find((frame) => frame.block === 'each' || frame.block === 'with');
  const locals: string[] = [];
  const parts: string[] = [];
  for (const name of names) {
    const path = pathTo(name, inner, changing !== undefined);
    if (path === null) continue;
    parts.push(` l${locals.length}=${path}`);
    locals.push(name);
  }
  const inItem = changing !== undefined && changing.params.size === 0;
  const visible = frames.flatMap((frame) => [...frame.params.keys()]);
  return { hash: parts.join('') + (inItem ? ' c=this' : ''), locals, visible, inItem };
}

function pathTo(name: string, inner: readonly Frame[], inChange: boolean): string | null {
  for (const frame of inner) {
    const param = frame.params.get(name);
    if (param !== undefined) return param;
  }
  if (name === 'this') return inChange ? 'this' : null;
  return loopData.has(name) && inner.some((frame) => frame.block === 'each') ? name : null;
}
