import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Tool } from './observe.ts';

/** ansible-core from a virtual environment, with nothing of the user's own settings. */
export function ansibleTool(environment: string): Tool {
  return ([program = '', ...words], { folder, home }) =>
    new Promise((resolve, reject) => {
      const child = spawn(
        '/bin/sh',
        ['-c', 'umask 022; exec "$@"', 'sh', join(environment, 'bin', program), ...words],
        {
          cwd: folder,
          stdio: ['ignore', 'pipe', 'pipe'],
          timeout: 120_000,
          env: {
            PATH: process.env.PATH,
            HOME: home,
            LC_ALL: 'C.UTF-8',
            ANSIBLE_HOME: join(home, '.ansible'),
            ANSIBLE_ASYNC_DIR: join(home, '.ansible_async'),
            ANSIBLE_PIPELINING: '1',
            ANSIBLE_NOCOLOR: '1',
            ANSIBLE_PYTHON_INTERPRETER: join(environment, 'bin/python'),
          },
        },
      );
      let out = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        out += text;
      });
      child.stderr.resume();
      child.on('error', reject);
      child.on('close', (code, signal) => {
        if (code === null) reject(new Error(`${program} ended by ${signal ?? 'nothing'}`));
        else resolve({ exitCode: code, out });
      });
    });
}
