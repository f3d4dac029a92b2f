import { type Diagnostic, error, warning } from '../core/diagnostic.ts';
import { splitPort } from '../core/host-port.ts';
import type { Span } from '../core/source.ts';
import type { DecryptScalar } from '../variables/entries.ts';
import type { VariableEntry } from '../variables/layer.ts';
import { sealEntry } from '../variables/seal.ts';
import { expandRange } from './host-range.ts';
import type { HostEntry } from './inventory.ts';

/** What the readers of all sources fill together. */
export interface InventoryBuilder {
  readonly hosts: Map<string, BuiltHost>;
  readonly groups: Map<string, BuiltGroup>;
  readonly problems: Diagnostic[];
  /** `ansible_group_priority` of groups that have one. */
  readonly priorities: Map<string, number>;
  readonly decrypt: DecryptScalar;
  /** `secret`: the source that is being read is encrypted as a whole. */
  readonly texts: 'clear' | 'secret';
}

/** A host while sources are read. */
export interface BuiltHost {
  readonly name: string;
  readonly span: Span;
  readonly variables: Map<string, VariableEntry>;
  readonly kind: HostEntry['kind'];
  /** Groups that list it themselves. */
  readonly groups: Set<string>;
}

/** A group while sources are read. */
export interface BuiltGroup {
  readonly name: string;
  readonly span: Span;
  readonly hosts: Set<string>;
  readonly children: Map<string, Span>;
  readonly parents: Set<string>;
  readonly variables: Map<string, VariableEntry>;
}

/** An inventory without hosts. */
export function startInventory(decrypt: DecryptScalar): InventoryBuilder {
  return {
    hosts: new Map(),
    groups: new Map(),
    problems: [],
    priorities: new Map(),
    decrypt,
    texts: 'clear',
  };
}

/** The group of that name, made when it is new. */
export function groupIn(builder: InventoryBuilder, name: string, span: Span): BuiltGroup {
  const known = builder.groups.get(name);
  if (known !== undefined) return known;
  const group: BuiltGroup = {
    name,
    span,
    hosts: new Set(),
    children: new Map(),
    parents: new Set(),
    variables: new Map(),
  };
  builder.groups.set(name, group);
  return group;
}

/** Puts a group under another. */
export function addChild(
  builder: InventoryBuilder,
  parent: BuiltGroup,
  { name, span }: { name: string; span: Span },
): void {
  const child = groupIn(builder, name, span);
  if (!parent.children.has(name)) parent.children.set(name, span);
  child.parents.add(parent.name);
}

/**
 * Adds the hosts that a pattern of a source stands for (ranges, port) to a group and answers with them. HAPB3105 for a
 * bad range, HAPB3106 for a name that cannot be one.
 */
export function addHosts(
  builder: InventoryBuilder,
  group: BuiltGroup,
  { pattern, span }: { readonly pattern: string; readonly span: Span },
): readonly BuiltHost[] {
  const { host, port } = splitPort(pattern);
  const expansion = expandRange(host);
  if (!expansion.ok) {
    builder.problems.push(
      error({ code: 'HAPB3105', message: expansion.message, hint: expansion.hint, span }),
    );
    return [];
  }
  if (!expansion.names.every(isHostName) || !isPort(port)) {
    builder.problems.push(badHost(pattern, span));
    return [];
  }
  return expansion.names.map((name) => {
    const added = hostIn(builder, name, { span, kind: 'listed' });
    added.groups.add(group.name);
    group.hosts.add(name);
    if (port !== null) added.variables.set('ansible_port', { kind: 'value', value: port, span });
    return added;
  });
}

/** Whether a host may have that name. */
export function isHostName(name: string): boolean {
  return name !== '' && !/[\s,;{}'"]/.test(name) && !name.startsWith('-');
}

function isPort(port: number | null): boolean {
  return port === null || (port >= 1 && port <= 65_535);
}

/** The host of that name, made when it is new. */
export function hostIn(
  builder: InventoryBuilder,
  name: string,
  { span, kind }: Pick<BuiltHost, 'span' | 'kind'>,
): BuiltHost {
  const known = builder.hosts.get(name);
  if (known !== undefined) return known;
  const host: BuiltHost = { name, span, kind, variables: new Map(), groups: new Set() };
  builder.hosts.set(name, host);
  return host;
}

/** HAPB3106. */
export function badHost(pattern: string, span: Span): Diagnostic {
  const hint = pattern.includes('{{')
    ? 'Host names cannot be templates; write the name and put what varies into its variables.'
    : 'Write NAME, NAME:PORT or NAME[1:3], without blanks and quotes.';
  return error({ code: 'HAPB3106', message: `\`${pattern}\` cannot be the name of a host`, hint, span });
}

/** Sets variables of a host or group; a later source wins. HAPB3107 warns when one source says two things of a host. */
export function setVariables(
  builder: InventoryBuilder,
  owner: BuiltHost | BuiltGroup,
  entries: Iterable<readonly [string, VariableEntry]>,
): void {
  for (const [name, written] of entries) {
    const entry = builder.texts === 'secret' ? sealEntry(name, written) : written;
    const earlier = owner.variables.get(name);
    if (earlier !== undefined && saysOtherwise(earlier, entry)) {
      const [first, second] = [spanOf(earlier), spanOf(entry)];
      if (first !== null && second !== null && first.file === second.file) {
        builder.problems.push(
          warning({
            code: 'HAPB3107',
            message: `${name} of ${owner.name} is set twice with different values; the second counts`,
            hint: 'Remove one of the two.',
            span: second,
            related: [{ message: 'first set here', span: first }],
          }),
        );
      }
    }
    owner.variables.set(name, entry);
  }
}

function spanOf(entry: VariableEntry): Span | null {
  return entry.kind === 'lazy' ? null : entry.span;
}

function saysOtherwise(a: VariableEntry, b: VariableEntry): boolean {
  if (a.kind !== 'value' || b.kind !== 'value') return true;
  return JSON.stringify(a.value) !== JSON.stringify(b.value);
}
