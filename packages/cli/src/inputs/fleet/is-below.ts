import { relative } from 'node:path';

/**
 * Whether a place is a folder, or lies in it.
 *
 * @example isBelow('/data/m.json', '/data') // true
 */
export function isBelow(place: string, folder: string): boolean {
  return !/^\.\.(\/|$)/.test(relative(folder, place));
}
