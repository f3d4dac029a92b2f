import { type Ask, all, andThen, nothing } from '../ask.ts';
import { type ControllerFile, candidates, controllerFile } from '../asks/controller-file.ts';
import { temporaryText } from '../host/temporary.ts';
import type { Module, TaskContext } from '../module.ts';
import { type GuardArgs, type GuardState, guardArguments, guards, notNeeded } from './command-guard.ts';
import { contentOf } from './controller-content.ts';
import { type CommandChange, commandChange, enterFolder, plainReturns, runPlain } from './run-command.ts';
import { splitWords } from './split-words.ts';

/** Arguments of `script`. */
export interface ScriptArgs extends GuardArgs {
  readonly cmd: string;
  readonly executable?: string;
  readonly decrypt?: boolean;
}

/** What `script` asks. */
export interface ScriptState {
  readonly guards: GuardState;
  /** `null`: a guard says that it is not needed. */
  readonly source: ControllerFile | null;
}

const maxScriptBytes = 4_194_304;

/** Runs a script of the controller on the host. */
export const script: Module<ScriptArgs, ScriptState, CommandChange> = {
  name: 'script',
  summary: 'Runs a script of the controller on the host.',
  notes: [
    'A relative path is looked for in `files/` of the role or the playbook’s folder, then in the folder itself. What stands behind it are the script’s arguments, read by the host’s shell.',
    'The script lies on the host only while it runs, in a file of a random name that only the user may read (mode 0700). Its first line (`#!`) decides what runs it, unless `executable` does.',
    'In check mode it does not run and its result is unknown, unless `creates` or `removes` decides.',
  ],
  args: {
    type: 'object',
    properties: {
      cmd: { type: 'string', minLength: 1, description: 'Path of the script, and its arguments.' },
      executable: { type: 'string', description: 'What is to run it, such as python3.' },
      decrypt: {
        type: 'boolean',
        default: true,
        description: 'false: a script that is encrypted with the vault is not decrypted.',
      },
      ...guardArguments,
    },
    required: ['cmd'],
    additionalProperties: false,
  },
  freeForm: 'cmd',
  returns: plainReturns,
  traits: ['reads-everything'],
  example: `- name: Prepare the disk once
  script: prepare-disk.sh --label data
  args:
    creates: /data/.prepared
`,
  probe: (args, task) => ask(args, task),
  diff(args, { guards: state, source }, task) {
    if (source === null || notNeeded(args, state) !== null) return null;
    const { rest } = divided(args.cmd);
    return commandChange({
      summary: `run the script ${args.cmd}`,
      cmd: args.cmd,
      sh: runScript,
      args: [args.chdir ?? '', args.executable ?? '', rest],
      run: args,
      input: contentOf(source, { argument: 'cmd', decrypt: args.decrypt !== false }, task),
    });
  },
  apply: runPlain,
  output(args, { guards: state }) {
    const why = notNeeded(args, state)?.replace(/^skipped, since /, '') ?? '';
    const guard = args.creates === undefined || state.creates !== true ? 'removes' : 'creates';
    return { skipped: true, msg: `${why}, matching ${guard} option` };
  },
};

function ask(args: ScriptArgs, task: TaskContext): Ask<ScriptState> {
  return andThen(guards(args), (state) => {
    if (notNeeded(args, state) !== null) return nothing<ScriptState>({ guards: state, source: null });
    const paths = candidates(divided(args.cmd).path, 'files', task);
    return all({ guards: nothing(state), source: controllerFile(paths, maxScriptBytes) });
  });
}

/** The script's path, and the text behind it as it is written. */
function divided(cmd: string): { readonly path: string; readonly rest: string } {
  const text = cmd.trim();
  const [path = ''] = splitWords(text);
  const [, rest = ''] = /^(?:'[^']*'|"(?:[^"\\]|\\.)*"|\\.|[^\s'"\\])+(.*)$/s.exec(text) ?? [];
  return { path, rest };
}

// A folder that is mounted noexec cannot hold it.
const runScript = `${enterFolder}
exec 3>/dev/null
for d in "\${TMPDIR:-/tmp}" /var/tmp "$HOME"; do
  { ${temporaryText}; } 2>&3 || { t=; continue; }
  chmod 700 "$t"
  if [ -n "$1" ] || [ -x "$t" ]; then break; fi
  rm -f "$t"; t=
done
[ -n "$t" ] || { echo 'no folder for a temporary script' >&2; exit 1; }
trap 'rm -f "$t"' EXIT
trap 'exit 129' HUP
trap 'exit 143' TERM
cat >"$t" || exit
hapb_how=$1 hapb_rest=$2
exec 3>&- </dev/null
if [ -n "$hapb_how" ]; then eval "$hapb_how \\"\\$t\\" $hapb_rest"; else eval "\\"\\$t\\" $hapb_rest"; fi
`;
