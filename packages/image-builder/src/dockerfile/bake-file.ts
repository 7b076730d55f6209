/** One image of a bake file. */
export interface BakeTarget {
  /** Letters, digits, `_` and `-`. */
  readonly name: string;
  /** A folder, relative to the bake file. */
  readonly context: string;
  readonly tags: readonly string[];
}

/**
 * A file by which `docker buildx bake` builds several contexts.
 *
 * @see docker buildx bake, "Bake file reference"
 * @example toBakeFile([{ name: 'a', context: 'a', tags: [] }]).split('\n')[0] // 'group "default" {'
 */
export function toBakeFile(targets: readonly BakeTarget[]): string {
  const list = (values: readonly string[]) => `[${values.map((value) => JSON.stringify(value)).join(', ')}]`;
  return [
    `group "default" {\n  targets = ${list(targets.map((target) => target.name))}\n}\n`,
    ...targets.map(
      (target) =>
        `target ${JSON.stringify(target.name)} {\n  context = ${JSON.stringify(target.context)}\n  tags = ${list(target.tags)}\n}\n`,
    ),
  ].join('\n');
}
