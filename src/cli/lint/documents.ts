import { resolve } from 'node:path';
import { type Result, success } from '../../core/diagnostic.ts';
import { Secret } from '../../core/secret.ts';
import type { DocNode } from '../../document/node.ts';
import { parseYaml } from '../../document/parse-yaml.ts';
import { readSource } from '../../document/read-file.ts';
import { type Disk, realDisk } from '../../playbook/disk.ts';
import type { VarsTools } from '../../variables/vars-file.ts';
import { isVaultText } from '../../vault/envelope.ts';

/** The files of a project, each read and parsed once. */
export interface Documents {
  readonly disk: Disk;
  readonly parse: typeof parseYaml;
  /** The data of a file; its problems where it has some. */
  read(path: string): Result<DocNode | null>;
  text(path: string): Result<string>;
  /** Whether a playbook has asked for this file. */
  wasUsed(path: string): boolean;
}

/** Reads from the disk of this machine. */
export function createDocuments(): Documents {
  const texts = new Map<string, Result<string>>();
  const parsed = new Map<string, Result<DocNode | null>>();
  const used = new Set<string>();
  const kinds = new Map<string, ReturnType<Disk['kind']>>();
  const absolute = new Map<string, string>();
  const keyOf = (path: string): string => {
    const known = absolute.get(path) ?? resolve(path);
    absolute.set(path, known);
    return known;
  };
  const real = realDisk((text) => success(text));
  const text: Disk['read'] = (path, wish) => {
    const key = keyOf(path);
    let found = texts.get(key);
    if (found === undefined) {
      const read = readSource(path, wish);
      found = read.ok && isVaultText(read.value) ? success('') : read;
      texts.set(key, found);
    }
    return found;
  };
  const parse: typeof parseYaml = (source, file) => {
    const key = keyOf(file);
    let found = parsed.get(key);
    if (found === undefined) {
      found = parseYaml(source, file);
      parsed.set(key, found);
    }
    return found;
  };
  return {
    disk: {
      ...real,
      kind: (path) => {
        const known = kinds.get(path) ?? real.kind(path);
        kinds.set(path, known);
        return known;
      },
      read: (path, wish) => {
        used.add(keyOf(path));
        return text(path, wish);
      },
    },
    parse,
    text,
    read: (path) => {
      const source = text(path);
      return source.ok ? parse(source.value, path) : source;
    },
    wasUsed: (path) => used.has(keyOf(path)),
  };
}

/** Stands in for vault passwords: what is encrypted is some secret. `locked`: whether a whole file was. */
export function blindTools(): { readonly tools: VarsTools; readonly locked: () => boolean } {
  let locked = false;
  const secret = () => new Secret('', 'vault');
  return {
    tools: {
      decryptScalar: () => success(secret()),
      decryptText: (text) => {
        if (!isVaultText(text)) return success(text);
        locked = true;
        return success('');
      },
      wasEncrypted: () => false,
      openFile: () => success(secret()),
    },
    locked: () => locked,
  };
}
