import { Failure } from '../../core/failure.ts';

/** What a symbolic mode starts from. */
export interface ModeContext {
  /** Octal text of the mode that is there, or that the file would get without any. */
  readonly now: string;
  readonly kind: 'file' | 'directory';
}

const perms: Readonly<Record<string, number>> = { r: 4, w: 2, x: 1 };
const shifts: Readonly<Record<string, number>> = { u: 6, g: 3, o: 0 };

/**
 * The mode that `wanted` leads to, as octal text with four digits. `wanted` is octal text (`0644`, `755`) or symbolic
 * as chmod(1) takes it (`u=rw,go=r`, `a+X`). @throws Failure HAPB6005
 */
export function resolveMode(wanted: string, context: ModeContext): string {
  const text = wanted.trim();
  if (/^[0-7]{3,5}$/.test(text)) return octal(Number.parseInt(text, 8));
  return text
    .split(',')
    .reduce((mode, clause) => applyClause(mode, clause, { ...context, wanted }), context.now);
}

interface ClauseContext extends ModeContext {
  readonly wanted: string;
}

function applyClause(now: string, clause: string, context: ClauseContext): string {
  const match = /^([ugoa]*)((?:[-+=](?:[ugo]|[rwxXst]*))+)$/.exec(clause);
  if (match === null) {
    throw new Failure({
      code: 'HAPB6005',
      message: `'${context.wanted}' is not a file mode`,
      hint: "Write octal digits in quotes, such as '0644', or a symbolic mode such as u=rw,go=r.",
      argument: 'mode',
    });
  }
  const who = match[1] === '' || match[1]?.includes('a') ? 'ugo' : (match[1] ?? 'ugo');
  let mode = Number.parseInt(now, 8);
  for (const [, operator, letters = ''] of (match[2] ?? '').matchAll(/([-+=])([ugo]|[rwxXst]*)/g)) {
    const bits = bitsOf(who, letters, { mode, kind: context.kind });
    if (operator === '+') mode |= bits;
    else if (operator === '-') mode &= ~bits;
    else mode = (mode & ~maskOf(who, context.kind)) | bits;
  }
  return octal(mode);
}

function bitsOf(who: string, letters: string, at: { mode: number; kind: 'file' | 'directory' }): number {
  let bits = 0;
  for (const class_ of who) {
    const shift = shifts[class_] ?? 0;
    for (const letter of letters) {
      if (letter === 's') bits |= class_ === 'u' ? 0o4000 : class_ === 'g' ? 0o2000 : 0;
      else if (letter === 't') bits |= 0o1000;
      else if (letter === 'X') bits |= at.kind === 'directory' || (at.mode & 0o111) !== 0 ? 1 << shift : 0;
      else if (letter in shifts) bits |= ((at.mode >> (shifts[letter] ?? 0)) & 7) << shift;
      else bits |= (perms[letter] ?? 0) << shift;
    }
  }
  return bits;
}

/** `=` clears a class's bits; chmod keeps set-id bits of directories unless they are named. */
function maskOf(who: string, kind: 'file' | 'directory'): number {
  let mask = 0;
  for (const class_ of who) mask |= 7 << (shifts[class_] ?? 0);
  if (kind === 'file') {
    if (who.includes('u')) mask |= 0o4000;
    if (who.includes('g')) mask |= 0o2000;
  }
  return mask;
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}
