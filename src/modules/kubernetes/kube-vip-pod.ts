import { parseYaml } from '../../document/parse-yaml.ts';
import { toJson } from '../../document/plain.ts';
import type { KubeVipSettings } from './kube-vip-text.ts';
import { type Data, yamlText } from './yaml-text.ts';

type DataMap = { readonly [key: string]: Data };

/** The repository that kube-vip before 1.0.1 writes into its output, whatever image it was started from. */
const ownImage = 'ghcr.io/kube-vip/kube-vip';

/** One YAML document as data; `null`: it is none. */
export function podOf(text: string): DataMap | null {
  const parsed = parseYaml(text, 'kube-vip.yaml');
  if (!parsed.ok || parsed.value === null) return null;
  const data = toJson(parsed.value);
  return isMap(data) ? data : null;
}

/** Whether two manifests mean the same to the kubelet: comments, order of keys and empty status do not count. */
export function samePod(one: string, other: string): boolean {
  const [a, b] = [podOf(one), podOf(other)];
  return a !== null && b !== null && canonical(meaning(a)) === canonical(meaning(b));
}

/** What makes a document another one than the manifest for these settings; `null`: nothing. */
export function wrongWith(pod: DataMap, settings: KubeVipSettings): string | null {
  const container = containerOf(pod);
  const address = settings.vips.join(',');
  const image = `${settings.image}:${settings.version}`;
  const said = variableValue(container, 'address') ?? variableValue(container, 'vip_address');
  if (pod.apiVersion !== 'v1' || pod.kind !== 'Pod') return 'it is no Pod';
  if (nameOf(pod) !== 'kube-vip') return `its name is ${JSON.stringify(nameOf(pod) ?? null)}, not kube-vip`;
  if (said !== address) return `its address is ${said ?? 'missing'}, not ${address}`;
  if (container?.image !== image)
    return `its image is ${JSON.stringify(container?.image ?? null)}, not ${image}`;
  return null;
}

/** The manifest with the image by its asked-for name. */
export function withImage(pod: DataMap, settings: KubeVipSettings): DataMap {
  const own = `${ownImage}:${settings.version}`;
  return mapContainer(pod, (container) =>
    container.image === own ? { ...container, image: `${settings.image}:${settings.version}` } : container,
  );
}

/** A manifest with these variables in its container: those that it has get the new value in their place. */
export function withVariables(pod: DataMap, variables: readonly (readonly [string, string])[]): DataMap {
  return mapContainer(pod, (container) => {
    const present = listOf(container.env);
    const named = (name: string): DataMap => ({
      name,
      value: variables.find(([other]) => other === name)?.[1] ?? '',
    });
    const names = variables.map(([name]) => name);
    const kept = present.map((one) =>
      isMap(one) && typeof one.name === 'string' && names.includes(one.name) ? named(one.name) : one,
    );
    const there = present.map((one) => (isMap(one) ? one.name : null));
    return { ...container, env: [...kept, ...names.filter((name) => !there.includes(name)).map(named)] };
  });
}

/** As kube-vip prints it. */
export function podText(pod: DataMap): string {
  return yamlText(pod);
}

function mapContainer(pod: DataMap, change: (container: DataMap) => DataMap): DataMap {
  const container = containerOf(pod);
  const spec = pod.spec;
  if (container === null || !isMap(spec)) return pod;
  const others = listOf(spec.containers).slice(1);
  return { ...pod, spec: { ...spec, containers: [change(container), ...others] } };
}

function containerOf(pod: DataMap): DataMap | null {
  const spec = pod.spec;
  const first = isMap(spec) ? listOf(spec.containers)[0] : undefined;
  return isMap(first) ? first : null;
}

function variableValue(container: DataMap | null, name: string): string | null {
  const found = listOf(container?.env).find((one) => isMap(one) && one.name === name);
  return isMap(found) && typeof found.value === 'string' ? found.value : null;
}

function nameOf(pod: DataMap): Data | undefined {
  const metadata = pod.metadata;
  return isMap(metadata) ? metadata.name : undefined;
}

/** Without what carries no meaning for the kubelet. */
function meaning({ status: _, metadata, ...rest }: DataMap): DataMap {
  if (!isMap(metadata)) return { ...rest, metadata: metadata ?? null };
  const { creationTimestamp: __, ...named } = metadata;
  return { ...rest, metadata: named };
}

function canonical(data: Data): string {
  if (isMap(data)) {
    const keys = Object.keys(data).sort();
    return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(data[key] ?? null)}`).join()}}`;
  }
  return isList(data) ? `[${data.map(canonical).join()}]` : JSON.stringify(data);
}

function listOf(data: Data | undefined): readonly Data[] {
  return isList(data) ? data : [];
}

function isList(data: Data | undefined): data is readonly Data[] {
  return Array.isArray(data);
}

function isMap(data: Data | undefined): data is DataMap {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}
