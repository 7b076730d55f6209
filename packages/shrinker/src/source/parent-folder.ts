/** The folder that holds a path; of `/` itself, `/`. @param path  absolute, without a slash at its end */
export function parentFolder(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}
