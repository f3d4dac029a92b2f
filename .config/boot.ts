import { createHash } from 'node:crypto';
import { build } from 'esbuild';

/**
 * The text of the one file: src/cli/boot.ts, and in a comment the program that it starts, which must be ASCII. `version`:
 * what `--version` answers.
 */
export async function bootable(program: string, version: string): Promise<string> {
  const strange = /[\x07\x7f-\uffff]/.exec(program);
  if (strange !== null) {
    const near = program.slice(Math.max(0, strange.index - 60), strange.index + 20);
    throw new Error(`the program must be ASCII without a bell; write an escape (\\uXXXX) in: ${near}`);
  }
  const { outputFiles } = await build({
    entryPoints: ['src/cli/boot.ts'],
    write: false,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'cjs',
    legalComments: 'none',
    banner: { js: '#!/usr/bin/env node' },
    define: {
      HAPB_VERSION: JSON.stringify(version),
      HAPB_BUILD: JSON.stringify(createHash('sha256').update(program).digest('hex').slice(0, 32)),
    },
  });
  const whole = `(function (require, module, exports, __filename, __dirname, HAPB_KEEP) {${program}\n})`;
  return `${outputFiles[0]?.text ?? ''}/*hapb\n${whole.replaceAll('*/', '*\x07')}*/\n`;
}
