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
  const list = (values: readonly string[]) => `[${values.map(quote).join(', ')}]`;
  return [
    `group "default" {\n  targets = ${list(targets.map((target) => target.name))}\n}\n`,
    ...targets.map(
      (target) =>
        `target ${quote(target.name)} {\n  context = ${quote(target.context)}\n  tags = ${list(target.tags)}\n}\n`,
    ),
  ].join('\n');
}

/** @see HCL Native Syntax Specification, "Quoted Literals": `${` and `%{` begin an expression */
function quote(text: string): string {
  return JSON.stringify(text).replace(/[$%](?=\{)/g, '$&$&');
}
