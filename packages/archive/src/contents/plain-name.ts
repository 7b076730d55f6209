/** A part of a path that every system takes, by which a person still knows what it is. */
export function plainName(text: string): string {
  return (
    text
      .replace(/[^A-Za-z0-9._-]+/g, '_')
      .replace(/^[.-]+/, '_')
      .slice(0, 60) || '_'
  );
}
