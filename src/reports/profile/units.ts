/** A time for a table: `0.04 s`, `12.3 s`, `3 min 20 s`; `-` for nothing that can be seen. */
export function seconds(milliseconds: number): string {
  if (milliseconds < 0.5) return '-';
  if (milliseconds < 100) return `${Math.round(milliseconds)} ms`;
  const whole = milliseconds / 1000;
  if (whole < 10) return `${whole.toFixed(2)} s`;
  if (whole < 120) return `${whole.toFixed(1)} s`;
  const rounded = Math.round(whole);
  return `${Math.floor(rounded / 60)} min ${rounded % 60} s`;
}

/** A size for a table: `120 B`, `3.4 kB`, `12.0 MB`; `-` for none. */
export function bytes(count: number): string {
  if (count === 0) return '-';
  if (count < 1000) return `${count} B`;
  if (count < 1_000_000) return `${(count / 1000).toFixed(1)} kB`;
  return `${(count / 1_000_000).toFixed(1)} MB`;
}
