import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { page, pages } from './examples.ts';

const root = new URL('../../../', import.meta.url).pathname;

/** Headings of a page as GitHub names their anchors. */
function anchors(path: string): readonly string[] {
  return [...page(path).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );
}

test.each(pages())('the links of %s lead somewhere', (path) => {
  const broken = [
    ...page(path)
      .replace(/```[\s\S]*?```/g, '')
      .matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)]*))?\)/g),
  ].flatMap(([, file = '', anchor]) => {
    const target = file === '' ? path : join(dirname(path), file);
    if (!existsSync(join(root, target))) return [target];
    return anchor === undefined || anchors(target).includes(anchor) ? [] : [`${target}#${anchor}`];
  });
  expect(broken).toEqual([]);
});
