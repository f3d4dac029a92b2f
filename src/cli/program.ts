import { Command, CommanderError } from 'commander';
import { quote } from '../connection/quote.ts';
import { Failure } from '../core/failure.ts';
import { printDiagnostics } from '../core/print-diagnostic.ts';
import { safeText } from '../events/redact.ts';
import { refuseMergedMaps } from './ansible-settings.ts';
import { addVaultCommand } from './commands/vault-flags.ts';
import { environmentWarnings, flagsFromEnvironment } from './environment.ts';
import { exitCodes } from './exit-codes.ts';
import { createSourceReader } from './files.ts';
import {
  addInventoryFlags,
  addLintFlags,
  addRunFlags,
  paths,
  type RunFlags,
  toRunOptions,
} from './run-flags.ts';
import type { RunOptions, RunTask } from './run-options.ts';
import { errorPaint, type Terminal } from './terminal.ts';
import { refuseUnsupported } from './unsupported-flags.ts';
import { commandLine, usageFailure } from './usage.ts';

/** What main.ts needs: the words of the command line without node and script. */
export interface Invocation {
  readonly words: readonly string[];
  readonly version: string;
  readonly terminal: Terminal;
}

/** Runs what the command line asks for. Gives the exit code. @throws Failure with a place, for main.ts to print */
export async function runProgram({ words, version, terminal }: Invocation): Promise<number> {
  refuseUnsupported(words);
  let exitCode: number = exitCodes.success;
  const program = buildProgram(version, terminal, (code) => {
    exitCode = code;
  });
  if (words.length === 0) {
    terminal.writeOut(program.helpInformation());
    return exitCodes.usage;
  }
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (problem) {
    if (problem instanceof CommanderError) return usageExit(problem);
    throw problem;
  }
  if (exitCode === exitCodes.interrupted)
    terminal.writeError(safeText(`To go on, run it again: hapb ${words.map(quote).join(' ')}\n`));
  return exitCode;
}

/** Help and version end with 0; all else is a wrong command line. */
function usageExit(problem: CommanderError): number {
  if (problem.exitCode === 0) return exitCodes.success;
  if (problem.code === 'commander.help') return exitCodes.usage;
  const [first = '', ...more] = problem.message.replace(/^error: /, '').split('\n');
  const near = /^\(Did you mean (?:one of )?(.+)\?\)$/.exec(more.join(' '))?.[1];
  const hint = near === undefined ? 'See hapb --help and hapb COMMAND --help.' : `Did you mean ${near}?`;
  throw new Failure({ code: 'HAPB8001', message: first, hint }, commandLine);
}

function buildProgram(version: string, terminal: Terminal, end: (exitCode: number) => void): Command {
  const program = new Command('hapb')
    .description('Runs Ansible-style playbooks over SSH.')
    .version(version, '--version', 'show the version')
    .helpCommand(true)
    .showHelpAfterError(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.writeOut(text),
      // What is wrong is printed as a diagnostic, like every other problem.
      writeErr: () => undefined,
    });
  program.hook('preAction', (_, command) => {
    takeEnvironment(command, terminal);
  });
  addRunCommands(program, { version, terminal }, end);
  addOtherCommands(program, terminal, end);
  addVaultCommand(program, terminal, end);
  for (const command of program.commands) command.exitOverride().copyInheritedSettings(program);
  return program;
}

/** Flags that answer the same as another one. */
const insteadOf: Readonly<Record<string, string>> = {
  becomePasswordFile: 'askBecomePass',
  connectionPasswordFile: 'askPass',
};

/** What the words leave open, the environment may say. */
function takeEnvironment(command: Command, terminal: Terminal): void {
  const isOpen = (flag: string): boolean =>
    command.options.some((option) => option.attributeName() === flag) &&
    [flag, insteadOf[flag]].every(
      (name) => name === undefined || command.getOptionValueSource(name) !== 'cli',
    );
  for (const [flag, value] of Object.entries(flagsFromEnvironment(isOpen, terminal.env))) {
    command.setOptionValueWithSource(flag, value, 'env');
  }
  if (command.options.some((option) => option.attributeName() === 'inventory'))
    refuseMergedMaps(terminal.env);
  const warnings = isOpen('acceptNewHostKeys') ? environmentWarnings(terminal.env) : [];
  if (warnings.length === 0) return;
  const style = { source: createSourceReader(), paint: errorPaint(terminal) };
  terminal.writeError(printDiagnostics(warnings, style));
}

