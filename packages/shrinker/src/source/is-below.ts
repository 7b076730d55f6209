/** Whether a directory above a path, but for the root, is one that is looked for. */
export function isBelow(path: string, isLookedFor: (above: string) => boolean): boolean {
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
    if (isLookedFor(path.slice(0, end))) return true;
  }
  return false;
}
