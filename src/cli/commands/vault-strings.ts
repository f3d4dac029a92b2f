import { Failure } from '../../core/failure.ts';
import type { VaultKey } from '../../vault/vault.ts';
import type { Terminal } from '../terminal.ts';
import { commandLine, usageFailure } from '../usage.ts';

/** What the command touches besides files. */
export interface VaultWorld {
  readonly terminal: Terminal;
  /** Standard input to its end. */
  readonly input: () => Promise<Uint8Array>;
}

/** Texts for `hapb vault encrypt_string`. */
export interface StringsToEncrypt {
  /** `-` stands for standard input; without texts that is read too, unless the text is asked for. */
  readonly texts: readonly string[];
  /** Names of variables for `texts`, by position. */
  readonly names: readonly string[];
  /** Name for the text of standard input; `null`: none. */
  readonly inputName: string | null;
  readonly source: 'given' | 'ask';
}

/** `!vault` scalars ready to be pasted into a YAML file, one below the other. */
export async function encryptStrings(
  { texts, names, inputName, source }: StringsToEncrypt,
  { terminal, input }: VaultWorld,
  seal: (bytes: Uint8Array) => string,
): Promise<string> {
  const all: { bytes: Uint8Array; name: string | undefined }[] = [];
  if (source === 'ask') {
    if (terminal.askSecret === null) {
      throw usageFailure(
        'HAPB8005',
        'the text cannot be asked for: there is no terminal',
        'Pass it on standard input.',
      );
    }
    all.push({ bytes: Buffer.from(await terminal.askSecret('Text to encrypt: ')), name: names[0] });
  }
  const given = texts.filter((text) => text !== '-');
  const named = source === 'ask' ? names.slice(1) : names;
  if (texts.includes('-') || inputName !== null || (texts.length === 0 && source === 'given')) {
    const name = inputName ?? (given.length === 0 ? named[0] : undefined);
    all.push({ bytes: await input(), name });
  }
  given.forEach((text, index) => void all.push({ bytes: Buffer.from(text), name: named[index] }));
  return all.map(({ bytes, name }) => scalar(seal(bytes), name)).join('');
}

/** Indented by ten as ansible-vault does. */
function scalar(text: string, name: string | undefined): string {
  const lines = text.trimEnd().split('\n');
  const key = name === undefined ? '' : `${name}: `;
  return [`${key}!vault |`, ...lines.map((line) => `          ${line}`), ''].join('\n');
}

/** The password that encrypts. @throws Failure HAPB3513 no such id, HAPB3514 several ids and none chosen */
export function encryptingKey(keys: readonly VaultKey[], id: string | null): VaultKey {
  const labels = [...new Set(keys.map(({ label }) => label))];
  const [first] = id === null ? keys : keys.filter(({ label }) => label === id);
  if (first === undefined) {
    throw new Failure(
      {
        code: 'HAPB3513',
        message: `there is no vault password with the id ${id ?? 'default'}`,
        hint: `Known are ${labels.join(', ')}; add --vault-id ${id ?? 'default'}@FILE.`,
      },
      commandLine,
    );
  }
  if (id === null && labels.length > 1) {
    throw new Failure(
      {
        code: 'HAPB3514',
        message: `there are passwords with the ids ${labels.join(', ')}, and one must encrypt`,
        hint: `Choose with --encrypt-vault-id ${first.label}.`,
      },
      commandLine,
    );
  }
  return first;
}