/** Each command's own code is loaded only when it is the one that was asked for. */
function addRunCommands(
  program: Command,
  { version, terminal }: Pick<Invocation, 'version' | 'terminal'>,
  end: (exitCode: number) => void,
): void {
  const add = (
    name: string,
    summary: string,
    change: { readonly task?: RunTask; readonly check?: true; readonly finish?: typeof driftOptions },
  ): void => {
    addRunFlags(program.command(`${name} <playbook...>`).description(summary)).action(
      async (playbooks: readonly string[], flags: RunFlags) => {
        const all = change.check === undefined ? flags : { ...flags, check: change.check };
        const wanted = toRunOptions(playbooks, all, change.task);
        const options = change.finish?.(wanted) ?? wanted;
        const { runCommand } = await import('./commands/run.ts');
        end(await runCommand(options, { version, terminal }));
      },
    );
  };
  add('run', 'run playbooks', {});
  add('check', 'show what a run would change, and change nothing', { check: true });
  add('drift', 'tell what on the hosts differs from the playbook, and change nothing', {
    check: true,
    finish: driftOptions,
  });
  add('plan', 'show the tree of plays, tasks and barriers; connect to nothing', { task: 'plan' });
}

/** Drift is a check that is told in other words. */
function driftOptions(options: RunOptions): RunOptions {
  const onScreen = options.outputs.some(({ file }) => file === null);
  const outputs: RunOptions['outputs'] = onScreen
    ? options.outputs
    : [{ kind: 'drift', file: null }, ...options.outputs];
  return { ...options, outputs, dates: 'yes', exitCodes: 'detailed' };
}

interface InventoryFlags extends Omit<RunFlags, 'output'> {
  readonly list?: true;
  readonly graph?: true;
  readonly host?: string;
  readonly vars?: true;
  readonly export?: true;
  readonly yaml?: true;
  readonly output?: string;
  readonly explain?: readonly string[];
  readonly playbookDir?: string;
}

interface ModulesFlags {
  readonly modulePath?: readonly string[];
  readonly markdown?: true;
}

interface LintFlags {
  readonly inventory?: readonly string[];
  readonly extraVars?: readonly string[];
  readonly rolesPath?: readonly string[];
  readonly modulePath?: readonly string[];
  readonly format: 'text' | 'json';
  readonly strict?: true;
}

interface ReportFlags {
  readonly html?: string;
  readonly junit?: string;
  readonly plain?: true;
  readonly profile?: true;
  readonly diff?: true;
  readonly verbose: number;
}

