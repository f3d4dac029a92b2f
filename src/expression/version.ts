import semver from 'semver';
import { orderOfTexts } from './compare.ts';
import { codes, fail } from './problems.ts';

const operators: Readonly<Record<string, (difference: number) => boolean>> = {
  ...same(['==', '=', 'eq'], (difference) => difference === 0),
  ...same(['!=', '<>', 'ne'], (difference) => difference !== 0),
  ...same(['<', 'lt'], (difference) => difference < 0),
  ...same(['<=', 'le'], (difference) => difference <= 0),
  ...same(['>', 'gt'], (difference) => difference > 0),
  ...same(['>=', 'ge'], (difference) => difference >= 0),
};

function same(
  names: readonly string[],
  holds: (difference: number) => boolean,
): Record<string, typeof holds> {
  return Object.fromEntries(names.map((name) => [name, holds]));
}

/** Which rules order two versions. */
export interface VersionRule {
  readonly operator: string;
  /** `loose` (default), `strict` or `semver`. */
  readonly type: string;
}

/** Whether `left operator right` holds for versions, as Ansible's `is version` decides it. */
export function versionHolds(left: string, right: string, { operator, type }: VersionRule): boolean {
  const holds = operators[operator];
  if (holds === undefined) {
    const hint = `Known are ${Object.keys(operators).join(' ')}.`;
    return fail(codes.filterFailed, `'version' knows no operator '${operator}'`, hint);
  }
  if (left === '' || right === '') {
    return fail(
      codes.filterFailed,
      "'version' was given an empty version",
      'Guard it: x != "" and x is version(…).',
    );
  }
  return holds(ordering(left, right, type));
}

function ordering(left: string, right: string, type: string): number {
  switch (type) {
    case 'loose':
      return looseOrder(left, right);
    case 'strict':
      return looseOrder(strict(left), strict(right));
    case 'semver':
    case 'semantic':
      return semanticOrder(left, right);
    default:
      return fail(
        codes.filterFailed,
        `'version' knows no version_type '${type}'`,
        'Known are loose, strict and semver.',
      );
  }
}

function strict(version: string): string {
  const match = /^(\d+)\.(\d+)(?:\.(\d+))?(?:[ab]\d+)?$/.exec(version);
  if (match === null) {
    return fail(
      codes.filterFailed,
      `'${version}' is no strict version`,
      'Leave strict out, or use version_type="semver".',
    );
  }
  return version;
}

function semanticOrder(left: string, right: string): number {
  for (const version of [left, right]) {
    if (semver.valid(version) === null) {
      const hint =
        'A semantic version has three numbers: 1.2.3, perhaps -rc.1; others compare without version_type.';
      return fail(codes.filterFailed, `'${version}' is no semantic version`, hint);
    }
  }
  return semver.compare(left, right);
}

/** Parts of digits and of letters, compared in turn; more parts are later: 1.2 < 1.2.0 < 1.2.0rc1. */
function looseOrder(left: string, right: string): number {
  const [one, two] = [parts(left), parts(right)];
  for (const [index, part] of one.entries()) {
    const other = two[index];
    if (other === undefined) return 1;
    if (part === other) continue;
    if (typeof part === 'number' && typeof other === 'number') return part - other;
    if (typeof part === 'string' && typeof other === 'string') return orderOfTexts(part, other);
    return fail(
      codes.filterFailed,
      `the versions '${left}' and '${right}' cannot be ordered: '${part}' stands against '${other}'`,
      "Remove what is no number first, for example | regex_replace('^v', ''), or use version_type='semver'.",
    );
  }
  return one.length - two.length;
}

function parts(version: string): readonly (string | number)[] {
  const pieces = version.match(/\d+|[a-z]+|[^\da-z.]+/g) ?? [];
  return pieces.map((piece) => (/^\d+$/.test(piece) ? Number(piece) : piece));
}
