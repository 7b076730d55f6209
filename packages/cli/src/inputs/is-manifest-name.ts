import { existsSync } from 'node:fs';

/** Whether a word that may be a manifest or an image is a manifest; a mistyped name of a file is still one. */
export function isManifestName(name: string): boolean {
  return existsSync(name) || name.endsWith('.json');
}
