/** A copy of a slice. The slice itself would keep the whole text that it was cut from alive. */
export function detach(slice: string): string {
  return ` ${slice}`.slice(1);
}
