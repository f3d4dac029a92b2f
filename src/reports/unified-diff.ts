import { createTwoFilesPatch } from 'diff';
import type { Edit } from '../core/change.ts';
import type { Paint } from '../core/paint.ts';
import type { Text } from '../core/secret.ts';

/** Ansible's own limit for a shown file, in bytes. */
const maxSizeBytes = 104_448;
/** Beyond this many edited lines a diff takes seconds to work out and nobody reads it. */
const maxEditedLines = 2_000;
const contextLines = 3;

/** The edits of one change as `--diff` shows them, each with its newline; an empty line at the end. */
export function diffText(edits: readonly Edit[], paint: Paint): string {
  if (edits.length === 0) return '';
  const lines: string[] = [];
  let subject: string | null = null;
  for (const edit of edits) {
    const body = edit.subject === subject && isKeyText(edit) ? keyLines(edit) : bodyLines(edit);
    if (body.length === 0) continue;
    if (edit.subject !== subject) lines.push(...headLines(edit));
    subject = edit.subject;
    lines.push(...body);
  }
  return lines.length === 0 ? '' : `${lines.map((line) => paintLine(line, paint)).join('\n')}\n\n`;
}

/** The lines of a diff without its two head lines, unpainted. */
function bodyLines({ before, after }: Edit): readonly string[] {
  const from = textOf(before);
  const to = textOf(after);
  if (isKeyLine(from) && isKeyLine(to)) {
    return [...(before === null ? [] : [`-${from}`]), ...(after === null ? [] : [`+${to}`])];
  }
  const size = Math.max(Buffer.byteLength(from), Buffer.byteLength(to));
  if (size > maxSizeBytes)
    return [`(too large to show: ${Buffer.byteLength(from)} → ${Buffer.byteLength(to)} bytes)`];
  const options = { context: contextLines, maxEditLength: maxEditedLines };
  const patch = createTwoFilesPatch('before', 'after', from, to, '', '', options);
  if (patch === undefined) return [`(differs: ${countLines(from)} → ${countLines(to)} lines)`];
  const all = patch.replace(/\n$/, '').split('\n');
  const start = all.findIndex((line) => line.startsWith('@@'));
  return start === -1 ? [] : all.slice(start).map(shortRange);
}

/** Whether an edit tells properties of what the edit before it named, such as `mode: 0644`, one a line. */
function isKeyText({ before, after }: Edit): boolean {
  const lines = `${textOf(before)}\n${textOf(after)}`.split('\n').filter((line) => line !== '');
  return lines.length <= 24 && lines.every((line) => /^[a-z][a-z _]*: \S/.test(line));
}

/** Properties that differ; they need neither context nor line numbers. */
function keyLines({ before, after }: Edit): readonly string[] {
  const from = textOf(before)
    .split('\n')
    .filter((line) => line !== '');
  const to = textOf(after)
    .split('\n')
    .filter((line) => line !== '');
  return [
    ...from.filter((line) => !to.includes(line)).map((line) => `-${line}`),
    ...to.filter((line) => !from.includes(line)).map((line) => `+${line}`),
  ];
}

/** A range of one line goes without its length, as diff and Ansible write it. */
function shortRange(line: string): string {
  return line.startsWith('@@') ? line.replace(/([-+]\d+),1(?= )/g, '$1') : line;
}

function headLines({ subject, before, after, bringer }: Edit): readonly string[] {
  const nothing = bringer === undefined ? '--- before' : `--- before (unless ${bringer} brings it)`;
  return [
    before === null ? nothing : `--- before: ${subject}`,
    after === null ? '+++ after' : `+++ after: ${subject}`,
  ];
}

/** Events hold plain strings; a Secret that was not sent through the stream prints as its label. */
function textOf(text: Text | null): string {
  return text === null ? '' : String(text);
}

function isKeyLine(text: string): boolean {
  return !text.includes('\n');
}

function countLines(text: string): number {
  return text === '' ? 0 : text.replace(/\n$/, '').split('\n').length;
}

function paintLine(line: string, paint: Paint): string {
  if (line.startsWith('+')) return paint('green', line);
  if (line.startsWith('-')) return paint('red', line);
  return line.startsWith('@@') ? paint('cyan', line) : line;
}
