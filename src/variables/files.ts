import { Failure, unwrap } from '../core/failure.ts';
import type { Text } from '../core/secret.ts';
import type { Value } from '../core/value.ts';
import { readSource } from '../document/read-file.ts';
import type { Files } from '../expression/scope.ts';
import { sealed } from '../expression/secrecy.ts';
import { compileText } from '../template/compile-text.ts';
import type { Scope } from '../template/template.ts';
import { isVaultText } from '../vault/envelope.ts';
import type { VarsTools } from './vars-file.ts';

/** What lookups read with these keys. */
export function filesOf(tools: VarsTools): Files {
  return {
    read: (path) => opened(textOf(path), path, tools),
    render: (path, names) => renderedText({ text: textOf(path), file: path }, tools, names),
  };
}

/** What a template's text comes to; a Secret where it lies encrypted. @throws Failure with places in `file` */
export function renderedText(
  { text, file }: { readonly text: string; readonly file: string },
  tools: VarsTools,
  scope: Scope,
): Value {
  const value = unwrap(compileText(unwrap(tools.decryptText(text, file)), file)).render(scope);
  return isVaultText(text) ? sealed(value, 'vault') : value;
}

/** @throws Failure HAPB102x, for the place that names the file */
function textOf(path: string): string {
  const read = readSource(path);
  if (read.ok) return read.value;
  const [problem] = read.diagnostics;
  const { code = 'HAPB1025', message = path, hint = '' } = problem ?? {};
  throw new Failure({ code, message, hint });
}

function opened(text: string, path: string, tools: VarsTools): Text {
  if (!isVaultText(text)) return text;
  const plain = unwrap(tools.openFile(text, path));
  if (!(plain instanceof Uint8Array)) return plain;
  const hint = 'Copy it to the node with copy; only texts can be values.';
  throw new Failure({ code: 'HAPB1022', message: `${path} is not UTF-8 text`, hint });
}
