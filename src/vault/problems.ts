import { type Diagnostic, error } from '../core/diagnostic.ts';
import type { Span } from '../core/source.ts';

/** HAPB3501: no password that is known opens it. `labels`: of the passwords that were tried. */
export function wrongPassword(labels: readonly string[], span: Span): Diagnostic {
  const one = labels.length === 1 ? labels[0] : undefined;
  const message =
    one === undefined
      ? `none of the ${labels.length} vault passwords (${labels.join(', ')}) opens this`
      : `the vault password${one === 'default' ? '' : ` ${one}`} does not open this`;
  const hint =
    'Give the password with which it was encrypted. With the right one, the text was changed after encryption: restore it.';
  return error({ code: 'HAPB3501', message, hint, span });
}

/** HAPB3502: the text cannot be what `hapb vault` or `ansible-vault` wrote. */
export function damagedText(what: string, span: Span): Diagnostic {
  const message = `this encrypted text is damaged: ${what}`;
  const hint = 'Restore the whole text, from its $ANSIBLE_VAULT line to the last digit.';
  return error({ code: 'HAPB3502', message, hint, span });
}

/** HAPB3503: it asks for a password by an id that no known one has, and the known ones do not open it. */
export function unknownId(id: string, labels: readonly string[], span: Span): Diagnostic {
  const known = labels.join(', ');
  const message = `this is encrypted with the vault password "${id}", and only ${known} ${labels.length === 1 ? 'is' : 'are'} known`;
  return error({
    code: 'HAPB3503',
    message,
    hint: `Add --vault-id ${id}@FILE or --vault-id ${id}@prompt.`,
    span,
  });
}

/** HAPB3504: a version or cipher that is not read. */
export function otherFormat(format: string, span: Span): Diagnostic {
  const [version = '', cipher = ''] = format.split(';');
  const message = `vault format ${version}${cipher === '' ? '' : ` with ${cipher}`} is not supported`;
  const hint = 'Formats 1.1 and 1.2 with AES256 are; encrypt it again with a newer ansible-vault.';
  return error({ code: 'HAPB3504', message, hint, span });
}

/** HAPB3505: there is nothing to decrypt. */
export function notEncrypted(what: string, span: Span): Diagnostic {
  const message = `${what} is not encrypted`;
  const hint = 'An encrypted text begins with $ANSIBLE_VAULT;1.1;AES256.';
  return error({ code: 'HAPB3505', message, hint, span });
}

/** HAPB3506: it is decrypted, and not text. */
export function notText(span: Span): Diagnostic {
  const message = 'what is encrypted here is not UTF-8 text';
  const hint = 'Values and files of variables must be text; binary files can be the src of copy_file.';
  return error({ code: 'HAPB3506', message, hint, span });
}

/**
 * A problem inside an encrypted file, without the words that may quote from it: its code and place say where to look. What
 * is wrong with the encryption itself stays as it is.
 */
export function veiled(problem: Diagnostic): Diagnostic {
  const { code, severity, span } = problem;
  if (code === 'HAPB3003' || code.startsWith('HAPB35') || code.startsWith('HAPB102')) return problem;
  const message = 'there is a mistake here; it is not quoted, because the file is encrypted';
  const hint = `See ${code} in the list of errors, then use: hapb vault edit ${span.file}`;
  return { code, severity, message, span, hint };
}
