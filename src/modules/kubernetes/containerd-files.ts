import { type TomlTable, type TomlValue, tomlText } from './toml-text.ts';

/** What containerd's configuration is made from. */
export interface ContainerdSettings {
  readonly sandboxImage: string;
  readonly cgroup: 'systemd' | 'cgroupfs';
  /** Folder of the registries' hosts.toml files. */
  readonly registryDir: string;
  /** Further keys of the CRI plugin. */
  readonly cri: Readonly<Record<string, TomlValue>>;
}

/**
 * The text of config.toml. Format version 2, which containerd 1.5 to 2.x read (2.x translates it): one text for all, so
 * that check mode knows it before containerd is installed.
 */
export function containerdConfig(settings: ContainerdSettings): string {
  const cri = ['plugins', 'io.containerd.grpc.v1.cri'];
  const tables: readonly TomlTable[] = [
    { path: [], values: { version: 2 } },
    { path: cri, values: { sandbox_image: settings.sandboxImage, ...settings.cri } },
    { path: [...cri, 'registry'], values: { config_path: settings.registryDir } },
    { path: [...cri, 'containerd', 'runtimes', 'runc'], values: { runtime_type: 'io.containerd.runc.v2' } },
    {
      path: [...cri, 'containerd', 'runtimes', 'runc', 'options'],
      values: { SystemdCgroup: settings.cgroup === 'systemd' },
    },
  ];
  return tomlText(tables);
}

/** A mirror: its address, or with more to say. */
export type Mirror =
  | string
  | readonly string[]
  | { readonly endpoints: readonly string[]; readonly ca?: string; readonly skip_verify?: boolean };

/** The text of a registry's hosts.toml (containerd's docs/hosts.md). The registry itself comes after its mirrors. */
export function hostsToml(registry: string, mirror: Mirror): string {
  const server = registry === 'docker.io' ? 'https://registry-1.docker.io' : `https://${registry}`;
  const { endpoints, ca, skip_verify } = normalised(mirror);
  return tomlText([
    { path: [], values: { server } },
    ...endpoints.map((endpoint) => ({
      path: ['host', endpoint],
      values: {
        capabilities: ['pull', 'resolve'],
        ...(ca === undefined ? {} : { ca }),
        ...(skip_verify === undefined ? {} : { skip_verify }),
      },
    })),
  ]);
}

function normalised(mirror: Mirror): { endpoints: readonly string[]; ca?: string; skip_verify?: boolean } {
  if (typeof mirror === 'string') return { endpoints: [mirror] };
  return 'endpoints' in mirror ? mirror : { endpoints: mirror };
}
