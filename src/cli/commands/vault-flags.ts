import type { Command } from 'commander';
import type { Terminal } from '../terminal.ts';
import { usageFailure } from '../usage.ts';
import { addVaultFlags, type VaultPasswordFlags, vaultId, vaultSources } from '../vault-password-flags.ts';
import type { VaultSource } from '../vault-passwords.ts';
import type { VaultRequest } from './vault.ts';

interface VaultFlags extends VaultPasswordFlags {
  readonly encryptVaultId?: string;
  readonly output?: string;
  readonly newVaultId?: string;
  readonly newVaultPasswordFile?: string;
  readonly name?: readonly string[];
  readonly stdinName?: string;
  readonly prompt?: true;
}

/** `hapb vault …`, each with the flags of `ansible-vault`. */
export function addVaultCommand(program: Command, terminal: Terminal, end: (exitCode: number) => void): void {
  const vault = program.command('vault').description('encrypt, decrypt and edit files and values');
  const run = async (request: VaultRequest): Promise<void> => {
    const { vaultCommand } = await import('./vault.ts');
    end(await vaultCommand(request, { terminal, input: standardInput }));
  };
  const add = (words: string, summary: string): Command =>
    addVaultFlags(vault.command(words).description(summary));
  const encrypting = (command: Command): Command =>
    command.option('--encrypt-vault-id <id>', 'which of several passwords encrypts');
  const output = ['--output <file>', 'write there instead of in place; - is standard output'] as const;

  encrypting(add('encrypt [files...]', 'encrypt files in place, or standard input'))
    .option(...output)
    .action((files: readonly string[], flags: VaultFlags) =>
      run({ kind: 'encrypt', files, output: flags.output ?? null, ...common(flags) }),
    );
  add('decrypt [files...]', 'decrypt files in place, or standard input')
    .option(...output)
    .action((files: readonly string[], flags: VaultFlags) =>
      run({ kind: 'decrypt', files, output: flags.output ?? null, ...common(flags) }),
    );
  add('view <files...>', 'show what encrypted files hold').action(
    (files: readonly string[], flags: VaultFlags) => run({ kind: 'view', files, ...common(flags) }),
  );
  encrypting(add('edit <files...>', 'change encrypted files with $EDITOR')).action(
    (files: readonly string[], flags: VaultFlags) => run({ kind: 'edit', files, ...common(flags) }),
  );
  encrypting(add('create <file>', 'write a new encrypted file with $EDITOR')).action(
    (file: string, flags: VaultFlags) => run({ kind: 'create', files: [file], ...common(flags) }),
  );
  add('rekey <files...>', 'encrypt files with another password')
    .option('--new-vault-id <label@source>', 'the new password and its id')
    .option('--new-vault-password-file <file>', 'the new password')
    .action((files: readonly string[], flags: VaultFlags) =>
      run({ kind: 'rekey', files, newSources: newSources(flags), ...common(flags) }),
    );
  encrypting(add('encrypt_string [texts...]', 'encrypt values for YAML files; without one, standard input'))
    .alias('encrypt-string')
    .option('-n, --name <name>', 'name of the variable (repeatable)', (name: string, more: string[] = []) => [
      ...more,
      name,
    ])
    .option('--stdin-name <name>', 'name of the variable that standard input gives')
    .option('-p, --prompt', 'ask for the text without showing it')
    .option('--output <file>', 'write there instead of to standard output')
    .action((texts: readonly string[], flags: VaultFlags) =>
      run({
        kind: 'encrypt-string',
        texts,
        names: flags.name ?? [],
        inputName: flags.stdinName ?? null,
        source: flags.prompt === undefined ? 'given' : 'ask',
        output: flags.output ?? null,
        ...common(flags),
      }),
    );
}

function common(flags: VaultFlags): Pick<VaultRequest, 'sources' | 'encryptId'> {
  return { sources: vaultSources(flags), encryptId: flags.encryptVaultId ?? null };
}

function newSources(flags: VaultFlags): readonly VaultSource[] {
  const { newVaultId, newVaultPasswordFile: path } = flags;
  if (newVaultId !== undefined && path !== undefined) {
    throw usageFailure(
      'HAPB8001',
      '--new-vault-id and --new-vault-password-file both name the new password',
      'Leave one of them out.',
    );
  }
  if (newVaultId !== undefined) return [vaultId(newVaultId)];
  return path === undefined ? [] : [{ label: 'default', password: { kind: 'file', path } }];
}

async function standardInput(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}
