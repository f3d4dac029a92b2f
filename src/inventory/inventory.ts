import type { Result } from '../core/diagnostic.ts';
import type { Span } from '../core/source.ts';
import type { Value } from '../core/value.ts';
import type { Layer } from '../variables/layer.ts';

/** Hosts and groups of all sources together, and those that a run adds: each look at them shows what is there by then. */
export interface Inventory {
  /** Hosts by name, in the order in which they are first named. */
  readonly hosts: ReadonlyMap<string, HostEntry>;
  /**
   * What the names of `localNames` that no source lists mean: the first of them that a source does list, or else this
   * machine, in no group, not even `all`.
   */
  readonly implicit: ReadonlyMap<string, HostEntry>;
  /** Groups by name, `all` and `ungrouped` among them. */
  readonly groups: ReadonlyMap<string, GroupEntry>;
  /** Sources as the user named them. */
  readonly sources: readonly string[];
  /** Folder of the last source that is a file or folder; the working directory without one. */
  readonly folder: string;
  /** The last source that is a file, for `inventory_file`; `null` when there is none. */
  readonly file: string | null;
  /** Adds to it, and to what `additions` tells. HAPB3106, HAPB3125, HAPB3126, and what is wrong in files of variables. */
  grow(addition: Addition): Result<'changed' | 'same'>;
  readonly additions: readonly Addition[];
  /** Layers of `group_vars/` and `host_vars/` for names that nothing has yet, but groups and hosts to come may have. */
  spareLayers(): readonly Layer[];
}

/** A machine. */
export interface HostEntry {
  readonly name: string;
  /** Where it is first named. */
  readonly span: Span;
  /** Groups that it is in, directly or through others, weakest variables first, without `all`. */
  readonly groups: readonly string[];
  /** Its variables and those of its groups, weakest first; shared between hosts and never changed. */
  readonly layers: readonly Layer[];
  /** `implicit`: this machine, which no source names. `added`: a task made it. */
  readonly kind: 'listed' | 'implicit' | 'added';
}

/** A group. */
export interface GroupEntry {
  readonly name: string;
  readonly span: Span;
  readonly parents: readonly string[];
  readonly children: readonly string[];
  /** Steps from `all`, which has 0; the longest way counts. */
  readonly depth: number;
  /** Hosts that the sources list in it, not those of its children. */
  readonly own: readonly string[];
  /** Every host in it, directly or through its children; its own first. */
  readonly hosts: readonly string[];
  /** Its own variables, those of `group_vars/` too, weakest first. */
  readonly layers: readonly Layer[];
  /** `ansible_group_priority`: among groups of one depth the greater wins. */
  readonly priority: number;
}

/** What a task adds to the inventory for the rest of a run. */
export type Addition =
  /** A host, or variables and groups of one that is there. */
  | {
      readonly kind: 'host';
      readonly name: string;
      readonly variables: Readonly<Record<string, Value>>;
      readonly groups: readonly string[];
      readonly span: Span;
    }
  /** A host of the play in a group below others. */
  | {
      readonly kind: 'group';
      readonly name: string;
      readonly parents: readonly string[];
      readonly host: string;
      readonly span: Span;
    };

/** `groups` as playbooks see it: names of hosts by group. */
export function groupHosts(inventory: Inventory): ReadonlyMap<string, readonly string[]> {
  return new Map([...inventory.groups].map(([name, group]) => [name, group.hosts]));
}

/** `group_names` of a host as playbooks see it: sorted, without `all`. */
export function groupNames(inventory: Inventory, host: string): readonly string[] {
  return [...(hostEntry(inventory, host)?.groups ?? [])].sort();
}

/** Names that mean this machine when no source lists them. */
export const localNames: readonly string[] = ['localhost', '127.0.0.1', '::1'];

/** A host by name; localhost is there even when no source lists it. */
export function hostEntry(inventory: Inventory, name: string): HostEntry | undefined {
  return inventory.hosts.get(name) ?? inventory.implicit.get(name);
}
