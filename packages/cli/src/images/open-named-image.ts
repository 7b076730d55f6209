import type { ImageSource } from '@keepset/image-source';
import type { Console } from '../terminal/console.js';

/** An image that was named on the command line. */
export type NamedImage =
  | { readonly kind: 'engine'; readonly name: string }
  | { readonly kind: 'source'; readonly source: ImageSource };

/** Which image, of names that mean several, and how registries are asked. */
export interface ImageOptions {
  /** OS/ARCHITECTURE[/VARIANT]; default: this machine's. */
  readonly platform?: string | undefined;
  readonly insecure?: boolean | undefined;
  /** Whether there is something to clean up where somebody interrupts. Default false: that ends the process. */
  readonly leavesFiles?: boolean;
  /** Whether all of its contents are wanted, and not only some. Default false. */
  readonly readsAll?: boolean;
}

/**
 * Open an image by its name, unless it is an engine's.
 *
 * @throws SourceError, EngineError
 */
export async function openNamedImage(
  text: string,
  { platform, insecure, leavesFiles = false, readsAll = false }: ImageOptions,
  console: Console,
): Promise<NamedImage> {
  const { openSource, parseSourceName } = await import('@keepset/image-source');
  const name = parseSourceName(text);
  if (name.transport === 'docker-daemon') return { kind: 'engine', name: name.name };
  const { registryAccess } = await import('../inputs/registry-access.js');
  const { hostArchitecture } = await import('@keepset/toolbox');
  const source = await openSource(name, {
    // Who asks for the signal is not ended by it.
    ...(name.transport === 'docker' && registryAccess(console, insecure)),
    ...(leavesFiles && { signal: console.signal }),
    unpackOnce: readsAll,
    platform: platform ?? `linux/${hostArchitecture()}`,
  });
  return { kind: 'source', source };
}
