/** A file of this package that is no source: `Dockerfile`, `gather.sh`. This module lies one folder below it, as the built one does. */
export function packageFile(name: 'Dockerfile' | 'gather.sh'): URL {
  return new URL(`../${name}`, import.meta.url);
}
