import { arch, homedir } from 'node:os';
import type { ImageSource } from '@keepset/image-source';
import type { Console } from '../terminal/console.js';

/** An image that was named on the command line. */
export type NamedImage =
  | { readonly kind: 'engine'; readonly name: string }
  | { readonly kind: 'source'; readonly source: ImageSource };

/** As images name architectures, where Node.js names them otherwise. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' };

/**
 * Open an image by its name, unless it is an engine's. Of several platforms, that of this machine is meant.
 *
 * @throws SourceError, EngineError
 */
export async function openNamedImage(text: string, { environment }: Console): Promise<NamedImage> {
  const { openSource, parseSourceName } = await import('@keepset/image-source');
  const name = parseSourceName(text);
  if (name.transport === 'docker-daemon') return { kind: 'engine', name: name.name };
  const { findClientCredentials } = await import('@keepset/docker-engine');
  const source = await openSource(name, {
    platform: `linux/${ARCHITECTURES[arch()] ?? arch()}`,
    findCredentials: findClientCredentials({ environment, homeDirectory: homedir() }),
  });
  return { kind: 'source', source };
}
