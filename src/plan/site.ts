import type { Layer } from '../variables/layer.ts';
import type { Inherited, PlanTask, UsedRole } from './plan.ts';

/** Where steps are compiled: what they inherit, which files led here, and where what they add to the play goes. */
export interface Site {
  readonly place: 'task' | 'handler';
  readonly inherited: Inherited;
  readonly numbering: Numbering;
  /** Files that imported or included one another up to here, outermost first; in a role those of the role. */
  readonly includers: readonly string[];
  /** The roles around, outermost first: the last is that of the steps. */
  readonly parents: readonly RoleStock[];
  /** All files and roles that led here. */
  readonly trail: readonly string[];
  /** Names that the loops of includes around set. */
  readonly items: readonly string[];
  /** How much of the trail was there when the last include was reached: an import of a later one would never end. */
  readonly imports: number;
  /** `caught`: a rescue takes what fails here, so that what cannot be read may wait until a host comes to it. */
  readonly failure: 'final' | 'caught';
  readonly play: PlaySite;
}

/** What a role hands to the roles that it depends on or uses. */
export interface RoleStock {
  readonly name: string;
  readonly folder: string;
  readonly variables: RoleVariables;
  /** The roles from whose tasks it is used, innermost first. */
  readonly calledFrom: readonly string[];
}

/** A role's own variables, each kind for itself: of its files, of the use's `vars`, and the use's parameters. */
export interface RoleVariables {
  readonly defaults: Layer['entries'];
  readonly vars: Layer['entries'];
  readonly useVars: Layer['entries'];
  readonly params: Layer['entries'];
}

/** What the steps of a play share while they are compiled. */
export interface PlaySite {
  /** The playbook's folder. */
  readonly folder: string;
  /** Roles that tasks use, and their handlers. */
  readonly roles: UsedRole[];
  readonly handlers: PlanTask[];
}

/** Numbers nodes in the order of the file. */
export interface Numbering {
  readonly prefix: string;
  next: number;
}

/** The next node's id and order. */
export function nextNode(numbering: Numbering): { readonly id: string; readonly order: number } {
  const order = numbering.next++;
  return { id: `${numbering.prefix}.${order}`, order };
}

/** The site of the steps of a file. */
export function inFile(site: Site, path: string): Site {
  return { ...site, includers: [...site.includers, path], trail: [...site.trail, path] };
}

/** The site of a role and of what it depends on. */
export function inRole(site: Site, stock: RoleStock, inherited: Inherited): Site {
  const trail = [...site.trail, stock.folder];
  return { ...site, inherited, includers: [], parents: [...site.parents, stock], trail };
}

/** Whether a file or role is being imported already. */
export function isOpen(site: Site, path: string): boolean {
  return site.trail.slice(site.imports).includes(path);
}
