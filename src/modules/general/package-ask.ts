import { type Ask, all, andThen, each, map, nothing } from '../ask.ts';
import { type PackageState, packageOf } from '../asks/package.ts';
import { type Offer, offers } from './apt.ts';
import { fits, type Wish } from './package-plan.ts';

/** Packages as they are, in the order of the wishes, and what apt offers of those that are not as wished. */
export interface PackagesFound {
  readonly packages: readonly PackageState[];
  readonly offers: ReadonlyMap<string, Offer>;
}

/**
 * Asks for packages, and what is offered of them. `missing`: only of those that are not as wished, in a second flight, since
 * apt is slow to ask and mostly all is there; `all`: of each; `none`: of no one. `release` as in `offers`.
 */
export function packagesFound(
  wishes: readonly Wish[],
  which: 'missing' | 'all' | 'none',
  release = '',
): Ask<PackagesFound> {
  const packages = each(wishes.map((wish) => packageOf(wish.name)));
  const offered = (of: readonly Wish[]): Ask<ReadonlyMap<string, Offer>> =>
    of.length === 0
      ? nothing(new Map())
      : offers(
          of.map(({ name }) => name),
          release,
        );
  if (which !== 'missing') return all({ packages, offers: offered(which === 'all' ? wishes : []) });
  return andThen(packages, (found) =>
    map(offered(wishes.filter((wish, index) => !fits(wish, found[index]))), (offer) => ({
      packages: found,
      offers: offer,
    })),
  );
}

/** Of which packages a wished state needs to know what is offered. */
export function offersOf(state: string | undefined): 'missing' | 'all' | 'none' {
  return state === 'absent' ? 'none' : state === 'latest' ? 'all' : 'missing';
}
