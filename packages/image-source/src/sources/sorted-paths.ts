/** By their bytes, each once. Of a list that is sorted already, no more is held than the list: a set of as many paths is large. */
export function sortedPaths(paths: Iterable<string>): readonly string[] {
  const all = [...paths].sort();
  return all.filter((path, index) => path !== all[index - 1]);
}
