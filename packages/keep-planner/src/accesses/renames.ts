/**
 * What one run has renamed so far: by its new name, where a path was in the source.
 *
 * Names are compared as texts, with doubled slashes and single dots taken out; links are not followed.
 */
export class Renames {
  /** New name → name in the source. */
  readonly #origins = new Map<string, string>();

  add(from: string, to: string): void {
    const origin = this.originOf(from) ?? tidy(from);
    this.#origins.delete(tidy(from));
    if (origin === tidy(to)) this.#origins.delete(tidy(to));
    else this.#origins.set(tidy(to), origin);
  }

  /** Where the path was in the source, if it or a directory above it was renamed to what it is called now. */
  originOf(path: string): string | undefined {
    if (this.#origins.size === 0) return undefined;
    const whole = tidy(path);
    for (let end = whole.length; end > 0; end = whole.lastIndexOf('/', end - 1)) {
      const origin = this.#origins.get(whole.slice(0, end));
      if (origin !== undefined) return origin + whole.slice(end);
    }
    return undefined;
  }
}

function tidy(path: string): string {
  return path.replace(/\/(?:\.?\/)+/g, '/').replace(/(?<=.)\/\.?$/, '');
}
