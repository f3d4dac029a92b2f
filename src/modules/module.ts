import type { ShellReply } from '../connection/connection.ts';
import type { Change } from '../core/change.ts';
import type { Secret, Text } from '../core/secret.ts';
import type { Output, Value } from '../core/value.ts';
import type { Ask, Target } from './ask.ts';

/**
 * A unit of work that playbooks name. `probe` and `diff` are pure; only `apply` is given something that can write, and
 * check mode never calls it.
 */
export interface Module<Args, State, Wanted extends Change = Change> {
  /** As playbooks write it: `hosts_entry`. */
  readonly name: string;
  /** One line for `hapb modules` and the docs. */
  readonly summary: string;
  /** Paragraphs for the docs page: what it does beyond the arguments, its errors, how to undo it. */
  readonly notes?: readonly string[];
  /** Other names that mean the same, such as `ansible.builtin.copy`. Fully qualified builtin names need no entry. */
  readonly aliases?: readonly string[];
  readonly args: ArgsSchema;
  /** The argument that takes free-form text (`command: ls -l`); absent: free-form is an error. */
  readonly freeForm?: string;
  /** Keys of the registered result besides `changed`, `failed` and `msg`, each with its meaning. */
  readonly returns?: Readonly<Record<string, string>>;
  /** Those of them that are there only where `foreseen` has them. */
  readonly optional?: readonly string[];
  /** Names of facts that it may set besides `ansible_…`; a star at the end stands for any end. */
  readonly facts?: readonly string[];
  /** A task list in YAML, run by the docs test. */
  readonly example: string;
  /**
   * `durable`: its work outlives a lost connection. `reads-everything`: nothing may be asked ahead of it (commands, waits).
   * `inventory`: its output adds to the run's inventory. `first-host`: in a linear play only the first host runs it.
   */
  readonly traits?: readonly ModuleTrait[];
  probe(args: Args, task: TaskContext): Ask<State>;
  /** What is to do; `null`: already as asked. @throws Failure when it cannot be done; the forecast is then `would-fail` */
  diff(args: Args, state: State, task: TaskContext): Wanted | null;
  /**
   * Does it. `changed: false` in the output says that nothing was changed after all (a wait, a command's verdict).
   * @throws Failure, ConnectionError
   */
  apply(wanted: Wanted, host: HostWriter): Promise<Output>;
  /**
   * Present where `apply` is one script that may go on alone on the host (`async`): what async_status tells of it besides
   * its end.
   */
  alone?(wanted: Wanted): Output;
  /** What `register` gets when nothing had to change. */
  output?(args: Args, state: State, task: TaskContext): Output;
  /** What `register` would hold after `wanted`, as far as it can be foreseen; the rest as Unknown. Absent: unknown whole. */
  foreseen?(wanted: Wanted): Output;
}

/** See Module.traits. */
export type ModuleTrait = 'durable' | 'reads-everything' | 'inventory' | 'first-host';

/** What a module may know of its place besides its arguments. */
export interface TaskContext {
  /** Inventory name of the host it works on (the delegate when delegated). */
  readonly host: string;
  /** Inventory names of the play's hosts that are still in it. */
  readonly playHosts: readonly string[];
  /** Folders in which relative `src` paths are looked up on the controller, nearest first. */
  readonly searchPath: readonly string[];
  /** Renders a template's text with the task's variables (`template` module). @throws Failure with places in `file` */
  renderText(text: string, file: string): Value;
  /**
   * The content of a file of the controller that is encrypted (`isVaultText`): a Secret where it is text, else bytes.
   * @throws Failure HAPB3003, HAPB35xx. Absent: no vault password is known
   */
  openVault?(text: string, file: string): Secret | Uint8Array;
}

/** JSON Schema (draft 2020-12) of a module's arguments, with a few annotations of ours on properties. */
export interface ArgsSchema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, ArgSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties: boolean;
  readonly [keyword: string]: unknown;
}

