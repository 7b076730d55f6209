/** The characters with which all texts begin. */
export function sameStart([first = '', ...others]: readonly string[]): string {
  let length = first.length;
  for (const each of others) {
    let equal = 0;
    while (equal < length && each[equal] === first[equal]) equal++;
    length = equal;
  }
  return first.slice(0, length);
}

/** The characters with which all texts end. */
export function sameEnd([first = '', ...others]: readonly string[]): string {
  let length = first.length;
  for (const each of others) {
    let equal = 0;
    while (equal < length && each[each.length - 1 - equal] === first[first.length - 1 - equal]) equal++;
    length = equal;
  }
  return first.slice(first.length - length);
}
