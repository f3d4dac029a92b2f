import type { Paint } from '../core/paint.ts';
import { textWidth } from '../core/text-width.ts';

/** Where a report for people goes. */
export interface Screen {
  /** Writes text as it is, newlines included. */
  write(text: string): void;
  /** Width in terminal columns; Ansible's banners fill it. */
  readonly columns: number;
  readonly paint: Paint;
}

/** Ansible's headline: an empty line, the title, and stars up to the screen's width, at least three. */
export function banner(title: string, columns: number): string {
  return `\n${title} ${'*'.repeat(Math.max(3, columns - textWidth(title)))}\n`;
}
