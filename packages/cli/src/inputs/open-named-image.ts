import { homedir } from 'node:os';
import type { ImageSource } from '@keepset/image-source';
import type { Console } from '../terminal/console.js';

/** An image that was named on the command line. */
export type NamedImage =
  | { readonly kind: 'engine'; readonly name: string }
  | { readonly kind: 'source'; readonly source: ImageSource };

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
  const { hostArchitecture } = await import('@keepset/toolbox');
  const source = await openSource(name, {
    platform: `linux/${hostArchitecture()}`,
    findCredentials: findClientCredentials({ environment, homeDirectory: homedir() }),
  });
  return { kind: 'source', source };
}
