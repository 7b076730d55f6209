import { type Document, isAlias, isMap, isScalar, type Node, Pair, YAMLMap, YAMLSeq } from 'yaml';

/**
 * Runs and services that are a map of names (`plots: { command: … }`, or `plots: Rscript a.R`) as the list that they
 * stand for. Each node keeps its place in the text, so that an error still names the line.
 *
 * @param keys  of one entry: a map that has them is not one of names
 */
export function nameRuns(document: Document, lists: readonly string[], keys: ReadonlySet<string>): void {
  if (!isMap(document.contents)) return;
  for (const list of lists) {
    const map = document.contents.get(list, true);
    if (!isMap(map) || map.items.some(({ key }) => keys.has(nameOf(key)))) continue;
    const entries = new YAMLSeq<Node>();
    entries.range = map.range ?? null;
    for (const { key, value } of map.items) entries.add(toEntry(key as Node, value as Node, document));
    document.contents.set(list, entries);
  }
}

/** A value that is no map is the command. */
function toEntry(key: Node, value: Node, document: Document): YAMLMap {
  const target = isAlias(value) ? value.resolve(document)?.clone() : value;
  const isEmpty = target == null || (isScalar(target) && target.value === null);
  const entry = isMap(target) ? target : new YAMLMap(document.schema);
  entry.range ??= value?.range ?? key.range ?? null;
  if (!isMap(target) && !isEmpty) entry.add(new Pair(document.createNode('command'), target));
  if (!entry.has('name')) entry.items.unshift(new Pair(document.createNode('name'), key));
  return entry;
}

function nameOf(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}
