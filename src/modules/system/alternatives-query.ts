import { type Ask, question } from '../ask.ts';

/** What update-alternatives knows of a name. `link: null`: nothing. */
export interface AlternativesState {
  readonly tool: 'update-alternatives' | 'none';
  readonly link: string | null;
  readonly status: 'auto' | 'manual';
  readonly value: string;
  /** Links of subcommands, by name. */
  readonly links: Readonly<Record<string, string>>;
  readonly choices: readonly {
    readonly path: string;
    readonly priority: number;
    readonly subcommands: Readonly<Record<string, string>>;
  }[];
}

/** Asks for a name. Key `alternatives:NAME`. */
export function askAlternatives(name: string): Ask<AlternativesState> {
  return question<AlternativesState>({
    key: `alternatives:${name}`,
    reads: ['package:*'],
    sh: `PATH=$PATH:/usr/sbin:/sbin
command -v update-alternatives >/dev/null || { echo none; exit 0; }
LC_ALL=C update-alternatives --query "$1" 2>/dev/null; exit 0`,
    args: [name],
    parse: (reply) => parseQuery(reply.stdout),
  });
}

/** Reads the output of `update-alternatives --query`. */
export function parseQuery(text: string): AlternativesState {
  let link: string | null = null;
  let status: 'auto' | 'manual' = 'auto';
  let value = '';
  const links: Record<string, string> = {};
  const choices: { path: string; priority: number; subcommands: Record<string, string> }[] = [];
  for (const line of text.split('\n')) {
    const [, key = '', rest = ''] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    const [, name = '', path = ''] = /^ (\S+) (.+)$/.exec(line) ?? [];
    const current = choices.at(-1);
    if (name !== '') (current?.subcommands ?? links)[name] = path;
    else if (key === 'Link') link = rest;
    else if (key === 'Status') status = rest === 'manual' ? 'manual' : 'auto';
    else if (key === 'Value') value = rest;
    else if (key === 'Alternative') choices.push({ path: rest, priority: 0, subcommands: {} });
    else if (key === 'Priority' && current !== undefined) current.priority = Number(rest);
  }
  return {
    tool: text.trim() === 'none' ? 'none' : 'update-alternatives',
    link,
    status,
    value,
    links,
    choices,
  };
}
