import { type Command, Option } from 'commander';
import type { RunOptions } from './run-options.ts';

/** Flags that say where vault passwords come from, as commander hands them over. */
export interface VaultPasswordFlags {
  readonly askVaultPass?: true;
  readonly vaultPasswordFile?: readonly string[];
  readonly vaultId?: readonly string[];
}

const append = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

/** Adds what says where vault passwords come from. */
export function addVaultFlags(command: Command): Command {
  return command
    .option('-J, --ask-vault-pass', 'ask for the vault password')
    .addOption(new Option('--ask-vault-password').implies({ askVaultPass: true }).hideHelp())
    .option(
      '--vault-pass-file, --vault-password-file <file>',
      'read it from a file, or run the file if it is executable (repeatable)',
      append,
    )
    .option(
      '--vault-id <label@source>',
      'a vault password with its id; the source is a file or prompt (repeatable)',
      append,
    );
}

/** Where the vault passwords of a command line come from. */
export function vaultSources(flags: VaultPasswordFlags): RunOptions['vault']['sources'] {
  const asked =
    flags.askVaultPass === undefined ? [] : [{ label: 'default', password: { kind: 'ask' } as const }];
  const files = (flags.vaultPasswordFile ?? []).map((path) => ({
    label: 'default',
    password: { kind: 'file', path } as const,
  }));
  return [...asked, ...files, ...(flags.vaultId ?? []).map(vaultId)];
}

/** `LABEL@SOURCE` as Ansible divides it, at the first sign; `prompt` asks. */
export function vaultId(text: string): RunOptions['vault']['sources'][number] {
  const sign = text.indexOf('@');
  const label = sign <= 0 ? 'default' : text.slice(0, sign);
  const source = text.slice(sign + 1);
  return { label, password: source === 'prompt' ? { kind: 'ask' } : { kind: 'file', path: source } };
}
