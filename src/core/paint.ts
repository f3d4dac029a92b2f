/** Ansible's colours by the name that its settings use; the values are SGR parameters. */
const codes = {
  green: '0;32',
  yellow: '0;33',
  red: '0;31',
  cyan: '0;36',
  blue: '0;34',
  purple: '0;35',
  gray: '1;30',
  'bright red': '1;31',
  'bright purple': '1;35',
  bold: '1',
} as const;

/** See `codes`. */
export type Colour = keyof typeof codes;

/** Colours a text, or returns it as it is where colour is off. */
export type Paint = (colour: Colour, text: string) => string;

/** No colour at all. */
export const plainPaint: Paint = (_colour, text) => text;

/** Colours each line on its own, as Ansible does, so that tools which cut lines keep whole sequences. */
export const colourPaint: Paint = (colour, text) =>
  text
    .split('\n')
    .map((line) => `\u001b[${codes[colour]}m${line}\u001b[0m`)
    .join('\n');
