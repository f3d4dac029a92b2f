import { reveal } from '../core/reveal.ts';
import type { Text } from '../core/secret.ts';
import type { ShellRequest } from './connection.ts';
import { quoteAlways } from './quote.ts';

/** Pieces of stdin per printf: far below any limit of a shell's word. */
const pieceChars = 60_000;

/**
 * Shell text that runs a request in a subshell and then prints the marker with the exit code on stdout, and the marker
 * on stderr. Script and arguments are variables of the shell, so that bash, which prints the text of a killed command,
 * has nothing of them to print. @throws Failure HAPB5070 for a NUL byte in the script or in an argument
 */
export function requestText(request: ShellRequest, nonce: string): string {
  const args = (request.args ?? []).map((arg) => ` ${quoteAlways(reveal(arg))}`).join('');
  const run = '( eval "$hapb_script" )';
  const command = request.stdin === undefined ? `${run} </dev/null` : `${printed(request.stdin)} | ${run}`;
  return (
    `hapb_script=${quoteAlways(request.script)}; set --${args}\n` +
    `${command}; printf '${nonce}:%s;' "$?"; printf '${nonce}:;' >&2; hapb_script=; set --\n`
  );
}

/** A command of builtins that prints the data: neither argv of a process nor the shell's own stdin carries it. */
function printed(data: Text | Uint8Array): string {
  const text = data instanceof Uint8Array ? textOf(data) : reveal(data);
  const pieces = text === null || text.includes('\0') ? octalPieces(bytesOf(data)) : textPieces(text);
  return `{ ${pieces.join('')}:; } 2>/dev/null`;
}

function textPieces(text: string): string[] {
  const pieces: string[] = [];
  for (let start = 0; start < text.length; ) {
    let end = Math.min(text.length, start + pieceChars);
    // A surrogate pair is one character and stays whole.
    if (end < text.length && isHighSurrogate(text.charCodeAt(end - 1))) end -= 1;
    pieces.push(`printf '%s' ${quoteAlways(text.slice(start, end))}; `);
    start = end;
  }
  return pieces;
}

/** Binary data as printf's octal escapes, which every shell's own printf knows; base64 is no part of POSIX. */
function octalPieces(bytes: Buffer): string[] {
  const pieces: string[] = [];
  for (let start = 0; start < bytes.length; start += pieceChars / 4) {
    let format = '';
    for (const byte of bytes.subarray(start, start + pieceChars / 4)) {
      format += isPlain(byte) ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
    }
    pieces.push(`printf '${format}'; `);
  }
  return pieces;
}

function isPlain(byte: number): boolean {
  // Printable ASCII without quote, percent, backslash, and the minus that could begin an option.
  return byte >= 0x20 && byte < 0x7f && ![0x27, 0x25, 0x5c, 0x2d].includes(byte);
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

function bytesOf(data: Text | Uint8Array): Buffer {
  return data instanceof Uint8Array ? Buffer.from(data) : Buffer.from(reveal(data), 'utf8');
}
