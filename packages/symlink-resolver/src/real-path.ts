declare const brand: unique symbol;

/**
 * Where an entry really is: absolute, no link, `.`, `..` or `//` in it. Only the resolver makes one.
 *
 * A byte string: each UTF-16 unit is one byte (latin1), so that names which are not UTF-8 stay unharmed
 * and `<` orders as the bytes do.
 */
export type RealPath = string & { readonly [brand]: 'real' };
