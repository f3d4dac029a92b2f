/** ECMA-48: CSI with its parameters; a string command (OSC, DCS, SOS, PM, APC) up to its end on one line; other escapes. */
const csi = '(?:\\x1b\\[|\\x9b)[0-?]*[ -/]*[@-~]';
const command =
  '(?:\\x1b[\\]PX^_]|[\\x90\\x98\\x9d-\\x9f])[^\\n\\x07\\x1b\\x80-\\x9f]*(?:\\x07|\\x1b\\\\|\\x9c)';
const shortEscape = '\\x1b[ -/]*[0-~]';
/** Characters that reorder or hide what stands around them (Unicode bidi controls, zero-width, line separators). */
const invisible = '\\u061c\\u180e\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u2069\\ufeff\\ufff9-\\ufffb';
const control = '\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f';

const suspicious = new RegExp(`[${control}${invisible}]`);
// The classes inside each sequence exclude what begins one, so no input makes the search more than linear.
const unclean = new RegExp(`${csi}|${command}|${shortEscape}|\\r\\n?|[${control}]|[${invisible}]`, 'g');
const hidden = new RegExp(`^[${invisible}]$`);

/**
 * Text from a host, an inventory or a script, safe to show: without terminal sequences and control characters except
 * newline and tab. A carriage return becomes a newline; invisible and reordering characters show as `<U+202E>`.
 */
export function cleanText(text: string): string {
  if (!suspicious.test(text)) return text;
  return text.replace(unclean, (found) => {
    if (found.startsWith('\r')) return '\n';
    return hidden.test(found) ? codePointName(found) : '';
  });
}

function codePointName(character: string): string {
  return `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`;
}
