/** What containerd's configuration is made of. */
export type TomlValue = boolean | number | string | readonly string[];

/** A table with its plain keys; sub-tables are tables of their own with longer names. */
export interface TomlTable {
  /** Segments of its name; empty: the top of the file. */
  readonly path: readonly string[];
  readonly values: Readonly<Record<string, TomlValue>>;
}

/** TOML 1.0 text of these tables, in their order. */
export function tomlText(tables: readonly TomlTable[]): string {
  return tables
    .map((table) => {
      const lines = Object.entries(table.values).map(
        ([key, value]) => `${tomlKey(key)} = ${tomlValue(value)}`,
      );
      const head = table.path.length === 0 ? [] : [`[${table.path.map(tomlKey).join('.')}]`];
      return [...head, ...lines.map((line) => (table.path.length === 0 ? line : `  ${line}`))].join('\n');
    })
    .join('\n\n')
    .concat('\n');
}

function tomlKey(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : JSON.stringify(key);
}

function tomlValue(value: TomlValue): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'object') return `[${value.map((item) => JSON.stringify(item)).join(', ')}]`;
  return String(value);
}
