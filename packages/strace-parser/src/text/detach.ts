/** A copy of a slice. The slice itself would keep the whole text that it was cut from alive. */
export function detach(slice: string): string {
  return ` ${slice}`.slice(1);
}

/**
 * Two slices as one text that lies in memory in one piece. `+` gives a text that refers to its parts, and reading that,
 * or a slice, character by character takes twice as long.
 */
export function joinSlices(first: string, second: string): string {
  return [first, second].join('');
}