/** One argument. Every one has a description; docs and editor completion are made from it. */
export interface ArgSchema {
  readonly description: string;
  readonly default?: unknown;
  /** `allowed`: may be a Secret. `always`: becomes a Secret even when written in clear. Absent: a Secret here is an error. */
  readonly secret?: 'allowed' | 'always';
  /** The text is an expression, not a template. The module gets `{ text, value }`, for a list one per item. */
  readonly expression?: 'one' | 'list';
  /** Other names of the argument (`dest` for `path`); the engine renames them. */
  readonly aliases?: readonly string[];
  /** The argument is known and refused, or taken only with the value it has anyway: what to do instead, in a sentence. */
  readonly refused?: string;
  /**
   * It names what the task changes, in the vocabulary of asks (`tree`: a path and all below it). Where check mode cannot know
   * whether or how, what is named is unknown to later tasks.
   */
  readonly changes?: 'file' | 'tree' | 'package' | 'unit' | 'user' | 'group' | 'sysctl';
  /**
   * A path on the host, or a list of them: `~`, `~USER` and `$NAME` are filled in there before the module sees it. `remote`:
   * only where the argument `remote_src` is true.
   */
  readonly hostPath?: 'always' | 'remote';
  /** `allowed`: a relative path counts from where the shells of the host begin, and is filled in as well. */
  readonly relative?: 'allowed';
  /** Numbers are no texts here, as `mode: 644` would not mean what it says. Elsewhere a text may be a number. */
  readonly numbers?: 'refused';
  readonly [keyword: string]: unknown;
}

/** What `debug` shows for what is not defined. */
export const notDefined = 'VARIABLE IS NOT DEFINED!';

/** An evaluated expression argument. `value` undefined: an undefined variable (only where the schema says `expression`). */
export interface EvaluatedExpression {
  readonly text: string;
  readonly value: Value | undefined;
}

/** A host that can be changed; what `apply` gets. All of it runs as the task's user (become). */
export interface HostWriter {
  /** Inventory name. */
  readonly name: string;
  readonly signal: AbortSignal;
  /** Asks anew, now. */
  ask<T>(ask: Ask<T>): Promise<T>;
  /** Runs POSIX sh. A non-zero exit is a value. @throws ConnectionError */
  run(script: ScriptCall): Promise<ShellReply>;
  /** Writes atomically: temporary name in the same folder, mode and owner set, fsync, rename. @throws Failure */
  write(file: FileWrite): Promise<void>;
  /** Runs detached on the node and follows it; see DurableCommand. */
  durable(command: DurableCommand): Promise<DurableResult>;
  /** Shows a line of progress while the task runs. */
  progress(text: string): void;
  /** Who sits at the terminal. Absent: nobody can be asked. */
  readonly person?: Person;
  /** Another place to ask or change. */
  at(target: Target): HostWriter;
}

/** Asks somebody, and gives what is typed; `null`: the question was interrupted. */
export type Person = (question: string, echo: 'hidden' | 'shown') => Promise<string | null>;

/** A script for HostWriter.run. */
export interface ScriptCall {
  readonly sh: string;
  readonly args?: readonly Text[];
  readonly stdin?: Text | Uint8Array;
  /** The script notices when only the beginning of its stdin comes: see ShellRequest. */
  readonly noticesCut?: true;
  readonly timeoutMs?: number;
  readonly maxOutputBytes?: number;
}

/** A file to put in place. `null` leaves as it is (or the node's default for a new file). */
export interface FileWrite {
  readonly path: string;
  readonly content: Text | Uint8Array;
  /** Octal text such as `0644`. */
  readonly mode: string | null;
  readonly owner: string | null;
  readonly group: string | null;
  /** Shell command with `%s` that must accept the temporary file; `null`: none. */
  readonly validate?: string | null;
}

/** A command that must not be cut: own session on the node, its output and exit code under /run, followed over SSH. */
export interface DurableCommand {
  /** What it works on (`kubeadm`, `dpkg`, `image REF`): only one at a time per node; a running one is followed. */
  readonly resource: string;
  /** `owner`: each inventory host has one of its own, where several are one machine or delegate to it; absent: the node. */
  readonly for?: 'owner';
  /** POSIX sh; `args` are `$1`, …; none of them secret (they are in a process's argv). */
  readonly sh: string;
  readonly args?: readonly string[];
  readonly stdin?: Text;
  readonly timeoutMs: number;
  /**
   * What one is that came to its end before, and that no run has seen end: `counts`, as if it were still running and followed;
   * absent: nothing, and this one is started.
   */
  readonly unseen?: 'counts';
  /** Called with each complete line of output as it comes. */
  readonly onLine?: (line: string) => void;
  /** Called about once a second while it runs; `true`: leave it running and return. */
  readonly until?: () => Promise<boolean>;
}

/**
 * How a durable command ended, or that it goes on. `output`: stdout and stderr as they came, capped. `adopted`: another
 * command on the same resource was already running (or its end counts) and was followed instead; ask again before deciding anything.
 * `exitCode: null`: an adopted one whose end somebody else has taken.
 */
export type DurableResult =
  | {
      readonly kind: 'finished';
      readonly exitCode: number | null;
      readonly output: string;
      readonly adopted: boolean;
    }
  | { readonly kind: 'running'; readonly output: string };

/** A module whose types are no longer known; the engine checks arguments by schema before it calls one. */
export type AnyModule = Module<object, unknown, Change>;