function addOtherCommands(program: Command, terminal: Terminal, end: (exitCode: number) => void): void {
  program
    .command('modules [name]')
    .description('list all modules, those of ./modules too, or describe one')
    .option('-M, --module-path <folders>', 'more folders with modules (repeatable, : between)', paths)
    .option('--markdown', 'the page of one module, as docs/modules has them')
    .action(async (name: string | undefined, flags: ModulesFlags) => {
      const { modulesCommand } = await import('./commands/modules.ts');
      const form = flags.markdown === undefined ? 'text' : 'markdown';
      end(modulesCommand({ name: name ?? null, form, paths: flags.modulePath ?? [] }, terminal));
    });
  addInventoryFlags(program.command('inventory [group]').description('show hosts, groups and variables'))
    .option('--list', 'everything as JSON, in the form of an inventory script')
    .option('--export', 'with --list: variables where they are set, not host by host')
    .option('--graph', 'groups as a tree, from GROUP on if one is named')
    .option('--vars', 'with --graph: variables too')
    .option('--host <name>', 'the variables of one host as JSON')
    .option('-y, --yaml', 'with --list and --host: YAML instead of JSON')
    .option('--output <file>', 'write to this file instead of the screen')
    .option('--explain <host and variable...>', 'where a variable of a host is set, and what that hides')
    .option('--playbook-dir <folder>', 'group_vars/ and host_vars/ of this folder count too (default: .)')
    .action(async (group: string | undefined, flags: InventoryFlags) => {
      const view = inventoryView(flags, group ?? 'all');
      const { inventoryCommand } = await import('./commands/inventory.ts');
      const playbookFolders = [flags.playbookDir ?? '.'];
      const { output: file = null, ...rest } = flags;
      end(await inventoryCommand({ view, playbookFolders, file }, toRunOptions([], rest), terminal));
    });
  addLintFlags(
    program.command('lint [path...]').description('check a whole project; connect to nothing'),
  ).action(async (named: readonly string[], flags: LintFlags) => {
    const { lintCommand } = await import('./commands/lint.ts');
    const { inventory = [], extraVars = [], rolesPath = null, modulePath = [] } = flags;
    const request = {
      paths: named.length === 0 ? ['.'] : named,
      inventories: inventory,
      extraVars,
      rolesPath,
    };
    const failOn = flags.strict === undefined ? 'errors' : 'warnings';
    end(lintCommand({ ...request, modulePaths: modulePath, format: flags.format, failOn }, terminal));
  });
  program
    .command('report <file>')
    .description('make another report from a log that --output jsonl=FILE wrote')
    .option('--plain', 'plain lines (without other flags: those and the profile)')
    .option(
      '--profile',
      'which tasks decided how long the run took; after a run with --profile, what each cost',
    )
    .option('--html <file>', 'write an HTML page')
    .option('--junit <file>', 'write JUnit XML')
    .option('-D, --diff', 'show differences')
    .option('-v, --verbose', 'show more', (_, count: number) => count + 1, 0)
    .action(async (file: string, flags: ReportFlags) => {
      const { reportCommand } = await import('./commands/report.ts');
      end(await reportCommand({ file, ...reportOptions(flags) }, terminal));
    });
}

function inventoryView(
  flags: InventoryFlags,
  group: string,
): import('./commands/inventory-view.ts').InventoryView {
  const form = flags.yaml === undefined ? 'json' : 'yaml';
  const asked = [flags.host, flags.explain, flags.list, flags.graph].filter((flag) => flag !== undefined);
  if (asked.length > 1)
    throw usageFailure(
      'HAPB8001',
      'hapb inventory was told to show several things',
      'Choose one of --graph, --list, --host NAME and --explain HOST VARIABLE.',
    );
  if (flags.host !== undefined) return { kind: 'host', name: flags.host, form };
  if (flags.explain !== undefined) {
    const [host, variable, ...more] = flags.explain;
    if (host !== undefined && variable !== undefined && more.length === 0)
      return { kind: 'explain', host, variable };
    throw usageFailure('HAPB8001', '--explain takes a host and a variable', 'Write --explain HOST VARIABLE.');
  }
  if (flags.list !== undefined)
    return { kind: 'list', variables: flags.export === undefined ? 'of-hosts' : 'where-set', form };
  if (flags.graph !== undefined)
    return { kind: 'graph', group, variables: flags.vars === undefined ? 'hidden' : 'shown' };
  throw usageFailure(
    'HAPB8001',
    'hapb inventory was not told what to show',
    'Add --graph, --list, --host NAME or --explain HOST VARIABLE.',
  );
}

function reportOptions(flags: ReportFlags): Omit<import('./commands/report.ts').ReportOptions, 'file'> {
  const files = [
    ...(flags.html === undefined ? [] : [{ kind: 'html' as const, file: flags.html }]),
    ...(flags.junit === undefined ? [] : [{ kind: 'junit' as const, file: flags.junit }]),
  ];
  const all = flags.plain === undefined && flags.profile === undefined && files.length === 0;
  const onScreen = [
    ...(all || flags.plain !== undefined ? [{ kind: 'plain' as const, file: null }] : []),
    ...(all || flags.profile !== undefined ? [{ kind: 'profile' as const, file: null }] : []),
  ];
  return {
    outputs: [...onScreen, ...files],
    diff: flags.diff === undefined ? 'hide' : 'show',
    verbosity: flags.verbose,
  };
}
