/**
 * The value of `omit`, none of the kinds that others are. Maps and lists that are rendered drop an entry with it; a caller
 * that renders one value compares with it.
 */
export const omit = Object.freeze(Object.create({ toString: () => '<<Omit>>' }) as Record<string, never>);
