import { exitCodeOf } from '../../src/cli/exit-codes.ts';
import { runProgram } from '../../src/cli/program.ts';
import { Failure } from '../../src/core/failure.ts';
import type { Tool } from './observe.ts';

/** hapb in this process. The working directory is the process's, so one case runs at a time. */
export const hapbTool: Tool = async ([program, ...words], { folder, home }) => {
  let out = '';
  const before = { folder: process.cwd(), umask: process.umask(0o022), home: process.env.HOME };
  process.env.HOME = home;
  process.chdir(folder);
  try {
    const exitCode = await runProgram({
      words: [program === 'ansible-inventory' ? 'inventory' : 'run', ...words],
      version: 'test',
      terminal: {
        writeOut: (text) => {
          out += typeof text === 'string' ? text : Buffer.from(text).toString('utf8');
        },
        writeError: () => undefined,
        inIsTerminal: false,
        outIsTerminal: false,
        errorIsTerminal: false,
        columns: 0,
        rows: 0,
        stopping: new AbortController().signal,
        interrupted: new AbortController().signal,
        env: { PATH: process.env.PATH, HOME: home },
        askSecret: null,
      },
    });
    return { exitCode, out };
  } catch (problem) {
    // What main.ts does with it.
    if (!(problem instanceof Failure)) throw problem;
    return { exitCode: exitCodeOf(problem.problem.code), out };
  } finally {
    process.chdir(before.folder);
    process.umask(before.umask);
    process.env.HOME = before.home;
  }
};
