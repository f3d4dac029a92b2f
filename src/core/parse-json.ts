/** The deepest that lists and maps of JSON from outside may stand in each other: what walks a value goes that deep too. */
export const maxJsonDepth = 500;

/** `JSON.parse` for text from outside. @throws SyntaxError when it is none, or nests too deep */
export function parseJson(text: string): unknown {
  if (depthOf(text) > maxJsonDepth) throw new SyntaxError(`it nests deeper than ${maxJsonDepth} levels`);
  return JSON.parse(text) as unknown;
}

const [quote, backslash] = ['"'.charCodeAt(0), '\\'.charCodeAt(0)];
const openers = ['['.charCodeAt(0), '{'.charCodeAt(0)];
const closers = [']'.charCodeAt(0), '}'.charCodeAt(0)];

function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inText = false;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === quote) inText = !inText;
    else if (inText) at += unit === backslash ? 1 : 0;
    else if (openers.includes(unit)) {
      depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (closers.includes(unit)) depth -= 1;
  }
  return deepest;
}
