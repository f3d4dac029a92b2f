/** How a text may be written in YAML. */
interface Analysis {
  readonly multiline: boolean;
  readonly plainInBlock: boolean;
  readonly plainInFlow: boolean;
  readonly singleQuoted: boolean;
}

/** Where a text stands, as far as its quoting depends on it. */
export interface Standing {
  readonly flow: boolean;
  /** A key that shares its line with its value. */
  readonly key: boolean;
}

/** How PyYAML would quote a text. */
export type Quoting = 'plain' | 'single' | 'double';

/** The quoting of a text: none where it reads back as the same text, else single quotes, else double. */
export function quotingOf(text: string, { flow, key }: Standing): Quoting {
  const analysis = analyse(text);
  const plain = flow ? analysis.plainInFlow : analysis.plainInBlock;
  if (plain && !isOtherType(text) && !(key && analysis.multiline)) return 'plain';
  return analysis.singleQuoted && !(key && analysis.multiline) ? 'single' : 'double';
}

/** Whether a key can share its line with its value. */
export function isSimpleKey(text: string): boolean {
  return text.length < 128 && !/[\n\u0085\u2028\u2029]/.test(text);
}

const otherTypes: readonly RegExp[] = [
  /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/,
  /^(?:~|null|Null|NULL|)$/,
  /^[-+]?(?:0b[01_]+|0[0-7_]+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+|[1-9][0-9_]*(?::[0-5]?[0-9])+)$/,
  /^[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?$/,
  /^\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?$/,
  /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*$/,
  /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
  /^\d{4}-\d\d-\d\d$/,
  /^\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?$/,
  /^(?:<<|=)$/,
];

/** Whether YAML 1.1, which Ansible writes for, would read the bare text as something else than text. */
function isOtherType(text: string): boolean {
  return otherTypes.some((pattern) => pattern.test(text));
}

function analyse(text: string): Analysis {
  const multiline = text.includes('\n');
  const special = /[^\n\u0020-\u007e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/.test(text);
  const inBlock =
    /^(?:---|\.\.\.|[#,[\]{}&*!|>'"%@`]|[?:-](?=\s|$))/.test(text) || /:(?=\s|$)|(?<=\s)#/.test(text);
  const inFlow = inBlock || /^[?:]|[,?[\]{}:]/.test(text);
  const never = special || multiline || /^ | $/.test(text);
  return {
    multiline,
    plainInBlock: !never && !inBlock,
    plainInFlow: !never && !inFlow && text !== '',
    singleQuoted: !special && !/ \n|\n /.test(text),
  };
}

const escapes: ReadonlyMap<string, string> = new Map([
  ...([
    ['\0', '0'],
    ['\x07', 'a'],
    ['\b', 'b'],
    ['\t', 't'],
    ['\n', 'n'],
    ['\v', 'v'],
    ['\f', 'f'],
  ] as const),
  ...([
    ['\r', 'r'],
    ['\x1b', 'e'],
    ['"', '"'],
    ['\\', '\\'],
    ['\u0085', 'N'],
    ['\u2028', 'L'],
    ['\u2029', 'P'],
  ] as const),
]);

/** A text as it stands between double quotes. */
export function withEscapes(text: string): string {
  const unprintable = /["\\]|[^\u0020-\u007e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/gu;
  return text.replace(unprintable, (character) => {
    const short = escapes.get(character);
    if (short !== undefined) return `\\${short}`;
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
    if (code.length <= 2) return `\\x${code.padStart(2, '0')}`;
    return code.length <= 4 ? `\\u${code.padStart(4, '0')}` : `\\U${code.padStart(8, '0')}`;
  });
}
