import { Failure } from '../../core/failure.ts';
import { type Ask, all, each, map } from '../ask.ts';
import { hostPath } from '../asks/host-path.ts';
import { inFolder, startFolder } from '../asks/start-folder.ts';
import { listed } from '../general/list-argument.ts';
import type { AnyModule, ArgSchema } from '../module.ts';

type Arguments = Readonly<Record<string, unknown>>;

/**
 * The arguments of a task with the paths of the host filled in, for those that hold `~` or a variable; `null`: none does.
 * Its answer is a Failure HAPB7078 where a path does not come to an absolute one.
 */
export function hostArguments({ args: schema }: AnyModule, given: object): Ask<object> | null {
  const args = given as Arguments;
  const found = Object.entries(schema.properties).flatMap(([name, property]) => {
    const value = severalOf(property, args[name]);
    if (!isOnHost(property, args) || !needsHost(value, property)) return [];
    return [{ name, property, value }];
  });
  if (found.length === 0) return null;
  const asks = found.map(({ name, property, value }) =>
    map(
      each([value].flat().map((path) => wholePath(path, property))),
      (paths): readonly [string, unknown] => {
        const isWhole = property.relative === 'allowed' || property.pattern !== undefined;
        const wrong = paths.find((path) => !path.startsWith('/'));
        if (isWhole && wrong !== undefined) throw notAbsolute(name, wrong);
        return [name, Array.isArray(value) ? paths : paths[0]];
      },
    ),
  );
  return map(each(asks), (filled) => ({ ...args, ...Object.fromEntries(filled) }));
}

function isOnHost({ hostPath: where }: ArgSchema, args: Arguments): boolean {
  return where === 'always' || (where === 'remote' && args.remote_src === true);
}

/** A list may be written as one text with commas. */
function severalOf({ type }: ArgSchema, value: unknown): unknown {
  const isList = Array.isArray(type) && type.includes('array');
  return isList && typeof value === 'string' ? listed(value) : value;
}

function needsHost(value: unknown, schema: ArgSchema): value is string | readonly string[] {
  if (Array.isArray(value))
    return value.every((item) => typeof item === 'string') && value.some((item) => needsHost(item, schema));
  if (typeof value !== 'string' || value === '') return false;
  return /^~|\$/.test(value) || (schema.relative === 'allowed' && !value.startsWith('/'));
}

/** The path as the host reads it. What still begins with `~` or `$` then leads nowhere. */
function wholePath(path: string, { relative }: ArgSchema): Ask<string> {
  const filled = hostPath(path);
  if (relative !== 'allowed' || path.startsWith('/') || path.startsWith('~')) return filled;
  return map(all({ filled, folder: startFolder() }), ({ filled: found, folder }) =>
    /^[/$]/.test(found) ? found : inFolder(found, folder),
  );
}

function notAbsolute(argument: string, path: string): Failure {
  const why = path.startsWith('~')
    ? 'there is no user of that name, or only after an earlier task'
    : 'the environment of the task does not have all of its variables';
  return new Failure({
    code: 'HAPB7078',
    message: `${argument} does not lead anywhere on the host: ${path} is no absolute path`,
    hint: `Write it whole; ${why}.`,
    argument,
  });
}
