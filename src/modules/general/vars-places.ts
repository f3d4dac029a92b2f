import { dirname, isAbsolute, join } from 'node:path';

/** Where a file of variables may lie, nearest first. `folders`: of the role and those around it, of the task, of the playbook. */
export function filePlaces(name: string, folders: readonly string[]): readonly string[] {
  if (isAbsolute(name)) return [name];
  const places = folders.flatMap((folder) => [join(folder, 'vars', name), join(folder, name)]);
  return [...new Set(name.startsWith('vars/') ? folders.map((folder) => join(folder, name)) : places)];
}

/** Where a folder of variables may lie. `role`: its folder; `null`: the task is in none. */
export function folderPlaces(name: string, role: string | null, file: string): readonly string[] {
  if (isAbsolute(name)) return [name];
  if (role === null) return [join(dirname(file), name)];
  return [name.startsWith('vars') ? join(role, name) : join(role, 'vars', name)];
}
