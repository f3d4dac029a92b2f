import type { OutputChoice } from '../reports/choose.ts';

/** What `hapb run`, `check` and `plan` were asked to do; flags understood, nothing read yet. */
export interface RunOptions {
  /** Run in this order; the first that does not end with 0 is the last. */
  readonly playbooks: readonly string[];
  /** As given: paths, or host lists with a comma (`a,b,`). Empty: only the implicit localhost. */
  readonly inventories: readonly string[];
  /** A host pattern; several `-l` are joined with commas. `null`: all. */
  readonly limit: string | null;
  /** As given, for `parseExtraVars` of variables. */
  readonly extraVars: readonly string[];
  /** Folders with modules of the user's, besides `modules/` beside the playbook. */
  readonly modulePaths: readonly string[];
  /** Empty: as `all`. */
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
  /** Folders in which roles lie besides those of the playbook; `null`: the usual ones. */
  readonly rolesPath: readonly string[] | null;
  readonly mode: 'apply' | 'check';
  readonly diff: 'show' | 'hide';
  /** `yes`: a check asks since when a file that differs is as it is. */
  readonly dates: 'no' | 'yes';
  /** `null`: all hosts up to 50. */
  readonly forks: number | null;
  /** `null`: as long as it takes. */
  readonly runTimeoutSeconds: number | null;
  /** `none`: nodes are changed even while another run changes them. */
  readonly leases: 'usual' | 'none';
  /** Number of `-v`, 0 to 4. */
  readonly verbosity: number;
  readonly connection: ConnectionOptions;
  readonly become: BecomeOptions;
  readonly vault: VaultOptions;
  readonly task: RunTask;
  readonly lists: readonly Listed[];
  /** Name of the first task to run, or a glob; `null`: from the beginning. */
  readonly startAtTask: string | null;
  /** `asked`: each task only after a question. */
  readonly tasks: 'all' | 'asked';
  /** `forced`: handlers run even on hosts that failed. */
  readonly handlers: 'usual' | 'forced';
  /** Empty: the tree on a terminal, plain lines elsewhere. */
  readonly outputs: readonly OutputChoice[];
  /** `detailed`: check mode ends with 3 when changes are pending or unknown. */
  readonly exitCodes: 'ansible' | 'detailed';
  /** Where a check's log is kept as a plan; `null`: nowhere. */
  readonly save: string | null;
  /** The plan to which a run is held; `null`: none. */
  readonly plan: string | null;
  /** `before`: go on where an earlier run stopped. */
  readonly from: 'beginning' | 'before';
}

/** What to do with the playbook. All but `run` touch no host. */
export type RunTask = 'run' | 'plan' | 'syntax-check' | 'list';

/** What `list` shows of each play. */
export type Listed = 'hosts' | 'tasks' | 'tags';

/** How to reach hosts where the inventory does not say. `null`: no flag. */
export interface ConnectionOptions {
  readonly kind: 'ssh' | 'local' | 'openssh' | null;
  readonly user: string | null;
  readonly privateKeyFiles: readonly string[];
  readonly connectTimeoutMs: number | null;
  readonly sshCommonArgs: string | null;
  readonly sshExtraArgs: string | null;
  /** Empty: the usual files. */
  readonly knownHostsFiles: readonly string[];
  readonly hostKeys: 'strict' | 'accept-new';
  readonly password: PasswordSource;
}

/** Becoming another user where the playbook does not say. */
export interface BecomeOptions {
  readonly enabled: 'yes' | 'as-written';
  readonly user: string | null;
  readonly method: 'sudo' | 'su' | 'doas' | null;
  readonly password: PasswordSource;
}

/** Where vault passwords come from, each with its label (`default` when none was given). */
export interface VaultOptions {
  readonly sources: readonly { readonly label: string; readonly password: PasswordSource }[];
}

/** Where a password comes from. */
export type PasswordSource =
  | { readonly kind: 'none' }
  | { readonly kind: 'ask' }
  | { readonly kind: 'file'; readonly path: string };
