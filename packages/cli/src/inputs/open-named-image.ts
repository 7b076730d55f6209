import { homedir } from 'node:os';
import type { ImageSource } from '@keepset/image-source';
import type { Console } from '../terminal/console.js';

/** An image that was named on the command line. */
export type NamedImage =
  | { readonly kind: 'engine'; readonly name: string }
  | { readonly kind: 'source'; readonly source: ImageSource };

/** Which image, of names that mean several. */
export interface ImageOptions {
  /** OS/ARCHITECTURE[/VARIANT]; default: this machine's. */
  readonly platform?: string | undefined;
}

/**
 * Open an image by its name, unless it is an engine's.
 *
 * @throws SourceError, EngineError
 */
export async function openNamedImage(
  text: string,
  { platform }: ImageOptions,
  { environment }: Pick<Console, 'environment'>,
): Promise<NamedImage> {
  const { openSource, parseSourceName } = await import('@keepset/image-source');
  const name = parseSourceName(text);
  if (name.transport === 'docker-daemon') return { kind: 'engine', name: name.name };
  const { findClientCredentials } = await import('@keepset/docker-engine');
  const { hostArchitecture } = await import('@keepset/toolbox');
  const source = await openSource(name, {
    platform: platform ?? `linux/${hostArchitecture()}`,
    findCredentials: findClientCredentials({ environment, homeDirectory: homedir() }),
  });
  return { kind: 'source', source };
}
