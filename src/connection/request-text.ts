import { reveal } from '../core/reveal.ts';
import type { Text } from '../core/secret.ts';
import { sizeBytesOf } from '../core/text-measure.ts';
import type { ShellRequest } from './connection.ts';
import { quoteAlways } from './quote.ts';
import type { ShellTraits } from './shell-start.ts';

/** Pieces of stdin per printf: far below any limit of a shell's word. */
const pieceChars = 60_000;
/** From this size on, opening a channel costs less than it saves. */
const bulkyBytes = 1_048_576;
/** From this size on, starting a program costs less than it saves. */
const worthProgramBytes = 1_024;

/** The scripts that a shell has in variables of its own, by their number there. */
export type KnownScripts = Map<string, number>;

/** A shorter script is not worth a variable. */
const worthKeepingChars = 128;
/** So many are kept: a playbook asks and does few kinds of things, but its own scripts may be without number. */
const mostScripts = 128;

/**
 * Shell text that runs a request in a subshell and then prints the marker with the exit code on stdout, and the marker
 * on stderr. Script and arguments are variables of the shell, so that bash, which prints the text of a killed command,
 * has nothing of them to print. A script that this shell has had before is not sent again. @throws Failure HAPB5070 for a NUL byte in the script or in an argument
 */
export function requestText(
  request: ShellRequest,
  nonce: string,
  { traits, scripts }: { readonly traits: ShellTraits; readonly scripts: KnownScripts },
): string {
  const args = (request.args ?? []).map((arg) => ` ${quoteAlways(reveal(arg))}`).join('');
  const script = scriptText(request.script, scripts);
  const text =
    request.stdin === undefined && request.folder === undefined
      ? `${script}; hapb_run ${nonce}${args}\n`
      : `${script}; set --${args}\n${commandText(request, traits)}; hapb_end ${nonce} "$?"; hapb_script=; set --\n`;
  return traits.reading === 'bytewise' ? textForBash(text) : text;
}

/**
 * Shell text for the last request of a shell, whose data follow on the shell's own stdin once `goNonce` was printed. It is
 * one command to the end, so that the shell reads no more: whatever becomes of the script, data are never taken for commands.
 * @throws Failure HAPB5070 as above
 */
export function lastRequestText(request: ShellRequest, nonce: string, goNonce: string): string {
  const args = (request.args ?? []).map((arg) => ` ${quoteAlways(reveal(arg))}`).join('');
  const run = `( ${entering(request.folder)}eval "$hapb_script" )`;
  const script = `hapb_script=${quoteAlways(request.script)}; set --${args}`;
  return `{ ${script}; hapb_end ${goNonce} 0; ${run}; hapb_end ${nonce} "$?"; exit; }\n`;
}

/** Whether data may come as a stream, and are so many that a shell of their own costs less than text that a shell must read. */
export function isBulky({ stdin, noticesCut }: ShellRequest): boolean {
  return noticesCut === true && stdin !== undefined && sizeBytesOf(stdin) >= bulkyBytes;
}

/** What `hapb_run` of a shell's start text does, for requests that need more than that. */
function commandText({ stdin, folder }: ShellRequest, traits: ShellTraits): string {
  const run = `( ${entering(folder)}eval "$hapb_script" )`;
  return stdin === undefined ? `${run} </dev/null` : `${printed(stdin, traits)} | ${run}`;
}

function entering(folder: string | undefined): string {
  return folder === undefined ? '' : `cd -- ${quoteAlways(folder)} 2>/dev/null; `;
}

function scriptText(script: string, scripts: KnownScripts): string {
  const known = scripts.get(script);
  if (known !== undefined) return `hapb_script=$hapb_${known}`;
  const quoted = quoteAlways(script);
  if (script.length < worthKeepingChars || scripts.size >= mostScripts) return `hapb_script=${quoted}`;
  scripts.set(script, scripts.size);
  return `hapb_${scripts.size - 1}=${quoted}; hapb_script=$hapb_${scripts.size - 1}`;
}

/**
 * The same text for bash, which takes 3 µs for each byte of commands on a pipe: it reads the line, and `head` reads the
 * text, exactly. (Other shells read ahead, so their own input must hold nothing but commands.) Should there be no `head`,
 * bash comes to the text by itself.
 */
function textForBash(text: string): string {
  const sizeBytes = Buffer.byteLength(text, 'utf8');
  return sizeBytes < worthProgramBytes ? text : `eval "$(head -c ${sizeBytes})"\n${text}`;
}

/** A command of builtins that prints the data: neither argv of a process nor the shell's own stdin carries it. */
function printed(data: Text | Uint8Array, { binary }: ShellTraits): string {
  const text = data instanceof Uint8Array ? textOf(data) : reveal(data);
  if (text !== null && !text.includes('\0')) return group(textPieces(text));
  const bytes = bytesOf(data);
  if (binary === 'base64' && bytes.length >= worthProgramBytes) {
    return `${group(textPieces(bytes.toString('base64')))} | base64 -d`;
  }
  return group(octalPieces(bytes));
}

function group(pieces: readonly string[]): string {
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

/** Binary data as printf's octal escapes, which every shell's own printf knows; not every host has base64. */
function octalPieces(bytes: Buffer): string[] {
  const pieces: string[] = [];
  for (let start = 0; start < bytes.length; start += pieceChars / 4) {
    let format = '';
    for (const byte of bytes.subarray(start, start + pieceChars / 4)) {
      format += escapes[byte] ?? '';
    }
    pieces.push(`printf '${format}'; `);
  }
  return pieces;
}

const escapes: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  isPlain(byte) ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`,
);

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

/** The data as they travel; not a copy where they are bytes. */
export function bytesOf(data: Text | Uint8Array): Buffer {
  return data instanceof Uint8Array
    ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    : Buffer.from(reveal(data), 'utf8');
}
