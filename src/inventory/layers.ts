import type { Layer } from '../variables/layer.ts';
import type { BuiltHost, InventoryBuilder } from './builder.ts';
import type { FolderVars } from './vars-folders.ts';

/** Makes the layers of variables, weakest first. Those of groups are made once and shared. */
export interface LayerMaker {
  readonly ofGroup: (name: string) => readonly Layer[];
  readonly ofHost: (
    host: Pick<BuiltHost, 'name' | 'variables'>,
    groups: readonly string[],
  ) => readonly Layer[];
}

/** See LayerMaker; `groups` of a host are those that it is in, weakest first, without `all`. */
export function layerMaker(builder: InventoryBuilder, folderVars: FolderVars): LayerMaker {
  const groupLayers = new Map<string, readonly Layer[]>();
  const sourceLayer = (name: string): readonly Layer[] => {
    const variables = builder.groups.get(name)?.variables;
    if (variables === undefined || variables.size === 0) return [];
    return [{ level: 'inventory group vars', source: `group ${name}`, entries: variables }];
  };
  const forGroups = (groups: readonly string[]): readonly Layer[] => [
    ...sourceLayer('all'),
    ...groups.flatMap(sourceLayer),
    ...folderVars.groups('inventory group_vars/all', ['all']),
    ...folderVars.groups('playbook group_vars/all', ['all']),
    ...folderVars.groups('inventory group_vars/*', groups),
    ...folderVars.groups('playbook group_vars/*', groups),
  ];
  const ofHost: LayerMaker['ofHost'] = (host, groups) => {
    const key = groups.join('\n');
    const shared = groupLayers.get(key) ?? forGroups(groups);
    groupLayers.set(key, shared);
    const own = ownLayer(host);
    const folders = [
      ...folderVars.hosts('inventory host_vars/*', host.name),
      ...folderVars.hosts('playbook host_vars/*', host.name),
    ];
    return own === null && folders.length === 0
      ? shared
      : [...shared, ...(own === null ? [] : [own]), ...folders];
  };
  const ofGroup: LayerMaker['ofGroup'] = (name) => [
    ...sourceLayer(name),
    ...folderVars.groups('inventory group_vars/*', [name]),
    ...folderVars.groups('playbook group_vars/*', [name]),
  ];
  return { ofGroup, ofHost };
}

function ownLayer({ name, variables }: Pick<BuiltHost, 'name' | 'variables'>): Layer | null {
  return variables.size === 0
    ? null
    : { level: 'inventory host vars', source: `host ${name}`, entries: variables };
}
