import Handlebars from 'handlebars';
import { isMap, type Value } from '../core/value.ts';
import type { Names } from '../expression/scope.ts';
import type { Program, Slot } from './program.ts';
import type { Rendering } from './rendering.ts';

const handlebars = Handlebars.create();
const options: CompileOptions = {
  strict: true,
  noEscape: true,
  knownHelpersOnly: true,
  knownHelpers: { __hapb: true },
};

type CompiledProgram = Handlebars.TemplateDelegate;
const compiled = new Map<string, CompiledProgram>();
const cacheSize = 1000;

/** Renders a program with Handlebars; its places are computed by `rendering`. */
export function runHandlebars(program: Program, names: Names, rendering: Rendering): string {
  const template = compiled.get(program.source) ?? compileOnce(program.source);
  const helper = (number: number, call: Handlebars.HelperOptions): Value => {
    const slot = program.slots[number] ?? '';
    return typeof slot === 'string' ? slot : rendering.compute(slot, withLocals(names, slot, call.hash));
  };
  return template(Object.create(null), { helpers: { __hapb: helper } });
}

function compileOnce(source: string): CompiledProgram {
  const template = handlebars.compile(source, options);
  if (compiled.size >= cacheSize) compiled.clear();
  compiled.set(source, template);
  return template;
}

/** The names of the blocks around a place: `l0`, `l1`, … are its locals, `c` the present item. */
function withLocals(
  names: Names,
  { locals, visible, inItem }: Slot,
  hash: Readonly<Record<string, Value>>,
): Names {
  if (visible.length === 0 && locals.length === 0 && !inItem) return names;
  const item = inItem ? hash.c : undefined;
  return {
    lookup: (name) => {
      const index = locals.indexOf(name);
      // A block names an item beyond the end of its data, such as the index of a map, with undefined.
      if (index !== -1) return hash[`l${index}`];
      return isMap(item) && Object.hasOwn(item, name) ? item[name] : names.lookup(name);
    },
    files: names.files,
    names: () => [...visible, ...(isMap(item) ? Object.keys(item) : []), ...names.names()],
  };
}
