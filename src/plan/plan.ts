import type { Span } from '../core/source.ts';
import type { Output } from '../core/value.ts';
import type { MapNode, ScalarNode } from '../document/node.ts';
import type { NodeId } from '../events/event.ts';
import type { HostOrder } from '../inventory/line-up.ts';
import type { ModuleCall } from '../modules/call.ts';
import type { MetaAction } from '../modules/general/meta.ts';
import type { NearestKeyword } from '../playbook/keywords.ts';
import type { Title } from '../template/compile-title.ts';
import type { Expression, Scope, Template } from '../template/template.ts';
import type { Layer } from '../variables/layer.ts';
import type { LoopForm } from '../variables/loops/forms.ts';
import type { LateVars } from '../variables/vars-files.ts';

/** What a run will walk: the checked plays with every template compiled and every module known. */
export interface Plan {
  readonly plays: readonly PlanPlay[];
  /** Which of them begin a playbook of the command line; the first one always does and need not be named. */
  readonly playbookStarts: ReadonlySet<number>;
  /** Names that tasks with errors would set; empty in a plan that may run. */
  readonly lostNames: readonly string[];
}

/** One play. `body` holds its sections in order, a flush of handlers after each. */
export interface PlanPlay {
  readonly id: NodeId;
  /** As written; the first of `titles` that comes to something is what it is called. */
  readonly name: string;
  readonly titles: readonly Template[];
  readonly span: Span;
  readonly file: string;
  /** The playbook's folder, absolute. */
  readonly folder: string;
  /** The play's own tags; its tasks have them too. */
  readonly tags: readonly string[];
  /** Patterns; more than one when `hosts` is a list. */
  readonly hosts: Template;
  readonly strategy: 'linear' | 'free' | 'host_pinned';
  readonly serial: Template | null;
  /** What is asked for before the run begins, in order. */
  readonly prompts: readonly PlanPrompt[];
  /** Whether the first task of `body`, which gathers facts, is wanted; `null`: it is, or there is none. */
  readonly gatherFacts: Template | null;
  readonly order: HostOrder;
  readonly maxFailPercentage: Template | null;
  readonly forceHandlers: Template | null;
  /** Play vars and vars_files, weakest first. */
  readonly layers: readonly Layer[];
  /** Those of vars_files that a host's variables choose; `null`: none are. */
  readonly lateVars: LateVars | null;
  readonly body: readonly PlanNode[];
  readonly handlers: readonly PlanTask[];
  /** Roles that the play lists or its tasks import, in order. */
  readonly roles: readonly UsedRole[];
}

/** A variable that somebody is asked for. */
export interface PlanPrompt {
  readonly name: string;
  readonly span: Span;
  readonly question: Template | null;
  /** What an empty answer means. */
  readonly fallback: Template | null;
  /** Whether typing does not show, which it does not unless this says so. */
  readonly private: Template | null;
  /** Whether to ask twice. */
  readonly confirm: Template | null;
  /** How the answer is hashed, and with which salt; `null`: it is not, and by chance. */
  readonly encrypt: Template | null;
  readonly salt: Template | null;
  readonly saltSize: Template | null;
}

/** A role of a play. `exported`: the whole play sees its variables. */
export interface UsedRole {
  readonly role: PlanRole;
  readonly exported: 'no' | 'yes';
}

/** A role as one use of it sees it. */
export interface PlanRole {
  readonly name: string;
  /** Where it was found. */
  readonly folder: string;
  /** Equal for uses of which Ansible runs one only: the same files, parameters, conditions and tags. */
  readonly identity: string;
  /** Whether a host that has run the role runs it again. */
  readonly repeat: 'no' | 'yes';
  /** Names of the roles that it depends on, what they depend on before them. */
  readonly dependencies: readonly string[];
  /** Folders in which its tasks look for files: its own, then those of the roles that brought it. */
  readonly folders: readonly string[];
  /** What its own tasks see of it: defaults, vars, parameters. */
  readonly layers: readonly Layer[];
  /** What the whole play sees of it. */
  readonly exported: readonly Layer[];
}

/** A node of the tree; `order` numbers all nodes of a play in the order of the file. */
export type PlanNode = PlanTask | PlanBlock | PlanRoleUse | PlanBarrier | PlanFlush;

