import { basename, extname } from 'node:path';
import { Failure } from '../core/failure.ts';
import { Secret } from '../core/secret.ts';
import { fileSpan } from '../core/source.ts';
import { plainTools, type VarsTools } from '../variables/vars-file.ts';
import { vaultTools } from '../vault/tools.ts';
import { createVault, type VaultKey } from '../vault/vault.ts';
import { readPasswordFile } from './password-file.ts';
import type { VaultOptions } from './run-options.ts';
import type { Terminal } from './terminal.ts';
import { commandLine, usageFailure } from './usage.ts';

/** Where a vault password comes from, under its label. */
export type VaultSource = VaultOptions['sources'][number];

/** How to ask: a new password is asked for twice. */
export type Asking = 'known' | 'new';

/** The sources of the command line, and the file that ANSIBLE_VAULT_PASSWORD_FILE names. */
export function withEnvironment(
  sources: readonly VaultSource[],
  env: Terminal['env'],
): readonly VaultSource[] {
  const path = env.ANSIBLE_VAULT_PASSWORD_FILE ?? '';
  return path === '' ? sources : [...sources, { label: 'default', password: { kind: 'file', path } }];
}

/**
 * Asks for vault passwords, reads them from files and runs the scripts that give them, in this order. @throws Failure
 * HAPB8004, HAPB8005, HAPB3510 (script), HAPB3511 (empty), HAPB3512 (typed differently)
 */
export async function gatherVaultKeys(
  sources: readonly VaultSource[],
  terminal: Terminal,
  asking: Asking = 'known',
): Promise<readonly VaultKey[]> {
  const keys: VaultKey[] = [];
  for (const { label, password } of sources) {
    if (password.kind === 'none') continue;
    const text =
      password.kind === 'ask'
        ? await askFor(label, terminal, asking)
        : await passwordFrom(password.path, label);
    if (text === '') throw emptyPassword(password.kind === 'ask' ? null : password.path);
    keys.push({ label, password: new Secret(text, 'vault password') });
  }
  return keys;
}

/** What opens encrypted texts of a run. @throws Failure as gatherVaultKeys does */
export async function gatherTools(options: VaultOptions, terminal: Terminal): Promise<VarsTools> {
  const keys = await gatherVaultKeys(withEnvironment(options.sources, terminal.env), terminal);
  return keys.length === 0 ? plainTools : vaultTools(createVault(keys));
}

async function askFor(label: string, { askSecret }: Terminal, asking: Asking): Promise<string> {
  if (askSecret === null) {
    throw usageFailure(
      'HAPB8005',
      'the vault password cannot be asked for: there is no terminal',
      'Give it in a file with --vault-password-file FILE.',
    );
  }
  const suffix = label === 'default' ? ': ' : ` (${label}): `;
  if (asking === 'known') return askSecret(`Vault password${suffix}`);
  const first = await askSecret(`New vault password${suffix}`);
  if (first === (await askSecret(`Confirm new vault password${suffix}`))) return first;
  throw new Failure(
    { code: 'HAPB3512', message: 'the two passwords differ', hint: 'Run it again and type the same twice.' },
    commandLine,
  );
}

/** Whitespace around a password is no part of it, as in Ansible. A script whose name ends in `-client` is told the id. */
async function passwordFrom(path: string, label: string): Promise<string> {
  const isClient = basename(path, extname(path)).endsWith('-client');
  const words = isClient ? ['--vault-id', label] : [];
  const text = await readPasswordFile(path, { what: 'vault password', words, code: 'HAPB3510' });
  return text.replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, '');
}

function emptyPassword(path: string | null): Failure {
  const message =
    path === null ? 'the vault password is empty' : `the vault password file ${path} gives no password`;
  const hint = path === null ? 'Type it again.' : 'Put the password on its first line.';
  return new Failure({ code: 'HAPB3511', message, hint }, path === null ? commandLine : fileSpan(path));
}
