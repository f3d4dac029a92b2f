import { Failure } from '../../core/failure.ts';
import type { Text } from '../../core/secret.ts';
import type { ControllerFile } from '../asks/controller-file.ts';
import type { TaskContext } from '../module.ts';

/** Which argument names the file, and whether what is encrypted is decrypted. */
export interface ContentWish {
  readonly argument: string;
  readonly decrypt: boolean;
}

/**
 * The whole content of a file of the controller, decrypted where that is asked for.
 * @throws Failure HAPB6030, HAPB6031, HAPB6033, HAPB3003, HAPB35xx
 */
export function contentOf(source: ControllerFile, wish: ContentWish, task: TaskContext): Text | Uint8Array {
  const { argument } = wish;
  if (source.kind === 'none') {
    throw new Failure({
      code: 'HAPB6030',
      message: `${source.tried[0] ?? ''} was not found on the controller`,
      hint: `Looked for: ${source.tried.join(', ')}.`,
      argument,
    });
  }
  if (source.kind === 'directory') {
    throw new Failure({
      code: 'HAPB6031',
      message: `${source.path} is a folder`,
      hint: 'Name a file.',
      argument,
    });
  }
  if (source.content === null) {
    throw new Failure({
      code: 'HAPB6033',
      message: `${source.path} is ${Math.ceil(source.sizeBytes / 1_048_576)} MiB long, which is too much here`,
      hint: 'Bring it to the host first, with `copy_file` or `get_url`.',
      argument,
    });
  }
  return source.encrypted && wish.decrypt ? decrypted(source, wish, task) : source.content;
}

/** The content of a file that lies encrypted on the controller. @throws Failure HAPB3003, HAPB6033, HAPB35xx */
export function decrypted(
  { path, content }: ControllerFile & { readonly kind: 'file' },
  { argument }: Pick<ContentWish, 'argument'>,
  task: TaskContext,
): Text | Uint8Array {
  if (typeof content !== 'string') {
    throw new Failure({
      code: 'HAPB6033',
      message: `${path} is encrypted and too long to be decrypted`,
      hint: 'Encrypted files up to 16 MiB can be copied; with `decrypt: false` it is copied as it is.',
      argument,
    });
  }
  if (task.openVault !== undefined) return task.openVault(content, path);
  throw new Failure({
    code: 'HAPB3003',
    message: `${path} is encrypted, and no vault password is known`,
    hint: 'Pass --ask-vault-pass or --vault-password-file FILE, or copy it as it is with `decrypt: false`.',
    argument,
  });
}