/** Keywords that inner levels inherit, each already decided for this node: the nearest level's, or all of them. */
export interface Inherited {
  /** All must hold, outermost first. */
  readonly when: readonly Expression[];
  readonly tags: readonly string[];
  /** Vars of blocks and of the task, weakest first. */
  readonly layers: readonly Layer[];
  /** What tags may mention: variables of the play and its roles, extra vars, and those of the include around. */
  readonly known: readonly Layer[];
  readonly environment: readonly Template[];
  readonly nearest: Readonly<Partial<Record<NearestKeyword, Template>>>;
  /** What the nearest keywords say of the connection, as the variables of Ansible's that every other place beats. */
  readonly connection: Layer;
  readonly notify: readonly Template[];
  readonly moduleDefaults: ModuleDefaults;
  /** The role in which it stands. */
  readonly role: PlanRole | null;
}

/** One module call, and all that the keywords around it say. */
export interface PlanTask extends ModuleCall {
  readonly kind: 'task';
  readonly id: NodeId;
  readonly order: number;
  readonly span: Span;
  readonly file: string;
  /** As written; `null`: it has none. */
  readonly name: string | null;
  /** As screens show it: with the role's name before it, the module's when it has none of its own. */
  readonly title: string;
  /** What fills in the variables of its name; `null`: there are none. */
  readonly naming: Title | null;
  readonly inherited: Inherited;
  readonly register: string | null;
  readonly loop: PlanLoop | null;
  readonly loopControl: LoopControl;
  readonly until: readonly Expression[];
  readonly retries: Template | null;
  readonly delay: Template | null;
  readonly async: Template | null;
  readonly poll: Template | null;
  /** `null`: the module decides. */
  readonly changedWhen: readonly Expression[] | null;
  readonly failedWhen: readonly Expression[] | null;
  /** Handlers: other names they answer to. */
  readonly listen: readonly string[];
  /** `null`: it is no include. */
  readonly growth: Growth | null;
  /** What it does to the run itself; `null`: it is no `meta`. */
  readonly meta: MetaAction | null;
}

/** What a task loops over; `form` turns the terms of a `with_…` keyword into items, `null` for `loop`. */
export interface PlanLoop {
  readonly keyword: string;
  readonly template: Template;
  readonly form: LoopForm | null;
}

/** How a task makes the tree grow when a host comes to it: an include. */
export interface Growth {
  /** Variables of the include, which all that it brings sees. `null`: none. */
  readonly params: Layer | null;
  /** `variables` are the host's from then on; nothing is walked. */
  readonly brings: 'tasks' | 'variables';
  /** What it brings, where that depends on no host; else `null`. */
  readonly known: Grown | null;
  /** What it brings with this result of its module, where tags may ask for the loop's names. @throws Failure */
  grow(output: Output, scope: Scope): Grown;
}

/** What an include brings. */
export interface Grown {
  /** The file or role, as screens show it. */
  readonly label: string;
  readonly body: readonly PlanNode[];
  /** Handlers and roles that the play has from then on. */
  readonly handlers: readonly PlanTask[];
  readonly roles: readonly UsedRole[];
  readonly variables: Layer['entries'];
  /** The task's result; `null`: as its module says. */
  readonly output: Output | null;
}

/** See Ansible's loop_control. */
export interface LoopControl {
  readonly loopVar: string;
  readonly indexVar: string | null;
  readonly label: Template | null;
  readonly pause: Template | null;
  readonly extended: Template | null;
  readonly extendedAllItems: Template | null;
  readonly breakWhen: readonly Expression[];
}

/** `module_defaults` by the modules' own names: a map of arguments, or one expression that gives it. */
export type ModuleDefaults = ReadonlyMap<string, MapNode | ScalarNode>;

/** `block`/`rescue`/`always`. */
export interface PlanBlock {
  readonly kind: 'block';
  readonly id: NodeId;
  readonly order: number;
  readonly span: Span;
  readonly body: readonly PlanNode[];
  readonly rescue: readonly PlanNode[];
  readonly always: readonly PlanNode[];
}

/** The tasks of a role; those of its dependencies stand before it. */
export interface PlanRoleUse {
  readonly kind: 'role';
  readonly id: NodeId;
  readonly order: number;
  readonly span: Span;
  readonly role: PlanRole;
  readonly body: readonly PlanNode[];
}

/** Where all hosts of the play meet. */
export interface PlanBarrier {
  readonly kind: 'barrier';
  readonly id: NodeId;
  readonly order: number;
  readonly span: Span;
  readonly title: string;
}

/** Notified handlers run here, at the end of a section. */
export interface PlanFlush {
  readonly kind: 'flush';
  readonly id: NodeId;
  readonly order: number;
  readonly span: Span;
}
